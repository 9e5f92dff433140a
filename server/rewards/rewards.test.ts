import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import type { RewardGive } from '../../shared/reward.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { person, plain, written } from '../../test/provider.ts';
import { usualSettings } from '../advocates/advocate.settings.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { putConsent } from '../customers/consent.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { rewardsHold } from '../db/invariants.rewards.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { addCouponCodes, createCouponList, listCouponLists, updateCouponList } from './coupon.service.ts';
import { decideReward, undoReward } from './reward.decide.ts';
import { giveReward } from './reward.give.ts';
import { listRewards } from './reward.list.ts';
import type { BalanceDoc, CouponCodeDoc, RewardDoc } from './reward.model.ts';
import { sendReward, sweepRewards } from './reward.send.ts';

const viewer = (id: string, role: Viewer['role']): Viewer => ({ id, role, channelIds: 'all', teamIds: [] });
const marketer = viewer('marketer', 'marketer');
const boss = viewer('boss', 'administrator');
const agent = viewer('agent', 'agent');

let ctx: TestContext;
let second: TestContext;
let channel: ChannelDoc;
let customerId: string;
let ahead = 0;

beforeAll(async () => {
  const now = () => new Date(Date.now() + ahead);
  ctx = await createTestContext({ connectors: { plain }, now });
  second = await ctx.sibling();
});
afterAll(async () => {
  await second?.close();
  await ctx?.close();
});
beforeEach(async () => {
  await ctx.empty();
  ahead = 0;
  channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
  await deliver(ctx, channel, [written(person('sara', { name: 'Sara Example' }), 'hello')]);
  customerId =
    (await ctx.models.identities.findById('telegramUser:sara').lean<IdentityDoc>())?.customerId ?? '';
});

const give = (more: Partial<RewardGive> = {}): RewardGive => ({
  id: randomUUID(),
  customerId,
  kind: 'points',
  points: 100,
  cost: null,
  text: '',
  reason: 'She helped others',
  ...more,
});
const list = (codes: string[], more: object = {}) =>
  createCouponList(ctx, marketer, {
    name: randomUUID(),
    points: 50,
    cost: { amount: 9, currency: 'IRR' },
    expiresAt: null,
    codes,
    ...more,
  });
const coupon = (couponListId: string, more: Partial<RewardGive> = {}) =>
  give({ kind: 'coupon', points: 0, couponListId, ...more });
const balance = async () =>
  (await ctx.models.rewardBalances.findById(customerId).lean<BalanceDoc>())?.points ?? 0;
const lines = () => ctx.models.rewards.find({}).sort({ at: 1, _id: 1 }).lean<RewardDoc[]>();
const said = () => ctx.models.messages.find({ direction: 'out' }).lean<MessageDoc[]>();
const refused = (reason: string) => expect.objectContaining({ body: expect.objectContaining({ reason }) });

afterEach(async () => {
  expect(await rewardsHold(ctx.models)).toEqual([]);
});

describe('points', () => {
  it('are given once, however often and on however many servers it is said', async () => {
    const form = give();
    const answers = await Promise.all(
      [ctx, second, ctx, second].map((server) => giveReward(server, marketer, form)),
    );
    expect(new Set(answers.map(({ balance: after }) => after))).toEqual(new Set([100]));
    expect(await balance()).toBe(100);
    expect(await lines()).toHaveLength(1);
    // Somebody else's line is not this one, whatever its id.
    await expect(giveReward(ctx, boss, form)).rejects.toEqual(refused('inUse'));
  });

  it('add up line by line under races', async () => {
    await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        giveReward(n % 2 ? ctx : second, marketer, give({ points: n + 1 })),
      ),
    );
    expect(await balance()).toBe(78);
    const balances = (await lines()).map((line) => line.balance ?? 0).sort((a, b) => a - b);
    expect(balances.at(-1)).toBe(78);
    expect(new Set(balances).size).toBe(12);
  });

  it('are taken back by a line of their own, once', async () => {
    const { id } = await giveReward(ctx, marketer, give());
    const undone = await Promise.all([ctx, second, ctx].map((server) => undoReward(server, marketer, id)));
    expect(undone.map(({ state }) => state)).toEqual(['undone', 'undone', 'undone']);
    expect(await balance()).toBe(0);
    const page = await listRewards(ctx, marketer, { customerId, state: null, after: null, limit: 10 });
    expect(page.rewards).toMatchObject([
      { points: -100, balance: 0, state: 'given', undoes: id },
      { points: 100, balance: 100, state: 'undone' },
    ]);
    await expect(undoReward(ctx, marketer, page.rewards[0]?.id ?? '')).rejects.toEqual(
      refused('stateChanged'),
    );
  });

  it('need sense and permission', async () => {
    await expect(giveReward(ctx, marketer, give({ points: 0 }))).rejects.toThrow(/points/);
    await expect(giveReward(ctx, marketer, give({ kind: 'coupon' }))).rejects.toThrow(/list/);
    await expect(giveReward(ctx, marketer, give({ kind: 'message' }))).rejects.toThrow(/Write what/);
    await expect(giveReward(ctx, agent, give())).rejects.toMatchObject({ code: 'forbidden' });
    await expect(giveReward(ctx, marketer, give({ customerId: '1' }))).rejects.toMatchObject({
      code: 'notFound',
    });
    expect(await lines()).toEqual([]);
  });
});

describe('above the limit', () => {
  beforeEach(() =>
    ctx.models.advocateSettings.updateOne(
      { _id: 'settings' },
      { $set: { ...usualSettings, approveAbove: 100 } },
      { upsert: true },
    ),
  );

  it('somebody else has to approve; nothing counts before', async () => {
    const { id } = await giveReward(ctx, marketer, give({ points: 101 }));
    expect(await lines()).toMatchObject([{ state: 'waiting', balance: null }]);
    expect(await balance()).toBe(0);
    await expect(decideReward(ctx, marketer, { id, decide: { approve: true } })).rejects.toMatchObject({
      code: 'forbidden',
    });
    const approved = await decideReward(ctx, boss, { id, decide: { approve: true } });
    expect(approved).toMatchObject({ state: 'given', balance: 101, decidedByUserId: 'boss' });
    await expect(decideReward(ctx, boss, { id, decide: { approve: false } })).rejects.toEqual(
      refused('stateChanged'),
    );
    expect(await balance()).toBe(101);
  });

  it('not even an administrator approves their own', async () => {
    const { id } = await giveReward(ctx, boss, give({ points: 500 }));
    await expect(decideReward(ctx, boss, { id, decide: { approve: true } })).rejects.toEqual(
      refused('ownReward'),
    );
    await decideReward(ctx, viewer('chief', 'administrator'), {
      id,
      decide: { approve: false, reason: 'Too much' },
    });
    expect(await lines()).toMatchObject([{ state: 'refused', decisionReason: 'Too much', balance: null }]);
  });

  it('two who decide at once decide once', async () => {
    const { id } = await giveReward(ctx, marketer, give({ points: 101 }));
    const decided = await Promise.allSettled(
      [ctx, second, ctx, second].map((server) =>
        decideReward(server, boss, { id, decide: { approve: true } }),
      ),
    );
    expect(decided.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await balance()).toBe(101);
  });

  it('what waits can be withdrawn, and a list says what its coupon is worth', async () => {
    const { id } = await list(['A'], { points: 101 });
    const waiting = await giveReward(ctx, marketer, coupon(id, { points: 1 }));
    expect(waiting).toMatchObject({
      state: 'waiting',
      points: 101,
      coupon: null,
      cost: { amount: 9, currency: 'IRR' },
    });
    expect(await undoReward(ctx, marketer, waiting.id)).toMatchObject({ state: 'undone' });
    expect(await lines()).toHaveLength(1);
  });
});

describe('a coupon', () => {
  it('is taken exactly once, by as many as ask at once on two servers', async () => {
    const codes = Array.from({ length: 8 }, (_, n) => `CODE-${n}`);
    const { id } = await list(codes);
    const given = await Promise.allSettled(
      Array.from({ length: 12 }, (_, n) => giveReward(n % 2 ? ctx : second, marketer, coupon(id))),
    );
    const taken = given.flatMap((one) => (one.status === 'fulfilled' ? [one.value.coupon?.code] : []));
    expect(taken.sort()).toEqual(codes);
    for (const one of given) if (one.status === 'rejected') expect(one.reason).toEqual(refused('noCodes'));
    expect(await lines()).toHaveLength(8);
    expect((await listCouponLists(ctx, marketer)).lists).toMatchObject([{ left: 0, given: 8 }]);
    const stored = await ctx.models.couponCodes.find({}).lean<CouponCodeDoc[]>();
    expect(new Set(stored.map(({ rewardId }) => rewardId)).size).toBe(8);
  }, 30_000);

  it('goes back to its list only if nobody was told', async () => {
    const { id } = await list(['A', 'B']);
    const quiet = await giveReward(ctx, marketer, coupon(id));
    await undoReward(ctx, marketer, quiet.id);
    const told = await giveReward(ctx, marketer, coupon(id, { text: 'Dear {name}, your code: {code}' }));
    expect(told).toMatchObject({ coupon: { code: 'A' }, notSent: null });
    expect((await said()).map(({ text }) => text)).toEqual(['Dear Sara Example, your code: A']);
    await undoReward(ctx, marketer, told.id);
    expect((await giveReward(ctx, marketer, coupon(id))).coupon?.code).toBe('B');
    await expect(giveReward(ctx, marketer, coupon(id))).rejects.toEqual(refused('noCodes'));
  });

  it('is of a list that is open: not archived, not expired', async () => {
    const old = await list(['A'], { expiresAt: new Date(Date.now() + 1_000).toISOString() });
    ahead = 2_000;
    await expect(giveReward(ctx, marketer, coupon(old.id))).rejects.toEqual(refused('noCodes'));
    const kept = await list(['B']);
    await updateCouponList(ctx, marketer, { id: kept.id, update: { archived: true } });
    await expect(giveReward(ctx, marketer, coupon(kept.id))).rejects.toEqual(refused('noCodes'));
  });

  it('is in one list, and there once', async () => {
    const { id } = await list(['A', 'B']);
    await expect(list(['C', 'C'])).rejects.toThrow(/twice: C/);
    await expect(list(['C', 'B'])).rejects.toThrow(/already: B/);
    await expect(addCouponCodes(ctx, marketer, { id, codes: ['A'] })).rejects.toThrow(/already: A/);
    expect(await addCouponCodes(ctx, marketer, { id, codes: ['D'] })).toMatchObject({ left: 3 });
    await expect(addCouponCodes(ctx, agent, { id, codes: ['E'] })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('what is said with it', () => {
  it('leaves once by the path of every reply, a name that looks like a place included', async () => {
    await ctx.models.customers.updateOne({ _id: customerId }, { $set: { name: 'Sara {code}' } });
    const form = give({ text: 'Dear {name}, {points} points!' });
    await Promise.all([ctx, second].map((server) => giveReward(server, marketer, form)));
    const again = await giveReward(ctx, marketer, form);
    const messages = await said();
    expect(messages).toMatchObject([
      { text: 'Dear Sara {code}, 100 points!', authorId: 'marketer', visibility: 'private' },
    ]);
    expect(again).toMatchObject({ messageId: messages[0]?._id, notSent: null });
  });

  it('is not said to who wants to hear nothing, and nothing is given then', async () => {
    await putConsent(ctx, boss, {
      id: customerId,
      kind: 'telegramUser',
      put: { state: 'withdrawn', source: 'told', evidence: '', messageId: null },
    });
    const { id } = await list(['A']);
    await expect(giveReward(ctx, marketer, coupon(id, { text: '{code}' }))).rejects.toEqual(
      refused('optedOut'),
    );
    expect(await lines()).toEqual([]);
    expect((await listCouponLists(ctx, marketer)).lists).toMatchObject([{ left: 1 }]);
    // In silence it may be given.
    expect((await giveReward(ctx, marketer, coupon(id))).coupon?.code).toBe('A');
  });

  it('of a server that died in between is said by the next one; a refusal is written down', async () => {
    const form = give({ text: 'Thank you' });
    const { id } = await giveReward(ctx, marketer, form);
    const line = (await lines()).find(({ _id }) => _id === id);
    if (!line) throw new Error('There is no line.');
    await ctx.models.users.insertMany(
      [
        {
          _id: 'marketer',
          name: 'M',
          email: 'm@example.com',
          role: 'marketer',
          channelIds: 'all',
          active: true,
          createdAt: new Date(),
        } as never,
      ],
      { lean: true },
    );
    await ctx.models.rewards.updateOne({ _id: id }, { $set: { sending: { state: 'sending', error: '' } } });
    ahead = 60_000;
    await sweepRewards(second);
    expect(await said()).toHaveLength(1);
    expect((await lines())[0]?.sending.state).toBe('sent');

    await ctx.models.channels.updateOne({ _id: channel._id }, { $set: { state: 'paused' } });
    const due = {
      ...line,
      points: 0,
      _id: randomUUID(),
      messageId: randomUUID(),
      sending: { state: 'due' as const, error: '' },
    };
    await ctx.models.rewards.insertMany([due]);
    const after = await sendReward(ctx, marketer, due);
    expect(after).toMatchObject({
      state: 'given',
      sending: { state: 'refused', error: expect.stringMatching(/reached|channel/i) },
    });
    const words = { ...due, _id: randomUUID(), messageId: randomUUID(), kind: 'message' as const, points: 0 };
    await ctx.models.rewards.insertMany([words]);
    expect(await sendReward(ctx, marketer, words)).toMatchObject({ state: 'refused', balance: null });
  });
});
