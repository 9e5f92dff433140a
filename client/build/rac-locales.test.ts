import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { describe, expect, it } from 'vitest';
import * as persian from '../i18n/rac.fa.ts';
import { dictionaryOf, racLocales } from './rac-locales.ts';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const dictionaries = ['react-aria-components', 'react-aria', 'react-stately'].flatMap((library) =>
  readdirSync(join(modules, library, 'dist/private'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('intlStrings.mjs'))
    .map((file) => join(modules, library, 'dist/private', file)),
);

type Strings = Record<string, unknown>;

/** What the page gets for a dictionary module of the library: built by Vite with our plugin. */
async function built(file: string): Promise<Record<string, Strings>> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [racLocales()],
    build: { write: false, minify: false, lib: { entry: file, formats: ['es'] } },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!output || !('output' in output)) throw new Error('Vite built nothing.');
  const code = output.output[0].code;
  const { default: dictionary } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return dictionary;
}

describe('React Aria in Persian', () => {
  it('has a dictionary of ours for every one of the library', () => {
    expect(dictionaries.length).toBeGreaterThanOrEqual(20);
    const known: Record<string, object> = { ...persian };
    const missing = dictionaries.filter((file) => !known[dictionaryOf(file)?.name ?? '']);
    expect(missing).toEqual([]);
  });

  it.each(dictionaries.map((file) => [file.slice(modules.length + 1), file]))(
    'translates every string of %s',
    async (_, file) => {
      const { english, name } = dictionaryOf(file) ?? { english: '', name: '' };
      const { default: strings } = await import(pathToFileURL(english).href);
      const all: Record<string, Strings> = { ...persian };
      expect(Object.keys(all[name] ?? {}).sort()).toEqual(Object.keys(strings).sort());
    },
  );

  it('reaches the page: English, Persian and nothing else', async () => {
    const calendar = dictionaries.find((file) => dictionaryOf(file)?.name === 'calendar') ?? '';
    const dictionary = await built(calendar);
    expect(Object.keys(dictionary)).toEqual(['en-US', 'fa-IR']);
    expect(dictionary['fa-IR']?.['next']).toBe('بعدی');
    expect(dictionary['en-US']?.['next']).toBe('Next');
  });

  it('leaves other modules alone', () => {
    expect(dictionaryOf('/x/node_modules/react-aria/dist/private/menu/useMenu.mjs')).toBeUndefined();
    expect(dictionaryOf('/x/client/intlStrings.mjs')).toBeUndefined();
  });
});
