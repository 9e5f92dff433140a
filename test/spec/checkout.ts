import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** The commit that a checkout stands at; undefined if it is none of git. */
export async function commitOf(folder: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('git', ['-C', folder, 'rev-parse', 'HEAD']);
    return stdout.trim();
  } catch {
    return undefined;
  }
}

/** Every test file (`.json`) of a suite, wherever it lies under `source/<suite>/tests`, sorted. Throws if there is none. */
export async function filesOf(checkout: string, suite: string): Promise<string[]> {
  const root = path.join(checkout, 'source', suite, 'tests');
  let entries: string[];
  try {
    entries = await readdir(root, { recursive: true });
  } catch {
    throw new Error(
      `There is no suite ${suite}: ${root} is not there. MONGODB_SPECIFICATIONS names the root of a checkout.`,
    );
  }
  const files = entries.filter((entry) => entry.endsWith('.json')).sort();
  if (files.length === 0) throw new Error(`The suite ${suite} has no .json file under ${root}.`);
  return files.map((file) => path.join(root, file));
}
