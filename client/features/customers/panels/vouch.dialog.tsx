import { useId, useState } from 'react';
import type { Identity } from '../../../../shared/customer.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { showToast } from '../../../components/toast.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useT } from '../../../i18n/locale.tsx';
import { useWorkspace } from '../../../state/hooks.tsx';
import { errorText, fieldError } from '../../error-text.ts';
import { Form, FormError } from '../../settings/form.tsx';
import { useKeepCustomer, useUndo } from '../change.ts';

export interface VouchDialogProps {
  customerId: string;
  identity: Identity;
  onClose: () => void;
}

const shortest = 3;

/** A colleague stands by a contact point, and says why; it is taken back from the toast. */
export function VouchDialog({ customerId, identity, onClose }: VouchDialogProps) {
  const t = useT();
  const w = useCustomerWords();
  const form = useId();
  const { calls } = useWorkspace();
  const keep = useKeepCustomer();
  const undo = useUndo(customerId);
  const [reason, setReason] = useState('');
  const [tooShort, setTooShort] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const { id, display } = identity;
  const save = async () => {
    if (busy) return;
    if (reason.trim().length < shortest) {
      setTooShort(true);
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const { customer, edits } = await calls.verifyIdentity(customerId, id, reason.trim());
      keep(customer);
      showToast({ text: w.verify.done(display), tone: 'ok', undo: () => void undo(edits) });
      onClose();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const wrong = tooShort ? w.vouch.short : fieldError(t, error, 'reason');
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="sm"
      title={w.vouch.title}
      actions={
        <>
          <Button variant="quiet" onPress={onClose}>
            {t.common.cancel}
          </Button>
          <Button variant="primary" type="submit" form={form} isPending={busy} isDisabled={!reason.trim()}>
            {t.common.save}
          </Button>
        </>
      }
    >
      <Form id={form} onSubmit={() => void save()} issues={tooShort || error} className="flex flex-col gap-3">
        {error !== null && !wrong && <FormError text={errorText(t, error)} error={error} />}
        <p className="text-sm text-pretty text-ink-muted">{w.vouch.text(display)}</p>
        <TextField
          label={w.vouch.reason}
          placeholder={w.vouch.example}
          value={reason}
          onChange={(text) => {
            setReason(text);
            setTooShort(false);
          }}
          error={wrong}
          maxLength={300}
          autoFocus
        />
      </Form>
    </Dialog>
  );
}
