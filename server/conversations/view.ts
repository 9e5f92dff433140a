import type { QueryFilter } from 'mongoose';
import type { Viewer } from '../../shared/access.ts';
import { countCeiling } from '../../shared/conversation.ts';
import type { Looker, ViewFilter } from '../../shared/view.ts';
import type { Context } from '../context.ts';
import { waiting } from './conversation.header.ts';
import type { ConversationDoc } from './conversation.model.ts';
import { visibleTo } from './conversation.visible.ts';

type Query = QueryFilter<ConversationDoc>;

/** `matches` of the contract, as a query. */
export function viewQuery(filter: ViewFilter, looker: Looker): Query {
  const { assignee, team } = filter;
  return {
    status: among(filter.status),
    ...(assignee === 'me' && { assigneeId: looker.id }),
    ...(assignee === 'none' && { assigneeId: null }),
    ...(typeof assignee === 'object' && { assigneeId: among(assignee.anyOf) }),
    ...(filter.mentioned && { mentionedIds: looker.id }),
    ...(team === 'mine' && { teamId: among(looker.teamIds) }),
    ...(team === 'none' && { teamId: null }),
    ...(typeof team === 'object' && { teamId: among(team.anyOf) }),
    ...(filter.tags && { tagIds: among(filter.tags) }),
    ...(filter.priority && { priority: among(filter.priority) }),
    ...(filter.channels && { channelIds: among(filter.channels) }),
    ...(filter.waiting && waiting),
  } as Query;
}

/** One value is asked for as itself: an index is then in the order of what follows. */
function among<T>(values: readonly T[]): T | { $in: T[] } {
  const [only] = values;
  return values.length === 1 ? (only as T) : { $in: [...values] };
}

/** Both hold: what is asked for and what may be seen both speak of channels. */
export function both(query: Query, visible: Query): Query {
  if ('channelIds' in query && 'channelIds' in visible) return { $and: [query, visible] };
  return { ...query, ...visible };
}

/** Up to the ceiling: beyond it nobody needs the number, and counting it would cost. */
export function countQuery(ctx: Pick<Context, 'models'>, query: Query): Promise<number> {
  return ctx.models.conversations.countDocuments(query, { limit: countCeiling }).exec();
}

/** What a viewer sees of a view. */
export function countView(
  ctx: Pick<Context, 'models'>,
  viewer: Viewer,
  options: { filter: ViewFilter; visible?: Query },
): Promise<number> {
  return countQuery(ctx, both(viewQuery(options.filter, viewer), options.visible ?? visibleTo(viewer)));
}
