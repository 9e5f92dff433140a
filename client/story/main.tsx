import '../theme.css';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { LiveRegion } from '../components/live-region.tsx';
import { ToastRegion } from '../components/toast.tsx';
import { displayFrom } from '../i18n/display.ts';
import { LocaleProvider, loadCatalog, useLocale, useT } from '../i18n/locale.tsx';
import { HotkeysProvider } from '../lib/hotkeys.react.tsx';
import { Choices } from './choices.tsx';
import { Controls } from './controls.tsx';
import { Overlays } from './overlays.tsx';
import { Pictures } from './pictures.tsx';
import { States } from './states.tsx';
import { Talk } from './talk.tsx';

/** Every part of the kit in every state, for looking at and for the machine that checks it: `?language=en&theme=dark`. */
const first = displayFrom(Object.fromEntries(new URLSearchParams(location.search)));

function Story() {
  const [display, setDisplay] = useState(first);
  return (
    <LocaleProvider display={display} onChange={setDisplay}>
      <HotkeysProvider>
        <Page />
        <ToastRegion />
        <LiveRegion />
      </HotkeysProvider>
    </LocaleProvider>
  );
}

function Page() {
  const t = useT();
  const { language, direction, shade } = useLocale();
  return (
    <main data-ready={`${language} ${direction} ${shade}`} className="mx-auto max-w-6xl space-y-8 p-6">
      <h1 className="text-2xl font-bold">{t.app.tagline}</h1>
      <Controls />
      <Choices />
      <Talk />
      <Pictures />
      <States />
      <Overlays />
    </main>
  );
}

const root = document.getElementById('root');
if (!root) throw new Error('The story page has no element with the id "root".');
await loadCatalog(first.language);
createRoot(root).render(<Story />);
