import type { AdvocateReport } from '../../shared/reward.ts';
import type { Aspect, Sentiment } from '../../shared/sentiment.ts';
import type { Context } from '../context.ts';
import type { Heard } from './period.ts';

type Row = AdvocateReport['byAspect'][number];
type About = Sentiment['about'];

const mostRows = 200;
/** So many are read at once. */
const atOnce = 1_000;

/**
 * What is praised and what is complained of, of each product and of us where none is named: clause by clause, so that one word may praise
 * the quality and blame the delivery. Of nothing but what was heard: the viewer's channels are chosen already.
 *
 * @param of.only of this product alone; null: of all, and of none
 * @param of.called what a product is called now
 */
export async function aspectRows(
  ctx: Pick<Context, 'models'>,
  heard: readonly Heard[],
  of: { only: string | null; called: (product: string) => string },
): Promise<Row[]> {
  const { only, called } = of;
  const rows = new Map<string, Row>();
  for await (const about of aboutOf(ctx, [...new Set(heard.map(({ sourceId }) => sourceId))]))
    for (const { aspect, product: heardAs, label } of about) {
      const product = heardAs === null ? null : called(heardAs);
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

async function* aboutOf(
  { models }: Pick<Context, 'models'>,
  sourceIds: readonly string[],
): AsyncGenerator<About> {
  const fields = { 'sentiment.about': 1 };
  for (let from = 0; from < sourceIds.length; from += atOnce) {
    const some = { _id: { $in: sourceIds.slice(from, from + atOnce) } };
    const [messages, mentions] = await Promise.all([
      models.messages.find(some, fields).lean<{ sentiment?: { about?: About } | null }[]>().exec(),
      models.mentions.find(some, fields).lean<{ sentiment?: { about?: About } | null }[]>().exec(),
    ]);
    for (const { sentiment } of [...messages, ...mentions]) yield sentiment?.about ?? [];
  }
}
