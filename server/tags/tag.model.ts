import { type Connection, Schema } from 'mongoose';
import type { Tag } from '../../shared/tag.ts';
import { options } from '../db/schema.ts';

export interface TagDoc {
  _id: string;
  name: string;
  colour: Tag['colour'];
  archived: boolean;
  createdAt: Date;
}

const tag = new Schema<TagDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    colour: { type: String, required: true },
    archived: { type: Boolean, required: true },
    createdAt: { type: Date, required: true },
  },
  options('tags'),
);

export const tagModel = (db: Connection) => db.model<TagDoc>('Tag', tag);
