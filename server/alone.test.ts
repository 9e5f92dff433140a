import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestContext, type TestContext } from '../test/context.ts';
import { takePlace } from './alone.ts';
import { createLog } from './log.ts';

let ctx: TestContext;
beforeAll(async () => {
  ctx = await createTestContext();
});
afterAll(() => ctx.close());
beforeEach(() => ctx.empty());

const leaseMs = 600;
function take(nodeId: string, options: { redis?: boolean; onLost?: (error: Error) => void } = {}) {
  const lines: string[] = [];
  const place = takePlace({
    db: ctx.db,
    log: createLog({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
    nodeId,
    leaseMs,
    redis: options.redis ?? false,
    onLost: options.onLost ?? (() => undefined),
  });
  return { place, lines };
}

describe('the place of the one server', () => {
  it('is refused to a second one while the first lives, and free once it left', async () => {
    const first = await take('first').place;
    await expect(take('second').place).rejects.toMatchObject({
      reason: 'secondServer',
      message: expect.stringContaining('REDIS_URL'),
    });
    await first.leave();
    const second = take('second');
    await (await second.place).leave();
    expect(second.lines).toEqual([]);
  });

  it('of a dead server is taken when its time is over, and the wait is said', async () => {
    await ctx.db.collection<{ _id: string }>('leases').insertOne({
      _id: 'server',
      owner: 'dead',
      until: new Date(Date.now() + 400),
      fence: 7,
    } as never);
    const { place, lines } = take('next');
    await (await place).leave();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('waiting');
  });

  it('of a dead server goes to one of several that start at once, and the others are refused', async () => {
    await ctx.db.collection<{ _id: string }>('leases').insertOne({
      _id: 'server',
      owner: 'dead',
      until: new Date(Date.now() + 400),
      fence: 7,
    } as never);
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((nodeId) => take(nodeId).place));
    const taken = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(taken).toHaveLength(1);
    expect(refused.map((error) => error.reason)).toEqual(['secondServer', 'secondServer']);
    await taken[0]?.leave();
  });

  it('is shared by servers that hear one another, and by no other', async () => {
    const first = await take('first', { redis: true }).place;
    const second = await take('second', { redis: true }).place;
    await expect(take('third').place).rejects.toMatchObject({ reason: 'secondServer' });
    await first.leave();
    await second.leave();
  });

  it('that was lost ends the server that had it', async () => {
    let lost: (error: Error) => void = () => undefined;
    const told = new Promise<Error>((resolve) => {
      lost = resolve;
    });
    const place = await take('first', { onLost: lost }).place;
    await ctx.db
      .collection<{ _id: string; owner: string }>('leases')
      .updateOne({ _id: 'server' }, { $set: { owner: 'another' } });
    expect((await told).message).toMatch(/another one took its place/);
    await place.leave();
    const lease = await ctx.db
      .collection<{ _id: string; owner: string }>('leases')
      .findOne({ _id: 'server' });
    expect(lease?.owner).toBe('another');
  });
});
