import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Languages } from '../../components/icons.ts';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { useMe, useSession, useSessionState, useWelcome } from '../../state/hooks.tsx';
import { DemoRibbon } from '../shell/demo-ribbon.tsx';
import { SignInForm } from './sign-in.form.tsx';

/** The door: one card, the organisation's name, and the other language within reach. */
export function SignInPage() {
  const t = useT();
  const state = useSessionState();
  const welcome = useWelcome();
  const justNow = state.stage === 'signedOut' && state.justNow;
  return (
    <div className="flex min-h-dvh flex-col bg-canvas">
      {welcome?.demo && <DemoRibbon />}
      <main className="flex flex-1 flex-col items-center justify-center gap-5 p-4">
        <div className="flex flex-col items-center gap-2">
          <img src="/icon.svg" alt="" width={44} height={44} />
          <h1 className="text-center text-xl font-bold text-balance">
            {welcome?.organisation ? t.signIn.titleOf(welcome.organisation) : t.signIn.title}
          </h1>
          <p role={justNow ? 'status' : undefined} className="text-ink-muted">
            {justNow ? t.signIn.signedOut : t.app.tagline}
          </p>
        </div>
        <div className="w-full max-w-sm rounded-xl border border-line bg-surface p-6 shadow-soft">
          <SignInForm demo={welcome?.demo ?? null} />
        </div>
        <p className="max-w-sm text-center text-xs text-pretty text-ink-faint">{t.signIn.forgot}</p>
        <SwitchLanguage />
      </main>
    </div>
  );
}

/** The session ended under somebody's hands: they sign in over the page, and nothing they wrote is lost. */
export function ReLogin() {
  const t = useT();
  const me = useMe();
  const session = useSession();
  const state = useSessionState();
  const isOpen = state.stage === 'signedIn' && state.ended;
  return (
    <Dialog
      isOpen={isOpen}
      alert
      size="sm"
      title={t.signIn.againTitle}
      onClose={() => void session.signOut().catch(() => location.reload())}
    >
      <p className="mb-4 text-pretty text-ink-muted">{t.signIn.againText}</p>
      {isOpen && <SignInForm email={me.email} demo={null} />}
    </Dialog>
  );
}

/** The other language, named in that language. */
export function SwitchLanguage() {
  const t = useT();
  const { language, change } = useLocale();
  const other = language === 'fa' ? 'en' : 'fa';
  return (
    <Button
      variant="quiet"
      size="sm"
      icon={<Languages size={15} aria-hidden />}
      onPress={() => change({ language: other })}
    >
      <span lang={other}>{t.rail.switchLanguage}</span>
    </Button>
  );
}

export default SignInPage;
