import { describe, expect, it } from 'vitest';
import { chartCatalogs } from './chart-words.ts';
import { customerCatalogs } from './customer-words.ts';
import { en } from './en.ts';
import { fa } from './fa.ts';
import { listeningCatalogs } from './listening-words.ts';
import * as rac from './rac.fa.ts';
import { reportCatalogs } from './report-words.ts';
import { settingsCatalogs } from './settings-words.ts';
import { socialCatalogs } from './social-words.ts';

/** Counts as a number where it is formatted and reads as a name where it is inserted as text. */
const three = { valueOf: () => 3, toString: () => 'نگار' };
const ours = [
  [three, three],
  ['نگار', 'نگار'],
  [null, 'نگار'],
];
/** React Aria hands its strings one object of values and a formatter. */
const library = [0, 1, 3].map((n) => [
  new Proxy({}, { get: (_, key) => (/[cC]ount$/.test(String(key)) ? n : 'نگار') }),
  { number: fa.common.ceiling, select: (options: Record<string, unknown>) => options['other'] },
]);

/** Every sentence of a catalog by its path; functions are asked with samples that meet their branches. */
function sentences(catalog: object, samples: unknown[][] = ours, path = ''): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [key, value] of Object.entries(catalog)) {
    const at = path ? `${path}.${key}` : key;
    if (typeof value === 'string') found.set(at, [value]);
    else if (typeof value === 'function')
      found.set(
        at,
        samples.map((sample) => String(value(...sample))),
      );
    else for (const [inner, values] of sentences(value, samples, at)) found.set(inner, values);
  }
  return found;
}

const persian = sentences({
  ...fa,
  settingsPages: settingsCatalogs.fa,
  customerPages: customerCatalogs.fa,
  social: socialCatalogs.fa,
  charts: chartCatalogs.fa,
  reports: reportCatalogs.fa,
  listening: listeningCatalogs.fa,
});
const english = sentences({
  ...en,
  settingsPages: settingsCatalogs.en,
  customerPages: customerCatalogs.en,
  social: socialCatalogs.en,
  charts: chartCatalogs.en,
  reports: reportCatalogs.en,
  listening: listeningCatalogs.en,
});

describe('the two catalogs', () => {
  it('name the same sentences', () => {
    expect([...english.keys()]).toEqual([...persian.keys()]);
  });

  it('differ in every sentence but the names that are the same in both', () => {
    const alike = new Set([
      'profile.sendWiths.enter',
      'profile.sendWiths.ctrlEnter',
      'profile.languages.fa',
      'profile.languages.en',
      'row.colleague',
      'link.suggestionText',
      'filter.chosen',
      // Asked with no operator there is, it has nothing to say.
      'charts.value',
      'customerPages.rule.sentence',
      'customerPages.rule.blank',
      'customerPages.rule.inBrackets',
      'customerPages.imports.encodings.utf-8',
      'customerPages.imports.encodings.utf-16le',
      'customerPages.imports.encodings.utf-16be',
    ]);
    for (const [path, values] of persian)
      if (!alike.has(path)) expect(values[0], path).not.toBe(english.get(path)?.[0]);
  });

  it('leave no sentence empty', () => {
    for (const [path, values] of [...persian, ...english])
      for (const value of values) expect(value.trim(), path).not.toBe('');
  });
});

/** Letters that never join the next one: a half-space after them is an error. */
const nonJoining = 'اآأإدذرزژوؤةء';
const zwnj = '\u200c';

describe.each([
  ['the catalog', persian],
  ['what React Aria says', sentences(rac, library)],
])('Persian orthography in %s', (_, all) => {
  const own = [...all].filter(([path]) => path !== 'rail.switchLanguage' && path !== 'profile.languages.en');
  // Names of formats stand left to right as they are written everywhere.
  const ours = (value: string) => value.replace(/\u2066[^\u2069]*\u2069/g, '\u2066\u2069');
  const texts = own.flatMap(([path, values]) => values.map((value): [string, string] => [path, ours(value)]));
  const rules: [string, RegExp][] = [
    ['Arabic ي, ك or ة', /[يكة]/],
    ['Latin or Arabic-Indic digits', /[0-9٠-٩]/],
    ['an exclamation mark', /[!！]/],
    ['three dots', /\.\.\./],
    ['straight quotes', /["']/],
    ['Latin punctuation', /[,;?](?=\s|$)/],
    ['a space before a mark', /\s[،؛؟.:…»]/],
    ['no space after a mark', /[،؛؟:](?=[^\s\u2068\u2069»)۰-۹])/],
    ['two spaces', / {2}/],
    ['a half-space beside a space or a mark', /(^|[\s.،؛؟«»…:])\u200c|\u200c([\s.،؛؟«»…:]|$)/],
    ['a half-space after a letter that does not join', new RegExp(`[${nonJoining}]${zwnj}`)],
    ['a detached verb prefix', /(^|\s)(ن?می)\s/],
    ['a detached plural', /\sها(ی)?(\s|$)/],
    ['«ه ی» for ezafe', /ه‌ی(\s|$)/],
    ['officialese', /می‌باشد|نمایید|گردید|توسط/],
    ['broken Arabic plurals', /گزارشات|پیشنهادات|مسئولین|مخاطبین/],
  ];

  it.each(rules)('has no %s', (_rule, pattern) => {
    expect(texts.filter(([, value]) => pattern.test(value))).toEqual([]);
  });

  it('writes a verb after «می» with a half-space', () => {
    const words = texts.flatMap(([path, value]) => value.split(/\s/).map((word) => [path, word]));
    const joined = /^ن?می(شود|کنید|کند|توان|خواه|رسد|رود|آید|بینید|پذیرد|ماند|دهد|نویس)/;
    expect(words.filter(([, word]) => joined.test(word ?? ''))).toEqual([]);
  });
});

describe('sentences with numbers', () => {
  it('show Persian digits and a singular noun', () => {
    expect(fa.offline.offlineQueued(3)).toBe('ارتباط قطع است — ۳ پیام در صف');
    expect(fa.views.count(12_500)).toBe('۱۲٬۵۰۰ گفتگو');
  });

  it('choose the English plural', () => {
    expect(en.offline.offlineQueued(1)).toBe('Offline — 1 message waiting');
    expect(en.offline.offlineQueued(2)).toBe('Offline — 2 messages waiting');
  });
});
