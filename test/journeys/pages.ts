import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The pages that the journeys walk through: CLIENT_DIR, or what `npm run build` left in dist/. */
export function builtPages(): string {
  const dir = process.env.CLIENT_DIR ?? fileURLToPath(new URL('../../dist/client', import.meta.url));
  if (!existsSync(join(dir, 'index.html')))
    throw new Error(`There are no built pages in ${dir}. Run "npm run build" before the journeys.`);
  return dir;
}
