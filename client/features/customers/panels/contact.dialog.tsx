import { useId, useState } from 'react';
import { type Customer, type StatedKind, statedKinds } from '../../../../shared/customer.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Select } from '../../../components/select.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useT } from '../../../i18n/locale.tsx';
import { useWorkspace } from '../../../state/hooks.tsx';
import { Form } from '../../settings/form.tsx';
import { useKeepCustomer, useSayAdded } from '../change.ts';
import { OwnerLink, useRefused } from '../refused.tsx';

/** Another way to a customer, and from where it is known. */
export function AddContact({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const t = useT();
  const w = useCustomerWords();
  const form = useId();
  const { calls } = useWorkspace();
  const keep = useKeepCustomer();
  const sayAdded = useSayAdded();
  const [kind, setKind] = useState<StatedKind>('mobile');
  const [value, setValue] = useState('');
  const [reason, setReason] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const { said, owner } = useRefused(kind, error);
  const save = async () => {
    if (busy || !value.trim() || !reason.trim()) return;
    setBusy(true);
    try {
      const after = await calls.addIdentity(customer.id, {
        kind,
        value: value.trim(),
        reason: reason.trim(),
      });
      keep(after);
      sayAdded(w.contacts.added(value.trim()), customer.identities, after);
      onClose();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={w.contacts.add}
      actions={
        <>
          <Button variant="quiet" onPress={onClose}>
            {t.common.cancel}
          </Button>
          <Button
            variant="primary"
            type="submit"
            form={form}
            isPending={busy}
            isDisabled={!value.trim() || !reason.trim()}
          >
            {w.panels.addValue}
          </Button>
        </>
      }
    >
      <Form id={form} onSubmit={() => void save()} issues={error} className="flex flex-col gap-3.5">
        <div className="grid gap-3 sm:grid-cols-[10rem_1fr]">
          <Select
            label={w.contacts.kind}
            value={kind}
            onChange={(next) => {
              setKind(next);
              setError(null);
            }}
            options={statedKinds.map((id) => ({ id, label: w.identityKind[id] }))}
          />
          <TextField
            label={w.identityKind[kind]}
            value={value}
            onChange={setValue}
            error={said}
            ltr
            autoFocus
            maxLength={320}
          />
        </div>
        {owner && <OwnerLink owner={owner} />}
        <TextField
          label={w.contacts.reason}
          placeholder={w.contacts.reasonExample}
          value={reason}
          onChange={setReason}
          maxLength={300}
        />
      </Form>
    </Dialog>
  );
}
