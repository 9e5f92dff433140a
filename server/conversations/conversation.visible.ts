import type { QueryFilter } from 'mongoose';
import { canSee, canUseChannel, may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from './conversation.model.ts';

/** `canSee` as a query: every list and count lays it over its own. */
export function visibleTo(viewer: Viewer): QueryFilter<ConversationDoc> {
  return viewer.channelIds === 'all' ? {} : { channelIds: { $in: [...viewer.channelIds] } };
}

/** `visibleTo`, narrowed to one channel when one is asked for. */
export function visibleOn(viewer: Viewer, channelId: string | null): QueryFilter<ConversationDoc> {
  if (!may(viewer, 'conversation.read'))
    throw new AppError({ code: 'forbidden', message: 'You may not read conversations.' });
  if (channelId === null) return visibleTo(viewer);
  if (!canUseChannel(viewer, channelId))
    throw new AppError({ code: 'notFound', message: 'There is no such channel.' });
  return { channelIds: channelId };
}

/** @throws AppError notFound also when it exists and this viewer may not see it: they are not told which */
export async function readableConversation(
  ctx: Pick<Context, 'models'>,
  viewer: Viewer,
  id: string,
): Promise<ConversationDoc> {
  if (!may(viewer, 'conversation.read'))
    throw new AppError({ code: 'forbidden', message: 'You may not read conversations.' });
  const conversation = await ctx.models.conversations.findById(id).lean<ConversationDoc>().exec();
  if (!conversation || !canSee(viewer, conversation)) throw noConversation();
  return conversation;
}

export function noConversation(): AppError {
  return new AppError({ code: 'notFound', message: 'There is no such conversation.' });
}
