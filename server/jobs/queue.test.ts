import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startRedis } from '../../test/redis.ts';
import { createLog } from '../log.ts';
import { BullQueue } from './bull.ts';
import { LocalQueue } from './local.ts';
import type { Queue } from './queue.ts';

const log = createLog({ level: 'silent' });
let redis: Awaited<ReturnType<typeof startRedis>>;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

/** A promise with its ends outside. */
function gate<T = void>() {
  let open: (value: T) => void = () => undefined;
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

/** Resolves once `count` calls were noted. */
function counter() {
  const seen: string[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  return {
    seen,
    note(key: string) {
      seen.push(key);
      for (const one of waiting.filter(({ count }) => seen.length >= count)) one.resolve();
    },
    reached: (count: number) =>
      seen.length >= count
        ? Promise.resolve()
        : new Promise<void>((resolve) => waiting.push({ count, resolve })),
  };
}

const kinds: [string, () => Promise<Queue>][] = [
  ['the local queue', async () => new LocalQueue({ log })],
  ['Bull on Redis', () => BullQueue.open({ redisUrl: redis.url, log, prefix: randomUUID() })],
];

describe.each(kinds)('%s', (_name, open) => {
  let queue: Queue;
  afterEach(() => queue.close());

  it('wakes a worker for a key, also one that comes later', async () => {
    queue = await open();
    const calls = counter();
    queue.wake('lane', 'a:b%3A');
    queue.work('lane', 2, async (key) => calls.note(key));
    await calls.reached(1);
    expect(calls.seen).toEqual(['a:b%3A']);
  });

  it('keeps topics apart', async () => {
    queue = await open();
    const calls = counter();
    queue.work('lane', 1, async (key) => calls.note(`lane ${key}`));
    queue.work('inbound', 1, async (key) => calls.note(`inbound ${key}`));
    queue.wake('inbound', '1');
    queue.wake('lane', '1');
    await calls.reached(2);
    expect([...calls.seen].sort()).toEqual(['inbound 1', 'lane 1']);
  });

  it('runs once more after for a key that is woken while it is worked on, and never twice at a time', async () => {
    queue = await open();
    const first = gate();
    const begun = gate();
    const calls = counter();
    let running = 0;
    queue.work('lane', 4, async (key) => {
      running += 1;
      if (running > 1) throw new Error('two at a time');
      calls.note(key);
      if (calls.seen.length === 1) {
        begun.open();
        await first.opened;
      }
      running -= 1;
    });
    queue.wake('lane', 'k');
    await begun.opened;
    for (let i = 0; i < 5; i += 1) queue.wake('lane', 'k');
    const other = counter();
    queue.work('inbound', 1, async (key) => other.note(key));
    queue.wake('inbound', 'these were all heard');
    await other.reached(1);
    expect(calls.seen).toHaveLength(1);
    first.open();
    await calls.reached(2);
    expect(running).toBe(0);
  });

  it('lets no more than so many work at once', async () => {
    queue = await open();
    const calls = counter();
    const done = gate();
    let most = 0;
    let running = 0;
    queue.work('lane', 2, async (key) => {
      running += 1;
      most = Math.max(most, running);
      calls.note(key);
      if (calls.seen.length === 2) done.open();
      await done.opened;
      running -= 1;
    });
    for (const key of ['1', '2', '3', '4']) queue.wake('lane', key);
    await calls.reached(4);
    expect(most).toBe(2);
  });

  it('goes on after a worker that failed', async () => {
    queue = await open();
    const calls = counter();
    queue.work('lane', 1, async (key) => {
      calls.note(key);
      if (key === 'bad') throw new Error('failed');
    });
    queue.wake('lane', 'bad');
    queue.wake('lane', 'good');
    await calls.reached(2);
    queue.wake('lane', 'bad');
    await calls.reached(3);
    expect(calls.seen).toEqual(['bad', 'good', 'bad']);
  });

  it('wakes later when asked to', async () => {
    queue = await open();
    const calls = counter();
    queue.work('lane', 1, async (key) => calls.note(key));
    queue.wake('lane', 'later', { delayMs: 50 });
    queue.wake('lane', 'now');
    await calls.reached(2);
    expect(calls.seen).toEqual(['now', 'later']);
  });

  it('closes when what runs has come to its end, and takes nothing new', async () => {
    queue = await open();
    const begun = gate();
    const end = gate();
    const calls = counter();
    queue.work('lane', 1, async (key) => {
      calls.note(key);
      begun.open();
      await end.opened;
      calls.note(`${key} ended`);
    });
    queue.wake('lane', 'a');
    await begun.opened;
    const closing = queue.close();
    queue.wake('lane', 'b');
    end.open();
    await closing;
    expect(calls.seen).toEqual(['a', 'a ended']);
  });
});

describe('Bull on Redis', () => {
  it('wakes the worker of another server', async () => {
    const prefix = randomUUID();
    const one = await BullQueue.open({ redisUrl: redis.url, log, prefix });
    const other = await BullQueue.open({ redisUrl: redis.url, log, prefix });
    const calls = counter();
    other.work('lane', 1, async (key) => calls.note(key));
    one.wake('lane', 'across');
    await calls.reached(1);
    expect(calls.seen).toEqual(['across']);
    await one.close();
    await other.close();
  });

  it('gives a key whose worker stalls longer than its lease to another, and comes back to it when the worker ends', async () => {
    const prefix = randomUUID();
    const one = await BullQueue.open({ redisUrl: redis.url, log, prefix });
    const begun = gate();
    const end = gate();
    const calls = counter();
    one.work(
      'lane',
      1,
      async (key) => {
        calls.note(`one ${key}`);
        begun.open();
        await end.opened;
      },
      { leaseMs: 50 },
    );
    one.wake('lane', 'k');
    await begun.opened;
    const other = await BullQueue.open({ redisUrl: redis.url, log, prefix });
    other.work('lane', 1, async (key) => calls.note(`other ${key}`), { leaseMs: 50 });
    other.wake('lane', 'k');
    await calls.reached(2);
    end.open();
    await calls.reached(3);
    expect(calls.seen[0]).toBe('one k');
    await one.close();
    await other.close();
  });

  it('goes on in its own process while Redis is away', async () => {
    const own = await startRedis();
    const queue = await BullQueue.open({ redisUrl: own.url, log, prefix: 'x' });
    const calls = counter();
    queue.work('lane', 1, async (key) => calls.note(key));
    queue.wake('lane', 'with');
    await calls.reached(1);
    await own.close();
    // Its connection may not have heard of it yet: what is asked of Redis in between fails over.
    queue.wake('lane', 'without 1');
    queue.wake('lane', 'without 2');
    await calls.reached(3);
    expect(calls.seen.slice(1).sort()).toEqual(['without 1', 'without 2']);
    await queue.close();
  });

  it('says at the start where Redis does not answer, without its password', async () => {
    const nowhere = BullQueue.open({ redisUrl: 'redis://user:secret@127.0.0.1:1', log, prefix: 'x' });
    await expect(nowhere).rejects.toThrow(/127\.0\.0\.1:1.*ECONNREFUSED.*REDIS_URL/);
    await expect(nowhere).rejects.not.toThrow(/secret/);
  });
});
