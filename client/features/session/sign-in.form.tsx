import { useState } from 'react';
import { AppError } from '../../../shared/errors.ts';
import { SignIn, type Welcome } from '../../../shared/user.ts';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useFmt, useT } from '../../i18n/locale.tsx';
import { useNow } from '../../lib/time.ts';
import { useSession } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';
import { check, type Issues, issueText } from '../settings/check.ts';
import { Form, FormError } from '../settings/form.tsx';

export interface SignInFormProps {
  /** Of the person whose session ended: they sign in again as themselves. */
  email?: string;
  demo: Welcome['demo'];
}

interface Failure {
  error: unknown;
  /** Milliseconds for which the server takes no further attempt, and when they are over. */
  wait: number;
  until: number;
}

export function SignInForm({ email: known, demo }: SignInFormProps) {
  const t = useT();
  const session = useSession();
  const [email, setEmail] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [issues, setIssues] = useState<Issues | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  const enter = async (as: { email: string; password: string }) => {
    setBusy(true);
    setFailure(null);
    try {
      session.signedIn(await session.calls.signIn(as));
    } catch (error) {
      const wait = error instanceof AppError ? (error.body.retryAfter ?? 0) * 1000 : 0;
      setFailure({ error, wait, until: Date.now() + wait });
      setBusy(false);
    }
  };
  const submit = () => {
    if (busy) return;
    const form = check(SignIn, { email, password });
    setIssues(form.issues);
    if (form.data) void enter(form.data);
  };

  return (
    <Form onSubmit={submit} issues={issues} className="flex flex-col gap-3">
      {failure && <Refused failure={failure} />}
      <TextField
        label={t.signIn.email}
        type="email"
        name="email"
        autoComplete="username"
        value={email}
        onChange={setEmail}
        error={issueText(t, issues?.['email'])}
        autoFocus={!known}
        isReadOnly={known !== undefined}
      />
      <TextField
        label={t.signIn.password}
        type="password"
        name="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        error={issueText(t, issues?.['password'])}
        autoFocus={known !== undefined}
      />
      <Button type="submit" variant="primary" isPending={busy} className="mt-1">
        {t.signIn.submit}
      </Button>
      {demo && !known && (
        <section aria-labelledby="demo-logins" className="mt-2 border-t border-line pt-4">
          <h2 id="demo-logins" className="mb-2 text-xs font-semibold text-ink-muted">
            {t.demo.logins}
          </h2>
          <div className="flex flex-col gap-1.5">
            {demo.logins.map((login) => (
              <Button
                key={login.email}
                isDisabled={busy}
                onPress={() => void enter({ email: login.email, password: login.password })}
              >
                {t.demo.signInAs(login.name)}
              </Button>
            ))}
          </div>
        </section>
      )}
    </Form>
  );
}

/** Why it did not work. Throttled, it names the whole time once: a count-down would be read aloud every second. */
function Refused({ failure: { error, wait, until } }: { failure: Failure }) {
  const t = useT();
  const fmt = useFmt();
  const now = useNow('minute');
  if (error instanceof AppError) {
    if (error.code === 'tooMany' && until > now)
      return <FormError text={t.signIn.tooMany(fmt.duration(wait))} />;
    if (error.code === 'tooMany') return null;
    if (error.reason === 'badCredentials' || error.code === 'invalid')
      return <FormError text={t.signIn.wrong} />;
  }
  return <FormError text={errorText(t, error)} error={error} />;
}
