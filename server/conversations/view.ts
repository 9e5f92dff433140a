import type { QueryFilter } from 'mongoose';
import type { Viewer } from '../../shared/access.ts';
import {
  type ConversationStatus,
  countCeiling,
  type View,
  type ViewCounts,
  views,
} from '../../shared/conversation.ts';
import type { Context } from '../context.ts';
import { waiting } from './conversation.header.ts';
import type { ConversationDoc } from './conversation.model.ts';
import { visibleTo } from './conversation.visible.ts';

const listed: ConversationStatus[] = ['open', 'snoozed', 'resolved'];

/** `inView` of the contract, as a query. */
export function viewFilter(view: View, userId: string): QueryFilter<ConversationDoc> {
  switch (view) {
    case 'mine':
      return { assigneeId: userId, status: 'open' };
    case 'unassigned':
      return { assigneeId: null, status: 'open' };
    case 'unread':
      return { status: 'open', ...waiting };
    case 'snoozed':
      return { status: 'snoozed' };
    case 'all':
      return { status: { $in: listed } };
  }
}

/** Up to the ceiling: beyond it nobody needs the number, and counting it would cost. */
export function countView(
  ctx: Pick<Context, 'models'>,
  options: { view: View; userId: string; visible: QueryFilter<ConversationDoc> },
): Promise<number> {
  return ctx.models.conversations
    .countDocuments(
      { ...viewFilter(options.view, options.userId), ...options.visible },
      { limit: countCeiling },
    )
    .exec();
}

export async function countViews(ctx: Pick<Context, 'models'>, viewer: Viewer): Promise<ViewCounts> {
  const visible = visibleTo(viewer);
  const counted = await Promise.all(
    views.map(async (view) => [view, await countView(ctx, { view, userId: viewer.id, visible })] as const),
  );
  return Object.fromEntries(counted) as ViewCounts;
}
