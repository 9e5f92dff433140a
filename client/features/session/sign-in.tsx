import type { Welcome } from '../../../shared/user.ts';
import { Button } from '../../components/button.tsx';
import { Languages } from '../../components/icons.ts';
import { useLocale, useT } from '../../i18n/locale.tsx';
import { DemoRibbon } from '../shell/demo-ribbon.tsx';
import { SignInForm } from './sign-in.form.tsx';

/** The door: one card, the organisation's name, and the other language within reach. */
export function SignIn({ welcome, justNow }: { welcome: Welcome; justNow: boolean }) {
  const t = useT();
  const { language, change } = useLocale();
  return (
    <div className="flex min-h-dvh flex-col bg-canvas">
      {welcome.demo && <DemoRibbon />}
      <main className="flex flex-1 flex-col items-center justify-center gap-5 p-4">
        <div className="flex flex-col items-center gap-2">
          <img src="/icon.svg" alt="" width={44} height={44} />
          <h1 className="text-center text-xl font-bold">
            {welcome.organisation ? t.signIn.titleOf(welcome.organisation) : t.signIn.title}
          </h1>
          <p className="text-ink-muted">{justNow ? t.signIn.signedOut : t.app.tagline}</p>
        </div>
        <div className="w-full max-w-sm rounded-xl border border-line bg-surface p-6 shadow-soft">
          <SignInForm demo={welcome.demo} />
        </div>
        <p className="max-w-sm text-center text-xs text-pretty text-ink-faint">{t.signIn.forgot}</p>
        <Button
          variant="quiet"
          size="sm"
          icon={<Languages size={15} aria-hidden />}
          onPress={() => change({ language: language === 'fa' ? 'en' : 'fa' })}
        >
          <span lang={language === 'fa' ? 'en' : 'fa'}>{t.rail.switchLanguage}</span>
        </Button>
      </main>
    </div>
  );
}
