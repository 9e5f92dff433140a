import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { InboundEvent, InboundPost } from '../../connectors/connector.ts';
import type { Viewer } from '../../shared/access.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver, drain } from '../../test/intake.ts';
import { commented, mentioned, person, plain, rawEvent, written } from '../../test/provider.ts';
import { seeded, shuffled } from '../../test/random.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { checkInvariants } from '../db/invariants.ts';
import { key } from '../db/key.ts';
import { storeEvents } from '../inbound/inbound.store.ts';
import { processEvent } from '../inbound/inbound.worker.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { listPosts } from './post.service.ts';
import { postThread } from './post.thread.ts';

let ctx: TestContext;
let channel: ChannelDoc;
const sara = person('1001', { name: 'Sara Example', reach: 12, url: 'https://social.example/sara' });
const reza = person('1002', { name: 'Reza Example' });
const everyone: Viewer = { id: 'agent-1', role: 'agent', channelIds: 'all', teamIds: [] };
const nobody: Viewer = { ...everyone, channelIds: ['another'] };
const launch: InboundPost = {
  externalId: 'p1',
  author: { handle: 'shop', name: 'The shop', ours: true },
  text: 'Our new lamp is here.',
  url: 'https://social.example/p1',
  at: new Date('2026-03-01T08:00:00Z'),
};
const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 9, minute));

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain } });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});
afterEach(async () => {
  expect(await checkInvariants(ctx.models)).toEqual([]);
});

const postId = (externalId = 'p1') => key(channel._id, externalId);
const thread = (viewer = everyone, before: string | null = null, limit = 50) =>
  postThread(ctx, viewer, { id: postId(), before, limit });
const refusal = (deed: Promise<unknown>) =>
  deed.then(
    () => null,
    (error: { code?: string }) => error.code,
  );

describe('a public post', () => {
  it('is one, and each customer keeps their own conversation under it', async () => {
    await deliver(ctx, channel, [
      commented(sara, 'What does it cost?', launch, { externalIds: ['c1'], at: at(1) }),
      commented(reza, '49 at the shop.', launch, { externalIds: ['c2'], inReplyTo: 'c1', at: at(2) }),
      commented(sara, 'Thank you!', launch, { externalIds: ['c3'], inReplyTo: 'c2', at: at(3) }),
      written(sara, 'Is my order on its way?', { at: at(4) }),
    ]);
    expect(await ctx.models.posts.countDocuments({})).toBe(1);
    const conversations = await ctx.models.conversations.find({}).lean();
    expect(conversations).toHaveLength(2);
    const saras = await ctx.models.messages
      .find({ identityId: key('telegramUser', '1001'), kind: 'message' })
      .sort({ at: 1 })
      .lean<MessageDoc[]>();
    expect(new Set(saras.map((message) => message.conversationId)).size).toBe(1);
    expect(saras.map(({ visibility, postId }) => [visibility, postId ?? null])).toEqual([
      ['public', postId()],
      ['public', postId()],
      ['private', null],
    ]);
    // What another customer said is no conversation of hers to be linked.
    expect(saras.map((message) => message.relatedId)).toEqual([null, null, null]);

    const { post, entries } = await thread();
    expect(post).toMatchObject({
      text: 'Our new lamp is here.',
      author: { handle: 'shop', ours: true },
      url: 'https://social.example/p1',
      at: '2026-03-01T08:00:00.000Z',
      entries: 3,
      people: 2,
      lastAt: at(3).toISOString(),
    });
    expect(entries.map(({ text }) => text)).toEqual(['What does it cost?', '49 at the shop.', 'Thank you!']);
    expect(entries.map(({ inReplyTo }) => inReplyTo)).toEqual([null, entries[0]?.id, entries[1]?.id]);
    expect(entries[0]).toMatchObject({
      kind: 'message',
      author: { id: 'telegramUser:1001', handle: '@1001', name: 'Sara Example', ours: false },
      conversationId: saras[0]?.conversationId,
    });
    const author = await ctx.models.authors.findById('telegramUser:1001').lean();
    expect(author).toMatchObject({ reach: 12, url: 'https://social.example/sara' });
  });

  it('is for whoever may use its channel; of conversations they may not see there is no word', async () => {
    await deliver(ctx, channel, [commented(sara, 'Hello', launch)]);
    expect(await refusal(thread(nobody))).toBe('notFound');
    expect(await listPosts(ctx, nobody, [postId()])).toEqual([]);
    expect(await listPosts(ctx, everyone, [postId(), 'x:none'])).toMatchObject([
      { id: postId(), entries: 1 },
    ]);

    const own: Viewer = { ...everyone, channelIds: [channel._id] };
    await ctx.models.conversations.updateMany({}, { $set: { channelIds: ['another'] } });
    const { entries } = await thread(own);
    expect(entries).toMatchObject([{ text: 'Hello', conversationId: null, customerId: null }]);
    await ctx.models.conversations.updateMany({}, { $set: { channelIds: [channel._id] } });
  });

  it('is read in pages, the newest first', async () => {
    await deliver(
      ctx,
      channel,
      Array.from({ length: 7 }, (_, n) => commented(n % 2 ? sara : reza, `word ${n}`, launch, { at: at(n) })),
    );
    const last = await thread(everyone, null, 3);
    expect(last.entries.map(({ text }) => text)).toEqual(['word 4', 'word 5', 'word 6']);
    const middle = await thread(everyone, last.before, 3);
    expect(middle.entries.map(({ text }) => text)).toEqual(['word 1', 'word 2', 'word 3']);
    const first = await thread(everyone, middle.before, 3);
    expect(first.entries.map(({ text }) => text)).toEqual(['word 0']);
    expect(first.before).toBeNull();
    expect(await refusal(thread(everyone, 'nonsense'))).toBe('invalid');
  });

  it('shows what was deleted as gone, and its own end', async () => {
    await deliver(ctx, channel, [
      commented(sara, 'A word to take back', launch, { externalIds: ['c1'] }),
      { type: 'delete', externalId: 'c1', at: new Date() },
      { type: 'post', post: { externalId: 'p1' }, at: new Date(), deleted: true },
    ]);
    const { post, entries } = await thread();
    expect(post).toMatchObject({ text: '', url: null, author: { handle: 'shop' } });
    expect(post.deletedAt).not.toBeNull();
    expect(entries).toMatchObject([{ text: '', url: null }]);
    expect(entries[0]?.deletedAt).not.toBeNull();
  });

  it('tells whoever looks at it of each change', async () => {
    const told: string[] = [];
    const off = ctx.bus.on('post.changed', ({ postId }) => told.push(postId));
    await deliver(ctx, channel, [commented(sara, 'one', launch, { externalIds: ['c1'] })]);
    expect(new Set(told)).toEqual(new Set([postId()]));
    told.length = 0;
    await deliver(ctx, channel, [written(sara, 'in private')]);
    expect(told).toEqual([]);
    await deliver(ctx, channel, [
      { type: 'edit', externalId: 'c1', text: 'one, better', at: new Date(), order: '1' },
    ]);
    expect(told).toEqual([postId()]);
    off();
  });

  it('is none for what nobody is listened to in: a blocked person’s comment stays out', async () => {
    await deliver(ctx, channel, [commented(sara, 'one', launch)]);
    await ctx.models.identities.updateMany({}, { $set: { blocked: true } });
    await deliver(ctx, channel, [commented(sara, 'two', launch)]);
    expect((await thread()).entries.map(({ text }) => text)).toEqual(['one']);
    const ignored = await ctx.models.inbound.findOne({ state: 'ignored' }).lean();
    expect(ignored?.reason).toMatch(/^blocked/);
  });

  it('takes in a burst of comments by many at once, none of whom waits for another', async () => {
    const crowd = Array.from({ length: 60 }, (_, n) =>
      commented(person(`2${n}`), `comment ${n}`, launch, { at: at(n % 30) }),
    );
    const { ids } = await storeEvents(ctx, {
      hookId: channel.hookId,
      channel,
      connectorId: 'plain',
      events: crowd.map((event) => rawEvent([event])),
    });
    await Promise.all(ids.map((id) => processEvent(ctx, id)));
    await drain(ctx);
    const [card] = await listPosts(ctx, everyone, [postId()]);
    expect(card).toMatchObject({ entries: 60, people: 60, lastAt: at(29).toISOString() });
    expect(await ctx.models.inbound.countDocuments({ state: 'done' })).toBe(60);
  });

  it('links to the web alone', async () => {
    await deliver(ctx, channel, [
      commented(sara, 'x', { externalId: 'p1', url: 'javascript:alert(1)' }, { url: 'javascript:alert(2)' }),
    ]);
    const { post, entries } = await thread();
    expect(post.url).toBeNull();
    expect(entries[0]?.url).toBeNull();
  });
});

describe('a comment that answers another under our post', () => {
  const help = mentioned(reza, '49 at the shop.', {
    externalId: 'h1',
    kind: 'comment',
    post: { externalId: 'p1' },
    inReplyTo: 'c1',
    threadKey: 'post:p1',
    url: 'https://social.example/h1',
    at: at(2),
  });
  const ofHelper = () =>
    ctx.models.messages.find({ identityId: key('telegramUser', '1002') }).lean<MessageDoc[]>();

  it('is a message of its writer’s as soon as it is known whose the post is, with what was done meanwhile', async () => {
    const asked = commented(
      sara,
      'What does it cost?',
      { externalId: 'p1' },
      { externalIds: ['c1'], at: at(1) },
    );
    await deliver(ctx, channel, [asked, help]);
    await deliver(ctx, channel, [
      { type: 'edit', externalId: 'h1', text: '49, I bought it.', at: at(3), order: '1' },
    ]);
    expect(await ofHelper()).toEqual([]);
    expect(await ctx.models.mentions.find({}).lean()).toMatchObject([{ messageId: null, kind: 'comment' }]);

    await deliver(ctx, channel, [{ type: 'post', post: launch, at: at(4) }]);
    const [message, ...more] = await ofHelper();
    expect(more).toEqual([]);
    expect(message).toMatchObject({
      text: '49, I bought it.',
      visibility: 'public',
      postId: postId(),
      answers: key(channel._id, 'c1'),
      url: 'https://social.example/h1',
      at: at(2),
    });
    const { entries } = await thread();
    expect(entries.map(({ kind, text }) => [kind, text])).toEqual([
      ['message', 'What does it cost?'],
      ['message', '49, I bought it.'],
    ]);
    const post = await ctx.models.posts.findById(postId()).lean();
    expect(post?.unclaimed).toBeUndefined();
    // What comes now is one at once.
    await deliver(ctx, channel, [{ ...help, externalId: 'h2', text: 'They open at nine.', at: at(5) }]);
    expect(await ofHelper()).toHaveLength(2);
  });

  it('goes on where a server died between the two', async () => {
    await deliver(ctx, channel, [help]);
    const found = { author: { handle: 'shop', name: '', ours: true }, unclaimed: true as const };
    await ctx.models.posts.updateOne({ _id: postId() }, { $set: found });
    await deliver(ctx, channel, [commented(sara, 'Nice', { externalId: 'p1' }, { at: at(6) })]);
    expect(await ofHelper()).toHaveLength(1);
    expect((await ctx.models.posts.findById(postId()).lean())?.unclaimed).toBeUndefined();
  });

  it('stays what it is under a post of somebody else’s, and of somebody who is blocked', async () => {
    const theirs = { ...launch, author: { handle: 'blog', name: 'A blog', ours: false } };
    await deliver(ctx, channel, [{ type: 'post', post: theirs, at: at(0) }, help]);
    expect(await ofHelper()).toEqual([]);

    await deliver(ctx, channel, [written(reza, 'Hello', { at: at(3) })]);
    await ctx.models.identities.updateOne({ _id: key('telegramUser', '1002') }, { $set: { blocked: true } });
    const ours = { ...launch, externalId: 'p2' };
    const under = { ...help, externalId: 'h3', post: { externalId: 'p2' }, threadKey: 'post:p2' };
    await deliver(ctx, channel, [under, { type: 'post', post: ours, at: at(5) }, { ...under }]);
    expect(await ofHelper()).toHaveLength(1);
    expect(await ctx.models.mentions.countDocuments({ messageId: null })).toBe(2);
  });
});

it('ends alike in every order in which comments, edits, deletes, posts and watermarks arrive', async () => {
  const other = await ctx.sibling();
  const events: InboundEvent[] = [
    { type: 'post', post: launch, at: at(0) },
    { type: 'post', post: { externalId: 'p1', text: 'Our new lamp is here!' }, at: at(9) },
    commented(sara, 'first', launch, { externalIds: ['c1'], at: at(1), providerOrder: '1' }),
    commented(reza, 'second', { externalId: 'p1' }, { externalIds: ['c2'], inReplyTo: 'c1', at: at(2) }),
    commented(sara, 'third', launch, { externalIds: ['c3'], inReplyTo: 'c2', at: at(3) }),
    commented(sara, 'from the app', launch, {
      externalIds: ['e1'],
      direction: 'out',
      inReplyTo: 'c1',
      at: at(4),
    }),
    written(sara, 'a word from the app', { externalIds: ['e2'], direction: 'out', at: at(5) }),
    written(sara, 'another one', { externalIds: ['e3'], direction: 'out', at: at(7) }),
    { type: 'watermark', state: 'delivered', sender: sara, upTo: at(8) },
    { type: 'watermark', state: 'read', sender: sara, upTo: at(6) },
    { type: 'watermark', state: 'read', sender: sara, upTo: at(3) },
    { type: 'edit', externalId: 'c2', text: 'second, better', at: at(5), order: '1' },
    { type: 'edit', externalId: 'c2', text: 'second, worse', at: at(4), order: '1' },
    { type: 'delete', externalId: 'c3', at: at(6) },
    // A post that names us is a message, and hangs on itself.
    written(reza, 'Look at this lamp, @shop', {
      externalIds: ['p2'],
      threadKey: 'post:p2',
      visibility: 'public',
      post: { externalId: 'p2', text: 'Look at this lamp, @shop' },
      at: at(5),
    }),
    // Answers to one another, of which nobody says whose post they are beneath.
    mentioned(reza, 'it helped me', {
      externalId: 'm1',
      kind: 'comment',
      post: { externalId: 'p3' },
      inReplyTo: 'c9',
      threadKey: 'post:p3',
      at: at(3),
    }),
    mentioned(sara, 'taken back', {
      externalId: 'm2',
      kind: 'comment',
      post: { externalId: 'p3' },
      inReplyTo: 'm1',
      threadKey: 'post:p3',
      at: at(4),
    }),
    { type: 'edit', externalId: 'm1', text: 'it helped me a lot', at: at(5), order: '1' },
    { type: 'delete', externalId: 'm2', at: at(6) },
    { type: 'post', post: { ...launch, externalId: 'p3' }, at: at(0) },
    { type: 'post', post: { externalId: 'p2' }, at: at(8), deleted: true },
    { type: 'delete', externalId: 'p2', at: at(8) },
  ];
  const end = async () => {
    const parts = await ctx.models.parts.find({}).lean();
    const named = new Map(parts.map((part) => [part.messageId, part._id.split(':').at(-1)]));
    const messages = await ctx.models.messages.find({ kind: 'message' }).lean<MessageDoc[]>();
    const posts = await ctx.models.posts.find({}).sort({ _id: 1 }).lean();
    return {
      messages: messages
        .map((message) => ({
          id: named.get(message._id),
          text: message.text,
          deleted: message.deletedAt?.toISOString() ?? null,
          post: message.postId ?? null,
          answers: message.answers ?? null,
          quotes: message.inReplyTo ? named.get(message.inReplyTo) : null,
          state: message.delivery?.state ?? null,
        }))
        .sort((a, b) => ((a.id ?? '') < (b.id ?? '') ? -1 : 1)),
      posts: posts.map(({ text, deletedAt, author, at, unclaimed }) => ({
        text,
        deletedAt,
        author,
        at,
        unclaimed,
      })),
      thread: (await thread()).entries.map(({ text, author }) => [author.id, text]),
      marks: (await ctx.models.identities.find({}).sort({ _id: 1 }).lean()).map(({ marks }) =>
        Object.values(marks ?? {}),
      ),
    };
  };
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
  const random = seeded(seed);
  const atOnce = async (order: InboundEvent[]) => {
    const { ids } = await storeEvents(ctx, {
      hookId: channel.hookId,
      channel,
      connectorId: 'plain',
      events: order.map((event) => rawEvent([event])),
    });
    await Promise.all(ids.map((id, n) => processEvent(n % 2 ? ctx : other, id)));
    await drain(ctx);
  };
  const play = async (order: InboundEvent[], race = false) => {
    await ctx.empty();
    await ctx.models.channels.insertMany([channel]);
    if (race) await atOnce(order);
    else if (random() < 0.5) await deliver(ctx, channel, order);
    else for (const [n, event] of order.entries()) await deliver(n % 2 ? ctx : other, channel, [event]);
    const parked = await ctx.models.inbound.find({ state: { $nin: ['done', 'ignored'] } }).lean();
    expect(parked.map(({ state, reason }) => ({ state, reason }))).toEqual([]);
    expect(await checkInvariants(ctx.models)).toEqual([]);
    return end();
  };
  try {
    const usual = await play(events);
    expect(usual.messages.map(({ id, state }) => [id, state])).toEqual([
      ['c1', null],
      ['c2', null],
      ['c3', null],
      ['e1', 'read'],
      ['e2', 'read'],
      ['e3', 'delivered'],
      ['m1', null],
      ['m2', null],
      ['p2', null],
    ]);
    expect(usual.messages.filter(({ id }) => id?.startsWith('m'))).toMatchObject([
      { text: 'it helped me a lot', deleted: null, post: postId('p3'), answers: key(channel._id, 'c9') },
      { text: '', deleted: at(6).toISOString(), post: postId('p3'), answers: key(channel._id, 'm1') },
    ]);
    expect(usual.messages.find(({ id }) => id === 'e1')).toMatchObject({ quotes: 'c1', post: postId() });
    expect(usual.posts).toMatchObject([
      { text: 'Our new lamp is here!' },
      { text: '', deletedAt: at(8) },
      { author: { ours: true } },
    ]);
    const runs = Number(process.env.SHUFFLES ?? 6);
    for (let run = 1; run <= runs; run += 1)
      expect(await play(shuffled([...events, ...events], random)), `SEED=${seed}, run ${run}`).toEqual(usual);
    for (let run = 1; run <= Math.ceil(runs / 3); run += 1)
      expect(await play(shuffled([...events, ...events], random), true), `SEED=${seed}, race ${run}`).toEqual(
        usual,
      );
  } finally {
    await other.close();
  }
});
