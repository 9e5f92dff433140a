import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import type { HistoryEntry, HistoryKind, HistoryPage } from '../../shared/history.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { seeded } from '../../test/random.ts';
import { blankConversation } from '../conversations/conversation.header.ts';
import { parse } from '../http/validate.ts';
import { historyQuery, matcherOf } from './history.query.ts';
import { type HistoryEdge, type HistoryOptions, history } from './history.ts';

let ctx: TestContext;
const all: Viewer = { id: 'u1', role: 'administrator', channelIds: 'all', teamIds: [] };
const onlyB: Viewer = { id: 'u2', role: 'agent', channelIds: ['chB'], teamIds: [] };
const base = Date.parse('2024-08-01T00:00:00Z');
const random = seeded(20240801);
/** Few moments for many entries: most share theirs. */
const moment = () => new Date(base + Math.floor(random() * 40) * 60_000);

const words = ['کتاب‌های تازه', 'سفارش 1001 نرسید', 'ممنونم', 'hello there'];

beforeAll(async () => {
  ctx = await createTestContext();
  const blank = {
    nameSource: 'channel',
    active: { main: null },
    version: 1,
    tokens: [],
    createdAt: new Date(base),
  };
  await ctx.models.customers.insertMany([
    { ...blank, _id: 'one', name: 'One', members: ['one', 'merged'] },
    { ...blank, _id: 'merged', name: 'Two', members: ['merged'], mergedInto: 'one' },
    { ...blank, _id: 'other', name: 'Other', members: ['other'] },
  ]);
  const conversations = [...Array.from({ length: 260 }, (_, n) => `c${n}`), 'foreign'];
  await ctx.models.conversations.insertMany(
    conversations.map((id, n) => ({
      ...blankConversation({ id, customerId: id === 'foreign' ? 'other' : 'one', at: moment() }),
      newestAt: moment(),
      channelIds: [n % 3 === 0 ? 'chA' : 'chB'],
      version: 1,
      seq: 5,
      messageCount: 5,
    })),
  );
  const kinds = ['message', 'message', 'note', 'call', 'event'] as const;
  await ctx.models.messages.insertMany(
    Array.from({ length: 520 }, (_, n) => {
      const at = Math.floor(random() * conversations.length);
      const kind = kinds[n % kinds.length] ?? 'message';
      return {
        _id: `m${String(Math.floor(random() * 1e9)).padStart(9, '0')}-${n}`,
        conversationId: conversations[at],
        kind,
        direction: 'in',
        seq: Math.floor(random() * 5),
        version: 1,
        at: moment(),
        providerOrder: random() < 0.5 ? '' : String(Math.floor(random() * 3)),
        receivedAt: new Date(base),
        channelId: kind === 'event' ? null : at % 3 === 0 ? 'chA' : 'chB',
        visibility: 'private',
        text: words[n % words.length],
        ...(n % 50 === 0 && { deletedAt: new Date(base) }),
      };
    }),
  );
  await ctx.models.records.insertMany(
    Array.from({ length: 60 }, (_, n) => ({
      _id: `own:purchase:${n}`,
      kind: n % 2 ? 'purchase' : 'service',
      customerId: ['one', 'merged', 'other'][n % 3],
      externalId: String(n),
      at: moment(),
      title: n % 4 ? 'کفش' : 'کتابخانه',
      amount: n,
      currency: 'IRR',
      status: 'done',
      source: { by: 'api', id: 'k' },
      version: 1,
      createdAt: new Date(base),
      updatedAt: new Date(base),
    })),
  );
  await ctx.models.edits.insertMany(
    Array.from({ length: 40 }, (_, n) => ({
      _id: `e${n}`,
      customerId: ['one', 'merged', 'other'][n % 3],
      at: moment(),
      by: 'agent',
      byUserId: 'u1',
      field: 'city',
      before: null,
      after: 'یزد',
    })),
  );
  const identity = {
    address: null,
    homeCustomerId: 'one',
    touched: 1,
    lastSeenAt: new Date(base),
    channelIds: ['chA'],
  };
  await ctx.models.identities.insertMany(
    Array.from({ length: 12 }, (_, n) => ({
      ...identity,
      _id: `mobile:${n}`,
      kind: 'mobile',
      value: String(n),
      display: String(n),
      customerId: n % 4 ? 'one' : 'other',
      proof: 'transport',
      provenAt: moment(),
    })),
  );
  await ctx.models.rewards.insertMany(
    Array.from({ length: 30 }, (_, n) => ({
      _id: `r${n}`,
      customerId: ['one', 'merged', 'other'][n % 3],
      kind: 'points',
      points: n,
      sending: { state: 'none', error: '' },
      reason: n % 2 ? 'برای کتاب‌های تازه' : 'thanks',
      state: 'given',
      at: moment(),
      byUserId: 'u1',
    })),
  );
  const quote = {
    source: 'message',
    sourceId: 'm',
    quote: 'hello there',
    state: 'withdrawn',
    tokenHash: 'hash',
    language: 'fa',
    askedAt: moment(),
    byUserId: 'u1',
  };
  const word = (state: string, minute: number) => ({
    state,
    at: new Date(base + minute * 60_000),
    by: 'link',
    byUserId: null,
    reason: '',
    shown: 'the question',
  });
  await ctx.models.testimonials.insertMany([
    { ...quote, _id: 't1', customerId: 'merged', words: [word('withdrawn', 25), word('given', 20)] },
    { ...quote, _id: 't2', customerId: 'other', words: [] },
  ] as never);
  const link = { survivorId: 'one', mergedId: 'merged', proof: 'agent', reason: 'same', byUserId: 'u1' };
  const before = { survivor: { name: 'One' }, merged: { name: 'Two' } };
  await ctx.models.links.insertMany([
    { ...link, _id: 'holds', at: moment(), before },
    { ...link, _id: 'undone', at: moment(), before, undone: { at: moment(), byUserId: 'u1' } },
  ]);
});
afterAll(() => ctx?.close());

const ask = (
  edge: HistoryEdge,
  more: Partial<HistoryOptions> & { viewer?: Viewer } = {},
): Promise<HistoryPage> =>
  history(ctx, more.viewer ?? all, {
    customerId: 'one',
    edge,
    limit: 67,
    kinds: [],
    channelId: null,
    has: null,
    ...more,
  });

type More = Parameters<typeof ask>[1];

async function walk(from: HistoryPage, side: 'before' | 'after', more: More): Promise<HistoryEntry[]> {
  const entries = [...from.entries];
  for (let page = from; page[side] !== null; ) {
    page = await ask({ at: side, cursor: page[side] ?? '' }, more);
    expect(page.entries.length).toBeGreaterThan(0);
    if (side === 'before') entries.push(...page.entries);
    else entries.unshift(...page.entries);
  }
  return entries;
}

const ids = (entries: readonly HistoryEntry[]) => entries.map(({ id }) => id);
const whole = async (more: More = {}) => walk(await ask({ at: 'newest' }, more), 'before', more);

describe('the history of a customer', () => {
  it('has everything of theirs, each once, newest first, and nothing of others', async () => {
    const entries = await whole();
    const mine = await ctx.models.messages.countDocuments({ conversationId: { $ne: 'foreign' } });
    const count = (kinds: HistoryKind[]) => entries.filter(({ kind }) => kinds.includes(kind)).length;
    expect(new Set(ids(entries)).size).toBe(entries.length);
    expect(count(['message', 'note', 'call', 'event'])).toBe(mine);
    expect([
      count(['purchase', 'service']),
      count(['edit']),
      count(['verification']),
      count(['merge']),
      count(['reward']),
      count(['testimonial']),
    ]).toEqual([40, 27, 9, 3, 20, 3]);
    const times = entries.map(({ at }) => at);
    expect(times).toEqual([...times].sort().reverse());
    expect(entries.find(({ id }) => id === 'holds')).toMatchObject({
      merge: { undone: false, survivorName: 'One', mergedName: 'Two' },
    });
  });

  it.each([1, 40])('is the same in windows of %i, from either end', async (limit) => {
    // One at a time takes as many windows as there are entries: of few kinds.
    const kinds: HistoryKind[] = limit === 1 ? ['edit', 'verification', 'merge'] : [];
    const more = { limit, kinds };
    const down = await whole(more);
    expect(ids(down)).toEqual(ids(await whole({ kinds, limit: 53 })));
    const oldest = await ask({ at: 'around', time: new Date(0) }, more);
    expect(oldest.before).toBeNull();
    expect(ids(await walk(oldest, 'after', more))).toEqual(ids(down));
  });

  it('is entered at a moment, or at a message, and goes on both ways from there', async () => {
    const everything = ids(await whole());
    for (const minute of [0, 13, 60]) {
      const time = new Date(base + minute * 60_000);
      const page = await ask({ at: 'around', time });
      const split = page.entries.findIndex(({ at }) => at < time.toISOString());
      for (const { at } of page.entries.slice(0, split < 0 ? undefined : split))
        expect(at >= time.toISOString()).toBe(true);
      const up = await walk(page, 'after', {});
      const down = await walk(page, 'before', {});
      expect([...ids(up), ...ids(down).slice(page.entries.length)]).toEqual(everything);
    }
    const message = await ctx.models.messages.findOne({ conversationId: 'c7' }).lean();
    if (message) {
      const page = await ask({ at: 'around', messageId: message._id }, { limit: 100 });
      expect(page.entries.some(({ at }) => at === message.at.toISOString())).toBe(true);
    }
    const foreign = await ctx.models.messages.findOne({ conversationId: 'foreign' }).lean();
    await expect(ask({ at: 'around', messageId: foreign?._id ?? 'none' })).rejects.toMatchObject({
      code: 'notFound',
    });
  });

  it('says from where on nothing comes in late: what is after it is what stands above it', async () => {
    for (const edge of [{ at: 'newest' }, { at: 'around', time: new Date(base + 13 * 60_000) }] as const) {
      const { entries, settled } = await ask(edge, { limit: 100 });
      const [place, above] = [entries[settled?.newer ?? -1], entries.slice(0, settled?.newer)];
      expect(Date.parse(entries[0]?.at ?? '') - Date.parse(place?.at ?? '')).toBeGreaterThanOrEqual(60_000);
      expect(above.every(({ at }) => Date.parse(entries[0]?.at ?? '') - Date.parse(at) < 60_000)).toBe(true);
      const again = await ask({ at: 'after', cursor: settled?.cursor ?? '' }, { limit: above.length });
      expect(ids(again.entries)).toEqual(ids(above));
    }
    expect((await ask({ at: 'newest' }, { limit: 1 })).settled).toBeNull();
  });

  it('keeps its cursors while new things happen', async () => {
    const first = await ask({ at: 'newest' });
    const rest = await walk(first, 'before', {});
    const late = { kind: 'purchase', customerId: 'one', title: 'late', currency: 'IRR', status: 'done' };
    const more = { source: { by: 'api', id: 'k' }, version: 1, createdAt: new Date(), updatedAt: new Date() };
    await ctx.models.records.insertMany([
      { ...late, ...more, _id: 'late', at: new Date(base + 90 * 60_000) },
    ]);
    try {
      expect(ids(await walk(first, 'before', {}))).toEqual(ids(rest));
      const page = await ask({ at: 'before', cursor: first.before ?? '' }, { limit: 1 });
      const back = await walk(page, 'after', {});
      expect(ids(back)[0]).toBe('late');
    } finally {
      await ctx.models.records.deleteOne({ _id: 'late' });
    }
  });

  it('shows an agent what is of conversations they see, and what hangs on the customer', async () => {
    const entries = await whole({ viewer: onlyB });
    const spoken = entries.flatMap((entry) => ('message' in entry ? [entry.message] : []));
    expect(spoken.length).toBeGreaterThan(0);
    const seen = await ctx.models.conversations
      .find({ channelIds: 'chB', customerId: 'one' }, { _id: 1 })
      .lean();
    const ok = new Set(seen.map(({ _id }) => _id));
    expect(spoken.every(({ conversationId }) => ok.has(conversationId))).toBe(true);
    expect(entries.filter(({ kind }) => kind === 'purchase')).toHaveLength(20);
    const nobody: Viewer = { ...onlyB, channelIds: ['chC'] };
    await expect(ask({ at: 'newest' }, { viewer: nobody })).rejects.toMatchObject({ code: 'notFound' });
    await expect(ask({ at: 'newest' }, { viewer: onlyB, channelId: 'chA' })).rejects.toMatchObject({
      code: 'notFound',
    });
  });

  it('has rewards and testimonials for whoever may see them', async () => {
    const kinds: HistoryKind[] = ['reward', 'testimonial'];
    const quotes = await whole({ kinds: ['testimonial'] });
    expect(quotes.flatMap((entry) => ('testimonial' in entry ? [entry.testimonial] : []))).toEqual(
      expect.arrayContaining([
        { quote: 'hello there', state: 'asked', by: 'agent', byUserId: 'u1', reason: '' },
        { quote: 'hello there', state: 'given', by: 'link', byUserId: null, reason: '' },
        { quote: 'hello there', state: 'withdrawn', by: 'link', byUserId: null, reason: '' },
      ]),
    );
    expect(ids(await whole({ kinds, limit: 2 }))).toEqual(ids(await whole({ kinds })));
    expect(await whole({ kinds, has: matcherOf('كتاب هاي'), limit: 4 })).toHaveLength(10);
    expect(await whole({ kinds, viewer: onlyB })).toEqual([]);
    expect(await whole({ kinds, channelId: 'chA' })).toEqual([]);
  });

  it('is narrowed to kinds and to a channel', async () => {
    const notes = await whole({ kinds: ['note'] });
    expect(new Set(notes.map(({ kind }) => kind))).toEqual(new Set(['note']));
    const onA = await whole({ channelId: 'chA', kinds: ['message', 'purchase', 'verification'] });
    expect(onA.length).toBeGreaterThan(0);
    expect(onA.some(({ kind }) => kind === 'purchase')).toBe(false);
    for (const entry of onA) if ('message' in entry) expect(entry.message.channelId).toBe('chA');
  });

  it('is searched in whatever spelling, and what was deleted is not found', async () => {
    const found = await whole({ has: matcherOf('كتاب هاي'), limit: 10 });
    expect(found.length).toBeGreaterThan(60);
    for (const entry of found)
      if ('message' in entry) expect(entry.message).toMatchObject({ text: 'کتاب‌های تازه', deletedAt: null });
    const books = await whole({ has: matcherOf('کتابخانه'), limit: 4 });
    expect(books.map((entry) => ('record' in entry ? entry.record.title : entry.kind))).toEqual(
      Array.from({ length: 10 }, () => 'کتابخانه'),
    );
    expect(() => matcherOf('!؟')).toThrow(/no word/);
  });

  it('gives the conversations of what it shows', async () => {
    const page = await ask({ at: 'newest' });
    const met = new Set(
      page.entries.flatMap((entry) => ('message' in entry ? [entry.message.conversationId] : [])),
    );
    expect(new Set(page.headers.map(({ id }) => id))).toEqual(met);
  });
});

describe('what is asked of a history', () => {
  it.each([
    [{ around: '2024-03-20T00:00:00+03:30' }, { at: 'around', time: new Date('2024-03-19T20:30:00Z') }],
    [{ around: '2024-03-20' }, { at: 'around', time: new Date('2024-03-20') }],
    [{ before: 'x' }, { at: 'before', cursor: 'x' }],
    [{}, { at: 'newest' }],
  ])('is read from %j', (query, edge) => {
    expect(parse(historyQuery, query).edge).toEqual(edge);
  });

  it.each([
    [{ around: 'yesterday' }, /Must be a time/],
    [{ before: 'a', after: 'b' }, /one of before, after and around/],
    [{ kinds: 'message,letters' }, /no 'letters'/],
    [{ limit: '1000' }, /from 1 to 100/],
  ])('is refused in %j', (query, why) => {
    expect(() => parse(historyQuery, query)).toThrow(why);
  });

  it('is refused with a cursor of something else', async () => {
    for (const cursor of [
      'x',
      Buffer.from('[1]').toString('base64url'),
      Buffer.from('{}').toString('base64url'),
    ])
      await expect(ask({ at: 'before', cursor })).rejects.toThrow(/no cursor of this history/);
  });
});
