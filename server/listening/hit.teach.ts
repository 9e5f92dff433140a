import { canUseChannel, type Viewer } from '../../shared/access.ts';
import type { Hit } from '../../shared/listening.ts';
import type { Context } from '../context.ts';
import { commit } from '../messages/commit.ts';
import { getHit } from './hit.list.ts';
import { anySearch, type HitDoc, type Verdict } from './hit.model.ts';
import { mustListen, noHit } from './hit.query.ts';
import { hitsOf, writeHits } from './hit.write.ts';
import { hourShift } from './hour.ts';
import { sourceOf } from './listen.source.ts';
import { relearn } from './relearn.ts';

/**
 * It is not about us: by one search, or by all that found it. What its words tell is learnt.
 * @throws AppError forbidden, notFound
 */
export function teachAway(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; searchId: string | null },
): Promise<Hit> {
  return judge(ctx, viewer, options, (row) => (row.matched ? 'taught' : null));
}

/**
 * It is about us after all: what a person taught away is as before; what was only learnt of others is kept from now on, against what
 * was learnt.
 * @throws AppError forbidden, notFound
 */
export function bringBackHit(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; searchId: string | null },
): Promise<Hit> {
  return judge(ctx, viewer, options, (row) =>
    row.verdict === 'taught' ? 'none' : row.verdict === 'learnt' ? 'kept' : null,
  );
}

async function judge(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; searchId: string | null },
  verdictOf: (row: HitDoc) => Verdict | null,
): Promise<Hit> {
  mustListen(viewer, 'listening.write', 'say what is about us');
  const shift = await hourShift(ctx);
  const searchIds = await commit(ctx, async (tx) => {
    const rows = await hitsOf(tx, options.id);
    const source = await sourceOf(tx, options.id);
    const any = rows.find((row) => row.searchId === anySearch);
    if (!source || !any || !canUseChannel(viewer, any.channelId)) throw noHit();
    const asked = rows.filter(
      (row) => row.searchId !== anySearch && (options.searchId ?? row.searchId) === row.searchId,
    );
    if (!asked.length) throw noHit();
    const verdicts = new Map(
      asked.flatMap((row): [string, Verdict][] => {
        const verdict = verdictOf(row);
        return verdict && verdict !== row.verdict ? [[row.searchId, verdict]] : [];
      }),
    );
    if (verdicts.size) await writeHits(tx, source, { rows, verdicts, shift });
    return [...verdicts.keys()];
  });
  await relearn(ctx, searchIds);
  if (searchIds.length) ctx.bus.emit('hits.changed', { searchIds });
  return getHit(ctx, viewer, options.id);
}
