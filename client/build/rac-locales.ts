import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

/** Our Persian strings, one export for each string package of React Aria. */
const persian = fileURLToPath(new URL('../i18n/rac.fa.ts', import.meta.url));

/** The dictionary module of each string package in React Aria 1.22 (ES build). */
const dictionary =
  /[/\\](react-aria-components|react-aria|react-stately)[/\\]dist[/\\]private[/\\](?:\w+[/\\])?intlStrings\.mjs$/;

export interface Dictionary {
  /** The library's English strings: a module beside the one that is replaced. */
  english: string;
  /** The export of `rac.fa.ts` that stands beside them. */
  name: string;
}

/** What a dictionary module of React Aria is replaced by; undefined for any other module. */
export function dictionaryOf(id: string): Dictionary | undefined {
  const library = dictionary.exec(id)?.[1];
  if (!library) return undefined;
  const from = /from "([^"]+[/]en-US\.mjs)"/.exec(readFileSync(id, 'utf8'))?.[1];
  if (!from) throw new Error(`${id} imports no en-US.mjs: has React Aria changed how it keeps its strings?`);
  const english = join(dirname(id), from);
  const part = basename(dirname(english));
  const name = part === 'intl' ? 'components' : part;
  return { english, name: library === 'react-stately' ? `${name}State` : name };
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
      const found = dictionaryOf(id.split('?')[0] ?? id);
      if (!found) return null;
      return [
        `import en from ${JSON.stringify(found.english)};`,
        `import { ${found.name} as fa } from ${JSON.stringify(persian)};`,
        `export default { 'en-US': en, 'fa-IR': fa };`,
      ].join('\n');
    },
  };
}
