import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

/** Our Persian strings, one export for each string package of React Aria. */
const persian = fileURLToPath(new URL('../i18n/rac.fa.ts', import.meta.url));

/** Matches the dictionary module of each string package in React Aria 1.22 / 3.x (ES build). */
const dictionary =
  /[/\\](react-aria-components|react-aria|react-stately)[/\\]dist[/\\]private[/\\](?:(\w+)[/\\])?intlStrings\.mjs$/;

/** The export of `rac.fa.ts` that serves a dictionary module, or undefined when it is none. */
export function dictionaryName(id: string): string | undefined {
  const match = dictionary.exec(id);
  if (!match) return undefined;
  const [, library, part = 'components'] = match;
  return library === 'react-stately' ? `${part}State` : part;
}

/**
 * React Aria ships some thirty languages and no Persian. This replaces each of its dictionaries by English, from
 * the library, and Persian, from us: the rest would be 50 KB that nobody reads.
 */
export function racLocales(): Plugin {
  return {
    name: 'yekja:rac-locales',
    enforce: 'pre',
    load(id) {
      const file = id.split('?')[0] ?? id;
      const name = dictionaryName(file);
      if (!name) return null;
      const [, , part] = dictionary.exec(file) ?? [];
      const english = part
        ? join(dirname(file), '..', 'intl', part, 'en-US.mjs')
        : join(dirname(file), 'intl', 'en-US.mjs');
      if (!existsSync(english))
        this.error(`No English strings at ${english}: has React Aria moved its files?`);
      return [
        `import en from ${JSON.stringify(english)};`,
        `import { ${name} as fa } from ${JSON.stringify(persian)};`,
        `export default { 'en-US': en, 'fa-IR': fa };`,
      ].join('\n');
    },
  };
}
