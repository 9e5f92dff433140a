import type { Viewer } from '../../shared/access.ts';
import type { Hit, HitPage, ListenAsk } from '../../shared/listening.ts';
import type { Context } from '../context.ts';
import { invalid } from '../http/validate.ts';
import type { HitDoc } from './hit.model.ts';
import { presentHits, visibleHit } from './hit.presenter.ts';
import { hitsQuery, mustListen, noHit } from './hit.query.ts';

/** What was found, newest first. @throws AppError forbidden; notFound for another's channel; invalid for a cursor that is none */
export async function listHits(
  ctx: Context,
  viewer: Viewer,
  options: { ask: ListenAsk; after: string | null; limit: number },
): Promise<HitPage> {
  mustListen(viewer, 'listening.read', 'see what is said in public');
  const { ask, limit } = options;
  const after = options.after === null ? null : placeOf(options.after);
  const times: Record<string, unknown>[] = [
    ...(ask.from ? [{ at: { $gte: new Date(ask.from) } }] : []),
    ...(ask.to ? [{ at: { $lt: new Date(ask.to) } }] : []),
    ...(after
      ? [
          { at: { $lte: after.at } },
          { $or: [{ at: { $lt: after.at } }, { at: after.at, _id: { $lt: after.id } }] },
        ]
      : []),
  ];
  const query = hitsQuery(viewer, ask);
  const rows = await ctx.models.hits
    .find(times.length ? { ...query, $and: times } : query)
    .sort({ at: -1, _id: -1 })
    .limit(limit + 1)
    .lean<HitDoc[]>();
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    hits: await presentHits(ctx, viewer, shown),
    next: rows.length > limit && last ? `${last.at.getTime()}.${last._id}` : null,
  };
}

/** @throws AppError forbidden, notFound */
export async function getHit(ctx: Context, viewer: Viewer, id: string): Promise<Hit> {
  mustListen(viewer, 'listening.read', 'see what is said in public');
  const row = await visibleHit(ctx, viewer, id);
  const [hit] = row ? await presentHits(ctx, viewer, [row]) : [];
  if (!hit) throw noHit();
  return hit;
}

function placeOf(cursor: string): { at: Date; id: string } {
  const [, time = '', id = ''] = /^(\d{1,15})\.(.+)$/s.exec(cursor) ?? [];
  if (!id) throw invalid({ after: 'Must be the “next” of an earlier page' });
  return { at: new Date(Number(time)), id };
}
