import { seeded, shuffled } from '../random.ts';
import { startWorld } from '../world.ts';
import type { ChaosOptions } from './journeys.ts';
import { pairs } from './pairs.ts';
import { type Pair, Stage } from './stage.ts';
import type { Hold } from './traffic.ts';

/** Short enough that a stalled holder is soon taken over from, long enough that nobody else loses his. */
const leaseMs = 2_000;
/** How often the simulated providers are polled. */
const pollMs = 1_000;
/** Beside every commit, the short form holds the first deed after so many other commands. */
const drawnPoints = 2;
/** So many pairs, drawn from all, are what the short form has time for. */
const drawnPairs = 8;
/** A pair that went wrong so often is not run any further. */
const enough = 5;
const commit = 'commitTransaction';

/**
 * Two deeds at once on two server processes over Redis: the first is held after its n-th database command, for every n, while
 * the second runs through. What is left, and what each was told, must be what one of the two serial orders leaves; and an agent's socket
 * on either server must have heard of every version of every conversation.
 */
export async function races(options: ChaosOptions): Promise<number> {
  console.log(`seed ${options.seed}`);
  const random = seeded(options.seed);
  const world = await startWorld({ servers: 2, proxies: true, leaseMs });
  const tally: Tally = { races: 0, wrong: 0 };
  try {
    const stage = await Stage.open(world);
    try {
      const wanted = pairs.filter((each) => each.name.includes(options.only));
      const some = options.short && !options.only;
      for (const pair of some ? shuffled(wanted, random).slice(0, drawnPairs) : wanted)
        await runPair(stage, { pair, short: options.short, random, tally });
      for (const fault of await broken(stage)) {
        tally.wrong += 1;
        console.log(`BAD  ${fault}`);
      }
    } finally {
      await stage.close();
    }
    if (tally.wrong) console.log(world.servers.map((server) => server.output.slice(-3000)).join('\n'));
  } finally {
    await world.close();
  }
  console.log(`races ${tally.races} wrong ${tally.wrong}`);
  return tally.races > 0 && tally.wrong === 0 ? 0 : 1;
}

/** What does not hold of all the data. A poll may still bring something while it is read, but never twice. */
async function broken(stage: Stage): Promise<string[]> {
  const first = await stage.books.invariants();
  if (!first.length) return [];
  await stage.traffic.quiet(pollMs * 2);
  return stage.books.invariants();
}

interface Tally {
  races: number;
  wrong: number;
}

interface Run {
  pair: Pair;
  short: boolean;
  random: () => number;
  tally: Tally;
}

async function runPair(stage: Stage, { pair, short, random, tally }: Run): Promise<void> {
  const serial = new Set<string>();
  let commands: string[] = [];
  for (const order of pair.onlyAfterFirst ? (['ab'] as const) : (['ba', 'ab'] as const)) {
    const scene = await pair.set(stage);
    await stage.settled(scene);
    const before = await stage.books.census();
    const done = await stage.serially(pair, scene, order);
    commands = done.commands;
    serial.add(await stage.books.outcome(scene, before, done.results));
    for (const fault of await stage.unheard(scene))
      throw new Error(`${pair.name}, one after the other: ${fault}`);
  }
  console.log(`     ${pair.name}: ${commands.length} commands`);
  let wrong = 0;
  for (const point of short ? draw(commands, random) : everyPoint()) {
    const from = performance.now();
    const scene = await pair.set(stage);
    await stage.settled(scene);
    const before = await stage.books.census();
    const raced = await stage.race(pair, scene, point);
    const title = `${pair.name}, the first held after its ${point.n}. ${point.name ?? 'command'}`;
    const unsettled = await stage.settled(scene).then(
      () => [],
      (error: Error) => [error.message],
    );
    // Beyond what it had when it was alone, a deed may have more: the full form goes on until it has not.
    if (!raced && point.n > commands.length) break;
    if (!raced) {
      console.log(`     ${title}: it had fewer this time`);
      continue;
    }
    const outcome = await stage.books.outcome(scene, before, raced.results);
    const faults = [...unsettled, ...(await stage.unheard(scene))];
    if (!serial.has(outcome)) faults.push(`left ${outcome}`, ...[...serial].map((each) => `and not ${each}`));
    tally.races += 1;
    if (faults.length) wrong += 1;
    const took = ((performance.now() - from) / 1000).toFixed(1);
    console.log(
      `${faults.length ? 'BAD ' : 'ok  '} ${title}${point.name ? '' : ` ${raced.held}`}, ${took} s`,
    );
    for (const fault of faults) console.log(`       ${fault}`);
    if (wrong === enough) break;
  }
  tally.wrong += wrong;
}

type Point = Pick<Hold, 'n' | 'name'>;

function* everyPoint(): Iterable<Point> {
  for (let n = 1; ; n += 1) yield { n };
}

/** Every commit, and as many other points as are drawn: each is the n-th of its name, which conflicts do not move. */
function draw(commands: readonly string[], random: () => number): Point[] {
  const all = commands.map((name, index) => ({
    name,
    n: commands.slice(0, index + 1).filter((other) => other === name).length,
  }));
  const chosen = all.filter(({ name }) => name === commit);
  const rest = all.filter(({ name }) => name !== commit);
  for (let drawn = 0; drawn < drawnPoints && rest.length; drawn += 1)
    chosen.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return chosen;
}
