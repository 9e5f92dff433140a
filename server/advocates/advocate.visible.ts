import type { QueryFilter } from 'mongoose';
import type { Viewer } from '../../shared/access.ts';
import type { AdvocateDoc } from './advocate.model.ts';

/** Whom a viewer sees, by the rule that customers have: whoever spoke on a channel of theirs, and those whom nobody has spoken with. */
export function visibleAdvocates(viewer: Viewer): QueryFilter<AdvocateDoc> {
  if (viewer.channelIds === 'all') return {};
  return { $or: [{ seenOn: { $in: [...viewer.channelIds] } }, { seenOn: [] }] } as QueryFilter<AdvocateDoc>;
}
