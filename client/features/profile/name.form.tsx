import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ProfileUpdate } from '../../../shared/user.ts';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useMe, useSession } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { check, type Issues, issueText } from '../settings/check.ts';
import { Form, FormError } from '../settings/form.tsx';
import { useOffline } from '../settings/page.tsx';

/** The name that colleagues see. The address is the administrator's to give. */
export function NameForm() {
  const t = useT();
  const me = useMe();
  const session = useSession();
  const offline = useOffline();
  const [name, setName] = useState(me.name);
  const [issues, setIssues] = useState<Issues | null>(null);
  const save = useMutation({
    mutationFn: (chosen: string) => session.calls.updateProfile({ name: chosen }),
    onSuccess: (saved) => {
      session.updated(saved);
      setName(saved.name);
      showToast({ text: t.profile.saved, tone: 'ok' });
    },
  });
  const submit = () => {
    if (save.isPending || offline) return;
    const form = check(ProfileUpdate, { name });
    setIssues(form.issues);
    if (form.data?.name !== undefined) save.mutate(form.data.name);
  };
  return (
    <Form onSubmit={submit} issues={issues} className="flex flex-col gap-3">
      {save.error && <FormError text={errorText(t, save.error)} error={save.error} />}
      <TextField
        label={t.profile.name}
        value={name}
        onChange={setName}
        error={issueText(t, issues?.['name'])}
        autoComplete="name"
      />
      <TextField label={t.profile.email} type="email" value={me.email} isReadOnly />
      <Button
        type="submit"
        className="w-fit"
        isPending={save.isPending}
        isDisabled={offline || name.trim() === me.name}
      >
        {t.common.save}
      </Button>
    </Form>
  );
}
