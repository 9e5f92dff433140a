import { expect, it } from 'vitest';
import { Arrivals, Buckets } from './throttle.ts';

it('lets so many through at once and then one in each span, saying when', () => {
  let now = 0;
  const buckets = new Buckets({ capacity: 3, everyMs: 2_000, now: () => now });
  const take = (key = 'a') => {
    try {
      buckets.take(key);
      return 0;
    } catch (error) {
      return (error as { body: { retryAfter: number } }).body.retryAfter;
    }
  };
  expect([take(), take(), take(), take(), take('b')]).toEqual([0, 0, 0, 2, 0]);
  now = 1_500;
  expect(take()).toBe(1);
  now = 2_000;
  expect([take(), take()]).toEqual([0, 2]);
  now = 1e6;
  expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 2]);
});

it('lets the whole capacity through at whatever fraction of a millisecond', () => {
  let now = 0;
  const refused: number[] = [];
  for (now = 0.1; now < 100_000; now += 123.456_789) {
    const buckets = new Buckets({ capacity: 1, everyMs: 3_600_000 / 7, now: () => now });
    try {
      buckets.take('a');
    } catch {
      refused.push(now);
    }
    expect(() => buckets.take('a')).toThrow();
  }
  expect(refused).toEqual([]);
});

it('counts new visitors by place and by what the site allows', () => {
  const arrivals = new Arrivals();
  arrivals.take('site here', 1);
  expect(() => arrivals.take('site here', 1)).toThrow();
  arrivals.take('site there', 1);
  arrivals.take('site here', 2);
});
