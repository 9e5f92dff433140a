import { type Connection, Schema } from 'mongoose';
import type { WholeBody } from '../../connectors/connector.ts';
import type { Context } from '../context.ts';
import { options } from '../db/schema.ts';
import type { Tx } from './commit.ts';

/** The whole of a message of which the message itself holds only what is new. */
export interface BodyDoc {
  /** The message's id. */
  _id: string;
  text: string;
  html: string | null;
  /** Over a megabyte it is a file, as the JSON of both; then they are empty here. */
  fileId: string | null;
}

const body = new Schema<BodyDoc>(
  {
    _id: { type: String, required: true },
    text: { type: String, default: '' },
    html: { type: String, default: null },
    fileId: { type: String, default: null },
  },
  options('bodies'),
);

export const bodyModel = (db: Connection) => db.model<BodyDoc>('Body', body);

/** Larger ones are kept out of the collection: no document may be over 16 MB. */
const inlineLength = 1024 * 1024;

/** No raw event is larger, and what is made of one not much. */
const maxBytes = 128 * 1024 * 1024;

/** A body on its way into a commit. Its file, if it has one, is stored before. */
export type ReadyBody = Omit<BodyDoc, '_id'>;

/** @returns null when the message's own text is all there is */
export async function readyBody(
  ctx: Pick<Context, 'files'>,
  whole: WholeBody,
  text: string,
): Promise<ReadyBody | null> {
  if (whole.html === null && whole.text.trim() === text.trim()) return null;
  const { text: all, html } = whole;
  if (all.length + (html?.length ?? 0) <= inlineLength) return { text: all, html, fileId: null };
  async function* bytes() {
    yield new TextEncoder().encode(JSON.stringify({ text: all, html }));
  }
  const file = await ctx.files.put(bytes(), {
    name: 'whole-message',
    maxBytes,
    authorId: null,
    conversationId: null,
  });
  return { text: '', html: null, fileId: file._id };
}

export async function writeBody(tx: Tx, messageId: string, ready: ReadyBody): Promise<void> {
  await tx.models.bodies.insertMany([{ _id: messageId, ...ready }], { session: tx.session, lean: true });
}

/** @returns the file that is nobody's after the commit */
export async function removeBody(tx: Tx, messageId: string): Promise<string[]> {
  const found = await tx.models.bodies
    .findById(messageId, { fileId: 1 }, { session: tx.session })
    .lean<Pick<BodyDoc, 'fileId'>>();
  if (!found) return [];
  await tx.models.bodies.deleteOne({ _id: messageId }, { session: tx.session });
  return found.fileId ? [found.fileId] : [];
}

/** @returns null when the message has none */
export async function readBody(
  ctx: Pick<Context, 'files' | 'models'>,
  messageId: string,
): Promise<WholeBody | null> {
  const found = await ctx.models.bodies.findById(messageId).lean<BodyDoc>().exec();
  if (!found?.fileId) return found && { text: found.text, html: found.html };
  const { stream } = await ctx.files.open(found.fileId);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as WholeBody;
}
