import mongoose from 'mongoose';
import { everybody } from '../../server/customers/facts.model.ts';
import type { DuplicateDoc } from '../../server/duplicates/duplicate.model.ts';
import { seeded } from '../random.ts';
import { until } from '../world.ts';
import { makePeople, type People, ways } from './duplicates.people.ts';
import type { Row } from './main.ts';
import { startTraffic, type Traffic } from './traffic.ts';
import { percentile } from './webhook.ts';

const idleMs = 30_000;
const usual = 100_000;
const written = 1_000;
/** Longer than the slowest machine takes. */
const patienceMs = 3_600_000;
/** Scores from which precision and recall are told. */
const scores = [35, 50, 70];
const mostOfIdle = 1.5;

/**
 * 100,000 made-up customers (`--only N` for fewer), 3 % of them there twice, are derived and compared in the background, while agents read
 * the inbox and customers write: how sure the pairs are, how long it took, and how long whoever used the inbox waited meanwhile, beside
 * the same without it.
 */
export async function duplicates(say: (line: string) => void, only: string): Promise<Row[]> {
  const count = Number(only) || usual;
  const traffic = await startTraffic();
  try {
    const { world } = traffic;
    const client = await mongoose.mongo.MongoClient.connect(world.mongoUri);
    try {
      const db = client.db(world.database);
      const people = makePeople(count, seeded(7));
      say(`loading ${count} customers, ${people.planted.size} of them there twice`);
      await load(db, people);

      await traffic.during(() => new Promise((resolve) => setTimeout(resolve, 5_000)));
      say(`the inbox alone for ${idleMs / 1000} s`);
      const idle = await traffic.during(() => new Promise((resolve) => setTimeout(resolve, idleMs)));

      say('deriving and comparing everybody');
      const began = performance.now();
      await db
        .collection('factsDue')
        .updateOne(
          { _id: everybody as never },
          { $set: { due: 1, at: new Date(0), after: '' } },
          { upsert: true },
        );
      const busy = await traffic.during(async () => {
        let said = began;
        await until(
          'nobody is due any more',
          async () => {
            if (performance.now() - said > 30_000) {
              said = performance.now();
              say(`${await db.collection('facts').estimatedDocumentCount()} derived`);
            }
            const [facts, compares] = await Promise.all(
              ['factsDue', 'comparesDue'].map((name) => db.collection(name).findOne({})),
            );
            return !facts && !compares;
          },
          patienceMs,
          1_000,
        );
      });
      const seconds = (performance.now() - began) / 1000;
      const found = await db.collection<DuplicateDoc>('duplicates').find({ state: 'open' }).toArray();
      return [
        ...quality(found, people),
        ...speed(count, seconds),
        ...waits(idle, busy),
        ...(await queue(traffic)),
      ];
    } finally {
      await client.close();
    }
  } finally {
    await traffic.close();
  }
}

async function load(db: mongoose.mongo.Db, people: People): Promise<void> {
  for (const name of ['customers', 'identities', 'claims'] as const)
    for (let from = 0; from < people[name].length; from += written)
      await db
        .collection(name)
        .insertMany(people[name].slice(from, from + written) as never[], { ordered: false });
}

function quality(found: readonly DuplicateDoc[], people: People): Row[] {
  const rows = scores.flatMap((score): Row[] => {
    const pairs = found.filter((pair) => pair.score >= score);
    const right = pairs.filter((pair) => people.planted.has(pair._id)).length;
    return [
      { case: `pairs from ${score} points`, value: pairs.length, unit: 'pairs' },
      { case: `precision from ${score} points`, value: (100 * right) / Math.max(1, pairs.length), unit: '%' },
      { case: `recall from ${score} points`, value: (100 * right) / people.planted.size, unit: '%' },
    ];
  });
  const ids = new Set(found.map((pair) => pair._id));
  const byWay = ways.map((way): Row => {
    const planted = [...people.planted].filter(([, each]) => each === way);
    const met = planted.filter(([id]) => ids.has(id)).length;
    return { case: `recall, ${way}`, value: (100 * met) / Math.max(1, planted.length), unit: '%' };
  });
  return [...rows, ...byWay];
}

const speed = (count: number, seconds: number): Row[] => [
  { case: `derived and compared, ${count} customers`, value: seconds, unit: 's' },
  { case: 'customers a second', value: count / seconds, unit: '/s' },
];

function waits(idle: Traffic, busy: Traffic): Row[] {
  return (['reads', 'intake'] as const).flatMap((what): Row[] => {
    const [least, ours] = [idle[what], busy[what]].map((spread) => [...spread].sort((a, b) => a - b));
    const [floor, value] = [percentile(least ?? [], 0.99), percentile(ours ?? [], 0.99)];
    return [
      {
        case: `inbox ${what}, p99 meanwhile`,
        value,
        unit: 'ms',
        floor,
        ratio: value / floor,
        p50: percentile(ours ?? [], 0.5),
        p99: value,
      },
      {
        case: `inbox ${what}, p99 meanwhile to idle`,
        value: value / floor,
        unit: '×',
        aim: { most: mostOfIdle },
      },
    ];
  });
}

/** How long a window of the queue takes once it is full. */
async function queue(traffic: Awaited<ReturnType<typeof startTraffic>>): Promise<Row[]> {
  const spread: number[] = [];
  let after = '';
  for (let n = 0; n < 50; n += 1) {
    const began = performance.now();
    const page = await traffic.world.agent.call<{ next: string | null }>(
      'GET',
      `/api/duplicates?limit=20${after}`,
    );
    spread.push(performance.now() - began);
    after = page.next ? `&after=${page.next}` : '';
  }
  spread.sort((a, b) => a - b);
  const p99 = percentile(spread, 0.99);
  return [
    {
      case: 'a window of the queue',
      value: percentile(spread, 0.5),
      unit: 'ms',
      p50: percentile(spread, 0.5),
      p99,
    },
  ];
}
