import { type Connection, Schema } from 'mongoose';
import type { Danger } from '../../shared/message.ts';
import { options } from '../db/schema.ts';

/** What is known of a stored file; its bytes are in GridFS under the same id. */
export interface FileDoc {
  _id: string;
  name: string;
  /** By magic bytes. */
  type: string;
  bytes: number;
  sha256: string;
  width: number | null;
  height: number | null;
  /** By its content it may do harm; absent on files from before it was looked at. */
  danger?: Danger | null;
  /** Who uploaded it; null on what a customer sent and on raw payloads. */
  authorId: string | null;
  /** The conversation whose readers may read it; null until its message is written. */
  conversationId: string | null;
  createdAt: Date;
}

const file = new Schema<FileDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    type: { type: String, required: true },
    bytes: { type: Number, required: true },
    sha256: { type: String, required: true },
    width: { type: Number, default: null },
    height: { type: Number, default: null },
    danger: { type: String, default: null } as never,
    authorId: { type: String, default: null },
    conversationId: { type: String, default: null },
    createdAt: { type: Date, required: true },
  },
  options('files'),
);

export const fileModel = (db: Connection) => db.model<FileDoc>('File', file);
