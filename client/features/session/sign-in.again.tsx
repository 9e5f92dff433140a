import { Dialog } from '../../components/dialog.tsx';
import { useT } from '../../i18n/locale.tsx';
import { useMe, useSession, useSessionState, useWelcome } from '../../state/hooks.tsx';
import { SignInForm } from './sign-in.form.tsx';

/** The session ended under somebody's hands: they sign in over the page, and nothing they wrote is lost. */
export function SignInAgain() {
  const t = useT();
  const me = useMe();
  const session = useSession();
  const state = useSessionState();
  const welcome = useWelcome();
  const isOpen = state.stage === 'signedIn' && state.ended;
  return (
    <Dialog
      isOpen={isOpen}
      alert
      size="sm"
      title={t.signIn.againTitle}
      onClose={() => void session.signOut().catch(() => undefined)}
    >
      <p className="mb-4 text-ink-muted">{t.signIn.againText}</p>
      {isOpen && <SignInForm email={me.email} demo={welcome?.demo ?? null} />}
    </Dialog>
  );
}
