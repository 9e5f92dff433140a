import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { createLog } from '../log.ts';
import { dropLease, renewLease, takeLease, withLease } from './leases.ts';

let one: TestContext;
let other: TestContext;
beforeAll(async () => {
  one = await createTestContext({ leaseMs: 600 });
  other = await one.sibling();
});
afterAll(async () => {
  await other.close();
  await one.close();
});
const never = () => new AbortController().signal;

describe('a named lease', () => {
  it('is held by one, and rises its fence with each taking', async () => {
    const both = await Promise.all([takeLease(one, 'a'), takeLease(other, 'a')]);
    const held = both.filter((lease) => lease !== null);
    expect(held).toHaveLength(1);
    const owner = both[0] ? one : other;
    const rest = owner === one ? other : one;
    const [lease] = held;
    if (!lease) throw new Error('nobody');
    expect(await renewLease(owner, lease)).toBe(true);
    expect(await renewLease(rest, lease)).toBe(false);
    await dropLease(rest, lease);
    expect(await takeLease(rest, 'a')).toBeNull();
    await dropLease(owner, lease);
    expect(await takeLease(rest, 'a')).toEqual({ name: 'a', fence: lease.fence + 1 });
  });

  it('runs what must run once, one after the other', async () => {
    let running = 0;
    const fences: number[] = [];
    const work = async (_: AbortSignal, held: { fence: number }) => {
      running += 1;
      expect(running).toBe(1);
      // Longer than a lease: it is renewed meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 900));
      fences.push(held.fence);
      running -= 1;
      return held.fence;
    };
    const results = await Promise.all([
      withLease(one, 'b', { signal: never(), work }),
      withLease(other, 'b', { signal: never(), work }),
    ]);
    expect([...results].sort()).toEqual([1, 2]);
    expect(fences).toEqual([1, 2]);
  });

  it('waits out the lease of a dead predecessor, and says so', async () => {
    const lines: string[] = [];
    const log = createLog({ level: 'info' }, { write: (line) => lines.push(line) });
    await takeLease(other, 'c');
    const result = await withLease({ ...one, log }, 'c', { signal: never(), work: async () => 'mine' });
    expect(result).toBe('mine');
    expect(lines.filter((line) => line.includes('another server holds this lease'))).toHaveLength(1);
    expect(lines.some((line) => line.includes(other.nodeId))).toBe(true);
  });

  it('gives up waiting when it is told to', async () => {
    await takeLease(other, 'd');
    const stop = new AbortController();
    const waiting = withLease(one, 'd', { signal: stop.signal, work: async () => 'never' });
    stop.abort();
    expect(await waiting).toBeNull();
  });

  it('tells its holder when another took it', async () => {
    let begun = () => {};
    const started = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const working = withLease(one, 'e', {
      signal: never(),
      work: (signal) => {
        begun();
        return new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('ended')));
      },
    });
    await started;
    // As if this process had stood still for longer than its lease.
    await one.models.leases.updateOne({ _id: 'e' }, { $set: { until: new Date(0) } });
    expect(await takeLease(other, 'e')).toMatchObject({ fence: 2 });
    expect(await working).toBe('ended');
    expect(await one.models.leases.findById('e').lean()).toMatchObject({ owner: other.nodeId, fence: 2 });
  });

  it('is let go when the work fails', async () => {
    const failing = withLease(one, 'f', {
      signal: never(),
      work: async () => {
        throw new Error('failed');
      },
    });
    await expect(failing).rejects.toThrow('failed');
    expect(await takeLease(other, 'f')).not.toBeNull();
  });
});
