import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { fileTypeFromBuffer } from 'file-type';
import { type Connection, mongo } from 'mongoose';
import { AppError } from '../../shared/errors.ts';
import type { Danger } from '../../shared/message.ts';
import type { Models } from '../db/models.ts';
import { DangerScan } from './danger.ts';
import type { FileDoc } from './file.model.ts';
import { imageSize } from './image.ts';

export interface FileMeta {
  /** As the sender named it; kept for display, never a path. */
  name: string;
  /** Over it the file is refused (`tooLarge`) and nothing of it stays. */
  maxBytes: number;
  authorId: string | null;
  conversationId: string | null;
  /** What of these it is, by its content, is refused (`invalid`, reason `harmfulFile`), and nothing of it stays. */
  refuse?: readonly Danger[];
}

/** Bytes `start` to `end`, both included. */
export interface Range {
  start: number;
  end: number;
}

/** The one port over stored bytes. */
export interface Files {
  /** Stores what `bytes` yields; a stream that throws leaves nothing behind. */
  put(bytes: AsyncIterable<Uint8Array>, meta: FileMeta): Promise<FileDoc>;
  /** @throws AppError notFound */
  open(id: string, range?: Range): Promise<{ file: FileDoc; stream: Readable }>;
  remove(id: string): Promise<void>;
}

/** Enough for every signature that file-type knows, and for the frame header of a photo with a thumbnail in its head. */
const headBytes = 64 * 1024;

/**
 * Bytes in GridFS; what is known of them in `files`, written last: a file that has no document there was never finished, and nobody
 * can ask for it.
 */
export function createFiles(deps: {
  db: Connection;
  models: Pick<Models, 'files'>;
  now: () => Date;
  uuid: () => string;
}): Files {
  const { db, models } = deps;
  const bucket = () => {
    if (!db.db) throw new Error('The database is not connected.');
    return new mongo.GridFSBucket(db.db, { writeConcern: { w: 'majority' } });
  };
  // The bucket types its ids as ObjectId; the driver takes any BSON value, and ours are the ids that messages carry.
  const gridId = (id: string) => id as unknown as mongo.ObjectId;

  return {
    async put(bytes, meta) {
      const id = deps.uuid();
      const name = cleanName(meta.name);
      const upload = bucket().openUploadStreamWithId(gridId(id), name);
      const failed = new Promise<never>((_, reject) => upload.once('error', reject));
      failed.catch(() => undefined);
      const hash = createHash('sha256');
      const scan = new DangerScan();
      const heads: Buffer[] = [];
      let headLength = 0;
      let length = 0;
      try {
        for await (const chunk of bytes) {
          length += chunk.byteLength;
          if (length > meta.maxBytes) throw tooLarge(meta.maxBytes);
          hash.update(chunk);
          scan.add(chunk);
          if (headLength < headBytes) {
            heads.push(Buffer.from(chunk.subarray(0, headBytes - headLength)));
            headLength += Math.min(chunk.byteLength, headBytes - headLength);
          }
          if (!upload.write(chunk))
            await Promise.race([new Promise<void>((resolve) => upload.once('drain', resolve)), failed]);
        }
        await Promise.race([new Promise<void>((resolve) => upload.end(() => resolve())), failed]);
      } catch (error) {
        await upload.abort().catch(() => undefined);
        throw error;
      }
      const head = Buffer.concat(heads);
      const type = await typeOf(head, length);
      const danger = scan.verdict({ type, name, head });
      if (danger && meta.refuse?.includes(danger)) {
        await bucket().delete(gridId(id));
        throw harmful(name, danger);
      }
      const size = imageSize(type, head);
      const file: FileDoc = {
        _id: id,
        name,
        type,
        bytes: length,
        sha256: hash.digest('hex'),
        width: size?.width ?? null,
        height: size?.height ?? null,
        danger,
        authorId: meta.authorId,
        conversationId: meta.conversationId,
        createdAt: deps.now(),
      };
      await models.files.insertMany([file]);
      return file;
    },

    async open(id, range) {
      const file = await models.files.findById(id).lean<FileDoc>().exec();
      if (!file) throw new AppError({ code: 'notFound', message: 'There is no such file.' });
      // GridFS counts its end as the first byte that is not read.
      const stream = bucket().openDownloadStream(
        gridId(id),
        range ? { start: range.start, end: range.end + 1 } : undefined,
      );
      return { file, stream };
    },

    async remove(id) {
      const { deletedCount } = await models.files.deleteOne({ _id: id }).exec();
      if (!deletedCount) return;
      await bucket().delete(gridId(id));
    },
  };
}

function tooLarge(maxBytes: number): AppError {
  return new AppError({
    code: 'tooLarge',
    message: `The file is over ${Math.floor(maxBytes / 1024 / 1024) || '<1'} MB.`,
  });
}

function harmful(name: string, danger: Danger): AppError {
  return new AppError({
    code: 'invalid',
    reason: 'harmfulFile',
    message: `“${name}” is refused: by its content it may do harm (${danger}).`,
    data: { danger },
  });
}

/** Control characters, and those that reorder text, have no place in a name; slashes are no folders here. */
function cleanName(name: string): string {
  const clean = [...name]
    .filter((char) => !/[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/u.test(char))
    .join('')
    .replace(/[/\\]/g, '_')
    .trim()
    .slice(-180);
  return clean || 'file';
}

/** By magic bytes; what has none is plain text when it reads as UTF-8 without control characters, else bytes. */
async function typeOf(head: Buffer, length: number): Promise<string> {
  if (length === 0) return 'text/plain';
  const known = await fileTypeFromBuffer(head);
  // XML in all its dialects (SVG, HTML) can carry script: it is kept and offered as text.
  if (known && known.mime !== 'application/xml') return known.mime;
  const text = new TextDecoder('utf-8', { fatal: true });
  try {
    const sample = text.decode(head, { stream: head.length < length });
    return /(?![\t\n\v\f\r])\p{Cc}/u.test(sample) ? 'application/octet-stream' : 'text/plain';
  } catch {
    return 'application/octet-stream';
  }
}
