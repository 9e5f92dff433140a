import type { Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { accessConversation } from '../conversations/conversation.access.ts';
import type { FileDoc } from '../files/file.model.ts';
import type { AttachmentDoc, CallDoc, MessageDoc } from '../messages/message.model.ts';

/** Of several recordings of one call the best. */
export function recordingState(attachments: readonly Pick<AttachmentDoc, 'state'>[]): CallDoc['recording'] {
  for (const state of ['ready', 'pending', 'failed'] as const)
    if (attachments.some((one) => one.state === state)) return state;
  return null;
}

/**
 * The recording of a call, for whoever sees its conversation: what was said there they may read as well. Who listened is in the log.
 * @throws AppError notFound, with what became of it
 */
export async function recordingOf(
  ctx: Context,
  viewer: Viewer,
  of: { conversationId: string; messageId: string },
): Promise<FileDoc> {
  await accessConversation(ctx, viewer, {
    conversationId: of.conversationId,
    permission: 'conversation.read',
  });
  const message = await ctx.models.messages
    .findOne({ _id: of.messageId, conversationId: of.conversationId, kind: 'call' })
    .lean<MessageDoc>()
    .exec();
  const ready = message?.attachments.find((one) => one.state === 'ready' && one.fileId);
  const file = ready && (await ctx.models.files.findById(ready.fileId).lean<FileDoc>().exec());
  if (!file) throw new AppError({ code: 'notFound', message: whyNot(message) });
  ctx.log.info({ userId: viewer.id, ...of }, 'a recording is listened to');
  return file;
}

function whyNot(message: MessageDoc | null): string {
  if (!message) return 'There is no such call here.';
  if (message.call?.recording === 'pending') return 'The recording is still being fetched.';
  const failed = message.attachments.find((one) => one.error);
  return failed?.error
    ? `The recording could not be fetched: ${failed.error}`
    : 'This call was not recorded.';
}
