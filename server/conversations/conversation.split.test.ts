import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import type { Conversation, SplitResult } from '../../shared/conversation.ts';
import { AppError } from '../../shared/errors.ts';
import type { Target } from '../../shared/message.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { person, plain, rawEvent, written } from '../../test/provider.ts';
import type { DomainEvents } from '../bus.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { checkInvariants } from '../db/invariants.ts';
import { key } from '../db/key.ts';
import { commit } from '../messages/commit.ts';
import { startPiece } from '../messages/delivery.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { writeNote } from '../messages/note.ts';
import { reply } from '../messages/reply.ts';
import { timeline } from '../messages/timeline.ts';
import { turnDelivery } from '../messages/turn.ts';
import { bringBack } from './conversation.bring.ts';
import { conversationChanges } from './conversation.changes.ts';
import type { ConversationDoc } from './conversation.model.ts';
import { reopenConversation } from './conversation.reopen.ts';
import { resolveConversation } from './conversation.resolve.ts';
import { splitConversation } from './conversation.split.ts';
import { listDrafts, saveDraft } from './draft.ts';
import { markRead } from './read.ts';

let ctx: TestContext;
let shop: ChannelDoc;
let support: ChannelDoc;
let ahead = 0;
const agent: Viewer = { id: 'agent', role: 'agent', channelIds: 'all', teamIds: [] };
const sara = person('1001', { name: 'Sara Example' });
const identityId = 'telegramUser:1001';

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain }, now: () => new Date(Date.now() + ahead) });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  ahead = 0;
  await ctx.empty();
  shop = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
  support = await ctx.addChannel({ connector: 'plain', accountRef: 'support' });
});
afterEach(async () => {
  expect(await checkInvariants(ctx.models)).toEqual([]);
});

let second = 0;
const says = (channel: ChannelDoc, text: string) => {
  second += 1;
  const message = written(sara, text, { at: new Date(Date.now() - 600_000 + second * 1_000) });
  return deliver(ctx, channel, [rawEvent([message], { accountRef: channel.accountRef })]);
};
const target = (channel: ChannelDoc): Target => ({ channelId: channel._id, identityId, threadKey: '1001' });
const answers = (conversationId: string, channel: ChannelDoc, text: string, id: string = randomUUID()) =>
  reply(ctx, agent, {
    conversationId,
    create: {
      id,
      kind: 'message',
      text,
      fileIds: [],
      target: target(channel),
      lastSeenSeq: 1e9,
    },
  });
const read = async (id: string) => {
  const doc = await ctx.models.conversations.findById(id).lean<ConversationDoc>();
  if (!doc) throw new Error(`There is no conversation ${id}.`);
  return doc;
};
const texts = async (conversationId: string) =>
  (
    await ctx.models.messages
      .find({ conversationId, kind: { $ne: 'event' } })
      .sort({ seq: 1 })
      .lean<MessageDoc[]>()
  ).map((message) => message.text);
const first = async () => {
  const [conversation] = await ctx.models.conversations.find({}).lean<ConversationDoc[]>();
  if (!conversation) throw new Error('There is no conversation.');
  return conversation;
};
const refusal = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.body : error),
  );

/** One case about an order, and a word about something else on another channel. */
async function mixed(): Promise<ConversationDoc> {
  await says(shop, 'where is my order?');
  await says(support, 'and the app does not open');
  await says(shop, 'it is number 12');
  return first();
}
const split = (conversationId: string, channel = support) =>
  splitConversation(ctx, agent, { conversationId, split: target(channel) });

describe('a split', () => {
  it('moves one thread into a case of its own, beside the active one, and its next messages go there', async () => {
    const { _id, customerId, version } = await mixed();
    const { from, to } = await split(_id);
    expect(from).toMatchObject({
      id: _id,
      version: version + 1,
      channelIds: [shop._id],
      replyTarget: { channelId: shop._id },
      preview: { text: 'it is number 12' },
      lastInboundSeq: 3,
    });
    expect(to).toMatchObject({
      customerId,
      status: 'open',
      splitFromId: _id,
      version: 1,
      seq: 2,
      channelIds: [support._id],
      replyTarget: { channelId: support._id },
      preview: { text: 'and the app does not open' },
      lastInboundSeq: 1,
    });
    expect(from.waitingSince).not.toBeNull();
    expect(to.waitingSince).not.toBeNull();
    await says(support, 'it still does not open');
    await says(shop, 'any news?');
    expect(await texts(_id)).toEqual(['where is my order?', 'it is number 12', 'any news?']);
    expect(await texts(to.id)).toEqual(['and the app does not open', 'it still does not open']);
    const customer = await ctx.models.customers.findById(customerId).lean();
    expect(customer?.active.main).toBe(_id);
    // Each lives and ends for itself.
    await resolveConversation(ctx, agent, { conversationId: to.id });
    expect((await read(_id)).status).toBe('open');
    await reopenConversation(ctx, agent, { conversationId: to.id });
    expect((await read(to.id)).status).toBe('open');
  });

  it('tells each side what left and what came, in the customer’s one timeline', async () => {
    const { _id, customerId, version } = await mixed();
    const [moved] = await ctx.models.messages.find({ channelId: support._id }).lean<MessageDoc[]>();
    const heard: DomainEvents['conversation.changed'][] = [];
    const off = ctx.bus.on('conversation.changed', (event) => heard.push(event));
    const { to } = await split(_id);
    off();
    expect(heard.map((event) => [event.conversation._id, event.channelIdsBefore.length])).toEqual([
      [_id, 2],
      [to.id, 0],
    ]);
    const changes = await conversationChanges(ctx, agent, { id: _id, sinceVersion: version });
    expect(changes.entries).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: moved?._id, movedTo: to.id, version: version + 1 }),
        expect.objectContaining({ event: { type: 'split', data: { toId: to.id, count: 1 } } }),
      ]),
    );
    const there = await conversationChanges(ctx, agent, { id: to.id, sinceVersion: 0 });
    expect(there.entries).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: moved?._id, conversationId: to.id, seq: 1, version: 1 }),
        expect.objectContaining({ event: { type: 'split', data: { fromId: _id, count: 1 } } }),
      ]),
    );
    const page = await timeline(ctx, agent, { customerId, edge: { at: 'newest' }, limit: 50 });
    expect(page.headers.map((header) => header.id).sort()).toEqual([_id, to.id].sort());
    expect(page.messages.filter((one) => one.kind === 'message').map((one) => one.text)).toEqual([
      'where is my order?',
      'and the app does not open',
      'it is number 12',
    ]);
  });

  it('takes along what hangs on the thread: its replies, drafts, reading, and the lane of what is queued', async () => {
    const { _id } = await mixed();
    await answers(_id, support, 'try again, please');
    await saveDraft(ctx, agent, {
      id: _id,
      draft: { conversationId: _id, mode: 'reply', text: 'half a', target: target(support), savedAt: 5 },
    });
    await markRead(ctx, agent, { id: _id, seq: 99 });
    const woken: DomainEvents['lane.touched'][] = [];
    const off = ctx.bus.on('lane.touched', (lane) => woken.push(lane));
    const { from, to } = await split(_id);
    off();
    expect(await texts(to.id)).toEqual(['and the app does not open', 'try again, please']);
    // The reply was for the one that left: the other still waits.
    expect(from.waitingSince).not.toBeNull();
    expect(to.waitingSince).toBeNull();
    expect(await listDrafts(ctx, agent)).toMatchObject([{ conversationId: to.id, text: 'half a' }]);
    const reads = await ctx.models.reads.findById(key(agent.id, to.id)).lean();
    expect(reads?.seq).toBe(to.seq);
    expect(woken).toEqual([{ conversationId: to.id, channelId: support._id }]);
  });

  it('waits while a reply of the thread is on its way, and takes what is queued from whoever held its lane', async () => {
    const { _id } = await mixed();
    const sent = await answers(_id, support, 'on its way');
    const start = (fence: number) =>
      turnDelivery(ctx, {
        messageId: sent._id,
        fence,
        become: (delivery) =>
          delivery.state === 'queued'
            ? startPiece(delivery, { piece: 0, sendRef: '1', fence: 7, now: ctx.now() })
            : null,
      });
    const { to } = await split(_id);
    // The old holder read it before the split, with the fence it had then.
    expect(await start(sent.delivery?.fence ?? 0)).toBeNull();
    await bringBack(ctx, agent, { conversationId: to.id });
    const now = await ctx.models.messages.findById(sent._id).lean<MessageDoc>();
    expect(await start(now?.delivery?.fence ?? 0)).toMatchObject({ delivery: { state: 'sending' } });
    expect(await refusal(split(_id))).toMatchObject({ code: 'conflict', reason: 'inUse' });
  });

  it('asked twice is one', async () => {
    const { _id } = await mixed();
    const once = await split(_id);
    const again = await split(_id);
    expect(again.to.id).toBe(once.to.id);
    expect(await ctx.models.conversations.countDocuments({})).toBe(2);
    const both = await mixedAgain();
    const raced = await Promise.all([split(both._id), split(both._id)]);
    expect(new Set(raced.map((one) => one.to.id)).size).toBe(1);
  });

  async function mixedAgain(): Promise<ConversationDoc> {
    await ctx.empty();
    shop = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
    support = await ctx.addChannel({ connector: 'plain', accountRef: 'support' });
    return mixed();
  }

  it('is refused where there is nothing to split, or not for this viewer', async () => {
    await says(shop, 'the only thread');
    const { _id } = await first();
    expect(await refusal(split(_id, shop))).toMatchObject({ code: 'invalid' });
    expect(await refusal(split(_id, support))).toMatchObject({ code: 'invalid', reason: 'badTarget' });
    await says(support, 'another');
    const other: Viewer = { ...agent, channelIds: [shop._id] };
    const attempt = splitConversation(ctx, other, { conversationId: _id, split: target(support) });
    expect(await refusal(attempt)).toMatchObject({ code: expect.stringMatching(/forbidden|notFound/) });
    const stranger: Viewer = { ...agent, channelIds: [] };
    const blind = splitConversation(ctx, stranger, { conversationId: _id, split: target(support) });
    expect(await refusal(blind)).toMatchObject({ code: 'notFound' });
  });

  it('moves at most two thousand messages', async () => {
    const { _id } = await mixed();
    const many = Array.from({ length: 2_000 }, (_, n) => n);
    await commit(ctx, async (tx) => {
      const [model] = await tx.models.messages
        .find({ conversationId: _id, channelId: support._id }, null, { session: tx.session })
        .lean<MessageDoc[]>();
      if (!model) throw new Error('There is no message to copy.');
      await tx.raise(await read(_id), { messages: many.length });
      const { seq: _seq, version: _version, ...rest } = model;
      await tx.insert(many.map((n) => ({ ...rest, _id: `copy-${n}`, imported: true })));
    });
    expect(await refusal(split(_id))).toMatchObject({ code: 'invalid', message: /2000/ });
    await ctx.models.messages.deleteOne({ _id: 'copy-0' });
    await ctx.models.conversations.updateOne({ _id }, { $inc: { messageCount: -1 } });
    const { to } = await split(_id);
    expect(to.seq).toBe(2_001);
    // Its seqs are dense again in the new one; the one taken out by hand leaves the old one's with a gap.
    const { from } = await bringBack(ctx, agent, { conversationId: to.id });
    expect((await read(from.id)).messageCount).toBe(2_004);
  });

  it('leads a reply in the old place, and one sent again, to the new one', async () => {
    const { _id } = await mixed();
    const sent = await answers(_id, support, 'sent before');
    const { to } = await split(_id);
    const again = await answers(_id, support, 'sent before', sent._id);
    expect(again).toMatchObject({ _id: sent._id, conversationId: to.id });
    expect(await refusal(answers(_id, support, 'too late'))).toMatchObject({
      reason: 'continued',
      data: { successorId: to.id },
    });
    await answers(_id, shop, 'this one is still here');
    await answers(to.id, support, 'and this one there');
  });
});

describe('bringing back', () => {
  async function apart(): Promise<SplitResult> {
    const { _id } = await mixed();
    return split(_id);
  }
  const back = (to: Conversation) => bringBack(ctx, agent, { conversationId: to.id });

  it('returns everything said, what came since too, and ends the route', async () => {
    const { from, to } = await apart();
    await says(support, 'came since');
    await writeNote(ctx, agent, {
      conversationId: to.id,
      create: { id: randomUUID(), kind: 'note', text: 'a note', fileIds: [], lastSeenSeq: 99 },
    });
    await answers(to.id, support, 'answered there');
    const result = await back(to);
    expect(result.from).toMatchObject({ id: from.id, status: 'open', channelIds: [shop._id, support._id] });
    expect(result.to).toMatchObject({
      id: to.id,
      status: 'continued',
      successorId: from.id,
      preview: null,
      waitingSince: null,
    });
    expect(await texts(from.id)).toEqual([
      'where is my order?',
      'it is number 12',
      'and the app does not open',
      'came since',
      'a note',
      'answered there',
    ]);
    expect(await texts(to.id)).toEqual([]);
    expect(await ctx.models.tombstones.countDocuments({ conversationId: from.id })).toBe(0);
    expect(await ctx.models.routes.countDocuments({})).toBe(0);
    await says(support, 'and home it goes');
    expect((await texts(from.id)).at(-1)).toBe('and home it goes');
    // The first one still waits for its answer; the second one had one.
    expect((await read(from.id)).waitingSince?.toISOString()).toBe(from.waitingSince);
    expect(await back(to)).toMatchObject({ to: { id: to.id }, from: { id: from.id } });
    // Whoever looks into the split-off one is sent on.
    expect(await refusal(answers(to.id, support, 'late'))).toMatchObject({
      reason: 'continued',
      data: { successorId: from.id },
    });
  });

  it('keeps drafts of both sides, and reading where somebody stopped', async () => {
    const { from, to } = await apart();
    const draft = (conversationId: string, text: string, savedAt: number) =>
      saveDraft(ctx, agent, {
        id: conversationId,
        draft: { conversationId, mode: 'reply', text, target: null, savedAt },
      });
    await draft(from.id, 'one', 1);
    await draft(to.id, 'other', 2);
    await markRead(ctx, agent, { id: from.id, seq: 99 });
    await markRead(ctx, { ...agent, id: 'half' }, { id: from.id, seq: 99 });
    await markRead(ctx, agent, { id: to.id, seq: 99 });
    const { from: home } = await back(to);
    expect(await listDrafts(ctx, agent)).toMatchObject([{ conversationId: from.id, text: 'one\n\nother' }]);
    const seqOf = async (userId: string) =>
      (await ctx.models.reads.findById(key(userId, from.id)).lean())?.seq ?? 0;
    expect(await seqOf('agent')).toBe(home.seq);
    expect(await seqOf('half')).toBeLessThan(home.lastInboundSeq);
  });

  it('opens again what it came from, unless the customer has another active one by now', async () => {
    const { from, to } = await apart();
    await resolveConversation(ctx, agent, { conversationId: from.id });
    const opened = await back(to);
    expect(opened.from).toMatchObject({ status: 'open', waitingSince: expect.any(String) });
    const customer = await ctx.models.customers.findById(from.customerId).lean();
    expect(customer?.active.main).toBe(from.id);

    const again = await split(from.id);
    await resolveConversation(ctx, agent, { conversationId: from.id });
    ahead = 80 * 3_600_000;
    await says(shop, 'days later, something new');
    const refused = await refusal(back(again.to));
    expect(refused).toMatchObject({ reason: 'anotherActive' });
  });

  it('of a resolved one leaves what it came from as it is, and nobody waiting', async () => {
    const { from, to } = await apart();
    await answers(from.id, shop, 'answered');
    await resolveConversation(ctx, agent, { conversationId: to.id });
    const { from: home } = await back(to);
    expect(home).toMatchObject({ status: 'open', waitingSince: null });
  });

  it('is refused for what was not split off', async () => {
    await says(shop, 'hello');
    const { _id } = await first();
    expect(await refusal(bringBack(ctx, agent, { conversationId: _id }))).toMatchObject({
      code: 'conflict',
      reason: 'notSplit',
    });
  });
});
