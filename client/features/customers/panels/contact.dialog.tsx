import { useId, useState } from 'react';
import { Link } from 'wouter';
import { type StatedKind, statedKinds } from '../../../../shared/customer.ts';
import { AppError } from '../../../../shared/errors.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Select } from '../../../components/select.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { showToast } from '../../../components/toast.tsx';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useT } from '../../../i18n/locale.tsx';
import { plainName } from '../../../lib/bidi.ts';
import { useWorkspace } from '../../../state/hooks.tsx';
import { errorText } from '../../error-text.ts';
import { Form } from '../../settings/form.tsx';
import { useKeepCustomer } from '../change.ts';

/** What the server knows of a refused address. */
function refusedBy(error: unknown): {
  suggestion: string | null;
  owner: { id: string; name: string } | null;
} {
  const data =
    error instanceof AppError ? (error.body.data as Record<string, unknown> | undefined) : undefined;
  const owner = data?.['customer'];
  return {
    suggestion: typeof data?.['suggestion'] === 'string' ? data['suggestion'] : null,
    owner:
      typeof owner === 'object' && owner !== null && 'id' in owner && 'name' in owner
        ? { id: String(owner.id), name: String(owner.name) }
        : null,
  };
}

/** Another way to a customer, and from where it is known. */
export function AddContact({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const t = useT();
  const w = useCustomerWords();
  const form = useId();
  const { calls } = useWorkspace();
  const keep = useKeepCustomer();
  const [kind, setKind] = useState<StatedKind>('mobile');
  const [value, setValue] = useState('');
  const [reason, setReason] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const { suggestion, owner } = refusedBy(error);
  const save = async () => {
    if (busy || !value.trim() || !reason.trim()) return;
    setBusy(true);
    try {
      keep(await calls.addIdentity(customerId, { kind, value: value.trim(), reason: reason.trim() }));
      showToast({ text: w.contacts.added(value.trim()), tone: 'ok', stays: 4_000 });
      onClose();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const said =
    error instanceof AppError && error.code === 'invalid' && error.body.fields?.['value']
      ? `${w.contacts.invalid[kind]}${suggestion ? ` ${w.contacts.suggestion(suggestion)}` : ''}`
      : error
        ? errorText(t, error)
        : undefined;
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
        {owner && (
          <p className="text-xs text-ink-muted">
            {w.contacts.owner(plainName(owner.name))}{' '}
            <Link href={`/customers/${owner.id}`} className="text-accent-ink underline underline-offset-3">
              {w.contacts.openOwner}
            </Link>
          </p>
        )}
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
