import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { InboundEvent } from '../../connectors/connector.ts';
import type { Viewer } from '../../shared/access.ts';
import type { AppError } from '../../shared/errors.ts';
import type { Hit, SavedSearch, SavedSearchCreate } from '../../shared/listening.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { Draw } from '../../test/draw.ts';
import { deliver } from '../../test/intake.ts';
import { commented, mentioned, person, plain, rawEvent, written } from '../../test/provider.ts';
import { seeded, seedsOf, shuffled } from '../../test/random.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { checkInvariants } from '../db/invariants.ts';
import { convertHit } from './convert.ts';
import { listHits } from './hit.list.ts';
import { anySearch, type HitDoc, type HitHourDoc } from './hit.model.ts';
import { recount } from './hit.settle.ts';
import { bringBackHit, teachAway } from './hit.teach.ts';
import { updateHit } from './hit.update.ts';
import { listeningSearches } from './listen.match.ts';
import { listenOwed } from './listen.owed.ts';
import { sweepListening, workListening } from './listen.worker.ts';
import type { MentionDoc } from './mention.model.ts';
import { createSearch, listSearches, searchesOn, updateSearch } from './saved.service.ts';
import { listSpikes } from './spike.service.ts';
import { watchSpikes } from './spike.watch.ts';
import { topAuthors, volumeOf } from './volume.ts';

let ctx: TestContext;
let channel: ChannelDoc;
let now = new Date('2024-08-02T10:40:00Z');
const boss: Viewer = { id: 'boss', role: 'administrator', channelIds: 'all', teamIds: [] };
const hourMs = 3_600_000;
const ago = (hours: number) => new Date(now.getTime() - hours * hourMs);

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain }, now: () => now });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  now = new Date('2024-08-02T10:40:00Z');
  channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});

const sara = person('sara', { name: 'Sara', reach: 1200, url: 'https://social.example/sara' });
const omid = person('omid', { name: 'Omid' });

const comes = (...events: (InboundEvent | InboundEvent[])[]) => deliver(ctx, channel, events);
const listen = () => workListening(ctx, new AbortController().signal, { rest: 0 });
/** As far as a server comes that dies before what it owes. @returns how many mentions are owed to a conversation */
async function listenOnce(): Promise<number> {
  await listenOwed(ctx, await listeningSearches(ctx));
  return (await mentions()).filter(({ bringing }) => bringing !== null).length;
}
const asked = (more: Partial<SavedSearchCreate> = {}): SavedSearchCreate => ({
  name: 'Elm',
  kind: 'brand',
  terms: ['elm', 'نارون'],
  exclude: [],
  excludeAuthors: [],
  channelIds: 'all',
  alert: true,
  ...more,
});
async function search(more: Partial<SavedSearchCreate> = {}): Promise<SavedSearch> {
  const made = await createSearch(ctx, boss, asked(more));
  await listen();
  return made;
}
const hits = async (ask: Parameters<typeof listHits>[2]['ask'] = {}): Promise<Hit[]> =>
  (await listHits(ctx, boss, { ask, after: null, limit: 100 })).hits;
const mentions = () => ctx.models.mentions.find({}).sort({ _id: 1 }).lean<MentionDoc[]>().exec();

/** The counts as they are kept, without zeros, and as a count of the hits says they must be. */
async function counts(): Promise<[kept: unknown, recounted: unknown]> {
  const rows = await ctx.models.hits.find({}).lean<HitDoc[]>();
  const hours = await ctx.models.hitHours.find({}).lean<HitHourDoc[]>();
  const plainly = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || value instanceof Date) return value;
    const left = Object.entries(value)
      .map(([name, one]): [string, unknown] => [name, plainly(one)])
      .filter(([name, one]) => name === 'n' || (one !== 0 && one !== undefined))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return left.length ? Object.fromEntries(left) : undefined;
  };
  const kept = Object.fromEntries(
    hours
      .filter(({ n }) => n)
      .map(({ _id, ...hour }): [string, unknown] => [_id, plainly(hour)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const recounted = Object.fromEntries(
    [...recount(rows)]
      .map(([id, hour]): [string, unknown] => [id, plainly(hour)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return [kept, recounted];
}
async function countsHold(): Promise<void> {
  const [kept, recounted] = await counts();
  expect(kept).toEqual(recounted);
}

describe('what is said about us', () => {
  it('is a mention of its author, and makes no customer and no conversation', async () => {
    await comes(mentioned(sara, 'I like #Elm', { url: 'https://social.example/1', at: ago(1) }));
    expect(await mentions()).toMatchObject([
      { authorId: 'telegramUser:sara', text: 'I like #Elm', state: 'new', messageId: null, kind: 'post' },
    ]);
    expect(await ctx.models.authors.find({}).lean()).toMatchObject([
      { _id: 'telegramUser:sara', handle: '@sara', name: 'Sara', reach: 1200 },
    ]);
    expect(await ctx.models.customers.countDocuments({})).toBe(0);
    expect(await ctx.models.conversations.countDocuments({})).toBe(0);
  });

  it('ends alike in any order: copies, edits, a delete, the newest reach, and the message that it is too', async () => {
    const about = { externalId: 'm1' };
    const post = { externalId: 'p1' };
    const said = { ...about, at: ago(3), kind: 'comment' as const, post };
    const events: InboundEvent[] = [
      mentioned(sara, 'Elm', { ...said }),
      mentioned(sara, 'Elm', { ...said }),
      mentioned({ ...sara, reach: 7 }, 'older', { externalId: 'm0', at: ago(9) }),
      { type: 'edit', ...about, text: 'Elm is good', at: ago(2), order: '1' },
      { type: 'edit', ...about, text: 'Elm is very good', at: ago(1), order: '2' },
      mentioned(omid, 'Elm, hm', { externalId: 'm2', at: ago(3) }),
      { type: 'delete', externalId: 'm2', at: ago(1) },
      commented(sara, 'Elm', post, { externalIds: ['m1'], at: ago(3), threadKey: 'post:p1' }),
    ];
    const ends: unknown[] = [];
    const seeds = seedsOf('MENTIONS', 5);
    for (let seed = seeds.first; seed <= seeds.last; seed += 1) {
      await ctx.empty();
      channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain', _id: 'one' });
      await search();
      for (const event of shuffled(events, seeded(seed))) {
        await comes(event);
        if (seed % 2) await listen();
      }
      await listen();
      expect(await ctx.models.inbound.countDocuments({ state: { $ne: 'done' } }), `seed ${seed}`).toBe(0);
      expect(await checkInvariants(ctx.models)).toEqual([]);
      await countsHold();
      const messages = await ctx.models.messages.find({ kind: 'message' }).lean();
      const rows = await ctx.models.hits.find({ searchId: anySearch }).sort({ sourceId: 1 }).lean<HitDoc[]>();
      ends.push({
        mentions: (await mentions()).map(({ _id, text, state, deletedAt, authorId, messageId }) => ({
          _id,
          text,
          state,
          authorId,
          deleted: deletedAt !== null,
          message: messageId !== null && messages.some((one) => one._id === messageId),
        })),
        messages: messages.map(({ text, imported }) => [text, imported]).sort(),
        authors: (await ctx.models.authors.find({}).sort({ _id: 1 }).lean()).map(({ reach }) => reach),
        hits: rows.map(({ sourceId, state, counted, words }) => [sourceId, state, counted, words]),
      });
      expect(ends.at(-1), `seed ${seed}`).toEqual(ends[0]);
    }
    expect(ends[0]).toMatchObject({
      messages: [
        ['Elm is very good', false],
        ['older', true],
      ],
      authors: [null, 1200],
      mentions: [
        { _id: 'one:m0', text: 'older', state: 'converted', message: true },
        { _id: 'one:m1', text: 'Elm is very good', state: 'converted', message: true },
        { _id: 'one:m2', text: '', deleted: true },
      ],
    });
  });
});

describe('a saved search', () => {
  it('finds mentions, comments and what customers write, as they come; and knows each but once', async () => {
    const { id } = await search();
    await comes(
      mentioned(sara, 'گوشی نارون #نارون', { at: ago(3) }),
      mentioned(sara, 'nothing', { at: ago(3) }),
      commented(omid, 'Elm?', { externalId: 'p1' }, { at: ago(2) }),
      written(omid, 'my elm is broken', { at: ago(1) }),
      written(omid, 'hello', { at: ago(1) }),
    );
    await listen();
    const found = await hits();
    expect(found.map(({ source, state, author }) => [source, state, author.handle])).toEqual([
      ['message', 'converted', '@omid'],
      ['comment', 'converted', '@omid'],
      ['mention', 'new', '@sara'],
    ]);
    expect(found[2]).toMatchObject({ hashtags: ['نارون'], searchIds: [id], conversationId: null });
    expect(found[0]?.conversationId).not.toBeNull();
    expect((await hits({ searchId: id })).length).toBe(3);
    expect(await ctx.models.messages.countDocuments({ todo: 'listen' })).toBe(0);
    expect(await ctx.models.mentions.countDocuments({ todo: 'listen' })).toBe(0);
    // Looked at again, nothing is counted twice.
    await ctx.models.messages.updateMany({ direction: 'in' }, { $addToSet: { todo: 'listen' } });
    await ctx.models.mentions.updateMany({}, { $addToSet: { todo: 'listen' } });
    await listen();
    await countsHold();
    expect((await listSearches(ctx, boss))[0]).toMatchObject({ week: 3, weekBefore: 0 });
  });

  it('looks back over ninety days, and lets go of what it no longer finds when it is changed', async () => {
    const days = (n: number) => ago(24 * n);
    await comes(
      mentioned(sara, 'oak and elm', { at: days(2) }),
      mentioned(sara, 'elm long ago', { at: days(100) }),
      written(omid, 'elm by message', { at: days(20) }),
    );
    // More than one step looks at.
    const [one] = await mentions();
    await ctx.models.mentions.insertMany(
      Array.from({ length: 230 }, (_, n) => ({
        ...one,
        _id: `one:more${n}`,
        text: n % 12 ? `ash ${n}` : `elm ${n}`,
        at: days(1 + (n % 80)),
        todo: [],
      })),
    );
    await listen();
    const { id } = await search({ terms: ['elm'] });
    expect(await ctx.models.hits.countDocuments({ searchId: id })).toBe(22);
    await countsHold();
    await updateSearch(ctx, boss, { id, update: { terms: ['oak'] } });
    await listen();
    expect((await hits({ searchId: id })).map(({ text }) => text)).toEqual(['oak and elm']);
    expect(await ctx.models.hits.countDocuments({ searchId: anySearch })).toBe(1);
    await countsHold();
    // Renamed, it need not look again; archived, it finds nothing more and keeps what it found.
    await updateSearch(ctx, boss, { id, update: { name: 'Oak' } });
    expect(await ctx.models.savedSearches.findById(id).lean()).toMatchObject({ name: 'Oak', run: null });
    await updateSearch(ctx, boss, { id, update: { archived: true } });
    await comes(mentioned(sara, 'oak', { at: ago(1) }));
    await listen();
    expect((await hits({ searchId: id })).length).toBe(1);
    await updateSearch(ctx, boss, { id, update: { archived: false } });
    await listen();
    expect((await hits({ searchId: id })).length).toBe(2);
  });

  it('is told to listeners in the words of the organisation, for their own channels', async () => {
    const other = await ctx.addChannel({ connector: 'plain', accountRef: 'other' });
    await search({ terms: ['elm'], exclude: ['tree'] });
    await search({ kind: 'hashtag', terms: ['نارون'], channelIds: [other._id] });
    expect(await searchesOn(ctx, channel._id)).toEqual([{ terms: ['elm'], exclude: ['tree'] }]);
    expect(await searchesOn(ctx, other._id)).toContainEqual({ terms: ['#نارون'], exclude: [] });
  });

  it('without a word to find is refused with the place and what would be right', async () => {
    await expect(createSearch(ctx, boss, asked({ terms: ['elm', '…'] }))).rejects.toMatchObject({
      code: 'invalid',
      body: { fields: { 'terms.1': 'Must have a letter or a digit in it' } },
    });
    await expect(createSearch(ctx, boss, asked({ channelIds: ['none'] }))).rejects.toMatchObject({
      body: { fields: { 'channelIds.0': 'There is no such channel' } },
    });
  });

  it('has its name alone among those of its kind that are looked for', async () => {
    const taken = { code: 'invalid', reason: 'duplicateName' };
    const first = await search({ name: 'کفش ورزشی' });
    await expect(createSearch(ctx, boss, asked({ name: 'كفش ورزشي' }))).rejects.toMatchObject(taken);
    const other = await search({ name: 'کفش ورزشی', kind: 'product' });
    await expect(updateSearch(ctx, boss, { id: other.id, update: { kind: 'brand' } })).rejects.toMatchObject(
      taken,
    );
    await updateSearch(ctx, boss, { id: first.id, update: { terms: ['کفش'] } });
    await updateSearch(ctx, boss, { id: first.id, update: { archived: true } });
    const second = await search({ name: 'کفش ورزشی' });
    await expect(
      updateSearch(ctx, boss, { id: first.id, update: { archived: false } }),
    ).rejects.toMatchObject(taken);
    // As two were that were made before names were looked at.
    await ctx.models.savedSearches.updateOne({ _id: first.id }, { $set: { archived: false } });
    await updateSearch(ctx, boss, { id: second.id, update: { terms: ['کفش', 'کتانی'] } });
  });
});

describe('a conversation made of a mention', () => {
  it('brings the author and their earlier words along, once, and waits for the team', async () => {
    await search();
    const post = { externalId: 'p1' };
    await comes(
      mentioned(sara, 'elm is late', { externalId: 'a', at: ago(50), url: 'https://social.example/a' }),
      mentioned(sara, 'elm tree', { externalId: 'tree', at: ago(40) }),
      mentioned(sara, 'something else', { externalId: 'b', at: ago(30) }),
      mentioned(sara, 'where is my elm?', { externalId: 'c', at: ago(2), kind: 'comment', post }),
      mentioned(sara, 'elm again', { externalId: 'd', at: ago(1) }),
      mentioned(omid, 'elm too', { externalId: 'e', at: ago(3) }),
    );
    await listen();
    const id = `${channel._id}:c`;
    await teachAway(ctx, boss, { id: `${channel._id}:tree`, searchId: null });
    const made = await convertHit(ctx, boss, id);
    expect(made.brought).toBe(3);
    expect(await convertHit(ctx, boss, id)).toEqual(made);
    const conversation = await ctx.models.conversations.findById(made.conversationId).lean();
    expect(conversation).toMatchObject({ status: 'open', customerId: made.customerId, waitingSince: ago(2) });
    const messages = await ctx.models.messages
      .find({ conversationId: made.conversationId })
      .sort({ at: 1 })
      .lean();
    expect(
      messages.map(({ text, imported, visibility, kind }) => [text, imported, visibility, kind]),
    ).toEqual([
      ['elm is late', true, 'public', 'message'],
      ['something else', true, 'public', 'message'],
      ['where is my elm?', false, 'public', 'message'],
      ['', false, 'internal', 'event'],
    ]);
    expect(messages.at(-1)).toMatchObject({
      event: { type: 'mentionsCame', data: { count: 3 } },
      authorId: 'boss',
    });
    expect(messages[0]).toMatchObject({ at: ago(50), url: 'https://social.example/a' });
    expect(messages[2]).toMatchObject({ postId: `${channel._id}:p1` });
    await listen();
    const states = new Map((await hits()).map((hit) => [hit.id.split(':').at(-1), hit]));
    expect(states.get('c')).toMatchObject({ state: 'converted', conversationId: made.conversationId });
    expect(states.get('c')?.author.handle).toBe('@sara');
    expect(states.get('d')?.state).toBe('new');
    expect(states.get('e')?.state).toBe('new');
    // Nothing of it is found a second time, as a message.
    expect([...states.keys()].sort()).toEqual(['a', 'c', 'd', 'e']);
    // What the author says later about us is said about us, as before.
    await comes(mentioned(sara, 'elm!', { externalId: 'f', at: ago(0.1) }));
    await listen();
    expect((await hits())[0]).toMatchObject({ state: 'new', conversationId: null });
    expect(await checkInvariants(ctx.models)).toEqual([]);
    await countsHold();
  });

  it('goes on where a server that died left it', async () => {
    await comes(
      mentioned(sara, 'one', { externalId: 'a', at: ago(5) }),
      mentioned(sara, 'two', { externalId: 'b', at: ago(4) }),
    );
    const asked = (await mentions())[1] as MentionDoc;
    const { bringAsked } = await import('./mention.bring.ts');
    await bringAsked(ctx, asked, 'boss');
    expect((await mentions())[1]?.bringing).not.toBeNull();
    await sweepListening(ctx);
    await listen();
    expect((await mentions()).map(({ state, bringing }) => [state, bringing])).toEqual([
      ['converted', null],
      ['converted', null],
    ]);
    expect(await ctx.models.messages.countDocuments({ 'event.type': 'mentionsCame' })).toBe(1);
    expect(await checkInvariants(ctx.models)).toEqual([]);
  });

  it('asked for by many at once is one', async () => {
    await search();
    await comes(
      ...Array.from({ length: 6 }, (_, n) =>
        mentioned(sara, `elm ${n}`, { externalId: `x${n}`, at: ago(9 - n) }),
      ),
    );
    await listen();
    const made = await Promise.all(
      Array.from({ length: 5 }, () => convertHit(ctx, boss, `${channel._id}:x5`)),
    );
    expect(new Set(made.map(({ conversationId }) => conversationId)).size).toBe(1);
    expect(await ctx.models.messages.countDocuments({ kind: 'message' })).toBe(6);
    expect(await ctx.models.messages.countDocuments({ 'event.type': 'mentionsCame' })).toBe(1);
    expect(await checkInvariants(ctx.models)).toEqual([]);
    await countsHold();
  });

  it('is refused of what was taken back, and answers with where a message is', async () => {
    await search();
    await comes(
      mentioned(sara, 'elm', { externalId: 'a', at: ago(5) }),
      written(omid, 'elm', { at: ago(1) }),
    );
    await comes({ type: 'delete', externalId: 'a', at: ago(4) });
    await listen();
    await expect(convertHit(ctx, boss, `${channel._id}:a`)).rejects.toMatchObject({ code: 'conflict' });
    const [message] = await hits({ source: 'message' });
    expect(await convertHit(ctx, boss, message?.id ?? '')).toMatchObject({
      conversationId: message?.conversationId,
      brought: 0,
    });
  });

  it('keeps what was edited and corrected before, and follows the message after', async () => {
    await search();
    await comes(mentioned(sara, 'elm', { externalId: 'a', at: ago(5) }));
    await comes({ type: 'edit', externalId: 'a', text: 'elm is broken', at: ago(4), order: '1' });
    await listen();
    const id = `${channel._id}:a`;
    const model = (await hits())[0]?.sentiment;
    expect(model?.words).not.toEqual([]);
    await updateHit(ctx, boss, { id, update: { sentiment: 'negative' } });
    expect((await hits())[0]?.sentiment).toMatchObject({
      label: 'negative',
      by: 'agent',
      byUserId: 'boss',
      words: model?.words,
    });
    await updateHit(ctx, boss, { id, update: { sentiment: null } });
    expect((await hits())[0]?.sentiment).toEqual(model);
    await updateHit(ctx, boss, { id, update: { sentiment: 'negative' } });
    const { conversationId } = await convertHit(ctx, boss, id);
    const [message] = await ctx.models.messages.find({ conversationId, kind: 'message' }).lean();
    expect(message).toMatchObject({
      text: 'elm is broken',
      editedAt: ago(4),
      sentiment: { label: 'negative', by: 'agent' },
    });
    await comes({ type: 'edit', externalId: 'a', text: 'elm works again', at: ago(1), order: '2' });
    await listen();
    expect((await hits())[0]).toMatchObject({ id, text: 'elm works again', state: 'converted' });
    await comes({ type: 'delete', externalId: 'a', at: ago(0) });
    await listen();
    expect((await hits())[0]).toMatchObject({ id, text: '' });
    expect((await hits())[0]?.deletedAt).not.toBeNull();
    await countsHold();
  });
});

describe('whoever speaks to us', () => {
  const post = { externalId: 'p1' };
  const at = () => ago(3);
  const ways: Record<string, () => InboundEvent> = {
    'a direct message': () => written(sara, 'hello', { externalIds: ['to-us'], at: at() }),
    'a reply': () =>
      written(sara, 'hello', {
        externalIds: ['to-us'],
        at: at(),
        visibility: 'public',
        inReplyTo: 'ours',
      }),
    'our name': () =>
      written(sara, '@shop hello', { externalIds: ['to-us'], at: at(), visibility: 'public' }),
    'a comment': () => commented(sara, 'hello', post, { externalIds: ['to-us'], at: at() }),
  };

  it.each(Object.keys(ways))(
    'brings along what they said before, in any order, each twice: %s',
    async (way) => {
      const said = [
        mentioned(sara, 'elm is late', { externalId: 'a', at: ago(50) }),
        mentioned(sara, 'my elm phone', { externalId: 'b', at: ago(20) }),
        mentioned(sara, 'zarrin is better', { externalId: 'z', at: ago(10) }),
        mentioned(sara, 'later words of elm', { externalId: 'c', at: ago(1) }),
        mentioned(omid, 'elm', { externalId: 'o', at: ago(50) }),
        (ways[way] as () => InboundEvent)(),
      ];
      const seeds = seedsOf('ALONG', 3);
      const ends: unknown[] = [];
      for (let seed = seeds.first; seed <= seeds.last; seed += 1) {
        await ctx.empty();
        channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain', _id: 'one' });
        await search();
        await search({ name: 'Zarrin', kind: 'competitor', terms: ['zarrin'] });
        // The last of them as it happens: said first, then written.
        const order = seed === seeds.last ? said : shuffled([...said, ...said], seeded(seed));
        for (const event of order) {
          await comes(event);
          if (seed % 2) await listen();
        }
        await listen();
        expect(await checkInvariants(ctx.models)).toEqual([]);
        await countsHold();
        const messages = await ctx.models.messages.find({}).sort({ at: 1 }).lean();
        expect(new Set(messages.map(({ conversationId }) => conversationId)).size, `seed ${seed}`).toBe(1);
        ends.push({
          mentions: (await mentions()).map(({ _id, state, bringing }) => [_id, state, bringing]),
          messages: messages.map(({ kind, text, imported, visibility, event }) =>
            kind === 'event' ? event : [text, imported, visibility],
          ),
          hits: (await hits()).map(({ id, state }) => [id, state]),
        });
        expect(ends.at(-1), `ALONG_SEED=${seed}`).toEqual(ends[0]);
      }
      expect(ends[0]).toMatchObject({
        mentions: [
          ['one:a', 'converted', null],
          ['one:b', 'converted', null],
          ['one:c', 'new', null],
          ['one:o', 'new', null],
          ['one:z', 'new', null],
        ],
        messages: [
          ['elm is late', true, 'public'],
          ['my elm phone', true, 'public'],
          [expect.stringContaining('hello'), false, expect.any(String)],
          { type: 'mentionsCame', data: { count: 2 } },
        ],
      });
    },
  );

  it('again brings what they said in between; what was taught away, and a blocked one’s words, stay', async () => {
    await search();
    await comes(
      written(sara, 'hello', { at: ago(30) }),
      mentioned(sara, 'elm is late', { externalId: 'a', at: ago(20) }),
      mentioned(sara, 'elm tree', { externalId: 'tree', at: ago(10) }),
    );
    await listen();
    expect((await mentions()).map(({ state }) => state)).toEqual(['new', 'new']);
    await teachAway(ctx, boss, { id: `${channel._id}:tree`, searchId: null });
    const again = written(sara, 'where is it?', { at: ago(5) });
    await comes(again);
    await listen();
    // Looked at again and again, it says the same.
    await ctx.models.messages.updateMany({ direction: 'in' }, { $addToSet: { todo: 'listen' } });
    await listen();
    expect(
      (await mentions()).map(({ _id, messageId }) => [_id.split(':').at(-1), messageId !== null]),
    ).toEqual([
      ['a', true],
      ['tree', false],
    ]);
    const lines = await ctx.models.messages.find({ 'event.type': 'mentionsCame' }).lean();
    expect(lines.map(({ event, authorId }) => [event?.data, authorId])).toEqual([[{ count: 1 }, null]]);
    await ctx.models.identities.updateOne({ _id: 'telegramUser:sara' }, { $set: { blocked: true } as never });
    await comes(mentioned(sara, 'late word of elm', { externalId: 'w', at: ago(40) }));
    await listen();
    expect((await mentions()).find(({ externalId }) => externalId === 'w')?.state).toBe('new');
    expect(await checkInvariants(ctx.models)).toEqual([]);
    await countsHold();
  });

  it('at the same moment as what they say in public is found by it, and a server that died goes on', async () => {
    const sibling = await ctx.sibling();
    try {
      await search();
      for (let n = 0; n < 3; n += 1) {
        const by = person(`both${n}`);
        await Promise.all([
          comes(mentioned(by, 'elm', { externalId: `m${n}`, at: ago(2) })),
          deliver(sibling, channel, [written(by, 'hello', { at: ago(1) })]),
        ]);
      }
      const owed = await listenOnce();
      expect(owed).toBe(3);
      await sweepListening(ctx);
      await workListening(sibling, new AbortController().signal, { rest: 0 });
      expect((await mentions()).map(({ state, bringing }) => [state, bringing])).toEqual(
        Array.from({ length: 3 }, () => ['converted', null]),
      );
      expect(await checkInvariants(ctx.models)).toEqual([]);
    } finally {
      await sibling.close();
    }
  });
});

describe('what is not about us', () => {
  it('is taught away from one search or all, and back; five examples teach by words that are shown', async () => {
    const brand = await search();
    await comes(
      ...Array.from({ length: 12 }, (_, n) =>
        mentioned(omid, `my elm phone works ${n}`, { externalId: `p${n}`, at: ago(30) }),
      ),
      ...Array.from({ length: 6 }, (_, n) =>
        mentioned(sara, `elm trees with green leaves ${n}`, { externalId: `t${n}`, at: ago(20) }),
      ),
    );
    await listen();
    for (let n = 0; n < 5; n += 1)
      await teachAway(ctx, boss, { id: `${channel._id}:t${n}`, searchId: brand.id });
    const [after] = await listSearches(ctx, boss);
    expect(after).toMatchObject({ taught: 5, week: 13 });
    expect(after?.learnt).toEqual(expect.arrayContaining(['trees', 'leaves', 'green']));
    expect((await hits({ state: 'notUs' })).length).toBe(5);
    // What somebody has seen already is not judged; what comes is.
    expect((await hits()).some(({ id }) => id.endsWith(':t5'))).toBe(true);
    await comes(
      mentioned(sara, 'green leaves of elm trees', { externalId: 'later', at: ago(1) }),
      mentioned(omid, 'elm phone', { externalId: 'phone', at: ago(1) }),
    );
    await listen();
    const [learnt] = (await hits({ state: 'notUs' })).filter(({ taught }) => taught);
    expect(learnt).toMatchObject({ id: `${channel._id}:later`, state: 'notUs' });
    expect(learnt?.taught?.words).toEqual(expect.arrayContaining(['trees', 'leaves']));
    expect((await hits()).map(({ id }) => id)).toContain(`${channel._id}:phone`);
    await countsHold();
    const back = await bringBackHit(ctx, boss, { id: learnt?.id ?? '', searchId: null });
    expect(back).toMatchObject({ state: 'new' });
    expect(back.taught).toBeUndefined();
    expect(await ctx.models.hits.find({ verdict: 'kept' }).lean()).toHaveLength(1);
    await bringBackHit(ctx, boss, { id: `${channel._id}:t0`, searchId: null });
    expect((await listSearches(ctx, boss))[0]).toMatchObject({ taught: 4, learnt: [] });
    await countsHold();
  });
});

it('counts equal a recount after any sequence of what can happen', async () => {
  const seeds = seedsOf('LISTENING', 2);
  for (let seed = seeds.first; seed <= seeds.last; seed += 1) {
    await ctx.empty();
    channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
    const draw = new Draw(seeded(seed));
    const searches = [await search(), await search({ name: 'Phone', terms: ['phone'] })];
    let made = 0;
    const some = () => `m${draw.below(Math.max(1, made))}`;
    const idOf = (externalId: string) => `${channel._id}:${externalId}`;
    const text = () =>
      `${draw.one(['elm', 'phone', 'elm phone', 'oak'])} ${draw.one(['#good', 'bad', '#bad'])}`;
    const mayFail = async (deed: Promise<unknown>) => {
      await deed.catch((error: { code?: string }) => {
        if (!['notFound', 'conflict', 'invalid'].includes(error.code ?? '')) throw error;
      });
    };
    for (let n = 0; n < 45; n += 1) {
      await draw.way<Promise<unknown>>(
        [
          5,
          () =>
            comes(
              mentioned(draw.one([sara, omid]), text(), {
                externalId: `m${made++}`,
                at: ago(draw.below(90)),
              }),
            ),
        ],
        [2, () => comes(written(omid, text(), { at: ago(draw.below(20)) }))],
        [
          2,
          () =>
            comes({
              type: 'edit',
              externalId: some(),
              text: text(),
              at: ago(0),
              order: String(n).padStart(4, '0'),
            }),
        ],
        [1, () => comes({ type: 'delete', externalId: some(), at: ago(0) })],
        [3, () => listen()],
        [
          2,
          () =>
            mayFail(
              teachAway(ctx, boss, { id: idOf(some()), searchId: draw.one([null, searches[0]?.id ?? null]) }),
            ),
        ],
        [2, () => mayFail(bringBackHit(ctx, boss, { id: idOf(some()), searchId: null }))],
        [1, () => mayFail(convertHit(ctx, boss, idOf(some())))],
        [
          2,
          () =>
            mayFail(
              updateHit(ctx, boss, {
                id: idOf(some()),
                update: { sentiment: draw.one(['positive', 'negative', null]) },
              }),
            ),
        ],
        [
          1,
          () =>
            mayFail(updateHit(ctx, boss, { id: idOf(some()), update: { state: draw.one(['done', 'new']) } })),
        ],
        [
          1,
          () =>
            updateSearch(ctx, boss, {
              id: searches[1]?.id ?? '',
              update: { terms: [draw.one(['phone', 'oak', 'elm'])] },
            }),
        ],
      );
      const [kept, recounted] = await counts();
      expect(kept, `LISTENING_SEED=${seed}, step ${n}`).toEqual(recounted);
    }
    await listen();
    await countsHold();
    expect(await checkInvariants(ctx.models)).toEqual([]);
  }
});

it('two servers and many hands at once count each hit once', async () => {
  const sibling = await ctx.sibling();
  try {
    await search();
    await comes(
      ...Array.from({ length: 12 }, (_, n) =>
        mentioned(sara, `elm ${n} #elm`, { externalId: `m${n}`, at: ago(1) }),
      ),
    );
    await listen();
    await ctx.models.mentions.updateMany({}, { $addToSet: { todo: 'listen' } });
    const idOf = (n: number) => `${channel._id}:m${n}`;
    await Promise.all([
      listen(),
      workListening(sibling, new AbortController().signal, { rest: 0 }),
      ...[0, 1, 2].map((n) => teachAway(ctx, boss, { id: idOf(n), searchId: null })),
      ...[0, 1, 2].map((n) => teachAway(sibling, boss, { id: idOf(n), searchId: null })),
      ...[2, 3, 4].map((n) => updateHit(sibling, boss, { id: idOf(n), update: { sentiment: 'positive' } })),
      // It may have come along with the one that is made a conversation: then it is seen to there.
      ...[4, 5].map((n) =>
        updateHit(ctx, boss, { id: idOf(n), update: { state: 'done' } }).catch((error: AppError) =>
          expect(error.code).toBe('conflict'),
        ),
      ),
      convertHit(sibling, boss, idOf(6)),
    ]);
    await listen();
    await countsHold();
    expect(await ctx.models.hits.countDocuments({ searchId: anySearch, counted: true })).toBe(9);
    expect(await checkInvariants(ctx.models)).toEqual([]);
  } finally {
    await sibling.close();
  }
});

it('what cannot be looked at keeps nothing else from it', async () => {
  await search();
  await comes(mentioned(sara, 'elm', { externalId: 'good', at: ago(2) }));
  const [one] = await mentions();
  // What no program of ours writes.
  await ctx.models.mentions.collection.insertOne({
    ...one,
    _id: 'bad',
    authorId: 'none',
    sender: null,
    at: ago(1),
  } as never);
  await listen();
  expect((await hits()).map(({ id }) => id)).toEqual([`${channel._id}:good`]);
  expect(await ctx.models.mentions.countDocuments({ todo: 'listen' })).toBe(1);
});

describe('volume', () => {
  it('is by the hour up to three days, else by the viewer’s day, with zeros; people and reach each once', async () => {
    const { id } = await search();
    await comes(
      mentioned(sara, 'elm is great #Elm_Plus', { externalId: 'a', at: ago(1) }),
      mentioned(sara, 'elm is great', { externalId: 'b', at: ago(2) }),
      mentioned(omid, 'elm #elm_plus', { externalId: 'c', at: ago(30) }),
      mentioned(omid, 'elm', { externalId: 'd', at: ago(24 * 6) }),
    );
    await listen();
    for (const [mention, sentiment] of [
      ['a', 'positive'],
      ['b', 'negative'],
      ['c', 'neutral'],
      ['d', 'neutral'],
    ] as const)
      await updateHit(ctx, boss, { id: `${channel._id}:${mention}`, update: { sentiment } });
    const week = await volumeOf(ctx, boss, { ask: {}, timeZone: 'Asia/Tehran' });
    expect(week.step).toBe('day');
    expect(week.rows).toHaveLength(8);
    expect(week.total).toEqual({ positive: 1, neutral: 2, negative: 1, people: 2, reach: 1200 });
    expect(week.hashtags).toEqual([{ tag: 'elm_plus', count: 2, positive: 1, negative: 0 }]);
    expect(week.rows.at(-1)).toMatchObject({ positive: 1, negative: 1, reach: 1200 });
    const ask = { from: ago(24).toISOString(), to: now.toISOString() };
    const day = await volumeOf(ctx, boss, { ask: { ...ask, searchId: id }, timeZone: 'Asia/Tehran' });
    expect(day.step).toBe('hour');
    expect(day.rows).toHaveLength(25);
    expect(day.rows.filter((row) => row.positive + row.negative + row.neutral > 0)).toHaveLength(2);
    // What only hits tell gives the same figures.
    const byHits = await volumeOf(ctx, boss, { ask: { hashtag: '#Elm‌Plus' }, timeZone: 'Asia/Tehran' });
    expect(byHits.total).toEqual({ positive: 1, neutral: 1, negative: 0, people: 2, reach: 1200 });
    expect((await volumeOf(ctx, boss, { ask: { label: 'negative' }, timeZone: 'UTC' })).total).toMatchObject({
      positive: 0,
      neutral: 0,
      negative: 1,
    });
    const { authors } = await topAuthors(ctx, boss, {});
    expect(
      authors.map(({ author, count, positive, negative }) => [author.handle, count, positive, negative]),
    ).toEqual([
      ['@sara', 2, 1, 1],
      ['@omid', 2, 0, 0],
    ]);
    await expect(
      volumeOf(ctx, boss, { ask: { from: now.toISOString(), to: ago(1).toISOString() }, timeZone: 'UTC' }),
    ).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('a spike', () => {
  it('is told also when the search was made in the midst of it', async () => {
    await comes(
      ...Array.from({ length: 12 }, (_, n) =>
        mentioned(person(`q${n}`), `the quince rots ${n}`, { at: new Date(now.getTime() - 60_000) }),
      ),
    );
    await listen();
    const { id } = await search({ name: 'Quince', terms: ['quince'] });
    await listen();
    const { spikes } = await listSpikes(ctx, boss, null);
    expect(spikes.filter(({ searchId }) => searchId === id)).toMatchObject([{ count: 12, endedAt: null }]);
  });

  it('shows the post under which most of it was said, and no post by itself', async () => {
    const { id } = await search({ name: 'Plum', terms: ['plum'] });
    const at = new Date(now.getTime() - 60_000);
    const post = (externalId: string) => ({ externalId, pictures: [] });
    const alone = (n: number) =>
      mentioned(person(`a${n}`), `the plum rots ${n}`, { at, externalId: `a${n}`, post: post(`a${n}`) });
    const under = (n: number) =>
      mentioned(person(`u${n}`), `my plum too ${n}`, {
        at,
        externalId: `u${n}`,
        kind: 'comment',
        post: post('a0'),
      });
    const shown = async () => {
      await listen();
      const { spikes } = await listSpikes(ctx, boss, null);
      return spikes.find(({ searchId }) => searchId === id)?.postId;
    };
    await comes(...Array.from({ length: 12 }, (_, n) => alone(n)), under(0), under(1), under(2));
    expect(await shown()).toBeNull();
    await comes(...Array.from({ length: 12 }, (_, n) => under(n + 3)));
    expect(await shown()).toBe(`${channel._id}:a0`);
  });

  it('is told once, explains itself, grows, and ends when its hour is over', async () => {
    const { id } = await search();
    const told: string[] = [];
    const stop = ctx.bus.on('spike.began', ({ spikeId }) => told.push(spikeId));
    const quiet = Array.from({ length: 8 * 7 }, (_, n) =>
      mentioned(omid, `elm ${n}`, { at: ago(24 * n + 24) }),
    );
    await comes(...quiet);
    await listen();
    expect(await ctx.models.spikes.countDocuments({})).toBe(0);
    const burst = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, n) =>
        mentioned(person(`p${from + n}`, { reach: 10 * (from + n) }), `my elm burns, recall it #recall`, {
          at: new Date(now.getTime() - 60_000),
          externalId: `b${from + n}`,
        }),
      );
    await comes(...burst(0, 9));
    await listen();
    const [spike] = (await listSpikes(ctx, boss, null)).spikes;
    expect(spike).toMatchObject({
      searchId: id,
      searchName: 'Elm',
      count: 9,
      usual: 1,
      endedAt: null,
      seenBy: [],
    });
    expect(spike?.words.map(({ word }) => word)).toEqual(
      expect.arrayContaining(['#recall', 'burns', 'recall']),
    );
    expect(spike?.authors[0]).toMatchObject({ handle: '@p8', reach: 80 });
    expect(spike?.hitIds.length).toBeGreaterThan(1);
    await comes(...burst(9, 20));
    await listen();
    expect((await listSpikes(ctx, boss, null)).spikes).toMatchObject([{ count: 20, endedAt: null }]);
    // Calm: most of it was not about us.
    for (let n = 0; n < 18; n += 1)
      await teachAway(ctx, boss, { id: `${channel._id}:b${n}`, searchId: null });
    await ctx.models.mentions.updateOne({ externalId: 'b19' }, { $addToSet: { todo: 'listen' } });
    await comes({ type: 'delete', externalId: 'b19', at: now });
    await listen();
    const [calm] = (await listSpikes(ctx, boss, null)).spikes;
    expect(calm?.endedAt).toBe(now.toISOString());
    expect(told).toHaveLength(1);
    stop();
  });

  it('is told of complaints alone while there is no more said than ever, with why people complain', async () => {
    const { id } = await search();
    const told: string[] = [];
    const stop = ctx.bus.on('spike.began', ({ spikeId }) => told.push(spikeId));
    const hourOf = (hours: number, feeling: (n: number) => string) =>
      Array.from({ length: 12 }, (_, n) =>
        mentioned(person(`h${n}`), feeling(n), {
          at: new Date(now.getTime() - hours * hourMs - 60_000),
          externalId: `h${hours}-${n}`,
        }),
      );
    const calm = (n: number) => `elm at noon ${n}`;
    // A person's word for how each was said, so that no model decides a test.
    const meant = (ids: readonly string[], label: 'neutral' | 'negative') =>
      ctx.models.mentions.updateMany(
        { externalId: { $in: [...ids] } },
        {
          $set: { sentiment: { label, by: 'agent', about: [], words: [] } as never },
          $addToSet: { todo: 'listen' },
        },
      );
    await comes(...[3, 2, 1].flatMap((week) => hourOf(week * 24 * 7, calm)));
    await comes(...hourOf(0, (n) => (n < 9 ? 'elm is terrible, the payment failed again' : calm(n))));
    await meant(
      (await mentions()).map(({ externalId }) => externalId),
      'neutral',
    );
    const angry = Array.from({ length: 9 }, (_, n) => `h0-${n}`);
    await meant(angry, 'negative');
    await listen();
    const { spikes } = await listSpikes(ctx, boss, null);
    expect(spikes).toMatchObject([
      { searchId: id, rise: 'negative', count: 12, usual: 12, negative: 9, usualNegative: 0, endedAt: null },
    ]);
    expect(spikes[0]?.words.map(({ word }) => word)).toContain('payment');
    const shown = await ctx.models.hits.find({ sourceId: { $in: spikes[0]?.hitIds ?? [] } }).lean<HitDoc[]>();
    expect(new Set(shown.map(({ label }) => label))).toEqual(new Set(['negative']));
    expect(told).toHaveLength(1);
    // They were meant otherwise.
    await meant(angry.slice(0, 4), 'neutral');
    await listen();
    expect((await listSpikes(ctx, boss, null)).spikes[0]?.endedAt).toBe(now.toISOString());
    stop();
  });

  it('explains itself anew as it grows, however slowly', async () => {
    await search();
    const one = async (n: number, text: string) => {
      await comes(mentioned(person(`s${n}`), text, { at: new Date(now.getTime() - 60_000) }));
      await listen();
    };
    await comes(
      ...Array.from({ length: 20 }, (_, n) => mentioned(omid, `elm ${n}`, { at: ago(24 * n + 24) })),
    );
    for (let n = 0; n < 9; n += 1) await one(n, 'elm is lovely today');
    const words = async () => (await listSpikes(ctx, boss, null)).spikes[0]?.words.map(({ word }) => word);
    expect(await words()).toContain('lovely');
    for (let n = 9; n < 21; n += 1) await one(n, 'elm leaks all over #leak');
    expect(await words()).toContain('#leak');
  });

  it('ends with its hour', async () => {
    await search();
    await comes(
      ...Array.from({ length: 10 }, (_, n) =>
        mentioned(sara, `elm ${n}`, { at: new Date(now.getTime() - 1000) }),
      ),
    );
    await listen();
    expect((await listSpikes(ctx, boss, null)).spikes).toMatchObject([{ count: 10, endedAt: null }]);
    now = new Date(now.getTime() + hourMs);
    await sweepListening(ctx);
    expect((await listSpikes(ctx, boss, null)).spikes[0]?.endedAt).toBe('2024-08-02T11:00:00.000Z');
  });
});

describe('a burst over the full hour', () => {
  const told: string[] = [];
  let stop = () => {};
  beforeEach(() => {
    told.length = 0;
    stop();
    stop = ctx.bus.on('spike.began', ({ spikeId }) => told.push(spikeId));
  });
  afterAll(() => stop());
  let said = 0;
  /** It has found something now and then for two months. */
  const quiet = async (): Promise<SavedSearch> => {
    const made = await search();
    await comes(mentioned(omid, 'an elm long ago', { at: ago(24 * 60) }));
    await listen();
    return made;
  };
  /** So many, a minute apart, from then on; then it is a little later than the last. */
  const says = async (many: number, from: string): Promise<void> => {
    const begin = new Date(`2024-08-02T${from}:00Z`).getTime();
    now = new Date(begin + many * 60_000);
    await comes(
      ...Array.from({ length: many }, (_, n) => {
        said += 1;
        return mentioned(person(`w${said}`), `my elm burns ${said}`, {
          at: new Date(begin + n * 60_000 + 5_000),
          externalId: `w${said}`,
        });
      }),
    );
    await listen();
  };
  const alerts = async () =>
    (await listSpikes(ctx, boss, null)).spikes.map(({ at, count }) => [at.slice(11, 16), count]);

  it('is told once though neither hour is far above its usual, grows, and ends after its sixty minutes', async () => {
    await quiet();
    await says(7, '10:50');
    expect(await alerts()).toEqual([]);
    await says(7, '11:00');
    expect(await alerts()).toEqual([['10:50', 14]]);
    const [spike] = (await listSpikes(ctx, boss, null)).spikes;
    expect(spike).toMatchObject({ usual: 0, endedAt: null, searchName: 'Elm' });
    expect(spike?.words.map(({ word }) => word)).toContain('burns');
    expect(spike?.hitIds.length).toBeGreaterThan(1);
    // In the later hour alone it is as much now: the same burst.
    await says(6, '11:20');
    expect(await alerts()).toEqual([['10:50', 20]]);
    now = new Date('2024-08-02T11:50:00Z');
    await sweepListening(ctx);
    expect((await listSpikes(ctx, boss, null)).spikes[0]?.endedAt).toBe('2024-08-02T11:50:00.000Z');
    // It goes on into the next hour, and another one comes long after it.
    await says(9, '12:01');
    expect(await alerts()).toEqual([
      ['12:00', 9],
      ['10:50', 20],
    ]);
    expect(told).toHaveLength(1);
    await says(9, '15:10');
    expect(told).toHaveLength(2);
  });

  it('is told again where it had ended before the next began', async () => {
    await quiet();
    await says(5, '10:55');
    await says(5, '11:00');
    await says(9, '12:20');
    expect(await alerts()).toEqual([
      ['12:00', 9],
      ['10:55', 10],
    ]);
    expect(told).toHaveLength(2);
  });

  it('is no other than that of the hour before, nor than that of the hour after', async () => {
    await quiet();
    await says(9, '10:50');
    await says(7, '11:00');
    expect(await alerts()).toEqual([['10:00', 9]]);
    await says(2, '16:57');
    await says(9, '17:00');
    expect(await alerts()).toEqual([
      ['17:00', 9],
      ['10:00', 9],
    ]);
    expect(told).toHaveLength(2);
  });

  it('is told once by two servers that see it at once', async () => {
    const { id } = await quiet();
    await says(7, '10:50');
    await ctx.models.savedSearches.updateOne({ _id: id }, { $set: { alert: false } });
    await says(7, '11:00');
    await ctx.models.savedSearches.updateOne({ _id: id }, { $set: { alert: true } });
    const counts = [{ searchId: id, hour: new Date('2024-08-02T11:00:00Z') }];
    await Promise.all(Array.from({ length: 4 }, () => watchSpikes(ctx, counts)));
    expect(await alerts()).toEqual([['10:50', 14]]);
    expect(told).toHaveLength(1);
  });

  it('is none where as much is said over this hour every week', async () => {
    await search();
    const week = 7 * 24 * hourMs;
    await comes(
      ...[1, 2, 3, 4].flatMap((weeks) =>
        Array.from({ length: 14 }, (_, n) =>
          mentioned(person(`v${n}`), `elm as ever ${n}`, {
            at: new Date(Date.UTC(2024, 7, 2, 10, 53, n * 60) - weeks * week),
          }),
        ),
      ),
    );
    await says(7, '10:53');
    await says(7, '11:00');
    expect(await alerts()).toEqual([]);
  });

  it('ends when most of it was not about us', async () => {
    await quiet();
    await says(7, '10:50');
    await says(7, '11:00');
    for (let n = said - 13; n <= said - 4; n += 1)
      await teachAway(ctx, boss, { id: `${channel._id}:w${n}`, searchId: null });
    await ctx.models.mentions.updateOne({ externalId: `w${said}` }, { $addToSet: { todo: 'listen' } });
    await comes({ type: 'delete', externalId: `w${said}`, at: now });
    await listen();
    expect((await listSpikes(ctx, boss, null)).spikes).toMatchObject([
      { count: 3, endedAt: now.toISOString() },
    ]);
    expect(told).toHaveLength(1);
  });
});

it('what a raw event repeats is the same mention', async () => {
  const raw = rawEvent([mentioned(sara, 'elm', { externalId: 'a', at: ago(1) })], { key: 'k' });
  await deliver(ctx, channel, [raw, raw]);
  await deliver(ctx, channel, [raw]);
  expect(await mentions()).toHaveLength(1);
});
