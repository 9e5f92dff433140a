import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEngine } from '../../server/db/embedded/engine.ts';
import { seeded } from '../random.ts';
import { drawCase, type Kind, kinds } from './cases.ts';
import { firstDifference, sort, written } from './compare.ts';
import { Player } from './play.ts';
import { shrink } from './shrink.ts';

const usage = `npm run compare -- --to MONGODB_URI [--from MONGODB_URI] [--seed N] [--cases N] [--only ${kinds.join('|')}]
Asks the embedded engine, or the server that --from names, and the one that --to names the same, drawn by the seed, and prints each
difference once, made as small as it gets. Both get a database of their own, dropped at the end.`;

/** Asks two servers the same and says where they differ: exits 1 when they do. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      to: { type: 'string' },
      from: { type: 'string' },
      seed: { type: 'string' },
      cases: { type: 'string', default: '1000' },
      only: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (!values.to) throw new Error(`With what server? --to mongodb://…\n${usage}`);
  const seed = whole('seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31)));
  const cases = whole('cases', values.cases);
  const only = values.only as Kind | undefined;
  if (only && !kinds.includes(only))
    throw new Error(`--only takes one of ${kinds.join(', ')}, not "${only}".`);

  const closing: (() => Promise<unknown>)[] = [];
  try {
    const ours = await Player.open('ours', values.from ?? (await ownEngine(closing)));
    closing.push(() => ours.close());
    const theirs = await Player.open('theirs', values.to);
    closing.push(() => theirs.close());
    console.log(`seed ${seed}`);
    const random = seeded(seed);
    const told = new Map<string, number>();
    for (let n = 0; n < cases; n += 1) {
      const found = await firstDifference(drawCase(random, only), ours, theirs);
      if (!found) continue;
      const how = sort(found.ours, found.theirs);
      const small = await shrink(found.case, async (next) => {
        const left = await firstDifference(next, ours, theirs);
        return left !== null && sort(left.ours, left.theirs) === how;
      });
      const least = await firstDifference(small, ours, theirs);
      if (!least) throw new Error(`Case ${n} differed and no longer does: ${found.kind}`);
      const times = told.get(least.kind) ?? 0;
      told.set(least.kind, times + 1);
      if (times === 0) console.log(`\n${told.size}. case ${n}, ${least.kind}\n${written(least).join('\n')}`);
    }
    const all = [...told.values()].reduce((sum, times) => sum + times, 0);
    console.log(`\ncases ${cases} differences ${all} kinds ${told.size}`);
    return told.size ? 1 : 0;
  } finally {
    for (const step of closing.reverse()) await step();
  }
}

function whole(name: string, given: string): number {
  const number = Number(given);
  if (!Number.isInteger(number) || number < 0)
    throw new Error(`--${name} takes a whole number, not "${given}".`);
  return number;
}

async function ownEngine(closing: (() => Promise<unknown>)[]): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'yekja-compare-'));
  closing.push(() => rm(dir, { recursive: true, force: true }));
  const engine = await startEngine({
    path: join(dir, 'db'),
    socket: join(dir, 'engine.sock'),
    durability: 'none',
  });
  closing.push(() => engine.close());
  return engine.uri;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
