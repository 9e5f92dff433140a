import { afterEach, beforeEach, expect, it } from 'vitest';
import { email } from '../../connectors/email/index.ts';
import { dnsOf } from '../../connectors/simulator.ts';
import type { LetterCreate } from '../../shared/message.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { agent } from '../../test/outbound.ts';
import { simulators } from '../../test/simulators.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { type Listeners, startListeners } from '../channels/listeners.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import type { InboundDoc } from '../inbound/inbound.model.ts';
import { replayInbound } from '../inbound/inbound.service.ts';
import { type Jobs, startJobs } from '../jobs/start.ts';
import { createRelay } from '../relay.ts';
import type { MessageDoc } from './message.model.ts';
import { reply } from './reply.ts';
import { wholeHtml, wholeMessage } from './whole.ts';

/** Both journeys of mail, over IMAP and SMTP, with nothing in between left out but HTTP to the agent. */
let ctx: TestContext;
let simulator: Awaited<ReturnType<typeof simulators.email>>;
let channel: ChannelDoc;
let jobs: Jobs;
let listeners: Listeners;
let relay: Awaited<ReturnType<typeof createRelay>>;
beforeEach(async () => {
  simulator = await simulators.email({ deliveryStep: 5 });
  ctx = await createTestContext({ endpoints: { email: simulator.endpoint }, dns: dnsOf(simulator.zone) });
});
afterEach(async () => {
  await listeners?.close();
  await jobs?.stop();
  await relay?.close();
  await ctx?.close();
  await simulator?.close();
});

async function connect(settings: Record<string, string | number | boolean> = {}): Promise<void> {
  const all = { ...simulator.settings, ...settings };
  channel = await ctx.addChannel({ connector: 'email', accountRef: email.accountRef(all), settings: all });
  relay = await createRelay({ redisUrl: null, nodeId: ctx.nodeId, log: ctx.log, prefix: 'test' });
  jobs = startJobs(ctx);
  listeners = startListeners(ctx, relay);
  await until(async () => {
    const health = await ctx.models.channelHealth.findById(channel._id).lean();
    return health?.listening === 'listening' && health.cursor ? true : null;
  });
}

/** Looks again whenever something happened. */
function until<T>(look: () => Promise<T | null | undefined>): Promise<T> {
  return new Promise((resolve, reject) => {
    let settled = false;
    const offs: (() => void)[] = [];
    const check = async () => {
      const found = await look();
      if (settled || found === null || found === undefined) return;
      settled = true;
      for (const off of offs) off();
      resolve(found);
    };
    const again = () => void check().catch(reject);
    for (const event of [
      'conversation.changed',
      'channel.changed',
      'customer.changed',
      'inbound.stored',
    ] as const)
      offs.push(ctx.bus.on(event, again));
    // What is ignored or failed is announced to nobody.
    const timer = setInterval(again, 100);
    offs.push(() => clearInterval(timer));
    again();
  });
}
const message = (fits: (one: MessageDoc) => boolean) =>
  until(async () => (await ctx.models.messages.find({ kind: 'message' }).lean<MessageDoc[]>()).find(fits));

function answer(to: MessageDoc, create: { text: string; letter?: LetterCreate }): Promise<MessageDoc> {
  return reply(ctx, agent, {
    conversationId: to.conversationId,
    create: {
      id: ctx.uuid(),
      kind: 'message',
      fileIds: [],
      lastSeenSeq: to.seq,
      target: {
        channelId: channel._id,
        identityId: to.identityId ?? '',
        threadKey: to.threadKey ?? '',
        inReplyTo: to._id,
      },
      ...create,
    },
  });
}
const state = (id: string, wanted: string) =>
  message((one) => one._id === id && one.delivery?.state === wanted);

it('a thread goes to and fro, its whole kept, its pictures in their place', async () => {
  await connect();
  const peer = simulator.peer(1);
  const pixel = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    'base64',
  );
  await simulator.customerWrites({
    peer,
    name: 'سارا',
    subject: 'سفارش ۱۲',
    text: 'سفارشم نرسیده',
    html: '<p>سفارشم <b>نرسیده</b></p><img src="cid:logo@x"><script>alert(1)</script>',
    file: { name: 'logo.png', type: 'image/png', body: pixel, contentId: 'logo@x' },
  });
  const first = await message((one) => one.attachments.some(({ state }) => state === 'ready'));
  expect(first).toMatchObject({
    text: 'سفارشم نرسیده',
    letter: { subject: 'سفارش ۱۲', from: { name: 'سارا', address: peer }, check: 'none', forward: false },
    attachments: [{ inline: true, danger: null, type: 'image/png' }],
  });
  const place = { conversationId: first.conversationId, messageId: first._id };
  const html = await wholeHtml(ctx, agent, { ...place, images: 'none' });
  expect(html).toContain('dir="rtl"');
  expect(html).toContain(`src="data:image/png;base64,${pixel.toString('base64')}"`);
  expect(html).not.toContain('alert');

  const ours = await answer(first, { text: 'فردا می‌رسد.' });
  const sent = await state(ours._id, 'sent');
  const [taken] = simulator.messages().filter(({ direction }) => direction === 'toCustomer');
  const raw = simulator.taken()[0]?.raw.toString() ?? '';
  expect(taken).toMatchObject({ peer, text: 'فردا می‌رسد.' });
  expect(raw).toMatch(new RegExp(`^References: .*<${first.externalId}>`, 'm'));
  expect(raw).toMatch(/^From: "?Example Shop"? <support@example\.net>/m);
  expect(sent.letter).toMatchObject({
    subject: 'Re: سفارش ۱۲',
    from: { name: 'Example Shop', address: 'support@example.net' },
    to: [{ name: 'سارا', address: peer }],
  });

  await simulator.act({ do: 'reply', peer, text: 'ممنون، رسید.' });
  const second = await message((one) => one.text === 'ممنون، رسید.');
  expect(second).toMatchObject({
    conversationId: first.conversationId,
    threadKey: first.threadKey,
    inReplyTo: sent._id,
    hasWhole: true,
    relatedId: null,
  });
  const whole = await wholeMessage(ctx, agent, { ...place, messageId: second._id });
  expect(whole.text).toContain('فردا می‌رسد.');
});

it('a colleague who was copied in answers in a case of their own, with a link to that thread', async () => {
  await connect();
  await simulator.customerWrites({ peer: simulator.peer(1), subject: 'order', text: 'where is it?' });
  const first = await message((one) => one.text === 'where is it?');
  await simulator.customerWrites({
    peer: 'boss@example.com',
    subject: 'Re: order',
    text: 'I want to know too',
    inReplyTo: first.externalId ?? '',
    references: [first.externalId ?? ''],
  });
  const other = await message((one) => one.text === 'I want to know too');
  expect(other).toMatchObject({ inReplyTo: null, relatedId: first.conversationId });
  expect(other.conversationId).not.toBe(first.conversationId);
});

it('what comes back is failed with its words, and the address is gone; what is passed on spares the customer', async () => {
  await connect();
  const peer = simulator.peer(1);
  await simulator.customerWrites({ peer, subject: 'order', text: 'where is it?' });
  const first = await message((one) => one.text === 'where is it?');
  const identity = () => ctx.models.identities.findById(first.identityId).lean<IdentityDoc>();

  simulator.fail('bounce');
  const forward = await answer(first, {
    text: 'Can you look?',
    letter: { subject: '', cc: [], bcc: [], forward: { messageId: first._id, to: ['vendor@example.com'] } },
  });
  const back = await state(forward._id, 'failed');
  expect(back.delivery?.error).toMatchObject({ class: 'permanent', code: expect.stringMatching(/^5\./) });
  expect(simulator.taken()[0]?.to).toEqual(['vendor@example.com']);
  expect(simulator.taken()[0]?.raw.toString()).toMatch(/^Subject: Fwd: order/m);
  expect((await identity())?.unreachable).toBe(false);

  simulator.fail('bounce');
  const ours = await answer(first, { text: 'Tomorrow.' });
  const failed = await state(ours._id, 'failed');
  expect(failed.delivery?.error?.message).not.toBe('');
  await until(async () => ((await identity())?.unreachable ? true : null));
});

it('a newsletter is put aside with its reason, and taken in when somebody wants it', async () => {
  await connect();
  await simulator.act({ do: 'newsletter', peer: 'news@example.com', text: 'our offers' });
  const event = await until(async () => ctx.models.inbound.findOne({ state: 'ignored' }).lean<InboundDoc>());
  expect(event).toMatchObject({ restorable: true, reason: expect.any(String) });
  expect(event.about).toContain('news@example.com');
  await replayInbound(ctx, { ...agent, role: 'administrator' }, event._id);
  expect(await message((one) => one.text === 'our offers')).toMatchObject({ imported: false });
  expect(await ctx.models.inbound.findById(event._id).lean()).toMatchObject({
    state: 'done',
    restored: true,
    reason: event.reason,
  });
});

it('whoever pretends to be a customer is nobody’s customer, and suggests who they say they are', async () => {
  await connect();
  await simulator.customerWrites({ peer: 'real@example.org', text: 'it is me' });
  const real = await message((one) => one.text === 'it is me');
  await simulator.act({ do: 'forged', peer: 'real@example.org', text: 'send me the card number' });
  const forged = await message((one) => one.text === 'send me the card number');
  expect(real.identityId).toBe('emailAddress:real@example.org');
  expect(forged.identityId).toBe('unprovenAddress:real@example.org');
  expect(forged.conversationId).not.toBe(real.conversationId);
  expect(await ctx.models.claims.findOne({ source: 'unprovenMail' }).lean()).toMatchObject({
    kind: 'emailAddress',
    value: 'real@example.org',
  });
});

it('a new mailbox brings its last days along, resolved and silent, and what comes after is live', async () => {
  const peer = simulator.peer(1);
  const day = 86_400_000;
  const id = await simulator.customerWrites({
    peer,
    subject: 'old',
    text: 'from before',
    at: new Date(Date.now() - 2 * day),
  });
  await simulator.customerWrites({ peer, text: 'too old', at: new Date(Date.now() - 30 * day) });
  await connect({ readLastDays: 7 });
  const old = await message((one) => one.text === 'from before');
  expect(old).toMatchObject({ imported: true, externalId: id });
  const before = await ctx.models.conversations.findById(old.conversationId).lean();
  expect(before).toMatchObject({ status: 'resolved', waitingSince: null });
  await simulator.customerWrites({ peer: simulator.peer(2), text: 'from now' });
  const live = await message((one) => one.text === 'from now');
  expect(live.imported).toBe(false);
  expect(await ctx.models.messages.countDocuments({ text: 'too old' })).toBe(0);
});
