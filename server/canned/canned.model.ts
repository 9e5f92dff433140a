import { type Connection, Schema } from 'mongoose';
import { options } from '../db/schema.ts';

export interface CannedDoc {
  _id: string;
  folder: string[];
  title: string;
  shortcut: string;
  text: string;
  ownerId: string;
  /** 'nobody', 'everyone' or the id of a team. */
  sharedWith: string;
  used: number;
  usedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

const canned = new Schema<CannedDoc>(
  {
    _id: { type: String, required: true },
    folder: { type: [String], required: true },
    title: { type: String, required: true },
    shortcut: { type: String, default: '' },
    text: { type: String, required: true },
    ownerId: { type: String, required: true },
    sharedWith: { type: String, required: true },
    used: { type: Number, required: true },
    usedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  options('canned'),
);

export const cannedModel = (db: Connection) => db.model<CannedDoc>('Canned', canned);
