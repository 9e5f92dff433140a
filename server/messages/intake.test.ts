import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver, drain } from '../../test/intake.ts';
import { person, plain, rawEvent, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { blankConversation, headerAfter } from '../conversations/conversation.header.ts';
import { blankMessage } from '../conversations/conversation.line.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { checkInvariants } from '../db/invariants.ts';
import { key } from '../db/key.ts';
import { sweepInbound } from '../inbound/inbound.sweep.ts';
import { commit } from './commit.ts';
import { newDelivery, withPieces } from './delivery.ts';
import type { MessageDoc } from './message.model.ts';
import { recordParts } from './parts.ts';

let ctx: TestContext;
let channel: ChannelDoc;
/** Added to the clock. */
let ahead = 0;
const sara = person('1001', { name: 'Sara Example' });

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain }, now: () => new Date(Date.now() + ahead) });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  ahead = 0;
  await ctx.empty();
  channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});
afterEach(async () => {
  expect(await checkInvariants(ctx.models)).toEqual([]);
});

const messages = () =>
  ctx.models.messages.find({}).sort({ at: 1, providerOrder: 1, seq: 1 }).lean<MessageDoc[]>();
const said = async () => (await messages()).filter((message) => message.kind === 'message');
const conversations = () =>
  ctx.models.conversations.find({}).sort({ createdAt: 1, _id: 1 }).lean<ConversationDoc[]>();
const theConversation = async () => {
  const [conversation, ...others] = await conversations();
  expect(others).toEqual([]);
  if (!conversation) throw new Error('There is no conversation.');
  return conversation;
};
const stateOf = async (id: string | undefined) => (await ctx.models.inbound.findById(id).lean())?.state;
const customersNow = () => ctx.models.customers.find({}).sort({ createdAt: 1 }).lean();
const seconds = (n: number) => new Date(Date.now() + n * 1000);

/** Status changes that belong to other rooms, by their shortest way. */
async function setStatus(
  conversation: ConversationDoc,
  set: Partial<ConversationDoc>,
  active: string | null,
) {
  await commit(ctx, async (tx) => {
    await ctx.models.customers.updateOne(
      { _id: conversation.customerId },
      { $set: { 'active.main': active }, $inc: { version: 1 } },
      { session: tx.session },
    );
    await tx.raise(conversation, { set });
  });
}
const resolve = (conversation: ConversationDoc, resolvedAt: Date) =>
  setStatus(conversation, { status: 'resolved', resolvedAt, waitingSince: null }, null);

describe('a first message', () => {
  it('makes the customer, their identity and an open conversation that waits', async () => {
    const heard: string[] = [];
    const off = ctx.bus.on('conversation.changed', (event) => heard.push(`${event.conversation.version}`));
    const [id] = await deliver(ctx, channel, [written(sara, 'سلام، سفارشم نرسیده')]);
    off();
    expect(await stateOf(id)).toBe('done');
    expect(heard).toEqual(['1']);
    const conversation = await theConversation();
    const [customer] = await customersNow();
    const [message] = await messages();
    expect(customer).toMatchObject({
      _id: expect.stringMatching(/^[1-9]\d{9}$/),
      name: 'Sara Example',
      nameSource: 'channel',
      active: { main: conversation._id },
    });
    expect(conversation).toMatchObject({
      customerId: customer?._id,
      status: 'open',
      version: 1,
      seq: 1,
      lastInboundSeq: 1,
      channelIds: [channel._id],
      waitingSince: message?.at,
      preview: { text: 'سلام، سفارشم نرسیده', direction: 'in' },
      replyTarget: { channelId: channel._id, identityId: 'telegramUser:1001', threadKey: '1001' },
    });
    expect(message).toMatchObject({ seq: 1, version: 1, direction: 'in', late: false, atEstimated: false });
  });

  it('is taken once, however often its event comes and under whatever key', async () => {
    const event = written(sara, 'once', { externalIds: ['m1'] });
    await deliver(ctx, channel, [rawEvent([event], { key: 'k' }), rawEvent([event], { key: 'k' })]);
    await deliver(ctx, channel, [rawEvent([event], { key: 'k' })]);
    const version = (await theConversation()).version;
    const [other] = await deliver(ctx, channel, [rawEvent([event], { key: 'under another key' })]);
    expect(await stateOf(other)).toBe('done');
    expect(await messages()).toHaveLength(1);
    expect((await theConversation()).version).toBe(version);
  });

  it('makes one customer and one conversation when two servers meet the same person at once', async () => {
    const other = await ctx.sibling();
    try {
      const first = written(sara, 'one', { externalIds: ['a'] });
      const second = written(sara, 'two', { externalIds: ['b'] });
      await Promise.all([
        deliver(ctx, channel, [first]),
        deliver(other, channel, [second]),
        deliver(other, channel, [written(sara, 'three', { externalIds: ['c'] })]),
      ]);
      await drain(ctx);
    } finally {
      await other.close();
    }
    expect(await customersNow()).toHaveLength(1);
    expect((await theConversation()).seq).toBe(3);
    expect((await messages()).map((message) => message.seq).sort()).toEqual([1, 2, 3]);
  });
});

describe('where a message goes', () => {
  it('is the active conversation', async () => {
    await deliver(ctx, channel, [written(sara, 'one'), written(sara, 'two')]);
    expect((await theConversation()).messageCount).toBe(2);
  });

  it('is a snoozed conversation, which it wakes', async () => {
    await deliver(ctx, channel, [written(sara, 'one')]);
    const conversation = await theConversation();
    await setStatus(
      conversation,
      { status: 'snoozed', snoozedUntil: seconds(9000), waitingSince: null },
      conversation._id,
    );
    await deliver(ctx, channel, [written(sara, 'two', { at: seconds(5) })]);
    const after = await theConversation();
    expect(after).toMatchObject({ status: 'open', snoozedUntil: null });
    expect(after.waitingSince).not.toBeNull();
    expect((await messages()).map((message) => message.event?.type ?? message.text)).toEqual([
      'one',
      'woken',
      'two',
    ]);
  });

  it('is one resolved within 72 hours, which it reopens; later a new one begins', async () => {
    await deliver(ctx, channel, [written(sara, 'one')]);
    await resolve(await theConversation(), new Date());
    ahead = 71 * 3_600_000;
    await deliver(ctx, channel, [written(sara, 'two', { at: ctx.now() })]);
    const reopened = await theConversation();
    expect(reopened).toMatchObject({ status: 'open', resolvedAt: null });
    expect((await messages()).map((message) => message.event?.type ?? message.text)).toEqual([
      'one',
      'reopened',
      'two',
    ]);

    await resolve(reopened, ctx.now());
    ahead += 73 * 3_600_000;
    await deliver(ctx, channel, [written(sara, 'three', { at: ctx.now() })]);
    const [old, fresh] = await conversations();
    expect(old?.status).toBe('resolved');
    expect(fresh).toMatchObject({ status: 'open', seq: 1 });
    expect((await customersNow())[0]?.active.main).toBe(fresh?._id);
  });

  it('is the thread an agent split off; a route past its time is dropped', async () => {
    await deliver(ctx, channel, [written(sara, 'main')]);
    const main = await theConversation();
    const split = { ...blankConversation({ id: 'split-off', customerId: main.customerId, at: new Date() }) };
    await commit(ctx, (tx) => tx.begin(split, 0));
    const routeId = key(channel._id, 'telegramUser:1001', 'thread-2');
    await ctx.models.routes.insertMany([
      {
        _id: routeId,
        conversationId: 'split-off',
        channelId: channel._id,
        identityId: 'telegramUser:1001',
        threadKey: 'thread-2',
        touched: 0,
      },
    ]);

    await deliver(ctx, channel, [written(sara, 'split', { threadKey: 'thread-2' })]);
    expect((await said()).find((message) => message.text === 'split')?.conversationId).toBe('split-off');
    expect((await customersNow())[0]?.active.main).toBe(main._id);

    await ctx.models.conversations.updateOne(
      { _id: 'split-off' },
      { $set: { status: 'resolved', waitingSince: null, resolvedAt: new Date(Date.now() - 80 * 3_600_000) } },
    );
    await deliver(ctx, channel, [written(sara, 'back', { threadKey: 'thread-2' })]);
    expect((await said()).find((message) => message.text === 'back')?.conversationId).toBe(main._id);
    expect(await ctx.models.routes.countDocuments({})).toBe(0);
  });
});

describe('time', () => {
  it('of the provider is the message’s, clamped to two minutes after receipt', async () => {
    await deliver(ctx, channel, [written(sara, 'from the future', { at: seconds(86_400) })]);
    const [message] = await messages();
    const [event] = await ctx.models.inbound.find({}).lean();
    expect(message?.at.getTime()).toBe((event?.receivedAt.getTime() ?? 0) + 120_000);
  });

  it('more than a minute before the newest marks a message late, and it is unread all the same', async () => {
    await deliver(ctx, channel, [written(sara, 'new', { at: seconds(0) })]);
    const before = await theConversation();
    await setStatus(before, { waitingSince: null }, before._id);
    await deliver(ctx, channel, [
      written(sara, 'old', { at: seconds(-61) }),
      written(sara, 'recent', { at: seconds(-30) }),
    ]);
    const marks = Object.fromEntries((await said()).map((message) => [message.text, message.late]));
    expect(marks).toEqual({ new: false, old: true, recent: false });
    const after = await theConversation();
    expect(after.waitingSince).not.toBeNull();
    expect(after.lastInboundSeq).toBe(3);
    expect(after.preview?.text).toBe('new');
    expect(after.newestAt).toEqual(before.newestAt);
  });

  it('that a push did not know is corrected by the copy that knows, in whatever order they come', async () => {
    const undated = written(sara, 'hello', { externalIds: ['m1'], at: null });
    const dated = written(sara, 'hello', { externalIds: ['m1'], at: seconds(-600) });
    const later = written(sara, 'and?', { at: seconds(-300) });
    const ends: unknown[] = [];
    for (const order of [
      [undated, dated, later],
      [undated, later, dated],
      [dated, undated, later],
      [later, dated, undated],
    ]) {
      await ctx.empty();
      channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain', _id: channel._id });
      for (const event of order) await deliver(ctx, channel, [event]);
      const { preview, newestAt, lastAt, waitingSince, replyTarget, replyTargetAt } = await theConversation();
      ends.push({
        messages: (await messages()).map(({ text, at, atEstimated, providerOrder }) => ({
          text,
          at,
          atEstimated,
          providerOrder,
        })),
        header: { preview: preview?.text, newestAt, lastAt, waitingSince, replyTarget, replyTargetAt },
      });
      expect(await checkInvariants(ctx.models)).toEqual([]);
    }
    for (const end of ends) expect(end).toEqual(ends[0]);
    expect(ends[0]).toMatchObject({
      messages: [
        { text: 'hello', at: dated.at },
        { text: 'and?', at: later.at },
      ],
    });
  });
});

describe('a word about a message', () => {
  const original = () => written(sara, 'original', { externalIds: ['m1'], at: seconds(-50) });
  const about = { externalId: 'm1' };

  it('that comes before it is parked, and taken up in the commit that brings the message', async () => {
    const [edit] = await deliver(ctx, channel, [
      { type: 'edit', ...about, text: 'edited', at: seconds(-40), order: '1' },
    ]);
    expect(await stateOf(edit)).toBe('parked');
    expect(await conversations()).toEqual([]);
    await deliver(ctx, channel, [original()]);
    expect(await stateOf(edit)).toBe('done');
    expect((await messages())[0]).toMatchObject({ text: 'edited', editOrder: expect.any(String) });
    expect((await theConversation()).preview?.text).toBe('edited');
    expect((await ctx.models.parts.find({}).lean())[0]?.waiting).toEqual([]);
  });

  it('is unmatched after 72 hours, and says so', async () => {
    const [id] = await deliver(ctx, channel, [
      { type: 'edit', ...about, text: 'edited', at: null, order: '1' },
    ]);
    ahead = 73 * 3_600_000;
    await sweepInbound(ctx);
    expect(await ctx.models.inbound.findById(id).lean()).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/^unmatched/),
    });
  });

  it('edits: the newest by time and provider order wins, whichever came last', async () => {
    await deliver(ctx, channel, [original()]);
    const at = seconds(-20);
    await deliver(ctx, channel, [
      { type: 'edit', ...about, text: 'second of the same second', at, order: '2' },
      { type: 'edit', ...about, text: 'first', at, order: '1' },
      { type: 'edit', ...about, text: 'older', at: seconds(-30), order: '9' },
    ]);
    expect((await messages())[0]?.text).toBe('second of the same second');
  });

  it('deletes for good, also before the original, and edits do not revive it', async () => {
    const removal = { type: 'delete' as const, ...about, at: seconds(-10) };
    await deliver(ctx, channel, [removal]);
    await deliver(ctx, channel, [original()]);
    await deliver(ctx, channel, [{ type: 'edit', ...about, text: 'back', at: seconds(0), order: '1' }]);
    const [message] = await messages();
    expect(message).toMatchObject({ text: '', attachments: [], editedAt: null });
    expect(message?.deletedAt).toEqual(removal.at);
    expect((await theConversation()).preview?.text).toBe('');
  });

  it('reactions: each sender’s newest stands, and an empty one takes it back', async () => {
    await deliver(ctx, channel, [original()]);
    const reaction = (emoji: string[], order: string, by = sara) => ({
      type: 'reaction' as const,
      ...about,
      sender: by,
      emoji,
      at: seconds(-5 + Number(order)),
      order,
    });
    const navid = person('1002');
    await deliver(ctx, channel, [reaction(['🙏'], '3'), reaction(['👍'], '1'), reaction(['🔥'], '1', navid)]);
    await deliver(ctx, channel, [reaction([], '2', navid)]);
    expect((await messages())[0]?.reactions.map(({ by, emoji }) => ({ by, emoji }))).toEqual([
      { by: 'telegramUser:1001', emoji: ['🙏'] },
      { by: 'telegramUser:1002', emoji: [] },
    ]);
  });

  it('quotes: the quoted message is found whichever came first', async () => {
    await deliver(ctx, channel, [written(sara, 'an answer', { externalIds: ['m2'], inReplyTo: 'm1' })]);
    await deliver(ctx, channel, [original()]);
    const all = await said();
    const first = all.find((message) => message.text === 'original');
    expect(all.find((message) => message.text === 'an answer')?.inReplyTo).toBe(first?._id);
    expect(await ctx.models.inbound.countDocuments({ state: 'done' })).toBe(2);
  });

  it('several in one raw event are all taken, and what must wait does not hold up the rest', async () => {
    const early = { type: 'edit' as const, ...about, text: 'edited', at: seconds(0), order: '1' };
    const [id] = await deliver(ctx, channel, [[early, written(sara, 'another', { externalIds: ['m2'] })]]);
    expect((await said()).map((message) => message.text)).toEqual(['another']);
    expect(await stateOf(id)).toBe('parked');
    await deliver(ctx, channel, [original()]);
    expect(await stateOf(id)).toBe('done');
    expect((await said()).map((message) => message.text)).toEqual(['edited', 'another']);
  });
});

/** An outbound message whose one piece was sent under an id, as a lane would leave it. */
async function sentMessage(
  options: {
    attempt?: number;
    externalId?: string;
    state?: 'sending' | 'sent' | 'unknown';
    sendRef?: string;
  } = {},
) {
  await deliver(ctx, channel, [written(sara, 'question')]);
  const conversation = await theConversation();
  const { attempt = 1, state = 'sent' } = options;
  const delivery = newDelivery([{ kind: 'text', text: 'answer' }], new Date());
  const pieces = delivery.pieces.map((piece) => ({
    ...piece,
    attempt,
    state,
    sendRef: options.sendRef ?? '42',
  }));
  const id = ctx.uuid();
  await commit(ctx, async (tx) => {
    const now = ctx.now();
    const message = {
      ...blankMessage({ id, conversationId: conversation._id, at: now }),
      direction: 'out' as const,
      channelId: channel._id,
      identityId: 'telegramUser:1001',
      threadKey: '1001',
      visibility: 'private' as const,
      authorId: 'agent-1',
      text: 'answer',
      delivery: { ...withPieces(delivery, pieces), attempt },
    };
    await tx.raise(conversation, {
      set: headerAfter(conversation, [message], { firstSeq: conversation.seq + 1 }),
      messages: 1,
      ...(state === 'unknown' && { inc: { undelivered: 1 } }),
    });
    if (options.externalId) await record(tx, id, options.externalId, attempt);
    await tx.insert([message]);
  });
  return { id, conversationId: conversation._id };
}
const record = (
  tx: Parameters<typeof recordParts>[0],
  messageId: string,
  externalId: string,
  attempt: number,
) =>
  recordParts(tx, {
    scope: channel._id,
    externalIds: [externalId],
    messageId,
    piece: 0,
    attempt,
    state: 'sent',
  });

describe('a status', () => {
  const status = (state: 'sent' | 'delivered' | 'read' | 'failed', externalId = 'x1') => ({
    type: 'status' as const,
    externalId,
    state,
    at: seconds(0),
    ...(state === 'failed' ? { error: { code: '11', message: 'The network refused it.' } } : {}),
  });
  const deliveryOf = async (id: string) =>
    (await ctx.models.messages.findById(id).lean<MessageDoc>())?.delivery;

  it('climbs its lattice, in any order and any number of times', async () => {
    const { id } = await sentMessage({ externalId: 'x1' });
    await deliver(ctx, channel, [status('read'), status('delivered'), status('sent'), status('read')]);
    expect((await deliveryOf(id))?.state).toBe('read');
  });

  it('of failure is counted in the conversation, until a higher word takes it back', async () => {
    const { id } = await sentMessage({ externalId: 'x1' });
    await deliver(ctx, channel, [status('failed')]);
    expect(await deliveryOf(id)).toMatchObject({ state: 'failed', error: { code: '11' } });
    expect((await theConversation()).undelivered).toBe(1);
    await deliver(ctx, channel, [status('delivered')]);
    expect((await theConversation()).undelivered).toBe(0);
  });

  it('that comes before the record of its id waits for it, and is applied in its commit', async () => {
    const { id, conversationId } = await sentMessage();
    const [event] = await deliver(ctx, channel, [status('delivered')]);
    expect(await stateOf(event)).toBe('parked');
    await commit(ctx, async (tx) => {
      const conversation = await ctx.models.conversations
        .findById(conversationId, null, { session: tx.session })
        .lean<ConversationDoc>();
      if (!conversation) throw new Error('gone');
      await tx.raise(conversation, {});
      await record(tx, id, 'x1', 1);
    });
    await drain(ctx);
    expect(await stateOf(event)).toBe('done');
    expect((await deliveryOf(id))?.state).toBe('delivered');
  });

  it('about an earlier attempt touches its part alone', async () => {
    const { id } = await sentMessage({ externalId: 'x2', attempt: 2 });
    await commit(ctx, (tx) => record(tx, id, 'x1', 1));
    await deliver(ctx, channel, [status('failed', 'x1')]);
    expect((await deliveryOf(id))?.state).toBe('sent');
    expect((await ctx.models.parts.findById(key(channel._id, 'x1')).lean())?.state).toBe('failed');
  });
});

describe('a status that says somebody is gone', () => {
  it('means the customer when it names them, or when nobody else got the message', async () => {
    const { id } = await sentMessage({ externalId: 'x1' });
    const letter = {
      subject: 'An answer',
      from: { name: '', address: 'desk@example.com' },
      to: [],
      cc: [{ name: '', address: 'copy@example.com' }],
      bcc: [],
      check: null,
      forward: false,
    };
    await ctx.models.messages.updateOne({ _id: id }, { $set: { letter } });
    const gone = {
      type: 'status' as const,
      externalId: 'x1',
      state: 'failed' as const,
      at: seconds(0),
      error: { code: '5.1.1', message: 'No such user.', unreachable: true },
    };
    const given = () => ctx.models.identities.countDocuments({ unreachable: true });
    await deliver(ctx, channel, [gone]);
    expect(await given()).toBe(0);
    await deliver(ctx, channel, [{ ...gone, recipient: sara.value }]);
    expect(await given()).toBe(1);
  });
});

describe('a status of what somebody wrote to us', () => {
  it('changes nothing, and gives nobody up', async () => {
    const message = written(sara, 'hello', { externalIds: ['theirs'] });
    const forged = {
      type: 'status' as const,
      externalId: 'theirs',
      state: 'failed' as const,
      at: seconds(0),
      error: { code: '5.1.1', message: 'No such user.', unreachable: true },
    };
    const [, event] = await deliver(ctx, channel, [message, forged]);
    expect(await stateOf(event)).toBe('ignored');
    expect(await ctx.models.identities.find({ unreachable: true }).lean()).toEqual([]);
    expect((await theConversation()).undelivered).toBe(0);
  });
});

describe('an echo of what our account sent', () => {
  const echo = (options = {}) =>
    written(sara, 'answer', { direction: 'out', externalIds: ['x1'], ...options });

  it('is known by its id, and by our own reference where the provider gives it back', async () => {
    const { id } = await sentMessage({ state: 'sending', sendRef: '77' });
    await deliver(ctx, channel, [echo({ sendRef: '77' })]);
    const message = await ctx.models.messages.findById(id).lean<MessageDoc>();
    expect(message?.delivery).toMatchObject({ state: 'sent', pieces: [{ externalIds: ['x1'] }] });
    await deliver(ctx, channel, [echo()]);
    expect(await said()).toHaveLength(2);
  });

  it('waits while a call to the same person is under way, and is its answer’s', async () => {
    const { id } = await sentMessage({ state: 'sending' });
    const [event] = await deliver(ctx, channel, [echo()]);
    expect(await stateOf(event)).toBe('parked');
    await commit(ctx, (tx) => record(tx, id, 'x1', 1));
    await drain(ctx);
    expect(await stateOf(event)).toBe('done');
    expect(await said()).toHaveLength(2);
  });

  it('is sent elsewhere when the call under way ended without it', async () => {
    const { id } = await sentMessage({ state: 'sending' });
    const [event] = await deliver(ctx, channel, [echo()]);
    await ctx.models.messages.updateOne({ _id: id }, { $set: { 'delivery.state': 'sent' } });
    ahead = 6_000;
    await sweepInbound(ctx);
    await drain(ctx);
    expect(await stateOf(event)).toBe('done');
    const elsewhere = (await said()).find((message) => message.sentElsewhere);
    expect(elsewhere).toMatchObject({ text: 'answer', direction: 'out', delivery: { state: 'sent' } });
  });

  it('is what became of ours that nobody knew of, or that an agent marked as sent', async () => {
    for (const state of ['unknown', 'sent'] as const) {
      await ctx.empty();
      channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain', _id: channel._id });
      const { id } = await sentMessage({ state });
      await deliver(ctx, channel, [echo({ text: 'another answer', externalIds: ['x0'] }), echo()]);
      expect((await said()).filter(({ sentElsewhere }) => sentElsewhere)).toHaveLength(1);
      const message = await ctx.models.messages.findById(id).lean<MessageDoc>();
      expect(message?.delivery).toMatchObject({ state: 'sent', pieces: [{ externalIds: ['x1'] }] });
      expect((await theConversation()).undelivered).toBe(0);
      // Once is enough: the same words again were said again.
      await deliver(ctx, channel, [echo({ externalIds: ['x2'] })]);
      expect((await said()).filter(({ sentElsewhere }) => sentElsewhere)).toHaveLength(2);
    }
  });

  it('sent elsewhere begins a conversation with whom nobody knew, and nobody waits', async () => {
    await deliver(ctx, channel, [echo()]);
    expect(await theConversation()).toMatchObject({
      waitingSince: null,
      lastInboundSeq: 0,
      preview: { direction: 'out' },
    });
  });
});

describe('reachability', () => {
  const reach = (reachable: boolean, at: Date) => ({
    type: 'reachability' as const,
    sender: sara,
    reachable,
    at,
    order: '',
  });
  const unreachable = async () =>
    (await ctx.models.identities.findById('telegramUser:1001').lean())?.unreachable;

  it('is the newest word, their own messages among them, in any order', async () => {
    const hello = written(sara, 'hello', { at: seconds(-50) });
    const blocked = reach(false, seconds(-40));
    const back = written(sara, 'back', { at: seconds(-30) });
    for (const [order, end] of [
      [[hello, blocked], true],
      [[blocked, hello], true],
      [[hello, blocked, back], false],
      [[back, blocked, hello], false],
      [[blocked, reach(true, seconds(-35)), hello], false],
    ] as const) {
      await ctx.empty();
      channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain', _id: channel._id });
      for (const event of order) await deliver(ctx, channel, [event]);
      expect(await unreachable()).toBe(end);
    }
  });
});

describe('what is not for the inbox', () => {
  it('is ignored with its reason', async () => {
    const [id] = await deliver(ctx, channel, [{ type: 'ignored', reason: 'A message in a group.' }]);
    expect(await ctx.models.inbound.findById(id).lean()).toMatchObject({
      state: 'ignored',
      reason: 'A message in a group.',
    });
  });

  it('typing is told to who looks, and never stored', async () => {
    await deliver(ctx, channel, [written(sara, 'hello')]);
    const heard: string[] = [];
    const off = ctx.bus.on('customer.typing', ({ conversationId }) => heard.push(conversationId));
    await deliver(ctx, channel, [{ type: 'typing', sender: sara, threadKey: '1001' }]);
    off();
    expect(heard).toEqual([(await theConversation())._id]);
    expect(await messages()).toHaveLength(1);
  });
});

describe('what somebody says about who they are', () => {
  it('is a claim, and links nothing', async () => {
    await deliver(ctx, channel, [
      written(sara, 'hi', { claims: [{ kind: 'mobile', value: '+989121234567', source: 'pre-chat form' }] }),
    ]);
    expect(await ctx.models.claims.find({}).lean()).toMatchObject([
      { kind: 'mobile', value: '+989121234567' },
    ]);
    expect(await ctx.models.identities.countDocuments({})).toBe(1);
  });
});
