import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { InboundEvent } from '../../connectors/connector.ts';
import type { Viewer } from '../../shared/access.ts';
import { advocateOf, settled } from '../../test/advocates.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { commented, mentioned, person, plain, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { putConsent } from '../customers/consent.ts';
import { mergeByAgent } from '../customers/customer.merge.ts';
import type { IdentityDoc, LinkDoc } from '../customers/customer.model.ts';
import { unmergeByAgent } from '../customers/customer.unmerge.ts';
import { key } from '../db/key.ts';
import { teachAway } from '../listening/hit.teach.ts';
import { bringAsked } from '../listening/mention.bring.ts';
import type { MentionDoc } from '../listening/mention.model.ts';
import { createSearch } from '../listening/saved.service.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { putRecord } from '../records/record.service.ts';
import { correctSentiment } from '../sentiment/correct.ts';
import { getAdvocate, listEvidence } from './advocate.detail.ts';
import type { EvidenceDoc } from './advocate.model.ts';
import { usualSettings } from './advocate.settings.ts';
import { updateAdvocate } from './advocate.update.ts';
import { makeReferralCode } from './referral.ts';
import { askTestimonial } from './testimonial.service.ts';

const admin: Viewer = { id: 'user-1', role: 'administrator', channelIds: 'all', teamIds: [] };
const dayMs = 86_400_000;
const sara = person('sara', { name: 'Sara Example', reach: 400 });
const omid = person('omid', { name: 'Omid Example' });
const post = { externalId: 'post-1', text: 'Our new kettle', author: { handle: 'shop', ours: true } };

let ctx: TestContext;
let channel: ChannelDoc;
let ahead = 0;

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain }, now: () => new Date(Date.now() + ahead) });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  ahead = 0;
  channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});

const customerOf = async (value: string) =>
  (await ctx.models.identities.findById(`telegramUser:${value}`).lean<IdentityDoc>())?.customerId ?? '';
const messageOf = async (text: string) => {
  const message = await ctx.models.messages.findOne({ text }).lean<MessageDoc>();
  if (!message) throw new Error(`Nobody said “${text}”.`);
  return message;
};
/** A person's word for how it was said, so that no model decides a test. */
async function felt(text: string, label: 'positive' | 'neutral' | 'negative'): Promise<MessageDoc> {
  const { _id, conversationId } = await messageOf(text);
  return correctSentiment(ctx, admin, { conversationId, messageId: _id, label });
}
const evidence = () => ctx.models.evidence.find({}).sort({ _id: 1 }).lean<EvidenceDoc[]>();
const partsHeard = async () =>
  (await evidence()).map(({ part, customerId }) => `${customerId} ${part}`).sort();

describe('what somebody says', () => {
  it('counts, with its sentence, until they take it back', async () => {
    const text = 'Hello. I recommend this kettle to anyone.';
    await deliver(ctx, channel, [written(sara, text, { externalIds: ['m1'] })]);
    await felt(text, 'positive');
    await settled(ctx);
    const id = await customerOf('sara');
    expect(await partsHeard()).toEqual([`${id} praise`, `${id} recommendation`]);
    const { advocate, breakdown, evidence: page } = await getAdvocate(ctx, admin, id);
    expect(advocate).toMatchObject({
      stage: 'discovered',
      name: 'Sara Example',
      // Told with what she wrote in private.
      reach: 400,
      consent: 'unknown',
    });
    expect(page.evidence.map(({ part, excerpt }) => [part, excerpt])).toContainEqual([
      'recommendation',
      'I recommend this kettle to anyone.',
    ]);
    // Every point of the score is of a part, and every point of a part of its evidence.
    const sum = (points: number[]) => points.reduce((all, one) => all + one, 0);
    expect(sum(breakdown.map(({ points }) => points))).toBeCloseTo(advocate.score, 0);
    for (const part of ['praise', 'recommendation', 'recency'] as const) {
      const { evidence: some } = await listEvidence(ctx, admin, {
        customerId: id,
        part,
        after: null,
        limit: 50,
      });
      expect(sum(some.map(({ points }) => points))).toBeCloseTo(advocate.parts[part], 1);
    }

    await felt(text, 'negative');
    await settled(ctx);
    expect(await partsHeard()).toEqual([`${id} criticism`]);
    await deliver(ctx, channel, [{ type: 'delete', externalId: 'm1', at: ctx.now() }]);
    await settled(ctx);
    expect(await partsHeard()).toEqual([]);
    // What is left is before how many she would speak.
    const left = (await advocateOf(ctx, id))?.parts;
    expect(Object.entries(left ?? {}).filter(([, points]) => points > 0)).toEqual([
      ['reach', expect.any(Number)],
    ]);
  });

  it('is not heard of spam, and is again when it is none', async () => {
    await deliver(ctx, channel, [written(sara, 'I recommend it to everyone')]);
    await settled(ctx);
    const id = await customerOf('sara');
    expect((await advocateOf(ctx, id))?.parts.recommendation).toBeGreaterThan(0);
    const spam = (status: string) =>
      ctx.models.conversations.updateOne({ customerId: id }, { $set: { status: status as never } });
    const drawer = async () =>
      (await listEvidence(ctx, admin, { customerId: id, part: null, after: null, limit: 9 })).evidence.length;
    expect(await drawer()).toBeGreaterThan(0);
    await spam('spam');
    ahead = dayMs;
    await settled(ctx);
    expect((await advocateOf(ctx, id))?.parts.recommendation).toBe(0);
    expect(await drawer()).toBe(0);
    await spam('open');
    ahead = 2 * dayMs;
    await settled(ctx);
    expect((await advocateOf(ctx, id))?.parts.recommendation).toBeGreaterThan(0);
  });
});

describe('help', () => {
  const asked = commented(omid, 'How do I reset it?', post, { externalIds: ['q'] });
  const answered = commented(sara, 'Hold the button for five seconds', post, {
    externalIds: ['a'],
    inReplyTo: 'q',
  });
  const thanked = commented(omid, 'Thank you, it worked!', post, { externalIds: ['t'], inReplyTo: 'a' });

  it.each([
    ['in order', [asked, answered, thanked]],
    ['the answer first', [answered, asked, thanked]],
    ['the thanks first', [thanked, answered, asked]],
  ])('is an answer to what another asked in public, and thanks double it: %s', async (_order, events) => {
    for (const event of events) {
      await deliver(ctx, channel, [event]);
      await settled(ctx);
    }
    const help = (await evidence()).filter(({ part }) => part === 'help');
    expect(help).toMatchObject([{ customerId: await customerOf('sara'), weight: 2, public: true }]);
  });

  it.each([
    ['in order', [0, 1, 2]],
    ['the thanks first', [2, 1, 0]],
  ])('is what somebody thanked for, however they had put what they lacked: %s', async (_order, order) => {
    const said = [
      commented(omid, 'سفارشم سه روزه نرسیده', post, { externalIds: ['q'] }),
      commented(sara, 'از صفحهٔ سفارش‌ها دکمهٔ پیگیری را بزنید تا زمان تحویل را بگوید', post, {
        externalIds: ['a'],
        inReplyTo: 'q',
      }),
      commented(omid, 'مرسی درست شد', post, { externalIds: ['t'], inReplyTo: 'a' }),
    ];
    for (const n of order) {
      await deliver(ctx, channel, said.slice(n, n + 1));
      await settled(ctx);
    }
    const help = (await evidence()).filter(({ part }) => part === 'help');
    expect(help).toMatchObject([{ customerId: await customerOf('sara'), weight: 2 }]);
  });

  it('is none to oneself, to us, or in answer to no question', async () => {
    await deliver(ctx, channel, [
      commented(omid, 'How do I reset it?', post, { externalIds: ['q1'] }),
      commented(omid, 'I found it out by myself now', post, { inReplyTo: 'q1' }),
      commented(sara, 'I have this kettle at home', post, { externalIds: ['q2'] }),
      commented(omid, 'So have I, since last year', post, { inReplyTo: 'q2' }),
    ]);
    await settled(ctx);
    expect((await evidence()).filter(({ part }) => part === 'help')).toEqual([]);
  });
});

describe('purchases and referrals', () => {
  const put = (customerId: string, externalId: string, more: object = {}) =>
    putRecord(ctx, {
      customerId,
      kind: 'purchase',
      externalId,
      source: { by: 'api', id: 'k' },
      put: {
        at: ctx.now().toISOString(),
        title: `Order ${externalId}`,
        amount: 9_000_000,
        currency: 'IRR',
        items: [],
        status: 'done',
        statusText: '',
        note: '',
        referralCode: '',
        ...more,
      },
    });

  it('a purchase that names a code is measured to whose it is, however it is spelled, and no longer when it is returned', async () => {
    await deliver(ctx, channel, [written(sara, 'hello'), written(omid, 'hello')]);
    const [one, other] = [await customerOf('sara'), await customerOf('omid')];
    const { code } = await makeReferralCode(ctx, admin, one);
    expect((await makeReferralCode(ctx, admin, one)).code).toBe(code);
    const spelled = ` ${code.slice(0, 3).toLowerCase()}-${code.slice(3).toLowerCase()} `;
    await put(other, 'A1', { referralCode: spelled });
    await put(one, 'A2', { referralCode: code });
    await settled(ctx);
    const doc = await advocateOf(ctx, one);
    expect(doc).toMatchObject({
      referralCode: code,
      referred: { purchases: 1, revenue: [{ amount: 9_000_000, currency: 'IRR' }] },
      sums: { referrals: 2, purchases: 2 },
    });
    const { evidence: brought } = await listEvidence(ctx, admin, {
      customerId: one,
      part: 'referrals',
      after: null,
      limit: 10,
    });
    expect(brought).toMatchObject([{ source: 'referral', excerpt: code, points: doc?.parts.referrals }]);
    await put(other, 'A1', { referralCode: spelled, status: 'returned' });
    await settled(ctx);
    expect(await advocateOf(ctx, one)).toMatchObject({ referred: { purchases: 0, revenue: [] } });
  });
});

describe('two who are one', () => {
  it('have one score and one place; taken apart, each has their own again', async () => {
    await deliver(ctx, channel, [
      written(sara, 'I recommend it to everyone'),
      written(omid, 'You should buy it'),
    ]);
    await settled(ctx);
    const [one, other] = [await customerOf('sara'), await customerOf('omid')];
    const before = await advocateOf(ctx, other);
    await updateAdvocate(ctx, admin, {
      customerId: other,
      update: { version: before?.version ?? 0, stage: 'engaged' },
    });
    await mergeByAgent(ctx, admin, { intoId: one, otherId: other, reason: 'one person', winners: {} });
    await settled(ctx);
    expect((await advocateOf(ctx, one))?.sums.recommendation).toBe(2);
    expect(await advocateOf(ctx, other)).toMatchObject({ gone: true, listed: false, stage: 'engaged' });
    await deliver(ctx, channel, [written(omid, 'As I said: I recommend it to anyone')]);
    await settled(ctx);
    expect((await advocateOf(ctx, one))?.sums.recommendation).toBe(3);

    const [link] = await ctx.models.links.find({}).lean<LinkDoc[]>();
    await unmergeByAgent(ctx, admin, { customerId: one, linkId: link?._id ?? '' });
    await settled(ctx);
    expect(await advocateOf(ctx, one)).toMatchObject({ sums: { recommendation: 1 } });
    expect(await advocateOf(ctx, other)).toMatchObject({
      gone: false,
      listed: true,
      stage: 'engaged',
      sums: { recommendation: 2 },
    });
  });
});

describe('silence', () => {
  it('lets a score fall day by day, makes who was engaged dormant, and a word brings them back', async () => {
    await deliver(ctx, channel, [written(sara, 'I recommend it to everyone')]);
    await settled(ctx);
    const id = await customerOf('sara');
    const first = await advocateOf(ctx, id);
    await updateAdvocate(ctx, admin, {
      customerId: id,
      update: { version: first?.version ?? 0, stage: 'engaged' },
    });
    ahead = 45 * dayMs;
    await settled(ctx);
    const later = await advocateOf(ctx, id);
    expect(later).toMatchObject({ stage: 'engaged', parts: { recency: 50 } });
    expect(later?.score).toBeLessThan(first?.score ?? 0);
    expect(later?.change).toBeLessThan(0);
    expect(later?.trend[29]).toBe(later?.score);
    expect(later?.trend[0]).toBeGreaterThan(later?.score ?? 0);
    ahead = 61 * dayMs;
    await settled(ctx);
    expect(await advocateOf(ctx, id)).toMatchObject({ stage: 'dormant', dormantFrom: 'engaged' });
    await deliver(ctx, channel, [written(sara, 'I still recommend it to everyone', { at: ctx.now() })]);
    await settled(ctx);
    expect(await advocateOf(ctx, id)).toMatchObject({ stage: 'engaged', dormantFrom: null });
  });
});

it('who took back every consent is locked', async () => {
  await deliver(ctx, channel, [written(sara, 'I recommend it to everyone')]);
  const id = await customerOf('sara');
  await putConsent(ctx, admin, {
    id,
    kind: 'telegramUser',
    put: { state: 'withdrawn', source: 'told', evidence: '', messageId: null },
  });
  await settled(ctx);
  expect((await advocateOf(ctx, id))?.optedOut).toBe(true);
});

describe('a detractor with reach', () => {
  const loud = person('loud', { name: 'Loud Example', reach: 90_000 });

  it('is the support team’s, at once and once a day', async () => {
    await ctx.models.teams.insertMany([
      { _id: 'support', name: 'Support', archived: false, touched: 0, createdAt: new Date() } as never,
    ]);
    await ctx.models.advocateSettings.updateOne(
      { _id: 'settings' },
      { $set: { ...usualSettings, supportTeamId: 'support' } },
      { upsert: true },
    );
    const told: string[] = [];
    const stop = ctx.bus.on('detractor.spoke', ({ id }) => told.push(id));
    await deliver(ctx, channel, [
      commented(loud, 'This kettle broke', post),
      commented(sara, 'Mine broke too', post),
    ]);
    await felt('This kettle broke', 'negative');
    await felt('Mine broke too', 'negative');
    await settled(ctx);
    const conversation = async (value: string) =>
      ctx.models.conversations.findOne({ customerId: await customerOf(value) }).lean<ConversationDoc>();
    expect(await conversation('loud')).toMatchObject({ priority: 'urgent', teamId: 'support' });
    expect(await conversation('sara')).toMatchObject({ priority: 'normal', teamId: null });
    await ctx.models.conversations.updateMany({}, { $set: { priority: 'normal' } });
    await deliver(ctx, channel, [commented(loud, 'And the lid as well', post)]);
    await felt('And the lid as well', 'negative');
    await settled(ctx);
    expect(await conversation('loud')).toMatchObject({ priority: 'normal' });
    expect(told).toHaveLength(1);
    stop();
    expect((await advocateOf(ctx, await customerOf('loud')))?.kinds).toEqual(['influencer', 'detractor']);
  });

  it('is none in a group to which one is invited: it was not said aloud, though help given there is help', async () => {
    const group = { externalId: 'group', text: 'Buyers', closed: true as const };
    await deliver(ctx, channel, [
      commented(loud, 'This kettle broke', group),
      commented(omid, 'How do I reset it?', group, { externalIds: ['q'] }),
      commented(sara, 'Hold the button for five seconds', group, { inReplyTo: 'q' }),
      mentioned(sara, 'You should buy their kettle', { kind: 'comment', post: group }),
    ]);
    await felt('This kettle broke', 'negative');
    await settled(ctx);
    expect(await ctx.models.detractors.countDocuments({})).toBe(0);
    expect(await ctx.models.conversations.countDocuments({ priority: 'urgent' })).toBe(0);
    expect((await evidence()).map(({ part, weight, public: open }) => [part, weight, open]).sort()).toEqual([
      ['criticism', 1, false],
      ['help', 1, false],
      ['recommendation', 1, false],
    ]);
    expect((await advocateOf(ctx, await customerOf('loud')))?.kinds).toEqual(['influencer']);
  });
});

describe('what somebody says of us to others', () => {
  const mention = (by: ReturnType<typeof person>, text: string, more: object = {}): InboundEvent => ({
    type: 'mention',
    kind: 'post',
    externalId: `mention-${text}`,
    author: by,
    text,
    at: ctx.now(),
    attachments: [],
    threadKey: `post:mention-${text}`,
    ...more,
  });

  it('is theirs from the moment that they are a customer, and a stranger’s before', async () => {
    await deliver(ctx, channel, [mention(sara, 'You should buy their kettle')]);
    await settled(ctx);
    expect(await evidence()).toMatchObject([
      { customerId: null, authorId: 'telegramUser:sara', part: 'recommendation', source: 'mention' },
    ]);
    expect(await ctx.models.advocates.countDocuments({})).toBe(0);
    await deliver(ctx, channel, [written(sara, 'hello')]);
    await settled(ctx);
    await settled(ctx);
    const id = await customerOf('sara');
    // It came along with what they said to us.
    expect(await evidence()).toMatchObject([
      {
        customerId: id,
        part: 'recommendation',
        source: 'message',
        public: true,
        conversationId: (await messageOf('hello')).conversationId,
      },
    ]);
    expect(await advocateOf(ctx, id)).toMatchObject({ reach: 400, authorIds: ['telegramUser:sara'] });
    await deliver(ctx, channel, [
      { type: 'delete', externalId: 'mention-You should buy their kettle', at: ctx.now() },
    ]);
    await settled(ctx);
    expect(await evidence()).toEqual([]);
  });

  it('counts for nothing where it was taught away, or only a competitor was searched for', async () => {
    const search = (kind: 'brand' | 'competitor', term: string) =>
      createSearch(ctx, admin, {
        name: term,
        kind,
        terms: [term],
        exclude: [],
        excludeAuthors: [],
        channelIds: 'all',
        alert: false,
      });
    await search('competitor', 'zarrin');
    await search('brand', 'yekta');
    await deliver(ctx, channel, [
      written(sara, 'hello', { at: new Date(Date.now() - dayMs) }),
      mention(sara, 'You should buy zarrin'),
      mention(sara, 'You should buy yekta'),
      mention(sara, 'You should buy yekta and zarrin'),
    ]);
    await settled(ctx);
    await settled(ctx);
    const heard = async () => (await evidence()).map(({ excerpt }) => excerpt).sort();
    expect(await heard()).toEqual(['You should buy yekta', 'You should buy yekta and zarrin']);
    const found = await ctx.models.mentions.findOne({ text: 'You should buy yekta' }).lean();
    await teachAway(ctx, admin, { id: found?._id ?? '', searchId: null });
    await settled(ctx);
    expect(await heard()).toEqual(['You should buy yekta and zarrin']);
    // Come along with what they say to us, it counts as a message; and is taught away as before.
    await deliver(ctx, channel, [written(sara, 'hello', { at: ctx.now() })]);
    await settled(ctx);
    await settled(ctx);
    expect(await evidence()).toMatchObject([
      { source: 'message', excerpt: 'You should buy yekta and zarrin', part: 'recommendation' },
    ]);
    const came = await ctx.models.mentions.findOne({ text: 'You should buy yekta and zarrin' }).lean();
    await teachAway(ctx, admin, { id: came?._id ?? '', searchId: null });
    await settled(ctx);
    expect(await heard()).toEqual([]);
  });

  const loud = person('far', { name: 'Far Example', reach: 70_000 });
  const negative = {
    label: 'negative',
    by: 'agent',
    score: -1,
    confidence: 1,
    language: 'en',
    about: [],
    words: [],
    byUserId: 'u',
  };
  const angrily = () => ctx.models.mentions.updateMany({}, { $set: { sentiment: negative as never } });
  const support = async () => {
    await ctx.models.teams.insertMany([
      { _id: 'support', name: 'Support', archived: false, touched: 0, createdAt: new Date() } as never,
    ]);
    await ctx.models.advocateSettings.updateOne(
      { _id: 'settings' },
      { $set: { ...usualSettings, supportTeamId: 'support' } },
      { upsert: true },
    );
  };

  it('by somebody with reach who speaks against us is an urgent conversation of the support team’s, once a day', async () => {
    await support();
    const told: string[] = [];
    const stop = ctx.bus.on('detractor.spoke', ({ id }) => told.push(id));
    await deliver(ctx, channel, [
      mention(loud, 'They opened at nine', { at: new Date(Date.now() - 60_000) }),
      mention(loud, 'Their kettle is awful', { at: new Date(Date.now() - 30_000) }),
      mention(loud, 'And so is their service', { at: ctx.now() }),
      mention(sara, 'Mine as well', { at: ctx.now() }),
    ]);
    await angrily();
    await ctx.models.mentions.updateOne({ text: 'They opened at nine' }, { $set: { sentiment: null } });
    await settled(ctx);
    await settled(ctx);
    expect(told).toHaveLength(1);
    const conversations = await ctx.models.conversations.find({}).lean<ConversationDoc[]>();
    expect(conversations).toMatchObject([
      { status: 'open', priority: 'urgent', teamId: 'support', customerId: await customerOf('far') },
    ]);
    const messages = await ctx.models.messages.find({}).sort({ at: 1, seq: 1 }).lean<MessageDoc[]>();
    expect(messages.map(({ text, imported, event }) => event?.type ?? [text, imported])).toEqual(
      expect.arrayContaining([
        ['They opened at nine', true],
        ['Their kettle is awful', true],
        ['And so is their service', false],
        'prioritised',
        'teamed',
        'mentionsCame',
      ]),
    );
    expect(await ctx.models.detractors.find({}).lean()).toMatchObject([
      {
        authorId: 'telegramUser:far',
        source: 'mention',
        reach: 70_000,
        conversationId: conversations[0]?._id,
      },
    ]);
    // Heard again, and again: nothing more comes of it.
    await ctx.models.mentions.updateMany({}, { $addToSet: { todo: 'advocate' } });
    await ctx.models.messages.updateMany({ direction: 'in' }, { $addToSet: { todo: 'advocate' } });
    await settled(ctx);
    stop();
    expect(told).toHaveLength(1);
    expect(await ctx.models.messages.countDocuments({ 'event.type': 'prioritised' })).toBe(1);
  });

  it('raises the alarm also where a server died in the midst of it, and where an earlier word raised none', async () => {
    await support();
    await deliver(ctx, channel, [mention(loud, 'Their kettle is awful')]);
    await angrily();
    const said = await ctx.models.mentions.findOne({}).lean<MentionDoc>();
    // It was brought, and then the server was gone; and of an earlier word that nothing came of, there is a trace.
    await bringAsked(ctx, said as MentionDoc, null);
    await ctx.models.detractors.insertMany([
      {
        _id: key('telegramUser:far', new Date().toISOString().slice(0, 10)),
        authorId: 'telegramUser:far',
        source: 'mention',
        sourceId: 'gone',
        channelId: channel._id,
        conversationId: null,
        reach: 70_000,
        at: ctx.now(),
      },
    ]);
    await settled(ctx);
    expect(await ctx.models.conversations.find({}).lean()).toMatchObject([
      { priority: 'urgent', teamId: 'support' },
    ]);
    expect(await ctx.models.detractors.find({}).lean()).toMatchObject([{ source: 'message' }]);
  });

  it('taken back, or of somebody blocked, raises nothing, and what they then say to us does', async () => {
    await support();
    await deliver(ctx, channel, [mention(loud, 'Their kettle is awful', { externalId: 'gone' })]);
    await angrily();
    await deliver(ctx, channel, [{ type: 'delete', externalId: 'gone', at: ctx.now() }]);
    await settled(ctx);
    expect(await ctx.models.detractors.countDocuments({})).toBe(0);
    expect(await ctx.models.conversations.countDocuments({})).toBe(0);
    await deliver(ctx, channel, [commented(loud, 'This kettle broke', post)]);
    await felt('This kettle broke', 'negative');
    await settled(ctx);
    expect(await ctx.models.conversations.find({}).lean()).toMatchObject([
      { priority: 'urgent', teamId: 'support' },
    ]);
    await ctx.models.identities.updateOne({ _id: 'telegramUser:far' }, { $set: { blocked: true } as never });
    ahead = dayMs;
    await deliver(ctx, channel, [mention(loud, 'Awful, awful')]);
    await angrily();
    await settled(ctx);
    expect(await ctx.models.detractors.countDocuments({})).toBe(1);
  });
});

it('nobody is asked to be quoted by a link that leads nowhere', async () => {
  await deliver(ctx, channel, [written(sara, 'I recommend it to everyone')]);
  await settled(ctx);
  const ask = {
    customerId: await customerOf('sara'),
    sourceId: (await messageOf('I recommend it to everyone'))._id,
    text: 'May we quote you? {link}',
  };
  await expect(askTestimonial(ctx, admin, ask)).rejects.toMatchObject({ body: { reason: 'noPublicUrl' } });
  expect(await ctx.models.testimonials.countDocuments({})).toBe(0);
});
