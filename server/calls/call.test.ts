import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { InboundCall, Sender } from '../../connectors/connector.ts';
import { defaultPreferences } from '../../shared/user.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { addPlainChannel } from '../../test/inbox.ts';
import { deliver } from '../../test/intake.ts';
import { plain, rawEvent, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { blankConversation } from '../conversations/conversation.header.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { checkInvariants } from '../db/invariants.ts';
import { commit } from '../messages/commit.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { type Heard, mergedCall } from './call.merge.ts';

let ctx: TestContext;
let channel: ChannelDoc;
beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain } });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  channel = await addPlainChannel(ctx, 'plain');
});

const caller: Sender = { kind: 'mobile', value: '+989901234567', display: '+989901234567' };
const begun = new Date(Date.now() - 600_000);
const later = (seconds: number) => new Date(begun.getTime() + seconds * 1000);

function call(state: InboundCall['state'], seconds: number, more: Partial<InboundCall> = {}): InboundCall {
  return { type: 'call', callId: '1', direction: 'in', state, sender: caller, at: later(seconds), ...more };
}
const missed = (callId: string, seconds: number) =>
  call('ended', seconds + 20, { callId, startedAt: later(seconds), disposition: 'missed' });

async function conversations(): Promise<ConversationDoc[]> {
  return ctx.models.conversations.find({}).sort({ createdAt: 1 }).lean<ConversationDoc[]>();
}
async function only(): Promise<ConversationDoc> {
  const [one, ...others] = await conversations();
  expect(others).toEqual([]);
  if (!one) throw new Error('There is no conversation.');
  expect(await checkInvariants(ctx.models)).toEqual([]);
  return one;
}
const shown = (told: MessageDoc['call']) => told && { ...told, heard: null };
const calls = () => ctx.models.messages.find({ kind: 'call' }).sort({ at: 1 }).lean<MessageDoc[]>();
const lines = async (): Promise<(string | undefined)[]> =>
  (await ctx.models.messages.find({ kind: 'event' }).sort({ seq: 1 }).lean<MessageDoc[]>()).map(
    (line) => line.event?.type,
  );

/** As an agent would. */
async function becomes(status: 'resolved' | 'snoozed'): Promise<void> {
  const { _id, customerId } = await only();
  const now = new Date();
  const set =
    status === 'resolved'
      ? { status, resolvedAt: now, waitingSince: null }
      : { status, snoozedUntil: new Date(now.getTime() + 3_600_000) };
  await ctx.models.conversations.updateOne({ _id }, { $set: set });
  if (status === 'resolved')
    await ctx.models.customers.updateOne({ _id: customerId }, { $set: { 'active.main': null } });
}

describe('what events of one call come to', () => {
  const whole: InboundCall[] = [
    call('ringing', 0, { agent: '101' }),
    call('answered', 12, { agent: '102' }),
    call('ended', 132, { disposition: 'answered', note: 'پرسید کی می‌رسد' }),
  ];

  it('is one line that begins a conversation and lets nobody wait', async () => {
    await deliver(ctx, channel, whole);
    const conversation = await only();
    expect(conversation).toMatchObject({ status: 'open', waitingSince: null, channelIds: [channel._id] });
    expect(conversation.preview).toMatchObject({ kind: 'call', text: 'پرسید کی می‌رسد' });
    expect(await calls()).toMatchObject([
      {
        direction: 'in',
        text: 'پرسید کی می‌رسد',
        at: begun,
        call: { state: 'ended', disposition: 'answered', talked: 120, extension: '102', agentId: null },
      },
    ]);
  });

  it('is the same in any order, each twice, among messages', async () => {
    const between = [
      written(caller, 'پیامک میان تماس', { externalIds: ['m1'], at: later(60) }),
      ...whole,
      missed('2', 300),
      call('ringing', 300, { callId: '2' }),
    ];
    const end = async (events: typeof between) => {
      await ctx.empty();
      channel = await addPlainChannel(ctx, 'plain');
      await deliver(ctx, channel, events);
      const { newestAt, lastAt, waitingSince, preview, status } = await only();
      const said = await ctx.models.messages
        .find({ kind: { $ne: 'event' } })
        .sort({ at: 1 })
        .lean<MessageDoc[]>();
      return {
        header: { newestAt, lastAt, waitingSince, status, preview: preview?.text, shown: preview?.at },
        said: said.map(({ kind, at, text, call: told }) => ({ kind, at, text, told: shown(told) })),
      };
    };
    const expected = await end(between);
    expect(expected.header.waitingSince).toEqual(later(60));
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...between, ...between], { minLength: between.length * 2 }),
        async (events) => {
          expect(await end(events)).toEqual(expected);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('merges alike whatever the order', () => {
    const time = fc.integer({ min: 0, max: 5 }).map(later);
    const event: fc.Arbitrary<Heard> = fc.record({
      callId: fc.constant('1'),
      direction: fc.constant('in' as const),
      state: fc.constantFrom('ringing', 'answered', 'ended'),
      number: fc.constant('+989901234567'),
      at: time,
      startedAt: fc.option(time),
      answeredAt: fc.option(time),
      endedAt: fc.option(time),
      disposition: fc.option(fc.constantFrom('answered', 'missed', 'busy', 'voicemail', 'failed')),
      talked: fc.option(fc.nat(100)),
      agent: fc.option(
        fc.record({ id: fc.option(fc.constantFrom('a', 'b')), extension: fc.constantFrom('1', '2') }),
      ),
      note: fc.option(fc.constantFrom('x', 'y')),
    });
    const end = (events: Heard[]) => {
      let known: ReturnType<typeof mergedCall> | null = null;
      let note: string | null = null;
      for (const one of events) {
        known = mergedCall(known?.call ?? null, one);
        note = known.note ?? note;
      }
      return { call: known?.call, note };
    };
    fc.assert(
      fc.property(
        fc
          .array(event, { minLength: 1, maxLength: 5 })
          .chain((events) =>
            fc.tuple(
              fc.constant(events),
              fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
            ),
          ),
        ([events, shuffled]) => {
          expect(end(shuffled)).toEqual(end(events));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('names the colleague by extension or by address, and what nobody has as it came', async () => {
    const user = {
      name: 'Agent',
      role: 'agent' as const,
      channelIds: 'all' as const,
      teamIds: [],
      active: true,
      preferences: defaultPreferences,
      touched: 0,
      createdAt: new Date(),
      lastSeenAt: null,
    };
    await ctx.models.users.insertMany([
      { ...user, _id: 'u1', email: 'one@example.com', extension: '101' },
      { ...user, _id: 'u2', email: 'two@example.com' },
    ]);
    await deliver(ctx, channel, [
      { ...missed('a', 0), agent: '101' },
      { ...missed('b', 30), agent: 'Two@Example.com' },
      { ...missed('c', 60), agent: '999' },
    ]);
    expect((await calls()).map(({ call: told }) => [told?.agentId, told?.extension])).toEqual([
      ['u1', '101'],
      ['u2', ''],
      [null, '999'],
    ]);
  });
});

describe('a missed call', () => {
  it('waits since it began, as a message does', async () => {
    await deliver(ctx, channel, [call('ringing', 0)]);
    expect(await only()).toMatchObject({ waitingSince: null });
    await deliver(ctx, channel, [call('ended', 20, { disposition: 'missed' })]);
    expect(await only()).toMatchObject({ status: 'open', waitingSince: begun, lastInboundSeq: 1 });
  });

  it.each([
    ['resolved', 'reopened'],
    ['snoozed', 'woken'],
  ] as const)('brings back what was %s; one that was answered does not', async (status, line) => {
    await deliver(ctx, channel, [missed('1', 0)]);
    await becomes(status);
    await deliver(ctx, channel, [call('ended', 80, { callId: '2', disposition: 'answered', talked: 9 })]);
    expect(await only()).toMatchObject({ status });
    await deliver(ctx, channel, [call('ringing', 90, { callId: '3' })]);
    expect(await only()).toMatchObject({ status });
    await deliver(ctx, channel, [missed('3', 90)]);
    const conversation = await only();
    expect(conversation.status).toBe('open');
    expect(conversation.waitingSince).not.toBeNull();
    expect(await lines()).toContain(line);
    const customer = await ctx.models.customers.findById(conversation.customerId).lean();
    expect(customer?.active.main).toBe(conversation._id);
  });

  it('whose other leg was answered later all lets nobody wait', async () => {
    await deliver(ctx, channel, [missed('1', 0)]);
    await deliver(ctx, channel, [call('ended', 90, { disposition: 'answered', talked: 60 })]);
    expect(await only()).toMatchObject({ waitingSince: null });
    await deliver(ctx, channel, [written(caller, 'سلام', { at: later(200) }), missed('2', 100)]);
    expect(await only()).toMatchObject({ waitingSince: later(100) });
    await deliver(ctx, channel, [call('ended', 190, { callId: '2', disposition: 'answered', talked: 5 })]);
    expect(await only()).toMatchObject({ waitingSince: later(200) });
  });

  it('is answered by a call back, but for what was written meanwhile', async () => {
    const back = (callId: string, seconds: number, more: Partial<InboundCall> = {}) =>
      call('ended', seconds + 60, { callId, direction: 'out', startedAt: later(seconds), ...more });
    await deliver(ctx, channel, [missed('1', 0)]);
    await deliver(ctx, channel, [back('2', 60, { disposition: 'missed' })]);
    expect(await only()).toMatchObject({ waitingSince: begun });
    await deliver(ctx, channel, [back('3', 120, { disposition: 'answered', talked: 30 })]);
    expect(await only()).toMatchObject({ waitingSince: null });
    await deliver(ctx, channel, [call('ringing', 200, { callId: '4', direction: 'out' })]);
    await deliver(ctx, channel, [written(caller, 'یک چیز دیگر', { at: later(230) })]);
    await deliver(ctx, channel, [back('4', 200, { disposition: 'answered', talked: 30 })]);
    expect(await only()).toMatchObject({ waitingSince: later(230) });
  });

  it('of a number that is blocked is set aside', async () => {
    await deliver(ctx, channel, [missed('1', 0)]);
    await ctx.models.identities.updateOne({ _id: `mobile:${caller.value}` }, { $set: { blocked: true } });
    await deliver(ctx, channel, [missed('2', 60)]);
    expect(await calls()).toHaveLength(1);
  });
});

it('a call of somebody who writes too stays in their conversation, and changes nothing of where they are answered', async () => {
  await deliver(ctx, channel, [written(caller, 'سلام', { threadKey: 'thread', at: begun })]);
  const before = await ctx.models.identities.findById(`mobile:${caller.value}`).lean();
  const other = await addPlainChannel(ctx, 'telephone');
  await deliver(ctx, other, [rawEvent([missed('1', 60)], { accountRef: 'telephone' })]);
  const after_ = await ctx.models.identities.findById(`mobile:${caller.value}`).lean();
  expect({ ...after_, touched: 0 }).toEqual({ ...before, touched: 0 });
  const conversation = await only();
  expect(conversation.replyTarget).toMatchObject({ channelId: channel._id, threadKey: 'thread' });
  expect([...conversation.channelIds].sort()).toEqual([channel._id, other._id].sort());
});

it('what becomes missed later its conversation went on in another one brings nothing back', async () => {
  await deliver(ctx, channel, [call('ringing', 0)]);
  const { _id, customerId } = await only();
  const successor = {
    ...blankConversation({ id: 'next', customerId, at: new Date() }),
    channelIds: [channel._id],
  };
  await commit(ctx, async (tx) => {
    await tx.begin(successor, 0);
  });
  await ctx.models.conversations.updateOne({ _id }, { $set: { status: 'continued', successorId: 'next' } });
  await ctx.models.customers.updateOne({ _id: customerId }, { $set: { 'active.main': 'next' } });
  await deliver(ctx, channel, [missed('1', 0)]);
  expect(await ctx.models.conversations.findById(_id).lean()).toMatchObject({
    status: 'continued',
    waitingSince: null,
  });
  expect(await calls()).toMatchObject([{ call: { disposition: 'missed' } }]);
});
