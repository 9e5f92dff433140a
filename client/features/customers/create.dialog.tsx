import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { afterClosing } from '../../components/after-closing.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useT } from '../../i18n/locale.tsx';
import { plainName } from '../../lib/bidi.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { OwnerLink, useRefused } from './refused.tsx';

/** What somebody new is most often known by. */
const kinds = ['mobile', 'emailAddress', 'nationalCode', 'customerNumber', 'username'] as const;
type Kind = (typeof kinds)[number];

/** Somebody who has not written yet: a name, and how they will be recognised when they do. */
export function CreateCustomer({ onClose }: { onClose: () => void }) {
  const t = useT();
  const w = useCustomerWords();
  const { calls } = useWorkspace();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Kind>('mobile');
  const [value, setValue] = useState('');
  const create = useMutation({
    mutationFn: () =>
      calls.createCustomer({
        name: name.trim(),
        change: {},
        identities: value.trim() ? [{ kind, value: value.trim(), reason: w.createCustomer.reason }] : [],
      }),
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: ['customers'] });
      showToast({ text: w.createCustomer.done(plainName(name)), tone: 'ok' });
      onClose();
      afterClosing(() => navigate(`/customers/${id}`));
    },
  });
  const { said, owner } = useRefused(kind, create.error);
  return (
    <Dialog isOpen onClose={onClose} title={w.createCustomer.title}>
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) create.mutate();
        }}
      >
        <TextField label={t.customer.name} value={name} onChange={setName} autoFocus maxLength={120} />
        <div className="grid gap-3 sm:grid-cols-[12rem_1fr]">
          <Select
            label={w.createCustomer.knownBy}
            value={kind}
            onChange={(next) => {
              setKind(next);
              create.reset();
            }}
            options={kinds.map((id) => ({ id, label: w.identityKind[id] }))}
          />
          <TextField
            label={w.identityKind[kind]}
            value={value}
            onChange={setValue}
            ltr
            optional
            maxLength={320}
            error={said}
          />
        </div>
        {owner && <OwnerLink owner={owner} />}
        <div className="flex justify-end gap-2">
          <Button variant="quiet" onPress={onClose}>
            {t.common.cancel}
          </Button>
          <Button variant="primary" type="submit" isPending={create.isPending} isDisabled={!name.trim()}>
            {w.createCustomer.create}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
