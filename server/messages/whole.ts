import type { Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { readableConversation } from '../conversations/conversation.visible.ts';
import type { FileDoc } from '../files/file.model.ts';
import { readBody } from './body.ts';
import type { MessageDoc } from './message.model.ts';
import { type Images, wholeDocument } from './whole.html.ts';

/** Of all pictures that a message's own layout shows, so many bytes are drawn into it. */
const mostInlineBytes = 5 * 1024 * 1024;

/** Pictures that hold nothing but pixels. */
const pictures = /^image\/(png|jpeg|gif|webp|avif)$/;

/**
 * A message as it was sent, with what its text leaves out.
 * @returns `remoteImages`: how many pictures its layout would fetch from elsewhere
 * @throws AppError notFound, also when it exists and this viewer may not see it
 */
export async function wholeMessage(
  ctx: Context,
  viewer: Viewer,
  of: { conversationId: string; messageId: string },
): Promise<{ text: string; hasHtml: boolean; remoteImages: number }> {
  const message = await readableMessage(ctx, viewer, of);
  const body = message.hasWhole ? await readBody(ctx, message._id) : null;
  const html = body?.html ?? '';
  return {
    text: body?.text ?? message.text,
    hasHtml: html !== '',
    remoteImages: html.match(/\sdata-remote-src=/g)?.length ?? 0,
  };
}

/** Its layout, as a document of its own for a sandboxed frame. @throws AppError notFound, also when it has none */
export async function wholeHtml(
  ctx: Context,
  viewer: Viewer,
  of: { conversationId: string; messageId: string; images: Images },
): Promise<string> {
  const message = await readableMessage(ctx, viewer, of);
  const body = message.hasWhole ? await readBody(ctx, message._id) : null;
  if (!body?.html)
    throw new AppError({ code: 'notFound', message: 'This message has no layout of its own.' });
  return wholeDocument({
    html: body.html,
    images: of.images,
    inline: await inlinePictures(ctx, message),
  });
}

async function readableMessage(
  ctx: Context,
  viewer: Viewer,
  of: { conversationId: string; messageId: string },
): Promise<MessageDoc> {
  await readableConversation(ctx, viewer, of.conversationId);
  const message = await ctx.models.messages
    .findOne({ _id: of.messageId, conversationId: of.conversationId })
    .lean<MessageDoc>()
    .exec();
  if (!message || message.deletedAt)
    throw new AppError({ code: 'notFound', message: 'There is no such message here.' });
  return message;
}

/** Content id → the picture itself. The frame may ask for nothing, so what it shows must be in it. */
async function inlinePictures(ctx: Context, message: MessageDoc): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let room = mostInlineBytes;
  for (const { contentId, fileId, danger } of message.attachments) {
    if (!contentId || !fileId || danger || found.has(contentId)) continue;
    const file = await ctx.models.files.findById(fileId).lean<FileDoc>().exec();
    if (!file || file.danger || !pictures.test(file.type) || file.bytes > room) continue;
    room -= file.bytes;
    const { stream } = await ctx.files.open(fileId);
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    found.set(contentId, `data:${file.type};base64,${Buffer.concat(chunks).toString('base64')}`);
  }
  return found;
}
