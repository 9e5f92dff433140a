import { QueryClientProvider } from '@tanstack/react-query';
import { Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { Boundary } from './components/boundary.tsx';
import { ErrorState } from './components/error-state.tsx';
import { LiveRegion } from './components/live-region.tsx';
import { Delayed } from './components/skeleton.tsx';
import { ToastRegion } from './components/toast.tsx';
import { errorIdOf, errorText } from './features/error-text.ts';
import { Desk } from './features/shell/desk.tsx';
import { type Display, displayFrom, storedDisplay } from './i18n/display.ts';
import { LocaleProvider, useT } from './i18n/locale.tsx';
import { HotkeysProvider } from './lib/hotkeys.react.tsx';
import { later } from './lib/later.ts';
import { remappedFrom } from './lib/remap.ts';
import { queries, SessionContext, useSession, useSessionState } from './state/hooks.tsx';
import { Session } from './state/session.ts';

const FirstRun = later(() => import('./features/setup/setup.page.tsx'));
const SignInPage = later(() => import('./features/session/session.page.tsx'));

/** The whole client: who is there, how it speaks to them, and the screen of their stage. */
export function App() {
  const [session] = useState(() => new Session());
  useEffect(() => void session.start(), [session]);
  return (
    <SessionContext value={session}>
      <QueryClientProvider client={queries}>
        <Spoken />
      </QueryClientProvider>
    </SessionContext>
  );
}

/** The person's own preferences; before somebody signs in, what this browser remembers. */
function Spoken() {
  const session = useSession();
  const state = useSessionState();
  const me = state.stage === 'signedIn' ? state.me : null;
  const [chosen, setChosen] = useState<Display>(storedDisplay);
  const preferences = me?.preferences;
  const keys = preferences?.keys;
  const remapped = useMemo(() => keys && remappedFrom(keys), [keys]);
  const display = useMemo(() => (preferences ? displayFrom(preferences) : chosen), [preferences, chosen]);

  const onChange = useCallback(
    (next: Display) => {
      setChosen(next);
      if (!me) return;
      session.updated({ ...me, preferences: { ...me.preferences, ...next } });
      // A choice that could not be kept with the profile holds for this browser.
      session.calls.updateProfile({ preferences: next }).catch(() => undefined);
    },
    [session, me],
  );

  return (
    <LocaleProvider display={display} onChange={onChange}>
      <HotkeysProvider singleKeys={me?.preferences.singleKeys ?? true} remapped={remapped}>
        <Boundary>
          <Stage />
        </Boundary>
        <ToastRegion />
        <LiveRegion />
      </HotkeysProvider>
    </LocaleProvider>
  );
}

function Stage() {
  const t = useT();
  const session = useSession();
  const state = useSessionState();
  switch (state.stage) {
    case 'starting':
      return <Splash />;
    case 'unreachable':
      return (
        <main className="h-dvh">
          <h1 className="sr-only">{t.app.name}</h1>
          <ErrorState
            title={t.errors.pageTitle}
            text={errorText(t, state.error)}
            errorId={errorIdOf(state.error)}
            onRetry={() => void session.start()}
          />
        </main>
      );
    case 'setUp':
      return (
        <Suspense fallback={<Splash />}>
          <FirstRun />
        </Suspense>
      );
    case 'signedOut':
      return (
        <Suspense fallback={<Splash />}>
          <SignInPage />
        </Suspense>
      );
    case 'signedIn':
      return <Desk key={state.me.id} />;
  }
}

function Splash() {
  const t = useT();
  return (
    <main className="grid h-dvh place-items-center">
      <Delayed>
        <div role="status" className="text-center">
          <h1 className="text-2xl font-bold">{t.app.name}</h1>
          <p className="mt-1 text-ink-muted">{t.app.loading}</p>
        </div>
      </Delayed>
    </main>
  );
}
