import { parseArgs } from 'node:util';
import { engine } from './engine.ts';
import { journeys } from './journeys.ts';
import { races } from './races.ts';

/** Rounds of the engine's kills unless `--rounds` says otherwise. */
const usual = { short: 4, full: 20 };

/** `npm run chaos -- journeys | races | engine [--short] [--seed N] [--only TEXT] [--rounds N]`: exits 1 when anything was lost, doubled or wrong. */
const runs = {
  journeys,
  races,
  engine: (options: { short: boolean; seed: number }) => engine({ ...options, rounds, say: console.log }),
} as const;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string' },
    only: { type: 'string' },
    rounds: { type: 'string' },
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
const rounds = Number(values.rounds ?? (values.short ? usual.short : usual.full));
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`--rounds takes a whole number from 1 on, not "${values.rounds}".`);
  process.exit(2);
}
runs[name as keyof typeof runs]({ short: values.short, seed, only: values.only ?? '' }).then(
  (code) => process.exit(code),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
