import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Connector, ConnectorError, type SendRequest } from '../../connectors/connector.ts';
import type { AppError } from '../../shared/errors.ts';
import type { Target } from '../../shared/message.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { agent, laneOf, say, stored } from '../../test/outbound.ts';
import { commented, person, plain, rawEvent, windowed, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { conversationWindows } from '../channels/window.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { presentConversation } from '../conversations/conversation.presenter.ts';
import { waysTo } from '../customers/customer.way.ts';
import { checkInvariants } from '../db/invariants.ts';
import { workLane } from '../lanes/lane.worker.ts';
import type { MessageDoc } from './message.model.ts';

let ctx: TestContext;
let channel: ChannelDoc;
/** Added to the clock. */
let ahead = 0;
const sent: Omit<SendRequest, 'signal'>[] = [];
let refuses: ConnectorError | null = null;
const hourMs = 3_600_000;
const sara = person('1001');
const launch = { externalId: 'p1', text: 'Our new lamp is here.' };
const identityId = 'telegramUser:1001';

const sending = (connector: Connector, id: string): Connector => ({
  ...connector,
  manifest: { ...connector.manifest, id },
  send: async ({ signal: _, ...request }) => {
    if (refuses) throw refuses;
    sent.push(request);
    return { externalIds: [`sent-${sent.length}`] };
  },
});
const capable = (change: Partial<Connector['manifest']['capabilities']>): Connector => ({
  ...plain,
  manifest: { ...plain.manifest, capabilities: { ...plain.manifest.capabilities, ...change } },
});

beforeAll(async () => {
  ctx = await createTestContext({
    now: () => new Date(Date.now() + ahead),
    connectors: {
      plain: sending(plain, 'plain'),
      windowed: sending(windowed, 'windowed'),
      shy: sending(capable({ visibility: ['private'], handOver: false }), 'shy'),
      telephone: sending(capable({ visibility: [] }), 'telephone'),
      named: sending(capable({ nameOnly: '^17:@' }), 'named'),
    },
  });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  expect(await checkInvariants(ctx.models)).toEqual([]);
  ahead = 0;
  sent.length = 0;
  refuses = null;
  await ctx.empty();
  channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});

const only = async (): Promise<ConversationDoc> => {
  const [conversation, ...others] = await ctx.models.conversations.find({}).lean<ConversationDoc[]>();
  if (!conversation || others.length) throw new Error('There is not one conversation.');
  return conversation;
};
const target = (change: Partial<Target> = {}): Target => ({
  channelId: channel._id,
  identityId,
  threadKey: '',
  ...change,
});
const inPublic = (change: Partial<Target> = {}) =>
  target({ threadKey: 'post:p1', visibility: 'public', ...change });
const messageOf = async (text: string): Promise<MessageDoc> => {
  const found = await ctx.models.messages.findOne({ text }).lean<MessageDoc>();
  if (!found) throw new Error(`Nobody said “${text}”.`);
  return found;
};
const refusal = async (deed: Promise<unknown>) => {
  const error = await deed.then(
    () => null,
    (thrown: AppError) => thrown,
  );
  if (!error) throw new Error('It was not refused.');
  const { status, reason, body } = error;
  return { status, reason, fields: Object.keys(body.fields ?? {}), data: body.data };
};
const leave = async (message: MessageDoc) => {
  await workLane(ctx, laneOf(message));
  return stored(ctx, message);
};

describe('an answer in public', () => {
  it('is what follows a public word, beneath it and under its post', async () => {
    await deliver(ctx, channel, [commented(sara, 'What does it cost?', launch, { externalIds: ['c1'] })]);
    const conversation = await only();
    const asked = await messageOf('What does it cost?');
    const { replyTarget } = presentConversation(conversation);
    expect(replyTarget).toEqual(inPublic({ inReplyTo: asked._id }));
    const answer = await say(ctx, conversation, { text: '49.', target: replyTarget as Target });
    expect(answer).toMatchObject({ visibility: 'public', postId: asked.postId, threadKey: 'post:p1' });
    await leave(answer);
    expect(sent).toMatchObject([
      { visibility: 'public', threadKey: 'post:p1', inReplyTo: 'c1', piece: { text: '49.' } },
    ]);
    // Then they write in private, and so does the answer.
    await deliver(ctx, channel, [written(sara, 'And in blue?', { at: new Date(Date.now() + 1000) })]);
    expect(presentConversation(await only()).replyTarget).toEqual(target({ threadKey: '1001' }));
  });

  it('says so to the provider in each of its calls, and a private one in none', async () => {
    const two: Connector['pieces'] = (message) =>
      message.text
        .split('|')
        .map((text) => ({ kind: 'text', text: `${message.visibility ?? 'private'} ${text}` }));
    const other = await ctx.sibling({ connectors: { plain: { ...sending(plain, 'plain'), pieces: two } } });
    try {
      await deliver(ctx, channel, [
        commented(sara, 'Hello', launch, { externalIds: ['c1'] }),
        written(sara, 'Hi'),
      ]);
      const { _id } = await messageOf('Hello');
      const open = await say(other, await only(), { text: 'a|b', target: inPublic({ inReplyTo: _id }) });
      await workLane(other, laneOf(open));
      const closed = await say(other, await only(), { text: 'c|d', target: target() });
      await workLane(other, laneOf(closed));
      expect(sent.map(({ visibility, inReplyTo, piece }) => [visibility, inReplyTo, piece.text])).toEqual([
        ['public', 'c1', 'public a'],
        ['public', 'c1', 'public b'],
        [undefined, undefined, 'private c'],
        [undefined, undefined, 'private d'],
      ]);
    } finally {
      await other.close();
    }
  });

  it('is refused where the channel cannot, in a thread that is not theirs, and beneath another post', async () => {
    await deliver(ctx, channel, [
      commented(sara, 'one', launch),
      commented(sara, 'two', { externalId: 'p2' }),
      commented(person('1002'), 'three', { externalId: 'p3' }),
    ]);
    const conversation = await ctx.models.conversations
      .findById((await messageOf('one')).conversationId)
      .lean<ConversationDoc>();
    if (!conversation) throw new Error('There is no conversation.');
    const tried = (change: Partial<Target>) => refusal(say(ctx, conversation, { target: target(change) }));
    expect(await tried({ threadKey: 'post:p3', visibility: 'public' })).toMatchObject({
      reason: 'badTarget',
    });
    expect(await tried({ threadKey: '', visibility: 'public' })).toMatchObject({ reason: 'badTarget' });
    expect(await tried({ threadKey: 'post:p1' })).toMatchObject({
      status: 422,
      fields: ['target.visibility'],
    });
    const { _id } = await messageOf('two');
    expect(await tried({ ...inPublic(), inReplyTo: _id })).toMatchObject({ fields: ['target.inReplyTo'] });

    for (const [connector, visibility] of [
      ['shy', 'public'],
      ['telephone', 'private'],
    ] as const) {
      await ctx.models.channels.updateOne({ _id: channel._id }, { $set: { connector } });
      const wanted = target({ visibility, threadKey: visibility === 'public' ? 'post:p1' : '' });
      expect(await refusal(say(ctx, conversation, { target: wanted })), connector).toMatchObject({
        status: 422,
        fields: ['target.visibility'],
      });
    }
  });

  it('is never made by a rule', async () => {
    const routing = {
      teamId: null,
      hours: null,
      autoReply: { open: 'We shall be with you soon.', closed: 'We shall be with you soon.' },
      silentAfter: null,
    };
    await ctx.models.channels.updateOne({ _id: channel._id }, { $set: { routing } });
    await deliver(ctx, channel, [commented(sara, 'Hello?', launch)]);
    await deliver(ctx, channel, [written(person('1002'), 'Hello?')]);
    const automatic = await ctx.models.messages.find({ automatic: true }).lean<MessageDoc[]>();
    expect(automatic.map((message) => message.identityId)).toEqual(['telegramUser:1002']);
  });
});

describe('what was said in public and is answered in private', () => {
  it('is handed over: the provider is told of what, and the timeline once', async () => {
    await deliver(ctx, channel, [commented(sara, 'My number is wrong', launch, { externalIds: ['c1'] })]);
    const { _id, postId } = await messageOf('My number is wrong');
    const first = await say(ctx, await only(), { text: 'Which one?', target: target({ inReplyTo: _id }) });
    expect(first).toMatchObject({ visibility: 'private', threadKey: '1001', inReplyTo: _id });
    expect(first.postId).toBeUndefined();
    await leave(first);
    await leave(await say(ctx, await only(), { text: 'Here?', target: target({ inReplyTo: _id }) }));
    expect(sent.map(({ visibility, inReplyTo, threadKey }) => [visibility, inReplyTo, threadKey])).toEqual([
      [undefined, 'c1', '1001'],
      [undefined, 'c1', '1001'],
    ]);
    const lines = await ctx.models.messages.find({ 'event.type': 'handedOver' }).lean<MessageDoc[]>();
    expect(lines.map((line) => line.event?.data)).toEqual([{ messageId: _id, postId }]);
    expect(lines[0]?.seq).toBe(first.seq - 1);
    expect(lines[0]?.authorId).toBe(agent.id);
  });

  it('needs more than a name: whoever is known by that alone is answered in public', async () => {
    await ctx.models.channels.updateOne({ _id: channel._id }, { $set: { connector: 'named' } });
    channel = { ...channel, connector: 'named' };
    const named = person('17:@mina');
    await deliver(ctx, channel, [commented(named, 'I bought it here', launch)]);
    const { _id, identityId: by } = await messageOf('I bought it here');
    const to = { identityId: by ?? '', inReplyTo: _id };
    expect(await refusal(say(ctx, await only(), { target: target(to) }))).toMatchObject({
      status: 422,
      reason: 'badTarget',
    });
    expect(await refusal(waysTo(ctx, agent, (await only()).customerId))).toMatchObject({
      reason: 'badTarget',
    });
    await leave(await say(ctx, await only(), { text: 'Thank you!', target: inPublic(to) }));
    expect(sent).toMatchObject([{ visibility: 'public', piece: { text: 'Thank you!' } }]);
    // Whoever has an id is not meant.
    await deliver(ctx, channel, [commented(person('17:44'), 'So did I', launch)]);
    const other = await messageOf('So did I');
    const theirs = await ctx.models.conversations.findById(other.conversationId).lean<ConversationDoc>();
    if (!theirs) throw new Error('There is no conversation.');
    const closer = { identityId: other.identityId ?? '', inReplyTo: other._id };
    expect(await say(ctx, theirs, { text: 'Really?', target: target(closer) })).toMatchObject({
      visibility: 'private',
    });
  });

  it('needs a channel that can, and whoever said it', async () => {
    await deliver(ctx, channel, [
      commented(sara, 'mine', launch),
      commented(person('1002'), 'another’s', launch),
    ]);
    const conversation = await ctx.models.conversations
      .findById((await messageOf('mine')).conversationId)
      .lean<ConversationDoc>();
    if (!conversation) throw new Error('There is no conversation.');
    const others = (await messageOf('another’s'))._id;
    expect(await refusal(say(ctx, conversation, { target: target({ inReplyTo: others }) }))).toMatchObject({
      reason: 'badTarget',
    });
    await ctx.models.channels.updateOne({ _id: channel._id }, { $set: { connector: 'shy' } });
    const mine = (await messageOf('mine'))._id;
    expect(await refusal(say(ctx, conversation, { target: target({ inReplyTo: mine }) }))).toMatchObject({
      fields: ['target.inReplyTo'],
    });
  });
});

describe('a channel with a window', () => {
  beforeEach(async () => {
    await ctx.models.channels.updateOne({ _id: channel._id }, { $set: { connector: 'windowed' } });
    channel = { ...channel, connector: 'windowed' };
  });
  const windows = async () => conversationWindows(ctx, agent, (await only())._id);

  it('takes free text for its time, a person’s late answer under the tag, and then only a template', async () => {
    const at = new Date(Date.now() - 1000);
    await deliver(ctx, channel, [written(sara, 'Hello', { at })]);
    const hoursLater = (hours: number) => new Date(at.getTime() + hours * hourMs).toISOString();
    expect(await windows()).toEqual([
      {
        channelId: channel._id,
        identityId,
        openedAt: at.toISOString(),
        closesAt: hoursLater(24),
        taggedUntil: hoursLater(168),
        templates: true,
      },
    ]);
    await leave(await say(ctx, await only(), { text: 'in time', target: target() }));
    ahead = 25 * hourMs;
    await leave(await say(ctx, await only(), { text: 'late', target: target() }));
    await deliver(ctx, channel, [commented(sara, 'In public', launch, { at: ctx.now() })]);
    const { _id } = await messageOf('In public');
    await leave(await say(ctx, await only(), { text: 'handed over', target: target({ inReplyTo: _id }) }));
    expect(sent.map(({ piece, tagged }) => [piece.text, tagged])).toEqual([
      ['in time', undefined],
      ['late', true],
      ['handed over', undefined],
    ]);
    ahead = 169 * hourMs;
    expect(await refusal(say(ctx, await only(), { text: 'too late', target: target() }))).toEqual({
      status: 409,
      reason: 'windowClosed',
      fields: [],
      data: { closedAt: hoursLater(168), templates: true },
    });
    // What they write opens it again; also what comes late counts from when it was written.
    await deliver(ctx, channel, [written(sara, 'Hello again', { at: new Date(Date.now() + ahead) })]);
    await deliver(ctx, channel, [written(sara, 'an older one', { at: new Date(Date.now() + hourMs) })]);
    await say(ctx, await only(), { text: 'in time again', target: target() });
  });

  it('is not opened by what is said in public, which is answered there and handed over', async () => {
    await deliver(ctx, channel, [commented(sara, 'Hello', launch, { externalIds: ['c1'] })]);
    expect(await windows()).toMatchObject([{ openedAt: null, closesAt: null, taggedUntil: null }]);
    expect(await refusal(say(ctx, await only(), { target: target() }))).toMatchObject({
      reason: 'windowClosed',
      data: { closedAt: null, templates: true },
    });
    const { _id } = await messageOf('Hello');
    await leave(await say(ctx, await only(), { text: 'public', target: inPublic({ inReplyTo: _id }) }));
    await leave(await say(ctx, await only(), { text: 'private', target: target({ inReplyTo: _id }) }));
    expect(sent.map(({ piece, visibility, tagged }) => [piece.text, visibility, tagged])).toEqual([
      ['public', 'public', undefined],
      ['private', undefined, undefined],
    ]);
  });

  it('fails what the provider will not take, in its words', async () => {
    await deliver(ctx, channel, [written(sara, 'Hello')]);
    refuses = new ConnectorError({ class: 'windowClosed', code: '10', message: 'Outside of the window.' });
    const after = await leave(await say(ctx, await only(), { target: target() }));
    expect(after.delivery).toMatchObject({
      state: 'failed',
      error: { class: 'windowClosed', message: 'Outside of the window.' },
    });
    expect((await only()).undelivered).toBe(1);
  });

  it('sends a template at any time, as its words and with its values', async () => {
    await deliver(ctx, channel, [commented(sara, 'Hello', launch)]);
    const use = { name: 'greeting', language: 'en', values: ['A-12', 'Sara', 'today'] };
    const shown = 'Order A-12\n\nDear Sara, it comes today.';
    const message = await say(ctx, await only(), { text: '', target: target(), template: use });
    expect(message).toMatchObject({ text: shown, template: use, visibility: 'private' });
    await leave(message);
    expect(sent).toMatchObject([{ piece: { kind: 'template', text: shown, template: { ...use, shown } } }]);

    const conversation = await only();
    const tried = (change: object) =>
      refusal(say(ctx, conversation, { text: '', target: target(), template: use, ...change }));
    expect(await tried({ text: 'and this' })).toMatchObject({ fields: ['text'] });
    expect(await tried({ template: { ...use, name: 'none' } })).toMatchObject({ fields: ['template.name'] });
    expect(await tried({ template: { ...use, values: ['A-12', ' ', 'x'] } })).toMatchObject({
      fields: ['template.values'],
    });
    expect(await tried({ target: inPublic() })).toMatchObject({ fields: ['target.visibility'] });
  });
});

describe('a watermark', () => {
  it('raises what was sent before it, and nothing after it', async () => {
    await deliver(ctx, channel, [written(sara, 'Hello')]);
    const first = await leave(await say(ctx, await only(), { text: 'first', target: target() }));
    ahead = 10_000;
    const upTo = new Date(ctx.now().getTime() - 5_000);
    const second = await leave(await say(ctx, await only(), { text: 'second', target: target() }));
    await deliver(ctx, channel, [{ type: 'watermark', state: 'read', sender: sara, upTo }]);
    expect((await stored(ctx, first)).delivery?.state).toBe('read');
    expect((await stored(ctx, second)).delivery?.state).toBe('sent');
    const { version } = await only();
    await deliver(ctx, channel, [{ type: 'watermark', state: 'delivered', sender: sara, upTo }]);
    expect((await only()).version).toBe(version);
  });

  it('raises what turns out only later to have left before it', async () => {
    await deliver(ctx, channel, [written(sara, 'Hello')]);
    let answer: (() => void) | undefined;
    const slow = await ctx.sibling({
      connectors: {
        plain: {
          ...plain,
          send: () => new Promise((resolve) => (answer = () => resolve({ externalIds: ['slow-1'] }))),
        },
      },
    });
    try {
      const message = await say(slow, await only(), { text: 'slow', target: target() });
      const working = workLane(slow, laneOf(message));
      while (!answer) await new Promise(setImmediate);
      const { delivery } = await stored(ctx, message);
      expect(delivery?.state).toBe('sending');
      const upTo = new Date((delivery?.pieces[0]?.calledAt?.getTime() ?? 0) + 1);
      await deliver(ctx, channel, [{ type: 'watermark', state: 'read', sender: sara, upTo }]);
      expect((await stored(ctx, message)).delivery?.state).toBe('sending');
      answer();
      await working;
      expect((await stored(ctx, message)).delivery?.state).toBe('read');
    } finally {
      await slow.close();
    }
  });

  it('goes through all their conversations, each in a commit of its own', async () => {
    for (const n of [1, 2, 3]) {
      await deliver(ctx, channel, [written(sara, `case ${n}`, { at: ctx.now() })]);
      const conversation = await ctx.models.conversations.findOne({ status: 'open' }).lean<ConversationDoc>();
      if (!conversation) throw new Error('There is no conversation.');
      await leave(await say(ctx, conversation, { text: `answer ${n}`, target: target(), thenResolve: true }));
      ahead += 80 * hourMs;
    }
    expect(await ctx.models.conversations.countDocuments({})).toBe(3);
    const told: string[] = [];
    const off = ctx.bus.on('conversation.changed', ({ conversation }) => told.push(conversation._id));
    await deliver(ctx, channel, [{ type: 'watermark', state: 'read', sender: sara, upTo: ctx.now() }]);
    off();
    expect(told).toHaveLength(3);
    expect(new Set(told).size).toBe(3);
    const states = await ctx.models.messages.find({ direction: 'out', kind: 'message' }).lean<MessageDoc[]>();
    expect(states.map((message) => message.delivery?.state)).toEqual(['read', 'read', 'read']);
  });

  it('is of its own channel alone', async () => {
    const other = await ctx.addChannel({ connector: 'plain', accountRef: 'other' });
    await deliver(ctx, channel, [written(sara, 'Hello')]);
    await deliver(ctx, other, [rawEvent([written(sara, 'Hello there')], { accountRef: 'other' })]);
    const message = await leave(await say(ctx, await only(), { target: target({ channelId: other._id }) }));
    const upTo = new Date(Date.now() + 1000);
    await deliver(ctx, channel, [{ type: 'watermark', state: 'read', sender: sara, upTo }]);
    expect((await stored(ctx, message)).delivery?.state).toBe('sent');
  });
});
