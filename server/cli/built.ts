import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `npm start` starts what was built: says so where nothing was. */
const missing = ['server/main.js', 'server/engine.js', 'client/index.html'].filter(
  (path) => !existsSync(fileURLToPath(new URL(`../../dist/${path}`, import.meta.url))),
);
if (missing.length) {
  console.error(`There is nothing to start yet (no dist/${missing[0]}). Run: npm run build`);
  process.exit(1);
}
