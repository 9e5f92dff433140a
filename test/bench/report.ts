import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { EvidenceDoc } from '../../server/advocates/advocate.model.ts';
import { key } from '../../server/db/key.ts';
import { advocateReport } from '../../server/reports/advocates.report.ts';
import type { Period } from '../../server/reports/period.ts';
import type { Viewer } from '../../shared/access.ts';
import { aspects } from '../../shared/sentiment.ts';
import { createTestContext, type TestContext } from '../context.ts';
import { seeded } from '../random.ts';
import type { Row } from './main.ts';
import { percentile } from './webhook.ts';

const usual = 100_000;
const mostDays = 731;
const dayMs = 86_400_000;
const mostPauseMs = 100;
const productSearches = 20;
/** Of the words that told of somebody, how many a search for a product found as well. */
const hitShare = 0.3;
const viewer: Viewer = { id: 'bench', role: 'marketer', channelIds: 'all', teamIds: [] };
const words = ['praise', 'recommendation', 'criticism', 'help'] as const;

/**
 * The advocates' report over its longest time, two years, and over its usual thirty days: until it is answered, and for how long it lets
 * nothing else of its process through. Beside a floor of the same run: the evidence of that time read, and nothing done with it.
 * `--only 20000` takes so many words of evidence instead.
 */
export async function report(say: (line: string) => void, only: string): Promise<Row[]> {
  const total = only ? Number(only) : usual;
  if (!Number.isInteger(total) || total < 1_000 || total % 1_000)
    throw new Error(`--only takes a number of words, a multiple of 1,000, not "${only}".`);
  const ctx = await createTestContext({ durable: true });
  try {
    const to = new Date();
    await load(ctx, { total, to, say });
    const rows: Row[] = [];
    for (const days of [30, mostDays]) {
      const period = { from: new Date(to.getTime() - days * dayMs), to };
      rows.push(...(await measure(ctx, period, `${days} days of ${total} words in ${mostDays}`)));
      say(`${days} days`);
    }
    return rows;
  } finally {
    await ctx.close();
  }
}

async function measure(ctx: TestContext, period: Period, name: string): Promise<Row[]> {
  const floors: number[] = [];
  const times: number[] = [];
  let pause = 0;
  for (let round = 0; round < 5; round += 1) {
    const read = performance.now();
    await ctx.models.evidence.find({ at: { $gte: period.from, $lt: period.to } }).lean();
    floors.push(performance.now() - read);
    // A new one each time: it would take the time that it was off for one pause.
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const asked = performance.now();
    await advocateReport(ctx, viewer, period, { channelId: null, product: null });
    times.push(performance.now() - asked);
    delay.disable();
    pause = Math.max(pause, delay.max / 1e6);
  }
  const middle = (all: number[]) =>
    percentile(
      all.sort((a, b) => a - b),
      0.5,
    );
  const [value, floor] = [middle(times), middle(floors)];
  return [
    { case: `report of ${name}`, value, unit: 'ms', floor, ratio: value / floor },
    { case: `longest pause of the process, ${name}`, value: pause, unit: 'ms', aim: { most: mostPauseMs } },
  ];
}

async function load(
  ctx: TestContext,
  { total, to, say }: { total: number; to: Date; say: (line: string) => void },
): Promise<void> {
  const random = seeded(11);
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const products = Array.from({ length: productSearches }, (_, n) => `Product ${n}`);
  await ctx.models.savedSearches.collection.insertMany(
    products.map((name, n) => ({
      _id: `search-${n}` as never,
      name,
      kind: 'product',
      terms: [name],
      exclude: [],
      archived: false,
      createdAt: to,
    })),
  );
  for (let n = 0; n < total; n += 1_000) {
    const some = Array.from({ length: 1_000 }, (_, i) => {
      const at = new Date(to.getTime() - random() * mostDays * dayMs);
      return { id: `word-${n + i}`, at, product: one(products), part: one(words) };
    });
    await ctx.models.evidence.collection.insertMany(
      some.map(({ id, at, part, product }): EvidenceDoc => {
        const customerId = `customer-${Math.floor(random() * 20_000)}`;
        return {
          _id: key(customerId, part, id),
          customerId,
          part,
          source: 'message',
          sourceId: id,
          authorId: `author-${customerId}`,
          channelId: `channel-${Math.floor(random() * 10)}`,
          conversationId: `conversation-${customerId}`,
          postId: null,
          url: null,
          public: true,
          at,
          excerpt: 'What was said, in about as many letters as one sentence that counts has.',
          weight: 1,
          products: [product],
        };
      }) as never[],
    );
    await ctx.models.messages.collection.insertMany(
      some.map(({ id, at, product, part }) => ({
        _id: id as never,
        conversationId: `conversation-${id}`,
        seq: 1,
        at,
        text: 'What was said, in about as many letters as a message has in which one sentence counts.',
        sentiment: {
          label: part === 'criticism' ? 'negative' : 'positive',
          about: [{ aspect: one(aspects), product, label: part === 'criticism' ? 'negative' : 'positive' }],
        },
      })),
    );
    await ctx.models.hits.collection.insertMany(
      some
        .filter(() => random() < hitShare)
        .map(({ id, at }) => {
          const searchId = `search-${Math.floor(random() * productSearches)}`;
          const sourceId = `message:${id}`;
          return {
            _id: key(searchId, sourceId) as never,
            searchId,
            sourceId,
            at,
            matched: true,
            state: 'new',
          };
        }),
    );
    if (n % 20_000 === 0) say(`${n} words written`);
  }
}
