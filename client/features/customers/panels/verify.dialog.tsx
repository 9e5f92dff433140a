import { useId, useState } from 'react';
import { AppError } from '../../../../shared/errors.ts';
import type { Verification } from '../../../../shared/verification.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { showToast } from '../../../components/toast.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useFmt, useT } from '../../../i18n/locale.tsx';
import { useWorkspace } from '../../../state/hooks.tsx';
import { errorText } from '../../error-text.ts';
import { Form, FormError } from '../../settings/form.tsx';
import { useKeepCustomer } from '../change.ts';
import type { Unproven } from './contacts.panel.tsx';

export interface VerifyDialogProps {
  customerId: string;
  what: Unproven;
  onClose: () => void;
}

/** A code goes to an address; who can say it has the address. */
export function VerifyDialog({ customerId, what, onClose }: VerifyDialogProps) {
  const t = useT();
  const w = useCustomerWords();
  const fmt = useFmt();
  const form = useId();
  const { calls } = useWorkspace();
  const keep = useKeepCustomer();
  const [sent, setSent] = useState<Verification | null>(null);
  const [code, setCode] = useState('');
  const [left, setLeft] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const display = 'identity' in what ? what.identity.display : what.claim.value;
  const over = error instanceof AppError && error.reason === 'codeOver';
  const run = async (deed: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await deed();
    } catch (failure) {
      setError(failure);
      setCode('');
      if (failure instanceof AppError && failure.reason === 'wrongCode')
        setLeft(Number((failure.body.data as { attemptsLeft?: number } | undefined)?.attemptsLeft ?? 0));
    } finally {
      setBusy(false);
    }
  };
  const send = () =>
    run(async () => {
      const target = 'identity' in what ? { identityId: what.identity.id } : { claimId: what.claim.id };
      const started = await calls.startVerification(customerId, target);
      setSent(started);
      setLeft(started.attemptsLeft);
      setCode('');
    });
  const check = () =>
    run(async () => {
      if (!sent || !code.trim()) return;
      const { customer, merged } = await calls.checkVerification(customerId, sent.id, code.trim());
      keep(customer);
      showToast({ text: merged ? w.verify.merged(display) : w.verify.done(display), tone: 'ok' });
      onClose();
    });
  const wrong = error instanceof AppError && error.reason === 'wrongCode';
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="sm"
      title={w.verify.title}
      actions={
        <>
          <Button variant="quiet" onPress={sent ? () => void send() : onClose}>
            {sent ? w.verify.again : t.common.cancel}
          </Button>
          {sent && !over ? (
            <Button variant="primary" type="submit" form={form} isPending={busy} isDisabled={!code.trim()}>
              {w.verify.check}
            </Button>
          ) : (
            !sent && (
              <Button variant="primary" isPending={busy} onPress={() => void send()} autoFocus>
                {w.verify.send}
              </Button>
            )
          )}
        </>
      }
    >
      <Form id={form} onSubmit={() => void check()} className="flex flex-col gap-3">
        {error !== null && !wrong && <FormError text={errorText(t, error)} error={error} />}
        {sent ? (
          <>
            <p className="text-sm text-ink-muted">{w.verify.sent(display, fmt.time(sent.expiresAt))}</p>
            <TextField
              label={w.verify.code}
              value={code}
              onChange={setCode}
              error={wrong ? `${w.verify.wrong} ${left === null ? '' : w.verify.attempts(left)}` : undefined}
              help={!wrong && left !== null ? w.verify.attempts(left) : undefined}
              ltr
              autoFocus
              isDisabled={over}
              autoComplete="one-time-code"
              inputMode="numeric"
              maxLength={40}
            />
          </>
        ) : (
          <p className="text-sm text-pretty text-ink-muted">{w.verify.text(display)}</p>
        )}
      </Form>
    </Dialog>
  );
}
