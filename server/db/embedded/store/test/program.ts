import { rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const store = path.join(import.meta.dirname, '..');

/** Bundles a program that a test runs as a process of its own; imports are as from the folder of the store. */
export async function program(name: string, contents: string): Promise<{ file: string; remove(): void }> {
  // Beside the packages, which are left out of the bundle.
  const folder = path.join(store, '../../../../node_modules/.cache', `${name}-${process.pid}`);
  const file = path.join(folder, 'program.mjs');
  await build({
    stdin: { contents, resolveDir: store, loader: 'ts' },
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
