import { existsSync, readFileSync } from 'node:fs';
import { allowed } from '../../server/db/allowed.ts';

/**
 * Holds what the product really sent while it was tested to its hand-written list, both ways: nothing is sent that is not on
 * the list, and nothing is on the list that is never sent.
 */
const [file = ''] = process.argv.slice(2);
if (!existsSync(file)) {
  console.error(
    `No commands were recorded${file ? ` in ${file}` : ': name the record'}. The tests write it when YEKJA_WIRE_LOG is set.`,
  );
  process.exit(1);
}
const sent = new Set(
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as string),
);
const unlisted = [...sent].filter((feature) => !(feature in allowed)).sort();
const unsent = Object.keys(allowed).filter((feature) => !sent.has(feature));
for (const feature of unlisted) console.error(`sent, and not in server/db/allowed.ts: ${feature}`);
for (const feature of unsent) console.error(`in server/db/allowed.ts, and never sent: ${feature}`);
console.log(
  `${sent.size} features of the wire sent, ${unlisted.length} not on the list, ${unsent.length} on the list and not sent`,
);
process.exit(unlisted.length + unsent.length ? 1 : 0);
