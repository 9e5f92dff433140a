import type { Readable } from 'node:stream';
import { canSee, may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import { type Attachment, type Danger, maxUploadBytes } from '../../shared/message.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { FileDoc } from './file.model.ts';
import type { Range } from './files.ts';

/** What no agent sends to a customer. Documents with code in them are marked and may go: offices live by them. */
const neverSent: readonly Danger[] = ['program', 'script', 'shortcut', 'image', 'archive'];

/** Keeps what an agent will attach; until its message is written only its author may read it. */
export async function uploadFile(
  ctx: Context,
  viewer: Viewer,
  options: { name: string; bytes: AsyncIterable<Uint8Array> },
): Promise<Attachment> {
  if (!may(viewer, 'conversation.write'))
    throw new AppError({ code: 'forbidden', message: 'You may not send files.' });
  return presentFile(
    await ctx.files.put(options.bytes, {
      name: options.name,
      maxBytes: maxUploadBytes,
      authorId: viewer.id,
      conversationId: null,
      refuse: neverSent,
    }),
  );
}

export function presentFile(file: FileDoc): Attachment {
  return {
    id: file._id,
    name: file.name,
    type: file.type,
    bytes: file.bytes,
    width: file.width,
    height: file.height,
    duration: null,
    state: 'ready',
    error: null,
    inline: false,
    danger: file.danger ?? null,
  };
}

/** @throws AppError notFound, also when it exists and this viewer may not read it */
export async function readableFile(ctx: Context, viewer: Viewer, id: string): Promise<FileDoc> {
  const file = may(viewer, 'conversation.read')
    ? await ctx.models.files.findById(id).lean<FileDoc>().exec()
    : null;
  if (file?.conversationId) {
    const conversation = await ctx.models.conversations
      .findById(file.conversationId)
      .lean<ConversationDoc>()
      .exec();
    if (conversation && canSee(viewer, conversation)) return file;
  } else if (file && file.authorId === viewer.id) return file;
  throw new AppError({ code: 'notFound', message: 'There is no such file.' });
}

/** Shown in the browser; everything else is only ever downloaded, since it could carry script or be mistaken for a page. */
const shown = /^(image\/(png|jpeg|gif|webp|avif)|audio\/[\w.+-]+|video\/[\w.+-]+)$/;

/**
 * What may do harm leaves only as a download, and only for somebody who was told and insists.
 * @throws AppError forbidden, with reason `harmfulFile`
 */
export function mustInsist(file: FileDoc, asked: { download: boolean; sure: boolean }): void {
  if (!file.danger || (asked.download && asked.sure)) return;
  throw new AppError({
    code: 'forbidden',
    reason: 'harmfulFile',
    message: `By its content “${file.name}” may do harm (${file.danger}). Ask for it with download=1 and sure=1 if you must have it.`,
    data: { danger: file.danger },
  });
}

/** What goes with the bytes. The name is the sender's: quoted for old readers, encoded for new ones (RFC 6266). */
export function fileHeaders(file: FileDoc, options: { download: boolean }): Record<string, string> {
  const inline = shown.test(file.type) && !options.download && !file.danger;
  const plain = file.name.replace(/[^\x20-\x7e]|["\\%;]/g, '_');
  const encoded = encodeURIComponent(file.name).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return {
    'Content-Type': inline ? file.type : 'application/octet-stream',
    'Content-Disposition': `${inline ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${encoded}`,
    'Content-Security-Policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    // A file never changes; who may read it is asked again after an hour.
    'Cache-Control': 'private, max-age=3600, immutable',
    'Accept-Ranges': 'bytes',
    ETag: `"${file.sha256}"`,
  };
}

/** A Range header's one range; null: the whole; 'beyond': there is nothing there. */
export function rangeOf(header: string | undefined, length: number): Range | null | 'beyond' {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (!first && !last)) return null;
  const start = first ? Number(first) : Math.max(0, length - Number(last));
  const end = first && last ? Math.min(Number(last), length - 1) : length - 1;
  return start > end || start >= length ? 'beyond' : { start, end };
}

export async function openFile(ctx: Context, file: FileDoc, range: Range | null): Promise<Readable> {
  const { stream } = await ctx.files.open(file._id, range ?? undefined);
  return stream;
}
