import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../../connectors/connector.ts';
import type { Viewer } from '../../shared/access.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { plain } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { resolveConversation } from '../conversations/conversation.resolve.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { getCustomer } from '../customers/customer.service.ts';
import { removeIdentity } from '../customers/identity.remove.ts';
import { checkInvariants } from '../db/invariants.ts';
import { key } from '../db/key.ts';
import { workLane } from '../lanes/lane.worker.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { reply } from '../messages/reply.ts';
import { followUp } from './follow-up.ts';
import { type Site, siteOf } from './site.ts';
import { Arrivals } from './throttle.ts';
import { beginVisit } from './visitor.begin.ts';
import { leaveContact } from './visitor.contact.ts';
import { findVisitor } from './visitor.find.ts';
import { sweepVisitors } from './visitor.jobs.ts';
import type { VisitorDoc } from './visitor.model.ts';
import { sayOffline, sayOnline } from './visitor.online.ts';
import { visitorHas } from './visitor.seen.ts';
import { writeAsVisitor } from './visitor.write.ts';

/** Writes to anybody, as a mailbox or an SMS line does. */
const writesTo = (id: string, kind: 'emailAddress' | 'mobile', letters: boolean): Connector => ({
  ...plain,
  manifest: {
    ...plain.manifest,
    id,
    capabilities: { ...plain.manifest.capabilities, canStart: 'anyone', kinds: [kind], letters },
  },
  address: (text) =>
    (kind === 'emailAddress' ? /^\S+@\S+$/ : /^\+\d+$/).test(text)
      ? { kind, value: text.toLowerCase(), display: text }
      : null,
  pieces: ({ text, letter }) => [{ kind: letter ? 'letter' : 'text', text, ...(letter ? { letter } : {}) }],
});

let ctx: TestContext;
let site: Site;
let chat: ChannelDoc;
/** Added to the clock. */
let ahead = 0;
const minutes = 60_000;
const agent: Viewer = { id: 'agent-1', role: 'agent', channelIds: 'all', teamIds: [] };

beforeAll(async () => {
  ctx = await createTestContext({
    connectors: {
      mailbox: writesTo('mailbox', 'emailAddress', true),
      line: writesTo('line', 'mobile', false),
      email: writesTo('email', 'emailAddress', true),
      sms: writesTo('sms', 'mobile', false),
    },
    now: () => new Date(Date.now() + ahead),
  });
  ctx.linkUrl = 'https://desk.example';
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  ahead = 0;
  await ctx.empty();
  chat = await ctx.addChannel({
    connector: 'webchat',
    accountRef: 'example-shop',
    settings: { site: 'example-shop', name: 'Example Shop', followUpAfter: 3 },
  });
  site = await siteOf(ctx, 'example-shop');
  await ctx.models.users.collection.insertOne({
    _id: agent.id as never,
    name: 'Nora',
    email: 'nora@desk.example',
  });
});
afterEach(async () => {
  expect(await checkInvariants(ctx.models)).toEqual([]);
});

async function visitor(language: 'fa' | 'en' = 'en'): Promise<VisitorDoc> {
  const session = await beginVisit(ctx, site, {
    form: { language },
    place: 'here',
    arrivals: new Arrivals(),
  });
  const found = await findVisitor(ctx, site, session.token);
  if (!found) throw new Error('There is no such visitor.');
  await writeAsVisitor(ctx, site, {
    visitor: found,
    form: { id: randomUUID(), text: 'Is it there?', fileIds: [] },
  });
  return found;
}

async function conversationOf(who: VisitorDoc): Promise<ConversationDoc> {
  const message = await ctx.models.messages.findOne({ identityId: who.identityId }).lean<MessageDoc>();
  const found = await ctx.models.conversations.findById(message?.conversationId).lean<ConversationDoc>();
  if (!found) throw new Error('The visitor has no conversation.');
  return found;
}

async function answer(who: VisitorDoc, text: string): Promise<void> {
  const conversation = await conversationOf(who);
  await reply(ctx, agent, {
    conversationId: conversation._id,
    create: {
      id: randomUUID(),
      kind: 'message',
      text,
      fileIds: [],
      lastSeenSeq: conversation.seq,
      target: { channelId: chat._id, identityId: who.identityId, threadKey: 'chat' },
    },
  });
  await workLane(ctx, key(conversation._id, chat._id));
}

const email = { name: 'Sara', email: 'Sara@Example.com', mobile: '' };
const followUps = () =>
  ctx.models.messages.find({ automatic: true }).sort({ at: 1 }).lean<MessageDoc[]>().exec();
const afresh = async (who: VisitorDoc) =>
  (await ctx.models.visitors.findById(who._id).lean<VisitorDoc>()) as VisitorDoc;

async function answeredAndGone(contact = email): Promise<VisitorDoc> {
  const who = await visitor();
  await leaveContact(ctx, who, contact);
  await answer(who, 'It is.');
  await answer(who, 'Shall I keep one?');
  ahead += 4 * minutes;
  return who;
}

describe('what a visitor leaves', () => {
  it('is their customer’s to be written to, suggests who they are, and links nobody', async () => {
    const who = await visitor();
    await leaveContact(ctx, who, { ...email, mobile: '+989121234567' });
    const left = await ctx.models.identities
      .find({ kind: { $in: ['leftAddress', 'leftMobile'] } })
      .sort({ kind: 1 })
      .lean<IdentityDoc[]>();
    expect(left).toMatchObject([
      { kind: 'leftAddress', address: 'sara@example.com' },
      { kind: 'leftMobile', address: '+989121234567' },
    ]);
    expect(await ctx.models.claims.find({}).sort({ kind: 1 }).lean()).toMatchObject([
      { kind: 'emailAddress', value: 'sara@example.com', source: 'webchat' },
      { kind: 'mobile', value: '+989121234567', source: 'webchat' },
    ]);
    expect(await ctx.models.customers.find({}).lean<CustomerDoc[]>()).toMatchObject([{ name: 'Sara' }]);
    await leaveContact(ctx, who, { ...email, mobile: '+989121234567' });
    expect(await ctx.models.identities.countDocuments({})).toBe(3);
    const { identities } = await getCustomer(ctx, agent, left[0]?.customerId ?? '');
    expect(identities.map(({ kind, verified, removable }) => [kind, verified, removable]).sort()).toEqual([
      ['leftAddress', false, true],
      ['leftMobile', false, true],
      ['webVisitor', true, false],
    ]);
    await expect(leaveContact(ctx, who, { ...email, email: 'nonsense' })).rejects.toMatchObject({
      body: { fields: { email: expect.any(String) } },
    });
  });

  it('is a handful of addresses: no robot leaves thousands', async () => {
    const who = await visitor();
    const leave = (n: number) => leaveContact(ctx, who, { ...email, email: `sara${n}@example.com` });
    for (let n = 0; n < 10; n += 1) await leave(n);
    await expect(leave(10)).rejects.toMatchObject({ body: { fields: { email: expect.any(String) } } });
    await leave(3);
    await leaveContact(ctx, who, { name: '', email: '', mobile: '' });
    expect(await ctx.models.identities.countDocuments({ kind: 'leftAddress' })).toBe(10);
  });

  it('before their first word becomes their customer’s with it, also when a server died in between', async () => {
    const session = await beginVisit(ctx, site, {
      form: { language: 'fa' },
      place: 'x',
      arrivals: new Arrivals(),
    });
    const who = (await findVisitor(ctx, site, session.token)) as VisitorDoc;
    await leaveContact(ctx, who, email);
    expect(await ctx.models.identities.countDocuments({})).toBe(0);
    // As a visitor's document read before the contact was left: what it owes is found by the sweep.
    await writeAsVisitor(ctx, site, { visitor: who, form: { id: randomUUID(), text: 'سلام', fileIds: [] } });
    expect((await afresh(who)).contactDue).toBe(true);
    await sweepVisitors(ctx);
    expect((await afresh(who)).contactDue).toBe(false);
    expect(await ctx.models.identities.countDocuments({ kind: 'leftAddress' })).toBe(1);
  });
});

describe('answers that have not arrived', () => {
  it('go together, once, to the address that was left, and say how to have no more', async () => {
    const mail = await ctx.addChannel({ connector: 'mailbox', accountRef: 'desk' });
    const who = await answeredAndGone();
    await Promise.all([followUp(ctx, site, await afresh(who)), followUp(ctx, site, await afresh(who))]);
    await sweepVisitors(ctx);
    const sent = await followUps();
    expect(sent).toMatchObject([
      {
        channelId: mail._id,
        authorId: null,
        delivery: { state: 'queued', pieces: [{ kind: 'letter' }] },
        letter: {
          subject: 'An answer to your chat with Example Shop',
          to: [{ address: 'sara@example.com' }],
        },
      },
    ]);
    const { stopCode } = await afresh(who);
    expect(sent[0]?.text).toMatch(/Nora: It is\.\n\nNora: Shall I keep one\?/);
    expect(sent[0]?.text).toContain(
      `https://desk.example/chat/example-shop/stop/${who.visitorId}.${stopCode}`,
    );
    const lines = await ctx.models.messages.find({ 'event.type': 'followedUp' }).lean<MessageDoc[]>();
    expect(lines).toMatchObject([{ event: { data: { messageId: sent[0]?._id, channelId: mail._id } } }]);
  });

  it('offer no way to stop them where nobody could open it', async () => {
    await ctx.addChannel({ connector: 'mailbox', accountRef: 'desk' });
    const who = await answeredAndGone();
    const { linkUrl } = ctx;
    ctx.linkUrl = null;
    try {
      await followUp(ctx, site, await afresh(who));
    } finally {
      ctx.linkUrl = linkUrl ?? null;
    }
    const [sent] = await followUps();
    expect(sent?.text).toMatch(/Nora: It is/);
    expect(sent?.text).not.toContain('/stop/');
  });

  it('never go to an address that is taken away at that moment', async () => {
    await ctx.addChannel({ connector: 'mailbox', accountRef: 'desk' });
    const who = await answeredAndGone();
    const left = await ctx.models.identities.findOne({ kind: 'leftAddress' }).lean<IdentityDoc>();
    const [gone, sent] = await Promise.allSettled([
      removeIdentity(ctx, agent, { customerId: left?.customerId ?? '', identityId: left?._id ?? '' }),
      followUp(ctx, site, await afresh(who)),
    ]);
    expect(sent.status).toBe('fulfilled');
    expect(await followUps()).toHaveLength(gone.status === 'fulfilled' ? 0 : 1);
    expect(await ctx.models.identities.countDocuments({ kind: 'leftAddress' })).toBe(
      gone.status === 'fulfilled' ? 0 : 1,
    );
  });

  it('are nobody’s news in the chat itself', async () => {
    await ctx.addChannel({ connector: 'mailbox', accountRef: 'desk' });
    const who = await answeredAndGone();
    const before = await ctx.models.identities.findById(who.identityId).lean<IdentityDoc>();
    await followUp(ctx, site, await afresh(who));
    expect((await ctx.models.identities.findById(who.identityId).lean<IdentityDoc>())?.visitorSeq).toBe(
      before?.visitorSeq,
    );
  });

  it('go by SMS when no letter can, and wait while nothing can', async () => {
    const who = await answeredAndGone({ ...email, mobile: '+989121234567' });
    expect(await followUp(ctx, site, await afresh(who))).toBeNull();
    const line = await ctx.addChannel({ connector: 'line', accountRef: 'line' });
    expect(await followUp(ctx, site, await afresh(who))).not.toBeNull();
    expect(await followUps()).toMatchObject([{ channelId: line._id, letter: null }]);
  });

  it.each<[string, (who: VisitorDoc) => Promise<unknown>]>([
    ['while they are there', (who) => sayOnline(ctx, who)],
    [
      'that did arrive',
      (who) => visitorHas(ctx, { ...who, channelId: chat._id }, { seq: 99, state: 'delivered' }),
    ],
    [
      'to somebody who wants none',
      (who) => ctx.models.visitors.updateOne({ _id: who._id }, { noFollowUp: true }),
    ],
    [
      'to somebody who is blocked',
      (who) => ctx.models.identities.updateOne({ _id: who.identityId }, { blocked: true }),
    ],
    [
      'to an address that cannot be reached',
      () => ctx.models.identities.updateMany({ kind: 'leftAddress' }, { unreachable: true }),
    ],
    [
      'before their time',
      async () => {
        ahead -= 2 * minutes;
      },
    ],
  ])('are not sent %s', async (_why, given) => {
    await ctx.addChannel({ connector: 'mailbox', accountRef: 'desk' });
    const who = await answeredAndGone();
    await given(who);
    expect(await followUp(ctx, site, await afresh(who))).toBeNull();
    expect(await followUps()).toEqual([]);
  });

  it('later ones go when the visitor was back in between, or a day has passed', async () => {
    await ctx.addChannel({ connector: 'mailbox', accountRef: 'desk' });
    const who = await answeredAndGone();
    await followUp(ctx, site, await afresh(who));
    await answer(who, 'One more thing.');
    ahead += 10 * minutes;
    expect(await followUp(ctx, site, await afresh(who))).toBeNull();

    await sayOnline(ctx, who);
    await sayOffline(ctx, who);
    ahead += minutes;
    expect(await followUp(ctx, site, await afresh(who))).not.toBeNull();
    await answer(who, 'And another.');
    ahead += 25 * 60 * minutes;
    expect(await followUp(ctx, site, await afresh(who))).not.toBeNull();
    const texts = (await followUps()).map(({ text }) => text);
    expect(texts).toHaveLength(3);
    expect(texts[1]).toMatch(/One more thing/);
    expect(texts[1]).not.toMatch(/It is\./);
    expect(texts[2]).not.toMatch(/One more thing/);
  });

  it('go although the case is resolved, which they leave resolved', async () => {
    await ctx.addChannel({ connector: 'mailbox', accountRef: 'desk' });
    const who = await answeredAndGone();
    const { _id } = await conversationOf(who);
    await resolveConversation(ctx, agent, { conversationId: _id });
    expect(await followUp(ctx, site, await afresh(who))).not.toBeNull();
    expect(await conversationOf(who)).toMatchObject({ status: 'resolved' });
  });

  it('go to the address that the site proved, where it did', async () => {
    await ctx.addChannel({ connector: 'mailbox', accountRef: 'desk' });
    const who = await answeredAndGone();
    const customer = (await conversationOf(who)).customerId;
    const left = await ctx.models.identities.findOne({ kind: 'leftAddress' }).lean<IdentityDoc>();
    await ctx.models.identities.collection.insertOne({
      ...left,
      _id: 'emailAddress:sara@example.com' as never,
      kind: 'emailAddress',
      value: 'sara@example.com',
      address: null,
      customerId: customer,
    });
    await followUp(ctx, site, await afresh(who));
    expect(await followUps()).toMatchObject([{ identityId: 'emailAddress:sara@example.com' }]);
  });
});
