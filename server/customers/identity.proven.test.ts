import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { person, plain, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { history } from './history.ts';
import { addIdentityByAgent } from './identity.add.ts';
import { blockIdentity } from './identity.block.ts';

let ctx: TestContext;
let line: ChannelDoc;
const agent: Viewer = { id: 'agent-1', role: 'agent', channelIds: 'all', teamIds: [] };
const mobile = person('+989121234567', { kind: 'mobile', display: '+989121234567' });
const identityId = 'mobile:+989121234567';
const day = 24 * 3_600_000;
const daysAgo = (n: number) => new Date(Date.now() - n * day);

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain } });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  line = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});

const identityNow = async () => {
  const identity = await ctx.models.identities.findById(identityId).lean();
  if (!identity) throw new Error('Nobody wrote.');
  return identity;
};
/** Messages and proofs, the oldest first. */
const told = async () => {
  const { customerId } = await identityNow();
  const page = await history(ctx, agent, {
    ...{ customerId, edge: { at: 'newest' }, limit: 50, channelId: null, has: null },
    kinds: ['message', 'verification'],
  });
  return page.entries
    .map((entry) =>
      'message' in entry ? entry.message.text : 'verification' in entry && entry.verification.proof,
    )
    .reverse();
};

describe('an address that wrote to us', () => {
  it('is proven when its message was written, however late that comes in', async () => {
    const [first, second] = [daysAgo(90), daysAgo(60)];
    await deliver(ctx, line, [
      written(mobile, 'first', { at: first }),
      written(mobile, 'second', { at: second }),
    ]);
    expect((await identityNow()).provenAt).toEqual(first);
    expect(await told()).toEqual(['first', 'transport', 'second']);
  });

  it('is proven by the first of its messages, in whatever order they come in, and once', async () => {
    const [first, second] = [daysAgo(90), daysAgo(60)];
    await deliver(ctx, line, [written(mobile, 'second', { at: second })]);
    await blockIdentity(ctx, agent, { identityId, blocked: true });
    await blockIdentity(ctx, agent, { identityId, blocked: false });
    await deliver(ctx, line, [written(mobile, 'first', { at: first })]);
    expect((await identityNow()).provenAt).toEqual(first);
    expect(await told()).toEqual(['first', 'transport', 'second']);
  });

  it('is proven by its own message where ours to it came in before', async () => {
    const [ours, theirs] = [daysAgo(90), daysAgo(60)];
    await deliver(ctx, line, [written(mobile, 'ours', { at: ours, direction: 'out' })]);
    await deliver(ctx, line, [written(mobile, 'theirs', { at: theirs })]);
    expect((await identityNow()).provenAt).toEqual(theirs);
    expect(await told()).toEqual(['ours', 'theirs', 'transport']);
  });

  it('is proven no later than now by a clock that is ahead', async () => {
    await deliver(ctx, line, [written(mobile, 'from tomorrow', { at: daysAgo(-1) })]);
    expect((await identityNow()).provenAt.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('keeps what others said of it where they said it', async () => {
    await deliver(ctx, line, [written(person('1001', { name: 'Sara' }), 'hello')]);
    const sara = await ctx.models.identities.findOne({ kind: 'telegramUser' }).lean();
    const customerId = sara?.customerId ?? '';
    await addIdentityByAgent(ctx, agent, {
      ...{ customerId, kind: 'mobile', value: '09121234567', reason: 'She said so' },
    });
    await deliver(ctx, line, [written(mobile, 'months ago', { at: daysAgo(90) })]);
    expect(await identityNow()).toMatchObject({ customerId, proof: 'transport' });
    expect((await told()).slice(0, 2)).toEqual(['months ago', 'transport']);
    expect(await told()).toContain('agent');
  });
});
