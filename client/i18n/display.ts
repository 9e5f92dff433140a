import { defaultPreferences } from '../../shared/preferences.ts';
import type { Preferences } from '../../shared/user.ts';

/** The part of a person's preferences that decides how the page looks and speaks. */
export type Display = Pick<Preferences, 'language' | 'calendar' | 'timeZone' | 'theme' | 'density'>;

/** Read by `public/before-paint.js` as well, before the first paint. */
const key = 'yekja.display';

const choices: { [Key in Exclude<keyof Display, 'timeZone'>]: readonly Display[Key][] } = {
  language: ['fa', 'en'],
  calendar: ['jalali', 'gregorian'],
  theme: ['system', 'light', 'dark'],
  density: ['compact', 'cosy', 'roomy'],
};

function isZone(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

/** A display from anything at all: what is missing or foreign takes the default. */
export function displayFrom(value: unknown): Display {
  const given: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {};
  const { language, calendar, timeZone, theme, density } = defaultPreferences;
  const pick = <Key extends keyof typeof choices>(name: Key, fallback: Display[Key]): Display[Key] =>
    choices[name].find((choice) => choice === given[name]) ?? fallback;
  return {
    language: pick('language', language),
    calendar: pick('calendar', calendar),
    theme: pick('theme', theme),
    density: pick('density', density),
    timeZone: isZone(given['timeZone']) ? given['timeZone'] : timeZone,
  };
}

/** What this browser used last. Storage may be blocked: then the defaults. */
export function storedDisplay(): Display {
  try {
    return displayFrom(JSON.parse(localStorage.getItem(key) ?? '{}'));
  } catch {
    return displayFrom({});
  }
}

/** Keeps the display for the next start of this browser; false where storage is blocked. */
export function storeDisplay(display: Display): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(display));
    return true;
  } catch {
    return false;
  }
}
