import { useState } from 'react';
import type { Customer } from '../../../shared/customer.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Link2 } from '../../components/icons.ts';
import { TextArea } from '../../components/text-area.tsx';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { queries, useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { FindCustomer } from './find-customer.tsx';
import { PersonName } from './person-name.tsx';

export interface LinkDialogProps {
  isOpen: boolean;
  onClose: () => void;
  customer: Customer;
  /** From a suggestion: who and why. */
  suggested: { id: string; name: string; reason: string } | null;
}

/** Two files of one person become one: which stays, which joins, and how it is known. */
export function LinkDialog({ isOpen, onClose, customer, suggested }: LinkDialogProps) {
  const t = useT();
  const { calls, sync } = useWorkspace();
  const [chosen, setChosen] = useState<{ id: string; name: string } | null>(null);
  const [reason, setReason] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const other = chosen ?? suggested;
  const why = reason ?? suggested?.reason ?? '';
  const close = () => {
    setChosen(null);
    setReason(null);
    setError(null);
    onClose();
  };
  const link = async () => {
    if (!other || !why.trim()) return;
    setBusy(true);
    try {
      const { customer: survivor, linkId } = await calls.mergeCustomer(customer.id, {
        otherId: other.id,
        reason: why.trim(),
        winners: {},
      });
      queries.setQueryData(['customer', survivor.id], survivor);
      showToast({
        text: t.link.done(plainName(other.name)),
        tone: 'ok',
        ...(linkId && { undo: () => void takeBack(survivor.id, linkId) }),
      });
      close();
      void sync.refresh();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const takeBack = async (survivorId: string, linkId: string) => {
    try {
      const apart = await calls.unmergeCustomer(survivorId, linkId);
      for (const one of [apart.survivor, apart.restored]) queries.setQueryData(['customer', one.id], one);
      void sync.refresh();
    } catch (failure) {
      showToast({ text: errorText(t, failure), tone: 'error' });
    }
  };
  const person = (title: string, id: string, name: string) => (
    <div className="flex min-w-0 flex-1 items-center gap-2.5 rounded-lg border border-line bg-surface p-2.5">
      <Avatar name={name} seed={id} size="sm" />
      <div className="min-w-0">
        <p className="text-2xs text-ink-faint">{title}</p>
        <PersonName name={name} className="font-medium" />
      </div>
    </div>
  );
  return (
    <Dialog
      isOpen={isOpen}
      onClose={close}
      title={t.link.title}
      actions={
        other && (
          <>
            <Button onPress={close}>{t.common.cancel}</Button>
            <Button
              variant="primary"
              icon={<Link2 size={15} aria-hidden />}
              isPending={busy}
              isDisabled={!why.trim()}
              onPress={() => void link()}
            >
              {t.link.confirm}
            </Button>
          </>
        )
      }
    >
      <p className="mb-3 text-ink-muted">{t.link.text}</p>
      {other ? (
        <div className="flex flex-col gap-3">
          <div className="flex flex-wrap gap-2">
            {person(t.link.stays, customer.id, customer.name)}
            {person(t.link.joins, other.id, other.name)}
          </div>
          <TextArea
            ref={(area) => {
              if (area && !why) area.focus();
            }}
            label={t.link.reason}
            help={t.link.reasonHelp}
            value={why}
            onChange={setReason}
            maxLength={300}
            rows={2}
            error={error ? errorText(t, error) : undefined}
          />
        </div>
      ) : (
        <FindCustomer label={t.link.search} exceptId={customer.id} onChoose={setChosen} />
      )}
    </Dialog>
  );
}
