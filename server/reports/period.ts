import type { Viewer } from '../../shared/access.ts';
import type { EvidenceDoc } from '../advocates/advocate.model.ts';
import { wantedOf } from '../advocates/unwanted.ts';
import type { Context } from '../context.ts';
import { invalid } from '../http/validate.ts';

export const dayMs = 86_400_000;
const usualDays = 30;
const mostDays = 731;
/** So much evidence is read at once. */
const atOnce = 1_000;

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
  | 'customerId'
  | 'part'
  | 'sourceId'
  | 'authorId'
  | 'channelId'
  | 'conversationId'
  | 'at'
  | 'products'
  | 'public'
>;

const fields = {
  customerId: 1,
  part: 1,
  sourceId: 1,
  authorId: 1,
  channelId: 1,
  conversationId: 1,
  at: 1,
  products: 1,
  public: 1,
} as const;

/** Evidence from channels that the viewer may use. */
export const heardBy = (viewer: Viewer) =>
  viewer.channelIds === 'all' ? {} : { channelId: { $in: [...viewer.channelIds] } };

/** All evidence of a time on channels that the viewer may use, but for spam; a batch at a time. */
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
    .cursor({ batchSize: atOnce });
  let some: Heard[] = [];
  for await (const one of cursor) {
    some.push(one as Heard);
    if (some.length < atOnce) continue;
    yield* await wantedOf(ctx, some);
    some = [];
  }
  yield* await wantedOf(ctx, some);
}
