import { parseArgs } from 'node:util';
import { journeys } from './journeys.ts';
import { races } from './races.ts';

/** `npm run chaos -- journeys | races [--short] [--seed N] [--only TEXT]`: exits 1 when anything was lost, doubled or wrong. */
const runs = { journeys, races } as const;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string' },
    only: { type: 'string' },
  },
});
const [name = ''] = positionals;
if (!(name in runs)) {
  console.error(`Which chaos? One of: ${Object.keys(runs).join(', ')}.`);
  process.exit(2);
}
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
if (!Number.isInteger(seed)) {
  console.error(`--seed takes a whole number, not "${values.seed}".`);
  process.exit(2);
}
runs[name as keyof typeof runs]({ short: values.short, seed, only: values.only ?? '' }).then(
  (code) => process.exit(code),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
