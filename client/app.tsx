import { useState } from 'react';
import { storedDisplay } from './i18n/display.ts';
import { LocaleProvider, useT } from './i18n/locale.tsx';

/** The whole client: how it speaks around what it shows. */
export function App() {
  const [display, setDisplay] = useState(storedDisplay);
  return (
    <LocaleProvider display={display} onChange={setDisplay}>
      <Shell />
    </LocaleProvider>
  );
}

function Shell() {
  const t = useT();
  return (
    <main className="grid min-h-dvh place-items-center">
      <div className="text-center">
        <h1 className="text-2xl font-bold">{t.app.name}</h1>
        <p className="mt-1 text-ink-muted">{t.app.tagline}</p>
      </div>
    </main>
  );
}
