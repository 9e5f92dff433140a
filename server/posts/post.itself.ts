import type { Context } from '../context.ts';
import type { PartDoc } from '../messages/message.model.ts';

/**
 * Messages and mentions that are these posts themselves, and so are nothing that was said under them. A mention has its post's id then; a
 * message is that of the part with it.
 */
export async function postsThemselves(
  { models }: Pick<Context, 'models'>,
  postIds: readonly string[],
): Promise<string[]> {
  const parts = await models.parts
    .find({ _id: { $in: [...postIds] }, messageId: { $ne: null } }, { messageId: 1 })
    .lean<Pick<PartDoc, '_id' | 'messageId'>[]>()
    .exec();
  return [...postIds, ...parts.flatMap(({ messageId }) => messageId ?? [])];
}
