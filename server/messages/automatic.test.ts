import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { SenderCheck } from '../../connectors/connector.ts';
import type { BusinessHours } from '../../shared/hours.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { person, plain, rawEvent, written } from '../../test/provider.ts';
import type { DomainEvents } from '../bus.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { checkInvariants } from '../db/invariants.ts';
import type { MessageDoc } from './message.model.ts';

let ctx: TestContext;
let channel: ChannelDoc;
let now = new Date();
const always = [{ from: '00:00', to: '24:00' }];
const hours: BusinessHours = {
  timeZone: 'UTC',
  week: { sat: always, sun: always, mon: always, tue: always, wed: always, thu: always, fri: [] },
  iranianHolidays: false,
  closed: [],
  except: [],
};
const monday = new Date('2025-11-03T10:00:00Z');
const friday = new Date('2025-11-07T10:00:00Z');

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain }, now: () => now });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  now = monday;
  await ctx.empty();
  channel = await ctx.addChannel({
    connector: 'plain',
    accountRef: 'plain',
    routing: {
      teamId: 'sales',
      hours,
      autoReply: { open: 'We answer soon.', closed: 'We are closed.' },
      silentAfter: null,
    },
  });
});
afterEach(async () => {
  expect(await checkInvariants(ctx.models)).toEqual([]);
});

const says = (who: string, text: string, options: { at?: Date } = {}) =>
  deliver(ctx, channel, [rawEvent([written(person(who), text, { at: options.at ?? now })])]);
const automatic = () => ctx.models.messages.find({ automatic: true }).sort({ at: 1 }).lean<MessageDoc[]>();
const texts = async () => (await automatic()).map((message) => message.text);

it('greets whoever begins a conversation, in the same commit, and leaves them waiting for the team', async () => {
  const commits: DomainEvents['conversation.changed'][] = [];
  const lanes: DomainEvents['lane.touched'][] = [];
  const offs = [
    ctx.bus.on('conversation.changed', (event) => commits.push(event)),
    ctx.bus.on('lane.touched', (lane) => lanes.push(lane)),
  ];
  await says('anna', 'hello');
  for (const off of offs) off();
  const [conversation] = await ctx.models.conversations.find({}).lean<ConversationDoc[]>();
  expect(conversation).toMatchObject({
    version: 1,
    seq: 2,
    messageCount: 2,
    teamId: 'sales',
    waitingSince: monday,
    preview: { text: 'We answer soon.' },
  });
  expect(await automatic()).toMatchObject([
    {
      text: 'We answer soon.',
      direction: 'out',
      authorId: null,
      seq: 2,
      version: 1,
      identityId: 'telegramUser:anna',
      delivery: { state: 'queued' },
    },
  ]);
  expect(commits).toHaveLength(1);
  expect(commits[0]).toMatchObject({ conversation: { seq: 2 } });
  expect(commits[0]?.messages).toHaveLength(2);
  expect(lanes).toEqual([{ conversationId: conversation?._id, channelId: channel._id }]);
});

it('says other words when the team is closed', async () => {
  now = friday;
  await says('anna', 'hello');
  expect(await texts()).toEqual(['We are closed.']);
});

it('is sent once: not to what follows, and not to a new conversation within twelve hours', async () => {
  const end = async () => {
    const [conversation] = await ctx.models.conversations.find({ status: 'open' }).lean<ConversationDoc[]>();
    const long = new Date(now.getTime() - 30 * 24 * 3_600_000);
    await ctx.models.conversations.updateOne(
      { _id: conversation?._id },
      { $set: { status: 'resolved', resolvedAt: long, waitingSince: null } },
    );
    await ctx.models.customers.updateMany({}, { $set: { 'active.main': null } });
  };
  await says('anna', 'hello');
  await says('anna', 'are you there?');
  expect(await texts()).toHaveLength(1);
  await end();
  now = new Date(monday.getTime() + 11 * 3_600_000);
  await says('anna', 'again');
  expect(await texts()).toHaveLength(1);
  await end();
  now = new Date(monday.getTime() + 13 * 3_600_000);
  await says('anna', 'once more');
  expect(await texts()).toHaveLength(2);
});

it('is sent to nobody who wrote long ago, on no paused channel, and not without words', async () => {
  await says('late', 'hello', { at: new Date(monday.getTime() - 2 * 3_600_000) });
  await ctx.models.channels.updateOne({ _id: channel._id }, { $set: { state: 'paused' } });
  await says('paused', 'hello');
  await ctx.models.channels.updateOne(
    { _id: channel._id },
    { $set: { state: 'connected', 'routing.autoReply': { open: '  ', closed: '' } } },
  );
  await says('silent', 'hello');
  expect(await texts()).toEqual([]);
  expect(await ctx.models.conversations.countDocuments({})).toBe(3);
});

it('is sent to nobody in whose name somebody else wrote', async () => {
  const letter = (check: SenderCheck) => ({
    subject: 'hello',
    from: { name: '', address: 'anna@example.com' },
    to: [],
    cc: [],
    bcc: [],
    check,
  });
  for (const check of ['fail', 'none'] as const)
    await deliver(ctx, channel, [
      rawEvent([written(person(check), 'hello', { at: now, letter: letter(check) })]),
    ]);
  expect((await automatic()).map(({ identityId }) => identityId)).toEqual(['telegramUser:none']);
});

it('keeps no message from coming in when the channel cannot carry it', async () => {
  const { autoReply, ...routing } = channel.routing!;
  await ctx.models.channels.updateOne(
    { _id: channel._id },
    { $set: { routing: { ...routing, autoReply: { ...autoReply, open: 'x' } } } },
  );
  const refuses = await ctx.sibling({
    connectors: {
      plain: {
        ...plain,
        pieces: () => [],
      },
    },
  });
  await deliver(refuses, channel, [rawEvent([written(person('anna'), 'hello', { at: now })])]);
  await refuses.close();
  expect(await ctx.models.messages.countDocuments({})).toBe(1);
});
