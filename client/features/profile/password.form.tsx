import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { AppError } from '../../../shared/errors.ts';
import { PasswordChange } from '../../../shared/user.ts';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/text-field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useMe, useSession } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { check, type Issues, issuesFrom, issueText } from '../settings/check.ts';
import { Form, FormError } from '../settings/form.tsx';
import { useOffline } from '../settings/page.tsx';

/** A new password for the one who knows the old one; it ends their other sessions. */
export function PasswordForm() {
  const t = useT();
  const fmt = useFmt();
  const me = useMe();
  const session = useSession();
  const offline = useOffline();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [issues, setIssues] = useState<Issues | null>(null);
  const save = useMutation({
    mutationFn: session.calls.changePassword,
    onSuccess: () => {
      setCurrent('');
      setNext('');
      showToast({ text: t.profile.passwordChanged, tone: 'ok' });
    },
  });
  const submit = () => {
    if (save.isPending || offline) return;
    const form = check(PasswordChange, { current, next });
    const missing: Issues | null =
      current === '' ? { ...form.issues, current: { kind: 'required' } } : form.issues;
    setIssues(missing);
    if (form.data && !missing) save.mutate(form.data);
  };
  const { error } = save;
  const wrong = issues ?? issuesFrom(error, { current: { kind: 'wrongPassword' } });
  const wait = error instanceof AppError && error.code === 'tooMany' ? error.body.retryAfter : undefined;
  return (
    <Form onSubmit={submit} issues={issues ?? error} className="flex flex-col gap-3">
      {error && Object.keys(wrong).length === 0 && (
        <FormError
          text={wait ? t.signIn.tooMany(fmt.duration(wait * 1000)) : errorText(t, error)}
          error={error}
        />
      )}
      {/* Password keepers need to know whose password this is. */}
      <input type="hidden" name="username" autoComplete="username" value={me.email} />
      <TextField
        label={t.profile.currentPassword}
        type="password"
        autoComplete="current-password"
        value={current}
        onChange={setCurrent}
        error={issueText(t, wrong['current'])}
      />
      <TextField
        label={t.profile.newPassword}
        help={t.profile.passwordHelp}
        type="password"
        autoComplete="new-password"
        value={next}
        onChange={setNext}
        error={issueText(t, wrong['next'])}
      />
      <Button type="submit" className="w-fit" isPending={save.isPending} isDisabled={offline}>
        {t.profile.changePassword}
      </Button>
    </Form>
  );
}
