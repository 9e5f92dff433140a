import { search as ask } from '../../server/search/search.service.ts';
import { workSearch } from '../../server/search/search.worker.ts';
import type { Viewer } from '../../shared/access.ts';
import type { SearchKind } from '../../shared/search.ts';
import { createTestContext, type TestContext } from '../context.ts';
import type { Row } from './main.ts';
import { loadMillion, type Million } from './million.ts';
import { percentile } from './webhook.ts';

const usual = 1_000_000;
/** Of each kind of query. */
const queries = 400;
const mostMs = 100;

const all: Viewer = { id: 'bench', role: 'administrator', channelIds: 'all', teamIds: [] };
const few: Viewer = { ...all, role: 'agent', channelIds: ['channel-3'] };

/**
 * Search over a million messages on the embedded engine as production runs it, from what a request asks to what it is answered with;
 * beside a floor of the same run: a page of messages, their conversations and customers read by their ids.
 * `--only 100000` takes so many messages instead.
 */
export async function search(say: (line: string) => void, only: string): Promise<Row[]> {
  const total = only ? Number(only) : usual;
  if (!Number.isInteger(total) || total < 10_000 || total % 10_000)
    throw new Error(`--only takes a number of messages, a multiple of 10,000, not "${only}".`);
  const ctx = await createTestContext({ durable: true });
  try {
    const million = await loadMillion(ctx, { messages: total, say });
    const rows: Row[] = [
      { case: `${total} messages written, by insertMany`, value: million.rate, unit: '/s' },
    ];
    rows.push(...(await indexRows(ctx, total, say)));
    rows.push(...(await queryRows(ctx, million, say)));
    return rows;
  } finally {
    await ctx.close();
  }
}

/** The worker as it runs beside an inbox, with its rests. */
async function indexRows(ctx: TestContext, total: number, say: (line: string) => void): Promise<Row[]> {
  const stop = new AbortController();
  const from = performance.now();
  const timer = setInterval(() => {
    void ctx.models.searchState
      .findById('state')
      .lean()
      .then((state) =>
        say(`indexing: ${state?.nextTail ?? 0} tails, ${Math.round((performance.now() - from) / 1000)} s`),
      );
  }, 20_000);
  try {
    await workSearch(ctx, stop.signal);
  } finally {
    clearInterval(timer);
  }
  const seconds = (performance.now() - from) / 1000;
  let [bytes, blocks, tails] = [0, 0, 0];
  for await (const block of ctx.models.searchBlocks.collection.find({}, { promoteBuffers: true })) {
    blocks += 1;
    bytes += String(block._id).length + (block.d as unknown as Buffer).length + 40;
  }
  for await (const tail of ctx.models.searchTails.find({}).lean().cursor())
    tails += JSON.stringify(tail).length;
  return [
    { case: 'indexing beside an inbox, with rests', value: total / seconds, unit: '/s' },
    { case: 'index in blocks', value: bytes / 2 ** 20, unit: 'MB' },
    { case: 'index in blocks, of a message', value: bytes / total, unit: 'bytes' },
    { case: 'blocks', value: blocks, unit: 'blocks' },
    { case: 'index in tails', value: tails / 2 ** 20, unit: 'MB' },
  ];
}

interface Kind {
  viewer?: Viewer;
  kinds?: readonly SearchKind[];
  query(n: number): string;
}

async function queryRows(ctx: TestContext, million: Million, say: (line: string) => void): Promise<Row[]> {
  const { words, random } = million;
  const [first = '', second = ''] = words.list;
  const rare = (n: number) => words.list[1_000 + ((n * 37) % 20_000)] ?? '';
  const at = (list: readonly string[], n: number) => list[(n * 31) % list.length] ?? '';
  const beginning = (word: string, n: number) => word.slice(0, 2 + (n % 3));
  const cases: Record<string, Kind> = {
    'one word by frequency': { query: words.draw },
    'two words by frequency': { query: () => `${words.draw()} ${words.draw()}` },
    'three words by frequency': { query: () => `${words.draw()} ${words.draw()} ${words.draw()}` },
    'the commonest pair': { query: () => `${first} ${second} ` },
    'the commonest pair the other way round': { query: () => `${second} ${first} ` },
    'a common and a rare word': { query: (n) => `${words.list[n % 20]} ${rare(n)}` },
    'two words that hardly meet': { query: (n) => `${rare(n)} ${rare(n + 5_000)}` },
    'beginnings of words': { query: (n) => beginning(words.draw(), n) },
    'a word and the beginning of another': { query: (n) => `${words.draw()} ${beginning(words.draw(), n)}` },
    'two common words, an agent of one channel': {
      viewer: few,
      query: () => `${words.list[Math.floor(random() * 50)]} ${words.draw()}`,
    },
    'the last four digits': { query: (n) => at(million.mobiles, n).slice(-4) },
    'a number of an order': { query: (n) => at(million.orders, n) },
    'customers by name': { kinds: ['customers'], query: (n) => at(million.names, n) },
    'customers by a common first name': {
      kinds: ['customers'],
      query: (n) => at(million.names, n).split(' ')[0] ?? '',
    },
    'customers by part of a number': {
      kinds: ['customers'],
      query: (n) => at(million.mobiles, n).slice(-4 - (n % 5)),
    },
    'customers by a whole landline number': {
      kinds: ['customers'],
      query: (n) => at(million.phones, n).replace('+98', '0'),
    },
    'customers by the number of a purchase': { kinds: ['customers'], query: (n) => at(million.purchases, n) },
    'purchases by their number': { kinds: ['records'], query: (n) => at(million.purchases, n) },
    'purchases by a word': { kinds: ['records'], query: words.draw },
    'everything, the number of a purchase': {
      kinds: ['customers', 'messages', 'records'],
      query: (n) => at(million.purchases, n),
    },
    'everything, one word': { kinds: ['customers', 'messages', 'records'], query: words.draw },
  };
  const floor = await floorOf(ctx, million);
  const rows: Row[] = [];
  const every: number[] = [];
  for (const [name, kind] of Object.entries(cases)) {
    let found = 0;
    const spread: number[] = [];
    for (let n = 0; n < queries; n += 1) {
      const q = kind.query(n);
      const began = performance.now();
      const page = await ask(ctx, kind.viewer ?? all, {
        q,
        kinds: kind.kinds ?? ['messages'],
        limit: 20,
        after: null,
        unwanted: false,
      });
      spread.push(performance.now() - began);
      found +=
        (page.messages?.found.length ?? 0) +
        (page.customers?.found.length ?? 0) +
        (page.records?.found.length ?? 0);
    }
    spread.sort((a, b) => a - b);
    every.push(...spread);
    rows.push(row(name, spread, floor));
    say(
      `${name}: p50 ${percentile(spread, 0.5).toFixed(1)}, p99 ${percentile(spread, 0.99).toFixed(1)}, longest ${spread.at(-1)?.toFixed(1)} ms, ${(found / queries).toFixed(1)} found`,
    );
  }
  every.sort((a, b) => a - b);
  rows.push(row('all of these, each as often', every, floor), {
    case: 'the longest of all',
    value: every.at(-1) ?? 0,
    unit: 'ms',
  });
  return rows;
}

function row(name: string, spread: readonly number[], floor: readonly number[]): Row {
  const [p50, p99, least] = [percentile(spread, 0.5), percentile(spread, 0.99), percentile(floor, 0.99)];
  return {
    case: `${name}, p99`,
    value: p99,
    unit: 'ms',
    floor: least,
    ratio: p99 / least,
    p50,
    p99,
    aim: { most: mostMs },
  };
}

/** Twenty messages, their conversations and their customers, each by its id. */
async function floorOf(ctx: TestContext, { random }: Million): Promise<number[]> {
  const conversations = await ctx.models.conversations.estimatedDocumentCount();
  const spread: number[] = [];
  for (let n = 0; n < queries; n += 1) {
    const some = Array.from({ length: 20 }, () => Math.floor(random() * conversations));
    const began = performance.now();
    await ctx.models.messages.find({ _id: { $in: some.map((one) => `message-${one}-3`) } }).lean();
    const met = await ctx.models.conversations
      .find({ _id: { $in: some.map((one) => `conversation-${one}`) } })
      .lean();
    await ctx.models.customers.find({ _id: { $in: met.map(({ customerId }) => customerId) } }).lean();
    spread.push(performance.now() - began);
  }
  return spread.sort((a, b) => a - b);
}
