import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { InboundMessage, Sender } from '../../connectors/connector.ts';
import type { Viewer } from '../../shared/access.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver, drain } from '../../test/intake.ts';
import { agent } from '../../test/outbound.ts';
import { plain, rawEvent, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { resolveConversation } from '../conversations/conversation.resolve.ts';
import { readableConversation } from '../conversations/conversation.visible.ts';
import { mergeByAgent } from '../customers/customer.merge.ts';
import { getCustomer } from '../customers/customer.service.ts';
import { checkInvariants } from '../db/invariants.ts';
import { listInbound, replayInbound } from '../inbound/inbound.service.ts';
import { storeEvents } from '../inbound/inbound.store.ts';
import { processEvent } from '../inbound/inbound.worker.ts';
import type { MessageDoc } from './message.model.ts';

let ctx: TestContext;
let channel: ChannelDoc;
let second: ChannelDoc;
const admin: Viewer = { ...agent, id: 'admin-1', role: 'administrator' };

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain } });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain', name: 'sales' });
  second = await ctx.addChannel({ connector: 'plain', accountRef: 'support', name: 'support' });
});
afterEach(async () => {
  expect(await checkInvariants(ctx.models)).toEqual([]);
});

const mailbox = (value: string, kind: Sender['kind'] = 'emailAddress'): Sender => ({
  kind,
  value,
  display: value,
});
const sara = mailbox('sara@example.com');
const omid = mailbox('omid@example.net');
const start = Date.now() - 3_600_000;
let minute = 0;

function mail(by: Sender, id: string, options: Partial<InboundMessage> = {}): InboundMessage {
  minute += 1;
  return written(by, `text of ${id}`, {
    externalIds: [id],
    scope: 'email',
    threadKey: options.references?.at(-1) ?? id,
    at: new Date(start + minute * 1000),
    providerOrder: id,
    digest: `digest of ${id}`,
    ...options,
  });
}
const all = () =>
  ctx.models.messages.find({ kind: 'message' }).sort({ at: 1, providerOrder: 1 }).lean<MessageDoc[]>();
const toSecond = (...letters: InboundMessage[]) =>
  deliver(
    ctx,
    second,
    letters.map((letter) => rawEvent([letter], { accountRef: 'support' })),
  );
async function named(id: string): Promise<MessageDoc> {
  const message = await ctx.models.messages.findOne({ externalId: id }).lean<MessageDoc>();
  if (!message) throw new Error(`There is no ${id}.`);
  return message;
}

describe('a thread', () => {
  it('goes on with the message it answers, by whatever name that thread has', async () => {
    await deliver(ctx, channel, [mail(sara, 'a', { threadKey: 'the thread' })]);
    await deliver(ctx, channel, [mail(sara, 'b', { references: ['unknown', 'a'] })]);
    expect(await named('b')).toMatchObject({ threadKey: 'the thread', inReplyTo: (await named('a'))._id });
    const { replyTarget } = await readableConversation(ctx, agent, (await named('b')).conversationId);
    expect(replyTarget?.threadKey).toBe('the thread');
  });

  it('has one end, whatever order its letters come in', async () => {
    // c answers b, which answers a: but c and d have lost what came before b.
    const letters = [
      mail(sara, 'a'),
      mail(sara, 'b', { references: ['a'] }),
      mail(sara, 'c', { references: ['b'], threadKey: 'b' }),
      mail(sara, 'd', { references: ['c', 'b'], threadKey: 'b' }),
    ];
    const ends: unknown[] = [];
    for (const order of permutations([0, 1, 2, 3])) {
      await ctx.empty();
      channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
      for (const index of order) await deliver(ctx, channel, [letters[index] as InboundMessage]);
      expect(await checkInvariants(ctx.models)).toEqual([]);
      const ids = new Map((await all()).map((message) => [message._id, message.externalId]));
      const conversation = await ctx.models.conversations.findOne({}).lean();
      ends.push({
        order: undefined,
        messages: (await all()).map(({ externalId, threadKey, inReplyTo }) => ({
          externalId,
          threadKey,
          answers: inReplyTo && ids.get(inReplyTo),
        })),
        target: conversation?.replyTarget?.threadKey,
        conversations: await ctx.models.conversations.countDocuments({}),
      });
    }
    expect(ends[0]).toMatchObject({
      messages: [
        { externalId: 'a', threadKey: 'a', answers: null },
        { externalId: 'b', threadKey: 'a', answers: 'a' },
        { externalId: 'c', threadKey: 'a', answers: 'b' },
        { externalId: 'd', threadKey: 'a', answers: 'c' },
      ],
      target: 'a',
      conversations: 1,
    });
    for (const end of ends) expect(end).toEqual(ends[0]);
  });

  it('of somebody else is a link and nothing more, and opens to nobody who may not see it', async () => {
    await deliver(ctx, channel, [mail(sara, 'a')]);
    await toSecond(mail(omid, 'b', { references: ['a'] }));
    const [mine, theirs] = [await named('a'), await named('b')];
    expect(theirs).toMatchObject({ threadKey: 'a', inReplyTo: null, relatedId: mine.conversationId });
    expect(theirs.conversationId).not.toBe(mine.conversationId);
    const limited = { ...agent, channelIds: [second._id] };
    await expect(readableConversation(ctx, limited, theirs.relatedId ?? '')).rejects.toMatchObject({
      code: 'notFound',
    });
    // Their own letters are theirs, and what they answered then is still told.
    await toSecond(mail(omid, 'c', { references: ['a', 'b'] }));
    expect(await named('c')).toMatchObject({ inReplyTo: theirs._id, relatedId: mine.conversationId });
  });

  it('is the sender’s own when they were linked into one with whom they answer', async () => {
    await deliver(ctx, channel, [mail(sara, 'a'), mail(omid, 'x')]);
    const customers = await ctx.models.customers.find({}).sort({ createdAt: 1 }).lean();
    await mergeByAgent(ctx, admin, {
      intoId: customers[0]?._id ?? '',
      otherId: customers[1]?._id ?? '',
      reason: 'one person',
    });
    await deliver(ctx, channel, [mail(omid, 'b', { references: ['a'] })]);
    expect(await named('b')).toMatchObject({ inReplyTo: (await named('a'))._id, relatedId: null });
  });

  it('is not lost on who pretends: an unproven sender is somebody else, with a suggestion', async () => {
    await deliver(ctx, channel, [mail(sara, 'a')]);
    await deliver(ctx, channel, [
      mail(mailbox('sara@example.com', 'unprovenAddress'), 'b', { references: ['a'] }),
    ]);
    const [proven, unproven] = [await named('a'), await named('b')];
    expect(unproven).toMatchObject({ inReplyTo: null, relatedId: proven.conversationId });
    const identity = await ctx.models.identities.findById('unprovenAddress:sara@example.com').lean();
    const customer = await getCustomer(ctx, admin, identity?.customerId ?? '');
    const owner = await ctx.models.identities.findById('emailAddress:sara@example.com').lean();
    expect(customer.claims).toMatchObject([
      { kind: 'emailAddress', source: 'unprovenMail', suggestsCustomerId: owner?.customerId },
    ]);
  });
});

describe('one letter', () => {
  it('to two mailboxes of ours is one message, seen by those of either', async () => {
    const changed: string[][] = [];
    const off = ctx.bus.on('conversation.changed', ({ conversation }) =>
      changed.push(conversation.channelIds),
    );
    const letter = mail(sara, 'a');
    await deliver(ctx, channel, [letter]);
    await toSecond(letter, letter);
    off();
    const message = await named('a');
    expect(message).toMatchObject({ channelId: channel._id, alsoChannelIds: [second._id] });
    expect(await all()).toHaveLength(1);
    expect(changed).toEqual([[channel._id], [channel._id, second._id]]);
    const limited = { ...agent, channelIds: [second._id] };
    await expect(readableConversation(ctx, limited, message.conversationId)).resolves.toMatchObject({
      seq: 1,
    });
  });

  it('is another when its id was used for other words, or by another sender', async () => {
    await deliver(ctx, channel, [mail(sara, 'a', { text: 'first' })]);
    await deliver(ctx, channel, [mail(sara, 'a', { text: 'second', digest: 'other' })]);
    await deliver(ctx, channel, [mail(omid, 'a', { text: 'third', digest: 'digest of a' })]);
    for (const copy of [
      mail(sara, 'a', { text: 'second', digest: 'other' }),
      mail(omid, 'a', { text: 'third', digest: 'digest of a' }),
      mail(sara, 'a', { text: 'first' }),
    ])
      await toSecond(copy);
    expect((await all()).map(({ text }) => text)).toEqual(['first', 'second', 'third']);
    expect((await all()).map(({ externalId }) => externalId)).toEqual(['a', 'a', 'a']);
    expect(await ctx.models.customers.countDocuments({})).toBe(2);
  });

  it('keeps who it was from, to whom and how far that was verified', async () => {
    const letter = {
      subject: 'سفارش ۱۲',
      from: { name: 'Sara', address: 'sara@example.com' },
      to: [{ name: '', address: 'shop@example.org' }],
      cc: [{ name: 'Omid', address: 'omid@example.net' }],
      bcc: [],
      check: 'pass' as const,
    };
    await deliver(ctx, channel, [mail(sara, 'a', { letter })]);
    expect((await named('a')).letter).toEqual({ ...letter, forward: false });
  });
});

describe('what is not for the inbox', () => {
  it('is taken in when a person wants it, and says why it was not before', async () => {
    const letter = mail(sara, 'n', { text: 'our spring offers' });
    const [id] = await deliver(ctx, channel, [
      rawEvent([{ type: 'ignored', reason: 'newsletter: it has a List-Id.', restored: [letter] }]),
    ]);
    const [nothing] = await deliver(ctx, channel, [rawEvent([{ type: 'ignored', reason: 'a group' }])]);
    expect((await listInbound(ctx, admin, { state: 'ignored' })).events).toMatchObject([
      { id: nothing, restorable: false, about: null },
      {
        id,
        restorable: true,
        about: 'sara@example.com: our spring offers',
        reason: 'newsletter: it has a List-Id.',
      },
    ]);
    await replayInbound(ctx, admin, id ?? '');
    await replayInbound(ctx, admin, nothing ?? '');
    await drain(ctx);
    expect(await all()).toMatchObject([{ text: 'our spring offers' }]);
    expect((await listInbound(ctx, admin, { state: 'done' })).events).toMatchObject([
      { id, restored: true, reason: 'newsletter: it has a List-Id.' },
    ]);
    expect((await listInbound(ctx, admin, { state: 'ignored' })).events).toMatchObject([{ id: nothing }]);
  });
});

describe('a mailbox’s own history', () => {
  async function readBack(letters: InboundMessage[], atOnce = false): Promise<void> {
    const { ids } = await storeEvents(ctx, {
      hookId: channel.hookId,
      channel,
      connectorId: 'plain',
      events: letters.map((letter) => rawEvent([letter])),
      history: true,
    });
    if (atOnce) await Promise.all(ids.map((id) => processEvent(ctx, id)));
    await drain(ctx);
  }
  const letters = () => [
    mail(sara, 'a', { at: new Date(start - 9 * 86_400_000) }),
    mail(sara, 'b', { references: ['a'], direction: 'out', at: new Date(start - 8 * 86_400_000) }),
    mail(sara, 'c', { references: ['b', 'a'], at: new Date(start - 7 * 86_400_000) }),
    mail(sara, 'z', { at: new Date(start - 6 * 86_400_000) }),
  ];

  it('comes in as resolved threads in which nobody waits', async () => {
    await readBack(letters());
    const conversations = await ctx.models.conversations.find({}).sort({ createdAt: 1 }).lean();
    expect(conversations).toMatchObject([
      { status: 'resolved', messageCount: 3, waitingSince: null, lastInboundSeq: 0 },
      { status: 'resolved', messageCount: 1, waitingSince: null, lastInboundSeq: 0 },
    ]);
    expect(conversations[0]?.resolvedAt).toEqual((await named('c')).at);
    expect(conversations[0]?.createdAt).toEqual((await named('a')).at);
    expect((await all()).every(({ imported, late }) => imported && !late)).toBe(true);
    expect(await named('b')).toMatchObject({
      direction: 'out',
      sentElsewhere: true,
      delivery: { state: 'sent' },
    });
    const [customer] = await ctx.models.customers.find({}).lean();
    expect(customer?.active.main).toBeNull();
  });

  it('ends alike in every order, at once, and however often', async () => {
    for (const order of [
      [3, 2, 1, 0],
      [1, 0, 3, 2],
      [2, 3, 0, 1],
    ]) {
      const given = letters();
      await ctx.empty();
      channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
      await readBack(
        order.map((index) => given[index] as InboundMessage),
        true,
      );
      await readBack(given, true);
      expect(await checkInvariants(ctx.models)).toEqual([]);
      expect((await all()).map(({ externalId, threadKey }) => [externalId, threadKey])).toEqual([
        ['a', 'a'],
        ['b', 'a'],
        ['c', 'a'],
        ['z', 'z'],
      ]);
      const counts = (await ctx.models.conversations.find({}).lean()).map(({ messageCount }) => messageCount);
      expect(counts.sort()).toEqual([1, 3]);
    }
  });

  it('is not for what somebody waits with: a live letter begins its own case, and history stays beneath it', async () => {
    await deliver(ctx, channel, [mail(sara, 'live')]);
    await readBack(letters());
    const live = await readableConversation(ctx, agent, (await named('live')).conversationId);
    expect(live).toMatchObject({ status: 'open', messageCount: 1 });
    await resolveConversation(ctx, agent, { conversationId: live._id });
    await deliver(ctx, channel, [mail(sara, 'next', { references: ['live'] })]);
    expect((await named('next')).conversationId).toBe(live._id);
  });

  it('takes no word about messages from before', async () => {
    const { ids } = await storeEvents(ctx, {
      hookId: channel.hookId,
      channel,
      connectorId: 'plain',
      events: [rawEvent([{ type: 'status', externalId: 'gone', scope: 'email', state: 'failed', at: null }])],
      history: true,
    });
    await drain(ctx);
    expect(await ctx.models.inbound.findById(ids[0]).lean()).toMatchObject({ state: 'ignored' });
  });
});

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((one, index) =>
    permutations([...list.slice(0, index), ...list.slice(index + 1)]).map((rest) => [one, ...rest]),
  );
}
