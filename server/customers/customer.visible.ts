import type { QueryFilter } from 'mongoose';
import type { Viewer } from '../../shared/access.ts';
import type { Context } from '../context.ts';
import type { FactsDoc } from './facts.model.ts';

/** Whom a viewer sees, as a query over facts: whoever spoke on a channel of theirs, and those whom nobody has spoken with yet. */
export function visibleFacts(viewer: Viewer): QueryFilter<FactsDoc> {
  if (viewer.channelIds === 'all') return {};
  return {
    $or: [{ 'activity.channelIds': { $in: [...viewer.channelIds] } }, { 'activity.conversations': 0 }],
  } as QueryFilter<FactsDoc>;
}

/** The same rule for facts read already. */
export function canSeeFacts(viewer: Viewer, facts: Pick<FactsDoc, 'activity'>): boolean {
  if (viewer.channelIds === 'all' || facts.activity.conversations === 0) return true;
  const theirs = viewer.channelIds;
  return facts.activity.channelIds.some((id) => theirs.includes(id));
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
