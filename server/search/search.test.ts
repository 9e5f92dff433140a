import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InboundEvent } from '../../connectors/connector.ts';
import type { Viewer } from '../../shared/access.ts';
import { findIn, readQuery } from '../../shared/text/find.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { person, plain, rawEvent, written } from '../../test/provider.ts';
import { seeded } from '../../test/random.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { updateConversation } from '../conversations/conversation.update.ts';
import { recordId } from '../records/record.put.ts';
import { eraSize } from './search.bits.ts';
import { merge } from './search.merge.ts';
import { searchMessages } from './search.messages.ts';
import { search } from './search.service.ts';
import { workSearch } from './search.worker.ts';

let ctx: TestContext;
let other: TestContext;
let large: ChannelDoc;
let small: ChannelDoc;
const everyone: Viewer = { id: 'u1', role: 'agent', channelIds: 'all', teamIds: [] };
let few: Viewer;

const sara = person('sara', { name: 'سارا' });
const reza = person('reza', { name: 'رضا' });
const minute = (n: number) => new Date(Date.now() - n * 60_000);

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain } });
  other = await ctx.sibling();
  large = await ctx.addChannel({ connector: 'plain', accountRef: 'large' });
  small = await ctx.addChannel({ connector: 'plain', accountRef: 'small' });
  few = { ...everyone, id: 'u2', channelIds: [small._id] };
});
afterAll(async () => {
  await other?.close();
  await ctx?.close();
});

const comes = (channel: ChannelDoc, events: InboundEvent[]) =>
  deliver(ctx, channel, [rawEvent(events, { accountRef: channel.accountRef })]);

const index = () => workSearch(ctx, new AbortController().signal, { pace: 0 });

async function texts(
  query: string,
  viewer = everyone,
  options: { unwanted?: boolean; on?: TestContext } = {},
) {
  const { found } = await searchMessages(options.on ?? ctx, viewer, {
    query: readQuery(query),
    limit: 20,
    after: null,
    unwanted: options.unwanted ?? false,
  });
  return found.map((message) => message.snippet.text);
}

describe('messages', () => {
  it('are found by their words once they are indexed, newest first, on every server', async () => {
    await comes(large, [
      written(sara, 'سفارشم نمي‌رسد', { at: minute(30) }),
      written(sara, 'کد رهگیری ۱۲۳-۴۵۶۷۸ را ندارم', { at: minute(20) }),
    ]);
    await comes(small, [written(reza, 'سفارش من کجاست؟', { at: minute(10) })]);
    await index();
    for (const on of [ctx, other]) {
      expect(await texts('سفارش', everyone, { on })).toEqual(['سفارش من کجاست؟', 'سفارشم نمي‌رسد']);
      expect(await texts('نمیرسد سفا', everyone, { on })).toEqual(['سفارشم نمي‌رسد']);
      expect(await texts('5678', everyone, { on })).toEqual(['کد رهگیری ۱۲۳-۴۵۶۷۸ را ندارم']);
    }
    expect(await ctx.models.messages.countDocuments({ todo: 'search' })).toBe(0);
  });

  it('of other channels are not found', async () => {
    expect(await texts('سفارش', few)).toEqual(['سفارش من کجاست؟']);
    expect(await texts('رهگیری', few)).toEqual([]);
    await expect(
      search(
        ctx,
        { ...everyone, role: 'nobody' as never },
        { q: 'x', kinds: ['messages'], limit: 5, after: null, unwanted: false },
      ),
    ).rejects.toThrow();
  });

  it('are found by what they say now, not by what they said', async () => {
    const id = 'edited-1';
    await comes(large, [written(sara, 'رمز من گلابی است', { externalIds: [id], at: minute(9) })]);
    await index();
    expect(await texts('گلابی')).toHaveLength(1);
    await comes(large, [
      {
        type: 'edit',
        externalId: id,
        scope: null,
        text: 'رمز من سیب است',
        at: new Date(),
        order: '2',
      } as never,
    ]);
    await index();
    expect(await texts('گلابی')).toEqual([]);
    expect(await texts('سیب')).toEqual(['رمز من سیب است']);
    await comes(large, [{ type: 'delete', externalId: id, at: new Date() } as never]);
    expect(await texts('سیب')).toEqual([]);
    await index();
    expect(await texts('رمز')).toEqual([]);
  });

  it('are seen by agents of a channel that their conversation came to later', async () => {
    await comes(large, [written(person('omid'), 'گلدان شکسته رسید', { at: minute(8) })]);
    await index();
    expect(await texts('گلدان', few)).toEqual([]);
    await comes(small, [written(person('omid'), 'سلام دوباره', { at: minute(7) })]);
    await index();
    expect(await texts('گلدان', few)).toEqual(['گلدان شکسته رسید']);
  });

  it('put away as spam are found when they are asked for', async () => {
    await comes(large, [written(person('eve'), 'برنده شدید پنگوئن', { at: minute(6) })]);
    await index();
    const [message] = await ctx.models.messages.find({ text: 'برنده شدید پنگوئن' }).lean();
    await updateConversation(ctx, everyone, {
      conversationId: message?.conversationId ?? '',
      update: { deed: 'spam', block: [] },
    });
    expect(await texts('پنگوئن')).toEqual([]);
    expect(await texts('پنگوئن', everyone, { unwanted: true })).toEqual(['برنده شدید پنگوئن']);
  });
});

it('two servers that index at once lose nothing', async () => {
  const events = Array.from({ length: 40 }, (_, n) =>
    written(person(`crowd-${n % 7}`), `ازدحام شماره ${1000 + n}`),
  );
  const whole = new AbortController().signal;
  await Promise.all([
    comes(large, events.slice(0, 20)).then(() => workSearch(ctx, whole)),
    comes(large, events.slice(20)).then(() => workSearch(other, whole)),
  ]);
  await index();
  expect(await ctx.models.messages.countDocuments({ todo: 'search' })).toBe(0);
  for (const on of [ctx, other])
    for (let n = 0; n < 40; n += 1)
      expect(await texts(`ازدحام ${1000 + n}`, everyone, { on })).toHaveLength(1);
});

it('what was taken back leaves no way from its words to it', async () => {
  const id = 'secret-1';
  await comes(large, [written(sara, 'گذرواژه نهنگ است', { externalIds: [id] })]);
  await index();
  const before = await ctx.models.messages.findOne({ text: 'گذرواژه نهنگ است' }).lean();
  expect(before?.searchNo).toBeGreaterThan(0);
  await comes(large, [{ type: 'delete', externalId: id, at: new Date() } as never]);
  await index();
  const after = await ctx.models.messages.findById(before?._id).lean();
  expect(after).toMatchObject({ text: '', searchNo: 0 });
  expect(after?.todo).not.toContain('search');
});

describe('many messages', () => {
  const words = [
    'آبی',
    'سبز',
    'زرد',
    'قرمز',
    'سیاه',
    'سفید',
    'کتاب',
    'کتاب‌ها',
    'می‌شود',
    '۰۹۱۲۱۲۳۴۵۶۷',
    '4567',
  ];

  it('are found as by reading each, page by page, in the tails, in the blocks and in both', async () => {
    const random = seeded(7);
    const pick = () => words[Math.floor(random() * words.length)];
    const conversation = await ctx.models.conversations.findOne({}).lean();
    const total = 700;
    const docs = Array.from({ length: total }, (_, n) => ({
      _id: `many-${n}`,
      conversationId: conversation?._id ?? '',
      kind: 'message' as const,
      direction: 'in' as const,
      seq: 10_000 + n,
      version: 1,
      // Two in one second, some from long ago.
      at: new Date(Date.now() - Math.floor(n / 2) * 1_000 - (n % 5 === 0 ? 40 * 86_400_000 : 0)),
      receivedAt: new Date(),
      visibility: 'private' as const,
      text: `zx ${pick()} ${pick()} ${pick()}`,
      attachments: [],
      todo: ['search'],
    }));
    await ctx.models.messages.collection.insertMany(docs as never[]);
    // Both eras are nearly full: the messages come into further ones.
    await ctx.models.searchState.updateOne(
      { _id: 'state' },
      { $set: { nextEra: 4, live: { no: 2, used: eraSize - 300 }, past: { no: 3, used: eraSize - 70 } } },
    );
    await index();
    const state = await ctx.models.searchState.findById('state').lean();
    expect(state?.waiting).toBeGreaterThan(total);
    expect(await ctx.models.messages.countDocuments({ searchNo: { $exists: true }, _id: /^many-/ })).toBe(
      total,
    );
    await compare();
    // As though much had come: everything goes into the blocks.
    expect(
      await merge(ctx, { fence: 99, signal: new AbortController().signal, rest: async () => undefined }),
    ).toBeGreaterThan(total);
    expect(await ctx.models.searchTails.countDocuments({})).toBe(0);
    await compare();
    await ctx.models.messages.updateMany(
      { _id: /^many-1.$/ },
      { $set: { text: 'zx بنفش' }, $addToSet: { todo: 'search' } },
    );
    for (const doc of docs) if (/^many-1.$/.test(doc._id)) doc.text = 'zx بنفش';
    await index();
    await compare();
    await expect(
      merge(ctx, { fence: 1, signal: new AbortController().signal, rest: async () => undefined }),
    ).rejects.toThrow();

    async function compare() {
      for (const asked of [
        'zx آبی',
        'zx کتاب سبز',
        'zx میشود',
        'zx "کتاب"',
        'zx 0912123',
        'zx 4567 زر',
        'zx بن',
      ]) {
        const query = readQuery(asked);
        const expected = docs
          .filter(({ text }) => findIn(query, text))
          .map(({ _id }) => _id)
          .sort();
        for (const on of [ctx, other]) {
          const ids: string[] = [];
          const times: number[] = [];
          let after: string | null = null;
          do {
            const page: Awaited<ReturnType<typeof searchMessages>> = await searchMessages(on, everyone, {
              query,
              limit: 50,
              after,
              unwanted: true,
            });
            ids.push(...page.found.map(({ id }) => id));
            times.push(...page.found.map(({ at }) => Math.floor(Date.parse(at) / 1000)));
            after = page.next;
          } while (after);
          expect([...ids].sort(), asked).toEqual(expected);
          expect(times, asked).toEqual([...times].sort((a, b) => b - a));
        }
      }
    }
  }, 60_000);

  it('have eras of their own when they are old', async () => {
    const state = await ctx.models.searchState.findById('state').lean();
    expect(state?.live?.no).not.toBe(state?.past?.no);
    const [old] = await ctx.models.messages.find({ _id: 'many-5' }).lean();
    expect([3, state?.past?.no]).toContain(Math.floor((old?.searchNo ?? 0) / eraSize));
    expect(new Set(state?.eras.map(({ no }) => no)).size).toBeGreaterThanOrEqual(4);
  });
});

it('records are found by any part of their number and by what they are of, with whose they are', async () => {
  const conversation = await ctx.models.conversations.findOne({ channelIds: [large._id] }).lean();
  const [purchase, service] = [recordId('purchase', 'ORD-778812'), recordId('service', 'SRV-5')];
  const record = { at: new Date(), amount: null, currency: 'IRR', note: '', version: 1, todo: ['search'] };
  const customerId = conversation?.customerId ?? '';
  await ctx.models.records.collection.insertMany([
    {
      _id: purchase,
      kind: 'purchase',
      externalId: 'ORD-778812',
      title: 'یخچال فریزر',
      items: [],
      customerId,
      ...record,
    },
    {
      _id: service,
      kind: 'service',
      externalId: 'SRV-5',
      title: 'نصب',
      items: [{ name: 'لوله‌کشی', code: 'L9' }],
      customerId,
      ...record,
    },
  ] as never[]);
  await index();
  const ask = async (q: string, viewer = everyone) => {
    const page = await search(ctx, viewer, { q, kinds: ['records'], limit: 5, after: null, unwanted: false });
    return page.records?.found.map(({ id }) => id);
  };
  for (const q of ['ord-778812', '7788', 'ord778812', 'يخچال']) expect(await ask(q), q).toEqual([purchase]);
  for (const q of ['srv-5', 'لوله کشی', 'نصب']) expect(await ask(q), q).toEqual([service]);
  expect(await ask('یخچال', few)).toEqual([]);
  const page = await search(ctx, everyone, {
    q: 'ORD-778812',
    kinds: ['customers'],
    limit: 5,
    after: null,
    unwanted: false,
  });
  expect(page.customers?.found.map(({ id }) => id)).toEqual([customerId]);
});

it('a record of a day that is far off is put into the blocks, and what comes after it too', async () => {
  const conversation = await ctx.models.conversations.findOne({ channelIds: [large._id] }).lean();
  const far = ['9999-12-31', '2200-01-01', '0001-01-01'].map((day, n) => ({
    _id: recordId('purchase', `FAR-4400${n}`),
    kind: 'purchase',
    externalId: `FAR-4400${n}`,
    title: 'ضمانت‌نامه',
    items: [],
    customerId: conversation?.customerId ?? '',
    at: new Date(`${day}T00:00:00Z`),
    amount: null,
    currency: 'IRR',
    note: '',
    version: 1,
    todo: ['search'],
  }));
  await ctx.models.records.collection.insertMany(far as never[]);
  await index();
  await merge(ctx, { fence: 99, signal: new AbortController().signal, rest: async () => undefined });
  expect(await ctx.models.searchTails.countDocuments({})).toBe(0);
  const page = await search(ctx, everyone, {
    q: 'far-4400',
    kinds: ['records'],
    limit: 5,
    after: null,
    unwanted: false,
  });
  const found = page.records?.found.map(({ id }) => id) ?? [];
  expect([...found].sort()).toEqual(far.map(({ _id }) => _id));
  expect(found.at(-1)).toBe(far.at(-1)?._id);
});

it('a search of everything gives each kind, marked', async () => {
  const page = await search(ctx, everyone, {
    q: 'سارا',
    kinds: ['customers', 'messages', 'records'],
    limit: 5,
    after: null,
    unwanted: false,
  });
  expect(page.customers?.found[0]).toMatchObject({ name: 'سارا', nameHighlights: [[0, 4]] });
  const messages = await search(ctx, everyone, {
    q: 'رهگيري',
    kinds: ['messages'],
    limit: 5,
    after: null,
    unwanted: false,
  });
  expect(messages.customers).toBeUndefined();
  expect(messages.messages?.found[0]).toMatchObject({
    customer: { name: 'سارا' },
    highlights: [[3, 9]],
    snippet: { start: 0, cutBefore: false, cutAfter: false, highlights: [[3, 9]] },
  });
  await expect(
    search(ctx, everyone, { q: 'سارا', kinds: ['messages'], limit: 5, after: 'nonsense!', unwanted: false }),
  ).rejects.toMatchObject({ code: 'invalid' });
});
