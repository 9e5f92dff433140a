import type { AdvocateReport } from '../../shared/reward.ts';
import type { Aspect, Sentiment } from '../../shared/sentiment.ts';
import type { Context } from '../context.ts';
import { calledNow } from '../sentiment/products.ts';
import type { Heard } from './period.ts';

type Row = AdvocateReport['byAspect'][number];
type About = Sentiment['about'];
interface Said {
  _id: string;
  sentiment?: { about?: About } | null;
}

const mostRows = 200;
/** So many are read at once. */
const atOnce = 1_000;

/** What each of these messages and mentions speaks of, by the names that products have now. */
export type Abouts = ReadonlyMap<string, About>;

/**
 * What is praised and what is complained of, of each product and of us where none is named: clause by clause, so that one word may praise
 * the quality and blame the delivery. Pure.
 *
 * @param only of this product alone; null: of all, and of none
 */
export function aspectRows(abouts: Abouts, only: string | null): Row[] {
  const rows = new Map<string, Row>();
  for (const about of abouts.values())
    for (const { aspect, product, label } of about) {
      if (!aspect || label === 'neutral' || (only !== null && product !== only)) continue;
      const row = rows.get(`${aspect} ${product}`) ?? blank(aspect, product);
      row[label] += 1;
      rows.set(`${aspect} ${product}`, row);
    }
  return [...rows.values()].sort(mostSaidFirst).slice(0, mostRows);
}

const blank = (aspect: Aspect, product: string | null): Row => ({
  aspect,
  product,
  positive: 0,
  negative: 0,
});

const mostSaidFirst = (a: Row, b: Row): number =>
  b.positive + b.negative - (a.positive + a.negative) ||
  (a.product ?? '').localeCompare(b.product ?? '', 'en') ||
  (a.aspect < b.aspect ? -1 : 1);

export async function aboutsOf(ctx: Context, heard: readonly Pick<Heard, 'sourceId'>[]): Promise<Abouts> {
  const { models } = ctx;
  const called = await calledNow(ctx);
  const abouts = new Map<string, About>();
  const fields = { 'sentiment.about': 1 };
  const sourceIds = [...new Set(heard.map(({ sourceId }) => sourceId))];
  for (let from = 0; from < sourceIds.length; from += atOnce) {
    const some = { _id: { $in: sourceIds.slice(from, from + atOnce) } };
    const [messages, mentions] = await Promise.all([
      models.messages.find(some, fields).lean<Said[]>().exec(),
      models.mentions.find(some, fields).lean<Said[]>().exec(),
    ]);
    for (const { _id, sentiment } of [...messages, ...mentions])
      abouts.set(
        _id,
        (sentiment?.about ?? []).map((one) => ({
          ...one,
          product: one.product === null ? null : called(one.product),
        })),
      );
  }
  return abouts;
}
