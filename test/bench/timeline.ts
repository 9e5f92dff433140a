import { blankConversation } from '../../server/conversations/conversation.header.ts';
import { matcherOf } from '../../server/customers/history.query.ts';
import { type HistoryEdge, type HistoryOptions, history } from '../../server/customers/history.ts';
import type { Viewer } from '../../shared/access.ts';
import { createTestContext, type TestContext } from '../context.ts';
import type { Row } from './main.ts';
import { loadMillion, type Million, plainMessage, textOf } from './million.ts';
import { percentile } from './webhook.ts';

const small = 10_000;
const usual = 1_000_000;
/** Of the one customer whose history is read. */
const conversations = 1_000;
const messagesEach = 9;
const records = 1_000;
const entries = conversations * messagesEach + records;
const cid = '1999999999';
const spanMs = 365 * 86_400_000;

const rounds = 50;
const mostRatio = 1.5;

const viewer: Viewer = { id: 'bench', role: 'administrator', channelIds: 'all', teamIds: [] };

/**
 * Windows of one customer's full history, 10,000 entries in 1,000 conversations, in a database of 10,000 other messages and in one of
 * 1,000,000 (`--only N` for fewer): what they cost, and by how much more in the larger; beside a floor of the same run, a read of 50
 * messages by their ids.
 */
export async function timeline(say: (line: string) => void, only: string): Promise<Row[]> {
  const total = only ? Number(only) : usual;
  if (!Number.isInteger(total) || total < small || total % 10_000)
    throw new Error(`--only takes a number of messages, a multiple of 10,000, not "${only}".`);
  const few = await measured(small, say);
  const many = await measured(total, say);
  const [least, most] = [few, many].map((figures) => figures.get('floor')?.p50 ?? 1) as [number, number];
  const rows = [...many.keys()].flatMap((name): Row[] => {
    const [a, b] = [few.get(name), many.get(name)];
    if (!a || !b) return [];
    if (name === 'floor')
      return [{ case: `floor: 50 messages by id, among ${total}`, value: b.p50, unit: 'ms', ...b }];
    return [
      { case: `${name}, among ${small}`, value: a.p50, unit: 'ms', floor: least, ratio: a.p50 / least, ...a },
      {
        case: `${name}, among ${total}`,
        value: b.p50,
        unit: 'ms',
        floor: most,
        ratio: b.p50 / most,
        ...b,
      },
      {
        case: `${name}, ${total} to ${small}`,
        value: b.p50 / a.p50,
        unit: '×',
        aim: { most: mostRatio },
      },
    ];
  });
  return rows;
}

type Figures = Map<string, { p50: number; p99: number }>;

async function measured(total: number, say: (line: string) => void): Promise<Figures> {
  const ctx = await createTestContext({ durable: true });
  try {
    const million = await loadMillion(ctx, { messages: total, say });
    const begin = ctx.now().getTime() - spanMs;
    await loadOne(ctx, { million, begin });
    say(`${entries} entries of one customer among ${total} messages`);
    const at = (part: number): HistoryEdge => ({ at: 'around', time: new Date(begin + part * spanMs) });
    const page = async (edge: HistoryEdge, of: Partial<HistoryOptions> = {}) =>
      history(ctx, viewer, {
        customerId: cid,
        edge,
        limit: 50,
        kinds: [],
        channelId: null,
        has: null,
        ...of,
      });
    /** One that is in most messages, and one that is in hardly any. */
    const [common, rare] = [million.words.list[3], million.words.list[20_000]].map((word = '') =>
      matcherOf(word),
    );
    const middle = await page(at(0.5));
    const ids = middle.entries.map(({ id }) => id);
    const cases: [string, () => Promise<unknown>][] = [
      ['floor', () => ctx.models.messages.find({ _id: { $in: ids } }).lean()],
      ['newest window', () => page({ at: 'newest' })],
      ['window before the middle', () => page({ at: 'before', cursor: middle.before ?? '' })],
      ['window after the middle', () => page({ at: 'after', cursor: middle.after ?? '' })],
      ['jump to the middle', () => page(at(0.5))],
      ['jump to the beginning', () => page(at(0.001))],
      ['purchases alone, newest window', () => page({ at: 'newest' }, { kinds: ['purchase'] })],
      ['one channel, newest window', () => page({ at: 'newest' }, { channelId: 'channel-1' })],
      ['a common word, newest window', () => page({ at: 'newest' }, { has: common ?? null })],
      ['a word that hardly occurs, all of it', () => page({ at: 'newest' }, { has: rare ?? null })],
    ];
    const figures: Figures = new Map();
    for (const [name, run] of cases) {
      const spread: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const from = performance.now();
        await run();
        // The first few warm what is cached.
        if (round >= 10) spread.push(performance.now() - from);
      }
      spread.sort((a, b) => a - b);
      figures.set(name, { p50: percentile(spread, 0.5), p99: percentile(spread, 0.99) });
    }
    return figures;
  } finally {
    await ctx.close();
  }
}

/** Cases that follow one another over a year, some messages apart, and a purchase in each. */
async function loadOne(
  ctx: TestContext,
  { million, begin }: { million: Million; begin: number },
): Promise<void> {
  const { models } = ctx;
  const step = spanMs / conversations;
  const now = new Date();
  await models.customers.collection.insertOne({
    _id: cid as never,
    name: 'نمونه',
    nameSource: 'agent',
    active: { main: null },
    version: 1,
    mergedInto: null,
    members: [cid],
    tokens: [],
    createdAt: new Date(begin),
  });
  const numbers = Array.from({ length: conversations }, (_, n) => n);
  await models.conversations.collection.insertMany(
    numbers.map((n) => ({
      ...blankConversation({ id: `one-${n}`, customerId: cid, at: new Date(begin + n * step) }),
      status: 'resolved',
      channelIds: ['channel-1'],
      version: messagesEach,
      seq: messagesEach,
      messageCount: messagesEach,
      newestAt: new Date(begin + n * step + messagesEach * 60_000),
      lastAt: new Date(begin + n * step + messagesEach * 60_000),
    })) as never[],
  );
  for (let from = 0; from < conversations; from += 100)
    await models.messages.collection.insertMany(
      numbers.slice(from, from + 100).flatMap((n) =>
        Array.from({ length: messagesEach }, (_, i) =>
          plainMessage({
            id: `one-${n}-${i}`,
            conversationId: `one-${n}`,
            channelId: 'channel-1',
            seq: i + 1,
            at: new Date(begin + n * step + (i + 1) * 60_000),
            text: textOf(million),
            direction: i % 2 ? 'out' : 'in',
          }),
        ),
      ) as never[],
    );
  await models.records.collection.insertMany(
    Array.from({ length: records }, (_, n) => ({
      _id: `own:purchase:${n}`,
      kind: 'purchase',
      customerId: cid,
      externalId: String(n),
      at: new Date(begin + n * step + 30_000),
      title: 'سفارش',
      amount: 1_000_000,
      currency: 'IRR',
      items: [],
      status: 'done',
      statusText: '',
      note: '',
      source: { by: 'api', id: 'bench' },
      version: 1,
      createdAt: now,
      updatedAt: now,
    })) as never[],
  );
}
