import { type FormEvent, useState } from 'react';
import { AppError } from '../../../shared/errors.ts';
import type { Welcome } from '../../../shared/user.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { CircleAlert } from '../../components/icons.ts';
import { TextField } from '../../components/text-field.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useSession } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';

export interface SignInFormProps {
  /** Of the person whose session ended: they sign in again as themselves. */
  email?: string;
  demo: Welcome['demo'];
}

export function SignInForm({ email: known, demo }: SignInFormProps) {
  const t = useT();
  const session = useSession();
  const [email, setEmail] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const enter = async (as: { email: string; password: string }) => {
    setBusy(true);
    setError(null);
    try {
      session.signedIn(await session.calls.signIn(as));
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) void enter({ email, password });
  };
  const said =
    error instanceof AppError && (error.reason === 'badCredentials' || error.code === 'invalid')
      ? t.signIn.wrong
      : error
        ? errorText(t, error)
        : null;

  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-3">
      {said && (
        <div role="alert" className="overflow-hidden rounded-md">
          <Banner tone="danger" icon={<CircleAlert size={15} />}>
            {said}
          </Banner>
        </div>
      )}
      <TextField
        label={t.signIn.email}
        type="email"
        name="email"
        autoComplete="username"
        value={email}
        onChange={setEmail}
        isRequired
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
        isRequired
        autoFocus={known !== undefined}
      />
      <Button type="submit" variant="primary" isPending={busy} className="mt-1">
        {t.signIn.submit}
      </Button>
      {demo && !known && (
        <section aria-label={t.demo.logins} className="mt-2 border-t border-line pt-3">
          <h2 className="mb-2 text-xs font-semibold text-ink-muted">{t.demo.logins}</h2>
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
    </form>
  );
}
