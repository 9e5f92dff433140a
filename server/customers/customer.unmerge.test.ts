import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { person, plain, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { resolveConversation } from '../conversations/conversation.resolve.ts';
import { snoozeConversation } from '../conversations/conversation.snooze.ts';
import { saveDraft } from '../conversations/draft.ts';
import { markRead } from '../conversations/read.ts';
import { checkInvariants } from '../db/invariants.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { reply } from '../messages/reply.ts';
import { listMerges } from './customer.merge.journal.ts';
import { mergeByAgent } from './customer.merge.ts';
import { unmergeByAgent } from './customer.unmerge.ts';
import { updateCustomer } from './profile.service.ts';

let ctx: TestContext;
let telegram: ChannelDoc;
let sms: ChannelDoc;
const admin: Viewer = { id: 'user-1', role: 'administrator', channelIds: 'all', teamIds: [] };
const tele = person('1001', { name: 'Sara Example' });
const mobile = person('+989121234567', { kind: 'mobile', display: '+989121234567' });

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain } });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  telegram = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
  sms = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});
afterEach(async () => {
  expect(await checkInvariants(ctx.models)).toEqual([]);
});

const minutesAgo = (n: number) => new Date(Date.now() - n * 60_000);
const inHours = (n: number) => new Date(Date.now() + n * 3_600_000);
const customerOf = async (identity: string) =>
  (await ctx.models.identities.findById(identity).lean())?.customerId ?? '';
const customerNow = async (id: string) => {
  const customer = await ctx.models.customers.findById(id).lean();
  if (!customer) throw new Error(`No customer ${id}`);
  return customer;
};
const conversationNow = async (id: string) => {
  const conversation = await ctx.models.conversations.findById(id).lean<ConversationDoc>();
  if (!conversation) throw new Error(`No conversation ${id}`);
  return conversation;
};
const conversationsOf = (customerId: string) =>
  ctx.models.conversations.find({ customerId }).sort({ createdAt: 1, _id: 1 }).lean<ConversationDoc[]>();
const said = async (conversationId: string) =>
  (
    await ctx.models.messages
      .find({ conversationId, kind: { $ne: 'event' } })
      .sort({ seq: 1 })
      .lean<MessageDoc[]>()
  ).map((message) => message.text);

/** Sara wrote an SMS an hour ago, and on Telegram five minutes ago; nobody knows that she is one person. */
async function twoSides() {
  await deliver(ctx, sms, [written(mobile, 'an SMS', { at: minutesAgo(60) })]);
  await deliver(ctx, telegram, [written(tele, 'on Telegram', { at: minutesAgo(5) })]);
  const [older, newer] = await ctx.models.conversations
    .find({})
    .sort({ createdAt: 1, _id: 1 })
    .lean<ConversationDoc[]>();
  if (!older || !newer) throw new Error('Two conversations were expected.');
  return { older, newer };
}

async function merged() {
  const { older, newer } = await twoSides();
  const { linkId } = await mergeByAgent(ctx, admin, {
    intoId: older.customerId,
    otherId: newer.customerId,
    reason: 'one person',
  });
  if (!linkId) throw new Error('They were one already.');
  return { older, newer, linkId };
}

const answer = (conversationId: string, options: { to: 'sms' | 'telegram'; text: string }) =>
  reply(ctx, admin, {
    conversationId,
    create: {
      id: ctx.uuid(),
      kind: 'message',
      text: options.text,
      fileIds: [],
      lastSeenSeq: 1_000,
      target:
        options.to === 'sms'
          ? { channelId: sms._id, identityId: 'mobile:+989121234567', threadKey: mobile.value }
          : { channelId: telegram._id, identityId: 'telegramUser:1001', threadKey: tele.value },
    },
  });

/** What a person would call the same: all but counters, and lines of the timeline. */
function plainly(conversation: ConversationDoc) {
  const { version: _v, seq: _s, messageCount: _m, replyTarget, resolvedFrom: _r, ...rest } = conversation;
  return { ...rest, replyTarget: replyTarget?.identityId };
}

describe('un-merge', () => {
  it('right after a merge is its undo: both are as they were', async () => {
    const { older, newer } = await twoSides();
    await snoozeConversation(ctx, admin, { conversationId: older._id, until: inHours(3) });
    await updateCustomer(ctx, admin, { id: newer.customerId, change: { name: 'Sara by her own name' } });
    const before = await Promise.all([conversationNow(older._id), conversationNow(newer._id)]);
    const people = await Promise.all([customerNow(older.customerId), customerNow(newer.customerId)]);
    const { customer, linkId } = await mergeByAgent(ctx, admin, {
      intoId: older.customerId,
      otherId: newer.customerId,
      reason: 'one person',
    });
    expect(customer).toMatchObject({ name: 'Sara by her own name', nameSource: 'agent' });
    expect(await listMerges(ctx, admin, { customerId: newer.customerId })).toMatchObject({
      merges: [{ linkId, merged: { id: newer.customerId }, identities: 1, conversations: 1 }],
    });

    const apart = await unmergeByAgent(ctx, admin, { customerId: customer._id, linkId: linkId ?? '' });
    expect([apart.survivor._id, apart.restored._id]).toEqual([older.customerId, newer.customerId]);
    const after = await Promise.all([conversationNow(older._id), conversationNow(newer._id)]);
    expect(after.map(plainly)).toEqual(before.map(plainly));
    for (const person of people) {
      const { version: _b, tokens: tokensBefore, ...was } = person;
      const { version: _a, tokens, ...is } = await customerNow(person._id);
      expect(is).toEqual(was);
      expect([...tokens].sort()).toEqual([...tokensBefore].sort());
    }
    expect(await listMerges(ctx, admin, { customerId: older.customerId })).toEqual({ merges: [] });
    const again = await unmergeByAgent(ctx, admin, { customerId: older.customerId, linkId: linkId ?? '' });
    expect(again.restored._id).toBe(newer.customerId);
  });

  it('of many messages goes ahead with what is answered, and refused in its midst leaves one customer of whom nothing is missing', async () => {
    const { older, newer, linkId } = await merged();
    const texts = Array.from({ length: 8 }, (_, n) => `by SMS, since, ${n}`);
    for (const text of texts) await deliver(ctx, sms, [written(mobile, text)]);
    const answered = await answer(newer._id, { to: 'sms', text: 'an answer' });
    await deliver(ctx, sms, [written(mobile, 'and now?')]);
    const waits = (await conversationNow(newer._id)).waitingSince;
    expect(waits).not.toBeNull();
    // The answer is on its way: the third step cannot take it along.
    await ctx.models.messages.updateOne({ _id: answered._id }, { $set: { 'delivery.state': 'sending' } });
    ctx.movedAtOnce = 3;
    try {
      const apart = () => unmergeByAgent(ctx, admin, { customerId: older.customerId, linkId });
      await expect(apart()).rejects.toMatchObject({ code: 'conflict' });
      expect(await checkInvariants(ctx.models)).toEqual([]);
      expect((await customerNow(newer.customerId)).mergedInto).toBe(older.customerId);
      const ahead = await said(older._id);
      expect(ahead.length).toBeGreaterThan(1);
      expect(ahead.slice(1)).toEqual(texts.slice(0, ahead.length - 1));
      expect(await said(newer._id)).toEqual([
        'on Telegram',
        ...texts.slice(ahead.length - 1),
        'an answer',
        'and now?',
      ]);
      expect(await conversationNow(newer._id)).toMatchObject({ status: 'open', waitingSince: waits });
      await ctx.models.messages.updateOne({ _id: answered._id }, { $set: { 'delivery.state': 'queued' } });
      await apart();
    } finally {
      ctx.movedAtOnce = undefined;
    }
    expect(await said(older._id)).toEqual(['an SMS', ...texts, 'an answer', 'and now?']);
    expect(await said(newer._id)).toEqual(['on Telegram']);
    expect(await conversationNow(older._id)).toMatchObject({ status: 'open', waitingSince: waits });
  });

  it('says with which winners merging them again makes the same customer', async () => {
    const { older, newer } = await twoSides();
    const [intoId, otherId] = [older.customerId, newer.customerId];
    await updateCustomer(ctx, admin, { id: intoId, change: { name: 'Sara', city: 'Yazd', job: 'Nurse' } });
    await updateCustomer(ctx, admin, {
      id: otherId,
      change: { name: 'Zari', city: 'Qom', birthday: '1991-03-21' },
    });
    const { customer, linkId } = await mergeByAgent(ctx, admin, {
      intoId,
      otherId,
      reason: 'one person',
      winners: { name: 'other', city: 'other', birthday: 'survivor' },
    });
    expect(customer).toMatchObject({ name: 'Zari', profile: { city: 'Qom', job: 'Nurse', birthday: null } });
    // Said of both together: it is neither's, and stays with the one who was there.
    await updateCustomer(ctx, admin, { id: intoId, change: { job: 'Teacher' } });
    const apart = await unmergeByAgent(ctx, admin, { customerId: intoId, linkId: linkId ?? '' });
    expect(apart.survivor).toMatchObject({ name: 'Sara', profile: { city: 'Yazd', job: 'Teacher' } });
    const { winners } = apart;
    const again = await mergeByAgent(ctx, admin, { intoId, otherId, reason: 'one person', winners });
    expect(again.customer).toMatchObject({
      name: 'Zari',
      profile: { city: 'Qom', job: 'Teacher', birthday: null },
    });
    const twice = await unmergeByAgent(ctx, admin, { customerId: intoId, linkId: linkId ?? '' });
    expect(twice.winners).toMatchObject({ name: 'other', city: 'other', birthday: 'survivor' });
  });

  it('gives back what arrived since: who wrote decides, a reply goes with whom it was written to, notes stay', async () => {
    const { older, newer, linkId } = await merged();
    await deliver(ctx, sms, [written(mobile, 'by SMS, since')]);
    await deliver(ctx, telegram, [written(tele, 'by Telegram, since')]);
    await answer(newer._id, { to: 'sms', text: 'a reply by SMS' });
    await reply(ctx, admin, {
      conversationId: newer._id,
      create: {
        id: ctx.uuid(),
        kind: 'message',
        text: 'a reply on Telegram',
        fileIds: [],
        lastSeenSeq: 1_000,
        target: { channelId: telegram._id, identityId: 'telegramUser:1001', threadKey: tele.value },
      },
    });
    await deliver(ctx, sms, [written(mobile, 'a last SMS')]);
    const heard: string[] = [];
    const off = [
      ctx.bus.on('customer.changed', ({ customerId }) => heard.push(customerId)),
      ctx.bus.on('conversation.changed', ({ conversation, messages }) =>
        heard.push(`${conversation._id} ${messages.filter((one) => 'movedTo' in one).length}`),
      ),
      ctx.bus.on('lane.touched', ({ conversationId, channelId }) =>
        heard.push(`${conversationId} ${channelId}`),
      ),
    ];
    await unmergeByAgent(ctx, admin, { customerId: newer.customerId, linkId });
    for (const stop of off) stop();

    expect(await said(older._id)).toEqual(['an SMS', 'by SMS, since', 'a reply by SMS', 'a last SMS']);
    expect(await said(newer._id)).toEqual(['on Telegram', 'by Telegram, since', 'a reply on Telegram']);
    expect(await conversationNow(older._id)).toMatchObject({
      customerId: older.customerId,
      status: 'open',
      successorId: null,
      channelIds: [sms._id],
    });
    expect((await conversationNow(older._id)).waitingSince).not.toBeNull();
    expect(await conversationNow(newer._id)).toMatchObject({
      customerId: newer.customerId,
      status: 'open',
      waitingSince: null,
      channelIds: [telegram._id],
    });
    expect((await customerNow(older.customerId)).active.main).toBe(older._id);
    expect((await customerNow(newer.customerId)).active.main).toBe(newer._id);
    for (const what of [
      older.customerId,
      newer.customerId,
      `${newer._id} 3`,
      `${older._id} 0`,
      `${older._id} ${sms._id}`,
    ])
      expect(heard).toContain(what);

    await deliver(ctx, sms, [written(mobile, 'SMS after')]);
    await deliver(ctx, telegram, [written(tele, 'Telegram after')]);
    expect((await said(older._id)).at(-1)).toBe('SMS after');
    expect((await said(newer._id)).at(-1)).toBe('Telegram after');
  });

  it('begins a conversation for messages that have none of their own to go to, as open as the one they were in', async () => {
    const { older, newer } = await twoSides();
    await resolveConversation(ctx, admin, { conversationId: older._id });
    await ctx.models.conversations.updateOne(
      { _id: older._id },
      { $set: { resolvedAt: minutesAgo(60 * 24 * 9) } },
    );
    const { linkId } = await mergeByAgent(ctx, admin, {
      intoId: newer.customerId,
      otherId: older.customerId,
      reason: 'one person',
    });
    await deliver(ctx, sms, [written(mobile, 'since')]);
    expect(await said(newer._id)).toEqual(['on Telegram', 'since']);
    await unmergeByAgent(ctx, admin, { customerId: newer.customerId, linkId: linkId ?? '' });
    expect(await said(newer._id)).toEqual(['on Telegram']);
    const theirs = await conversationsOf(older.customerId);
    expect(theirs.map((one) => one.status)).toEqual(['resolved', 'open']);
    expect(await said(theirs[1]?._id ?? '')).toEqual(['since']);
    expect((await customerNow(older.customerId)).active.main).toBe(theirs[1]?._id);
  });

  it('of what was resolved meanwhile leaves both resolved, and each opens again on its own', async () => {
    const { older, newer, linkId } = await merged();
    await resolveConversation(ctx, admin, { conversationId: newer._id });
    await unmergeByAgent(ctx, admin, { customerId: older.customerId, linkId });
    expect((await conversationNow(older._id)).status).toBe('resolved');
    expect((await customerNow(older.customerId)).active.main).toBeNull();
    await deliver(ctx, sms, [written(mobile, 'SMS after')]);
    expect(await conversationNow(older._id)).toMatchObject({ status: 'open' });
    expect((await conversationNow(newer._id)).status).toBe('resolved');
  });

  it('of nested merges works in any order', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      await ctx.empty();
      telegram = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
      sms = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
      const { older, newer, linkId } = await merged();
      await deliver(ctx, sms, [written(mobile, 'between the merges')]);
      const third = person('3003', { name: 'Third Example' });
      await deliver(ctx, telegram, [written(third, 'me too')]);
      const thirdId = await customerOf('telegramUser:3003');
      const { linkId: outer } = await mergeByAgent(ctx, admin, {
        intoId: thirdId,
        otherId: newer.customerId,
        reason: 'the same again',
        winners: { name: 'other' },
      });
      expect((await customerNow(thirdId)).name).toBe('Sara Example');
      for (const who of [mobile, tele, third])
        await deliver(ctx, who === mobile ? sms : telegram, [written(who, 'since')]);
      for (const n of order) {
        await unmergeByAgent(ctx, admin, {
          customerId: thirdId,
          linkId: [linkId, outer ?? ''][n] ?? '',
        }).catch(
          // Once the inner two are apart from the third, their merge is one of theirs.
          () =>
            unmergeByAgent(ctx, admin, {
              customerId: older.customerId,
              linkId: [linkId, outer ?? ''][n] ?? '',
            }),
        );
        expect(await checkInvariants(ctx.models)).toEqual([]);
      }
      const all = async (customerId: string) =>
        (await Promise.all((await conversationsOf(customerId)).map((one) => said(one._id)))).flat().sort();
      expect(await all(older.customerId)).toEqual(['an SMS', 'between the merges', 'since']);
      expect(await all(newer.customerId)).toEqual(['on Telegram', 'since']);
      expect(await all(thirdId)).toEqual(['me too', 'since']);
      const names = await Promise.all(
        [older.customerId, newer.customerId, thirdId].map(async (id) => (await customerNow(id)).name),
      );
      expect(names).toEqual(['+989121234567', 'Sara Example', 'Third Example']);
    }
  });

  it('takes drafts and what was read along', async () => {
    const { older, newer, linkId } = await merged();
    await deliver(ctx, sms, [written(mobile, 'since')]);
    const { seq } = await conversationNow(newer._id);
    await markRead(ctx, admin, { id: newer._id, seq });
    const target = { channelId: sms._id, identityId: 'mobile:+989121234567', threadKey: mobile.value };
    await saveDraft(ctx, admin, {
      id: newer._id,
      draft: { conversationId: newer._id, mode: 'reply', text: 'half a word', target, savedAt: 1 },
    });
    await deliver(ctx, sms, [written(mobile, 'not read')]);
    await markRead(ctx, admin, { id: older._id, seq: older.seq });
    await unmergeByAgent(ctx, admin, { customerId: newer.customerId, linkId });
    expect(await ctx.models.drafts.find({}).lean()).toMatchObject([
      { conversationId: older._id, text: 'half a word' },
    ]);
    const read = await ctx.models.reads.findById(`user-1:${older._id}`).lean();
    const unread = await ctx.models.messages.findOne({ text: 'not read' }).lean();
    const last = await ctx.models.messages.findOne({ text: 'since' }).lean();
    expect(unread?.conversationId).toBe(older._id);
    expect(read?.seq).toBe(last?.seq);
  });

  it('keeps a name that somebody edited since', async () => {
    const { older, newer } = await twoSides();
    const { linkId } = await mergeByAgent(ctx, admin, {
      intoId: older.customerId,
      otherId: newer.customerId,
      reason: 'one person',
    });
    expect((await customerNow(older.customerId)).name).toBe('Sara Example');
    await updateCustomer(ctx, admin, { id: older.customerId, change: { name: 'Sara the Elder' } });
    await unmergeByAgent(ctx, admin, { customerId: older.customerId, linkId: linkId ?? '' });
    expect((await customerNow(older.customerId)).name).toBe('Sara the Elder');
    expect((await customerNow(newer.customerId)).name).toBe('Sara Example');
  });

  it('waits for a reply that is on its way, and takes a queued one along into its own lane', async () => {
    const { older, newer, linkId } = await merged();
    const { _id } = await answer(newer._id, { to: 'sms', text: 'a reply by SMS' });
    const state = (to: string) =>
      ctx.models.messages.updateOne({ _id }, { $set: { 'delivery.state': to, 'delivery.fence': 7 } });
    await state('sending');
    const taking = unmergeByAgent(ctx, admin, { customerId: older.customerId, linkId });
    await expect(taking).rejects.toMatchObject({ code: 'conflict', reason: 'inUse' });
    expect((await ctx.models.links.findById(linkId).lean())?.undone).toBeNull();
    await state('queued');
    await unmergeByAgent(ctx, admin, { customerId: older.customerId, linkId });
    const moved = await ctx.models.messages.findById(_id).lean<MessageDoc>();
    expect(moved?.conversationId).toBe(older._id);
    // Whoever held the old lane writes no result any more.
    expect(moved?.delivery?.fence).toBeLessThan(0);
    expect(await ctx.models.lanes.findById(`${older._id}:${sms._id}`).lean()).not.toBeNull();
    expect(await ctx.models.tombstones.find({ conversationId: newer._id }).lean()).toMatchObject([
      { messageId: _id, movedTo: older._id },
    ]);
  });

  it('gives what was done with the joined conversation back to neither: what it was given from the other goes', async () => {
    const { older, newer } = await twoSides();
    await ctx.models.conversations.updateOne(
      { _id: older._id },
      { $set: { assigneeId: 'user-7', priority: 'urgent', tagIds: ['vip'] } },
    );
    const { linkId } = await mergeByAgent(ctx, admin, {
      intoId: older.customerId,
      otherId: newer.customerId,
      reason: 'one person',
    });
    expect(await conversationNow(newer._id)).toMatchObject({
      assigneeId: 'user-7',
      priority: 'urgent',
      tagIds: ['vip'],
    });
    await ctx.models.conversations.updateOne({ _id: newer._id }, { $set: { assigneeId: 'user-8' } });
    await unmergeByAgent(ctx, admin, { customerId: older.customerId, linkId: linkId ?? '' });
    expect(await conversationNow(newer._id)).toMatchObject({
      // Somebody has given it to a colleague since.
      assigneeId: 'user-8',
      priority: 'normal',
      tagIds: [],
    });
    expect(await conversationNow(older._id)).toMatchObject({ assigneeId: 'user-7', tagIds: ['vip'] });
  });

  it('is for those who see both, and of this customer alone', async () => {
    const { older, linkId } = await merged();
    await deliver(ctx, telegram, [written(person('9'), 'somebody else')]);
    const one: Viewer = { id: 'user-2', role: 'agent', channelIds: [telegram._id], teamIds: [] };
    const stranger = await customerOf('telegramUser:9');
    for (const [viewer, customerId, of] of [
      [one, older.customerId, linkId],
      [admin, stranger, linkId],
      [admin, older.customerId, 'none'],
    ] as const)
      await expect(unmergeByAgent(ctx, viewer, { customerId, linkId: of })).rejects.toMatchObject({
        code: 'notFound',
      });
    expect(await customerOf('telegramUser:1001')).toBe(older.customerId);
  });

  it.each(['goes on in', 'begins'])(
    'of more than one transaction carries moves it all, in order, into the conversation that %s',
    async (how) => {
      const { older, newer } = await twoSides();
      if (how === 'begins') {
        await resolveConversation(ctx, admin, { conversationId: older._id });
        await ctx.models.conversations.updateOne(
          { _id: older._id },
          { $set: { resolvedAt: minutesAgo(60 * 24 * 9) } },
        );
      }
      const { linkId } = await mergeByAgent(ctx, admin, {
        intoId: older.customerId,
        otherId: newer.customerId,
        reason: 'one person',
      });
      await deliver(ctx, sms, [written(mobile, 'first since')]);
      const first = await ctx.models.messages.findOne({ text: 'first since' }).lean<MessageDoc>();
      if (!first) throw new Error('It did not arrive.');
      const count = 1_100;
      const texts = Array.from({ length: count }, (_, n) => `since ${n}`);
      const more = texts.map((text, n) => ({ ...first, _id: ctx.uuid(), text, seq: first.seq + n + 1 }));
      await ctx.models.messages.insertMany(more, { lean: true });
      await ctx.models.conversations.updateOne(
        { _id: newer._id },
        {
          $inc: { seq: count, messageCount: count },
          $set: { lastInboundSeq: first.seq + count, 'preview.messageId': more.at(-1)?._id },
        },
      );
      await unmergeByAgent(ctx, admin, { customerId: older.customerId, linkId: linkId ?? '' });
      const theirs = await conversationsOf(older.customerId);
      expect(theirs.map((one) => one.status)).toEqual(how === 'begins' ? ['resolved', 'open'] : ['open']);
      const all = (await Promise.all(theirs.map((one) => said(one._id)))).flat();
      expect(all).toEqual(['an SMS', 'first since', ...texts]);
      expect(await said(newer._id)).toEqual(['on Telegram']);
    },
  );
});
