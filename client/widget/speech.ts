import type { Language } from './protocol.ts';
import { catalogs, type Words } from './words.ts';

/** How the panel speaks: its words, digits, days and hours, the last two in the visitor's own time zone. */
export interface Speech {
  language: Language;
  dir: 'rtl' | 'ltr';
  t: Words;
  number(value: number): string;
  bytes(size: number): string;
  time(at: string): string;
  /** What separates two days of the log: «امروز», «شنبه ۳۰ آبان». */
  day(at: string): string;
  dayKey(at: string): string;
}

const made = new Map<Language, Speech>();

/** Formatters are dear to make: once for each language. */
export function speechOf(language: Language): Speech {
  const known = made.get(language);
  if (known) return known;
  const locale = language === 'fa' ? 'fa-IR' : 'en-GB';
  const t = catalogs[language];
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const days = new Intl.DateTimeFormat(language === 'fa' ? 'fa-IR-u-ca-persian' : locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
  const key = (date: Date) => date.toDateString();
  const speech: Speech = {
    language,
    dir: language === 'fa' ? 'rtl' : 'ltr',
    t,
    number: (value) => whole.format(value),
    bytes(size) {
      const step = size < 1024 ? 0 : size < 1024 ** 2 ? 1 : 2;
      return `${whole.format(size / 1024 ** step)} ${t.bytes[step]}`;
    },
    time: (at) => clock.format(new Date(at)),
    dayKey: (at) => key(new Date(at)),
    day(at) {
      const date = new Date(at);
      const now = new Date();
      if (key(date) === key(now)) return t.today;
      if (key(date) === key(new Date(now.getTime() - 86_400_000))) return t.yesterday;
      // ICU orders Persian dates wrongly: they are put together from their parts.
      const parts = Object.fromEntries(days.formatToParts(date).map(({ type, value }) => [type, value]));
      const thisYear = days.formatToParts(now).find(({ type }) => type === 'year')?.value;
      const day = `${parts['weekday']} ${parts['day']} ${parts['month']}`;
      return parts['year'] === thisYear ? day : `${day} ${parts['year']}`;
    },
  };
  made.set(language, speech);
  return speech;
}
