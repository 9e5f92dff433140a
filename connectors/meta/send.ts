import {
  type ConnectorContext,
  ConnectorError,
  type OutboundFile,
  type SendRequest,
  type SendResult,
  type Settings,
} from '../connector.ts';
import { graph } from './client.ts';
import { type Face, recipientOf, scopeOf } from './face.ts';
import { messageId, objectId } from './json.ts';
import { metadataOf } from './messaging.ts';

/** Messages and comments of Meta's platforms are told apart by their ids: a comment's is made of digits alone. */
export const isComment = (externalId: string): boolean => objectId(externalId) !== null;

/**
 * One private message (Meta: Messenger Platform, Send API). With the id of a comment it is the one private reply that every comment has, for
 * seven days; `tagged`, a person's late answer.
 */
export async function sendPrivate(
  face: Face,
  request: SendRequest,
  context: ConnectorContext,
): Promise<SendResult> {
  const { settings } = context;
  const { inReplyTo, piece, tagged, automatic, signal } = request;
  const recipient = recipientOf(face, settings, request.to);
  if (tagged && automatic)
    throw new ConnectorError({
      class: 'windowClosed',
      code: 'automatic',
      message: 'After 24 hours only a person may answer here, no automatic message.',
    });
  const comment = inReplyTo !== undefined && isComment(inReplyTo);
  const message = piece.file ? await uploaded(face, piece.file, { request, context }) : { text: piece.text };
  const { body } = await graph(context, {
    method: 'POST',
    path: `/${face.pageOf(settings)}/messages`,
    json: {
      recipient: comment ? publicly(face, settings, inReplyTo) : { id: recipient },
      ...(tagged && !comment
        ? { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }
        : { messaging_type: 'RESPONSE' }),
      message: { ...message, ...(face.metadata ? { metadata: metadataOf(request.sendRef) } : {}) },
      ...(inReplyTo && !comment ? { reply_to: { mid: inReplyTo } } : {}),
    },
    effect: true,
    signal,
  });
  return sentAs(face, context, messageId(body.message_id));
}

/** What was said in public, as the Send API names it: a comment, or what a visitor posted on the page. */
function publicly(face: Face, settings: Settings, externalId: string): Record<string, string> {
  const post = face.platform === 'messenger' && externalId.startsWith(`${face.pageOf(settings)}_`);
  return post ? { post_id: externalId } : { comment_id: externalId };
}

export function sentAs(face: Face, context: ConnectorContext, externalId: string | null): SendResult {
  if (!externalId)
    throw new ConnectorError({
      class: 'unknown',
      code: 'badAnswer',
      message: 'Meta said yes without naming the message: it may have taken it or not.',
    });
  return { externalIds: [externalId], scope: scopeOf(face, face.accountOf(context.settings)) };
}

/** A file goes up first and is then sent by its id: an upload that fails has sent nothing, however late. */
async function uploaded(
  face: Face,
  file: OutboundFile,
  { request, context }: { request: SendRequest; context: ConnectorContext },
): Promise<Record<string, unknown>> {
  const type = attachmentType(file.type);
  const form = new FormData();
  form.set('message', JSON.stringify({ attachment: { type, payload: { is_reusable: true } } }));
  if (face.platform === 'instagram') form.set('platform', 'instagram');
  form.set('filedata', await blobOf(file, context), file.name);
  const { body } = await graph(context, {
    method: 'POST',
    path: `/${face.pageOf(context.settings)}/message_attachments`,
    form,
    signal: request.signal,
  });
  const attachmentId = objectId(body.attachment_id);
  if (attachmentId) return { attachment: { type, payload: { attachment_id: attachmentId } } };
  throw new ConnectorError({
    class: 'retryable',
    code: 'badAnswer',
    message: 'Meta took the file without giving it an id; nothing was sent.',
  });
}

function attachmentType(type: string): 'image' | 'audio' | 'video' | 'file' {
  const family = type.split('/')[0];
  if (/^image\/(png|jpeg|gif|webp)$/.test(type)) return 'image';
  return family === 'audio' || family === 'video' ? family : 'file';
}

/** Read whole before any call, so that a file of ours that fails has sent nothing. */
export async function blobOf(file: OutboundFile, context: ConnectorContext): Promise<Blob> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of context.openFile(file.id)) chunks.push(chunk);
  } catch (cause) {
    throw new ConnectorError({
      class: 'retryable',
      code: 'file',
      message: `The stored file “${file.name}” could not be read; nothing was sent.`,
      cause,
    });
  }
  return new Blob(chunks as BlobPart[], { type: file.type });
}

export function refused(code: string, message: string): ConnectorError {
  return new ConnectorError({ class: 'permanent', code, message });
}

/** What a public reply goes under: the comment it answers, else the post of its thread. */
export function placeOf({ inReplyTo, threadKey }: Pick<SendRequest, 'inReplyTo' | 'threadKey'>): {
  comment: string | null;
  post: string;
} {
  const post = objectId(threadKey.replace(/^post:/, ''));
  if (!threadKey.startsWith('post:') || !post)
    throw refused('noPost', 'A public reply needs the post that it stands under.');
  return { comment: inReplyTo && inReplyTo !== post && isComment(inReplyTo) ? inReplyTo : null, post };
}
