import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { seeded } from '../random.ts';
import { type Case, drawCase, kinds } from './cases.ts';
import { type Asked, type Difference, firstDifference } from './compare.ts';
import { Player } from './play.ts';
import { shrink } from './shrink.ts';

let database: TestDatabase;
let one: Player;
let other: Player;
beforeAll(async () => {
  database = await createTestDatabase({ unrecorded: true });
  [one, other] = [await Player.open('one', database.uri), await Player.open('other', database.uri)];
});
afterAll(async () => {
  await one?.close();
  await other?.close();
  await database?.close();
});

it.each(kinds)('a server does not differ from itself: %s', async (kind) => {
  const random = seeded(4);
  for (let n = 0; n < 12; n += 1)
    expect(await firstDifference(drawCase(random, kind), one, other)).toBeNull();
});

/** A server with a fault: it takes $gte for $gt. */
const faulty = (): Asked => ({
  play: (given) => other.play({ ...given, steps: replaced(given.steps) as Case['steps'] }),
});

function replaced(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(replaced);
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key === '$gte' ? '$gt' : key, replaced(each)]),
  );
}

it('a fault is found, and shown by the least that shows it', async () => {
  const random = seeded(1);
  let found: Difference | null = null;
  for (let n = 0; n < 2_000 && !found; n += 1)
    found = await firstDifference(drawCase(random, 'find'), one, faulty());
  if (!found) throw new Error('It was not found.');
  const small = await shrink(
    found.case,
    async (next) => (await firstDifference(next, one, faulty())) !== null,
  );
  expect(small.indexes).toEqual([]);
  expect(small.documents).toHaveLength(1);
  expect(small.steps).toHaveLength(1);
  expect(JSON.stringify(small.steps)).toMatch(
    /^\[\{"command":\{"find":"things","filter":\{.{0,40}\$gte.{0,60}$/,
  );
}, 120_000);
