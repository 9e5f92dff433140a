import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Model, writeModel } from '../model.ts';
import { dataFolder } from './data.ts';

const moduleFile = fileURLToPath(new URL('../model.data.ts', import.meta.url));
const manifestFile = fileURLToPath(new URL('manifest.json', import.meta.url));
const sources = ['../words/persian.ts', '../words/finglish.ts', '../words/english.ts', '../words/signs.ts'];

export interface Manifest {
  /** SHA-256 of the model's bytes. */
  model: string;
  /** What it was made of: SHA-256 by file. */
  made: Record<string, string>;
}

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');

/** What the model is made of, as it is now: sentences and lists of words. */
export function ingredients(): Manifest['made'] {
  const data = readdirSync(dataFolder)
    .filter((name) => /\.(txt|tsv)$/.test(name))
    .sort()
    .map((name) => [`sentences/${name}`, sha256(readFileSync(`${dataFolder}${name}`))] as const);
  const words = sources.map(
    (path) =>
      [path.replace('../', ''), sha256(readFileSync(fileURLToPath(new URL(path, import.meta.url))))] as const,
  );
  return Object.fromEntries([...data, ...words]);
}

export const readManifest = (): Manifest => JSON.parse(readFileSync(manifestFile, 'utf8'));
export const modelHash = (bytes: Buffer) => sha256(bytes);

export function keepModel(model: Model): Manifest {
  const bytes = writeModel(model);
  const manifest: Manifest = { model: sha256(bytes), made: ingredients() };
  writeFileSync(
    moduleFile,
    `/** The trained model: written by \`npm run sentiment -- train\`, by nobody's hand. */\nexport const modelBytes =\n  '${bytes.toString('base64')}';\n`,
  );
  writeFileSync(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}
