import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorError } from '../../connectors/connector.ts';
import type { Viewer } from '../../shared/access.ts';
import type { RewardGive } from '../../shared/reward.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { commented, greeting, person, plain, windowed, written } from '../../test/provider.ts';
import { showWay } from '../advocates/advocate.contact.ts';
import { usualSettings } from '../advocates/advocate.settings.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { resolveConversation } from '../conversations/conversation.resolve.ts';
import { putConsent } from '../customers/consent.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { updateCustomer } from '../customers/profile.service.ts';
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

/** Carries fifty letters, and free text within a day of what was said in private; it has no templates. */
const brief: typeof windowed = {
  ...windowed,
  manifest: {
    ...windowed.manifest,
    capabilities: { ...windowed.manifest.capabilities, templates: false },
  },
  pieces: (message, settings) => {
    if (message.text.length > 50)
      throw new ConnectorError({ class: 'permanent', code: 'tooLong', message: 'At most fifty letters.' });
    return windowed.pieces(message, settings);
  },
};

beforeAll(async () => {
  const now = () => new Date(Date.now() + ahead);
  ctx = await createTestContext({ connectors: { plain, windowed, brief }, now });
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

  it('holds for all that one person gives another in thirty days', async () => {
    for (const points of [60, 40])
      expect(await giveReward(ctx, marketer, give({ points }))).toMatchObject({ state: 'given' });
    const page = await listRewards(ctx, marketer, { customerId, state: null, after: null, limit: 1 });
    expect(page.given).toEqual({ points: 100, costs: [] });
    const third = await giveReward(ctx, marketer, give({ points: 1 }));
    expect(third).toMatchObject({ state: 'waiting' });
    // What somebody else approved was not theirs alone; another giver begins anew, and so does the month after.
    await decideReward(ctx, boss, { id: third.id, decide: { approve: true } });
    expect(await giveReward(ctx, boss, give({ points: 100 }))).toMatchObject({ state: 'given' });
    ahead = 31 * 86_400_000;
    const later = await giveReward(ctx, marketer, give({ points: 100 }));
    expect(later).toMatchObject({ state: 'given' });
    // What is taken back is theirs to give again.
    await undoReward(ctx, marketer, later.id);
    expect(await giveReward(ctx, marketer, give({ points: 100 }))).toMatchObject({ state: 'given' });
  });

  it('holds under a race on two servers', async () => {
    const given = await Promise.all(
      [ctx, second, ctx, second].map((server) => giveReward(server, marketer, give({ points: 50 }))),
    );
    expect(given.map(({ state }) => state).sort()).toEqual(['given', 'given', 'waiting', 'waiting']);
  });

  it('holds for what it costs too, of every kind, in any currency', async () => {
    const { amount } = usualSettings.approveCostAbove;
    const words = (cost: RewardGive['cost']) =>
      giveReward(ctx, marketer, give({ kind: 'message', points: 0, text: 'Thank you', cost }));
    expect(await words({ amount, currency: 'IRR' })).toMatchObject({ state: 'given' });
    expect(await words({ amount: 1, currency: 'IRR' })).toMatchObject({ state: 'waiting' });
    expect(await words({ amount: 1, currency: 'EUR' })).toMatchObject({ state: 'waiting' });
    expect(await words(null)).toMatchObject({ state: 'given' });
    expect(
      await giveReward(ctx, marketer, give({ kind: 'message', text: 'Thank you', points: 101 })),
    ).toMatchObject({ state: 'waiting' });
    // A code that was told is theirs, also when it is taken back.
    const { id } = await list(['A', 'B'], { cost: { amount, currency: 'IRR' }, points: 1 });
    const other = give({ customerId: await stranger(channel) });
    const first = await giveReward(ctx, marketer, {
      ...coupon(id, { text: '{code}' }),
      customerId: other.customerId,
    });
    expect(first).toMatchObject({ state: 'given', notSent: null });
    await undoReward(ctx, marketer, first.id);
    expect(await giveReward(ctx, marketer, { ...coupon(id), customerId: other.customerId })).toMatchObject({
      state: 'waiting',
    });
  });

  it('is not for the giver to move: a list says worth and cost, and a coupon is not given for less', async () => {
    await expect(list(['A'], { points: 0, cost: null })).rejects.toMatchObject({
      body: { fields: { points: expect.any(String), cost: expect.any(String) } },
    });
    const { id } = await list(['A']);
    await expect(
      giveReward(ctx, marketer, coupon(id, { cost: { amount: 8, currency: 'IRR' } })),
    ).rejects.toMatchObject({ body: { fields: { cost: expect.any(String) } } });
    // Nobody said what this one is worth.
    const form = { name: 'Old', points: 0, cost: null, expiresAt: null, codes: ['B'] };
    const silent = await createCouponList(ctx, boss, form);
    expect(await giveReward(ctx, marketer, coupon(silent.id))).toMatchObject({ state: 'waiting' });
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

/** Somebody who commented on a channel, and whose case is closed. */
async function stranger(where: ChannelDoc): Promise<string> {
  const post = { externalId: 'p', text: 'Our kettle', author: { handle: 'shop', ours: true } };
  await deliver(ctx, where, [commented(person('omid', { name: 'Omid Example' }), 'Lovely', post)]);
  const identity = await ctx.models.identities.findById('telegramUser:omid').lean<IdentityDoc>();
  const conversation = await ctx.models.conversations.findOne({ customerId: identity?.customerId }).lean();
  await resolveConversation(ctx, agent, { conversationId: conversation?._id ?? '' });
  return identity?.customerId ?? '';
}

describe('where free text may not be sent now', () => {
  const template = { name: greeting.name, language: greeting.language, values: ['{code}', '{name}', 'soon'] };
  const open = () => ctx.models.conversations.countDocuments({ customerId, status: 'open' });
  const nothing = async () => {
    expect(await lines()).toEqual([]);
    expect((await listCouponLists(ctx, marketer)).lists).toMatchObject([{ left: 1 }]);
    expect(await open()).toBe(0);
    expect(await said()).toEqual([]);
  };

  it('nothing is given, taken or begun; a template of that channel is said', async () => {
    const closed = await ctx.addChannel({ connector: 'windowed', accountRef: 'plain' });
    customerId = await stranger(closed);
    const { id } = await list(['A']);
    await expect(giveReward(ctx, marketer, coupon(id, { text: '{code}' }))).rejects.toEqual(
      refused('windowClosed'),
    );
    await expect(
      giveReward(ctx, marketer, coupon(id, { template: { ...template, values: ['{code}'] } })),
    ).rejects.toMatchObject({ body: { fields: { 'template.values': expect.any(String) } } });
    await expect(
      giveReward(ctx, marketer, coupon(id, { template: { ...template, name: 'none' } })),
    ).rejects.toMatchObject({ body: { fields: { 'template.name': expect.any(String) } } });
    await nothing();
    const place = { identityId: 'telegramUser:omid', channelId: closed._id, display: '@omid' };
    expect(await showWay(ctx, marketer, customerId)).toEqual({
      text: null,
      template: place,
      passed: [{ ...place, closedAt: null, templates: true }],
      language: 'fa',
    });
    await updateCustomer(ctx, agent, { id: customerId, change: { language: 'de' } });
    expect(await showWay(ctx, marketer, customerId)).toMatchObject({ language: 'en' });
    expect(await giveReward(ctx, marketer, coupon(id, { template }))).toMatchObject({ notSent: null });
    expect(await said()).toMatchObject([
      { text: 'Order A\n\nDear Omid Example, it comes soon.', template: { name: 'greeting' } },
    ]);
  });

  it('the next of their ways is taken, and it is said which were passed over', async () => {
    const closed = await ctx.addChannel({ connector: 'windowed', accountRef: 'plain' });
    customerId = await stranger(closed);
    await ctx.models.identities.updateOne({ _id: 'telegramUser:sara' }, { $set: { customerId } });
    expect(await showWay(ctx, marketer, customerId)).toMatchObject({ text: { channelId: channel._id } });
    await ctx.models.identities.updateOne({ _id: 'telegramUser:omid' }, { $set: { lastSeenAt: new Date() } });
    const way = await showWay(ctx, marketer, customerId);
    expect(way).toMatchObject({
      text: { identityId: 'telegramUser:sara', channelId: channel._id },
      template: { channelId: closed._id },
      passed: [{ channelId: closed._id, templates: true }],
    });
    expect(await giveReward(ctx, marketer, give({ text: 'Thank you' }))).toMatchObject({ notSent: null });
    expect(await said()).toMatchObject([{ channelId: channel._id, identityId: 'telegramUser:sara' }]);
  });

  it('nothing at all can be said where there are no templates, nor what is too long', async () => {
    const closed = await ctx.addChannel({ connector: 'brief', accountRef: 'plain' });
    customerId = await stranger(closed);
    const { id } = await list(['A-CODE-THAT-MAKES-IT-TOO-LONG']);
    const long = coupon(id, { text: 'Take this with our thanks: {code}' });
    await expect(giveReward(ctx, marketer, long)).rejects.toEqual(refused('windowClosed'));
    await expect(showWay(ctx, marketer, customerId)).rejects.toEqual(refused('windowClosed'));
    await nothing();
    await ctx.models.identities.updateOne(
      { _id: 'telegramUser:omid' },
      { $set: { [`heard.${closed._id}`]: new Date() } },
    );
    await expect(giveReward(ctx, marketer, long)).rejects.toMatchObject({
      body: { fields: { text: expect.stringContaining('fifty') } },
    });
    await nothing();
    expect(await giveReward(ctx, marketer, { ...long, text: '{code}' })).toMatchObject({ notSent: null });
  });

  it('what waits is not approved until it can be said', async () => {
    const closed = await ctx.addChannel({ connector: 'brief', accountRef: 'plain' });
    customerId = await stranger(closed);
    const hear = (at: Date) =>
      ctx.models.identities.updateOne(
        { _id: 'telegramUser:omid' },
        { $set: { [`heard.${closed._id}`]: at } },
      );
    await hear(new Date());
    const { id } = await giveReward(ctx, marketer, give({ points: 5_000, text: 'Thank you' }));
    await hear(new Date(0));
    const decide = (approve: boolean) => decideReward(ctx, boss, { id, decide: { approve } });
    await expect(decide(true)).rejects.toEqual(refused('windowClosed'));
    expect(await lines()).toMatchObject([{ state: 'waiting' }]);
    await hear(new Date());
    expect(await decide(true)).toMatchObject({ state: 'given', notSent: null });
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
      sending: { state: 'refused', error: expect.stringMatching(/reached|channel/i), reason: 'noWay' },
    });
    const page = await listRewards(ctx, marketer, { customerId, state: null, after: null, limit: 10 });
    expect(page.rewards.find((one) => one.id === due._id)).toMatchObject({ notSent: 'noWay' });
    const words = { ...due, _id: randomUUID(), messageId: randomUUID(), kind: 'message' as const, points: 0 };
    await ctx.models.rewards.insertMany([words]);
    expect(await sendReward(ctx, marketer, words)).toMatchObject({ state: 'refused', balance: null });
  });
});
