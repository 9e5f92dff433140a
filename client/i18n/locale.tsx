import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { type Fmt, fmtFor } from '../lib/fmt.ts';
import { fetched } from '../lib/later.ts';
import { type Display, storeDisplay } from './display.ts';
import type { Catalog } from './fa.ts';

export interface Locale extends Display {
  direction: 'rtl' | 'ltr';
  /** Of text; codes, phones and addresses are always Latin. */
  digits: 'persian' | 'latin';
  /** `theme` with `system` decided. */
  shade: 'light' | 'dark';
  change: (part: Partial<Display>) => void;
}

interface Speech {
  locale: Locale;
  t: Catalog;
  fmt: Fmt;
}

const SpeechContext = createContext<Speech | null>(null);

type Language = Display['language'];

/** Each language is fetched when somebody reads it. */
const loaded: Partial<Record<Language, Catalog>> = {};
export async function loadCatalog(language: Language): Promise<void> {
  loaded[language] ??= await fetched(async () =>
    language === 'fa' ? (await import('./fa.ts')).fa : (await import('./en.ts')).en,
  );
}

const dark = '(prefers-color-scheme: dark)';

function useSystemDark(): boolean {
  const [is, set] = useState(() => matchMedia(dark).matches);
  useEffect(() => {
    const query = matchMedia(dark);
    const onChange = () => set(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, []);
  return is;
}

export interface LocaleProviderProps {
  /** What applies now: of the signed-in user, or what the browser remembers. */
  display: Display;
  /** The person chose something: keep it with their profile. The browser's own memory is kept here. */
  onChange: (display: Display) => void;
  children: ReactNode;
}

/**
 * Speaks and looks as `display` says, and switches live: words, direction, digits, calendar, theme, row height. Call
 * `loadCatalog` before the first render; while another language is being fetched the page stays in the one it has.
 */
export function LocaleProvider({ display, onChange, children }: LocaleProviderProps) {
  const systemDark = useSystemDark();
  const wanted = display.language;
  const [, setArrived] = useState<Language | null>(null);
  const language = loaded[wanted] ? wanted : wanted === 'fa' ? 'en' : 'fa';
  const t = loaded[language];
  if (!t) throw new Error('Call loadCatalog before the first render.');

  useEffect(() => {
    if (!loaded[wanted]) void loadCatalog(wanted).then(() => setArrived(wanted));
  }, [wanted]);

  const speech = useMemo((): Speech => {
    const shade = display.theme === 'system' ? (systemDark ? 'dark' : 'light') : display.theme;
    const locale: Locale = {
      ...display,
      language,
      direction: language === 'fa' ? 'rtl' : 'ltr',
      digits: language === 'fa' ? 'persian' : 'latin',
      shade,
      change: (part) => onChange({ ...display, ...part }),
    };
    return { locale, t, fmt: fmtFor(locale) };
  }, [display, language, t, onChange, systemDark]);

  const { direction, shade } = speech.locale;
  useEffect(() => {
    const root = document.documentElement;
    root.lang = language;
    root.dir = direction;
    root.dataset['theme'] = shade;
    root.dataset['density'] = display.density;
    storeDisplay(display);
  }, [language, direction, shade, display]);

  return (
    <SpeechContext value={speech}>
      <I18nProvider locale={ariaLocale(speech.locale)}>{children}</I18nProvider>
    </SpeechContext>
  );
}

/** The locale React Aria is told: its dates follow the calendar, its digits the language. */
export function ariaLocale({ language, calendar }: Pick<Display, 'language' | 'calendar'>): string {
  const base = language === 'fa' ? 'fa-IR' : 'en-GB';
  return `${base}-u-ca-${calendar === 'jalali' ? 'persian' : 'gregory'}`;
}

function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (!speech) throw new Error('useT, useLocale and useFmt work inside <LocaleProvider> only.');
  return speech;
}

/** The words: `const t = useT(); t.views.mine; t.views.count(3)`. */
export function useT(): Catalog {
  return useSpeech().t;
}

/** Language, direction, digits, calendar, time zone, theme, density, and `change` to choose others. */
export function useLocale(): Locale {
  return useSpeech().locale;
}

/** Numbers, times and dates in the person's language, calendar and time zone. */
export function useFmt(): Fmt {
  return useSpeech().fmt;
}
