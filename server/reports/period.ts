import type { Viewer } from '../../shared/access.ts';
import type { EvidenceDoc } from '../advocates/advocate.model.ts';
import type { Context } from '../context.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { survivorOf } from '../customers/customer.survivor.ts';
import { canSeeFacts } from '../customers/customer.visible.ts';
import type { FactsDoc } from '../customers/facts.model.ts';
import { invalid } from '../http/validate.ts';

export const dayMs = 86_400_000;
const usualDays = 30;
const mostDays = 731;

/** From `from` on, before `to`. */
export interface Period {
  from: Date;
  to: Date;
}

/** As it was asked for; absent: the last thirty days. @throws AppError invalid */
export function periodOf(ask: { from: string | null; to: string | null }, now: Date): Period {
  const to = ask.to === null ? now : new Date(ask.to);
  const from = ask.from === null ? new Date(to.getTime() - usualDays * dayMs) : new Date(ask.from);
  if (from >= to) throw invalid({ from: 'The beginning must be before the end.' });
  if (to.getTime() - from.getTime() > mostDays * dayMs)
    throw invalid({ from: `At most ${mostDays} days at once.` });
  return { from, to };
}

/** The same length of time before it. */
export function periodBefore({ from, to }: Period): Period {
  return { from: new Date(from.getTime() - (to.getTime() - from.getTime())), to: from };
}

export type Heard = Pick<
  EvidenceDoc,
  'customerId' | 'part' | 'sourceId' | 'authorId' | 'channelId' | 'at' | 'products' | 'public'
>;

const fields = {
  customerId: 1,
  part: 1,
  sourceId: 1,
  authorId: 1,
  channelId: 1,
  at: 1,
  products: 1,
  public: 1,
} as const;

/** Evidence from channels that the viewer may use. */
export const heardBy = (viewer: Viewer) =>
  viewer.channelIds === 'all' ? {} : { channelId: { $in: [...viewer.channelIds] } };

/** All evidence of a time on channels that the viewer may use, a batch at a time. */
export async function* evidenceIn(ctx: Context, viewer: Viewer, { from, to }: Period): AsyncGenerator<Heard> {
  const cursor = ctx.models.evidence
    .find(
      {
        at: { $gte: from, $lt: to },
        ...heardBy(viewer),
      },
      fields,
    )
    .sort({ at: 1 })
    .lean<Heard[]>()
    .cursor({ batchSize: 1_000 });
  for await (const one of cursor) yield one as Heard;
}

/** Those of them whom the viewer may see; for survivors. */
export async function visibleOf(
  ctx: Pick<Context, 'models'>,
  viewer: Viewer,
  ids: Iterable<string>,
): Promise<Set<string>> {
  const asked = new Set(ids);
  if (viewer.channelIds === 'all') return asked;
  const facts = await ctx.models.facts
    .find({ _id: { $in: [...asked] } }, { activity: 1 })
    .lean<Pick<FactsDoc, '_id' | 'activity'>[]>()
    .exec();
  return new Set(facts.filter((one) => canSeeFacts(viewer, one)).map(({ _id }) => _id));
}

/** Whom each of these stands for today. */
export async function survivorsOf(
  ctx: Pick<Context, 'models'>,
  customerIds: Iterable<string>,
): Promise<Map<string, string>> {
  const ids = [...new Set(customerIds)];
  const found = await ctx.models.customers
    .find({ _id: { $in: ids } }, { mergedInto: 1 })
    .lean<Pick<CustomerDoc, '_id' | 'mergedInto'>[]>()
    .exec();
  const entries = await Promise.all(
    found.map(
      async ({ _id, mergedInto }) =>
        [_id, mergedInto ? ((await survivorOf(ctx.models.customers, _id))?._id ?? _id) : _id] as const,
    ),
  );
  return new Map(entries);
}
