import { type Connection, Schema } from 'mongoose';
import type { SavedView } from '../../shared/view.ts';
import { options } from '../db/schema.ts';

export interface SavedViewDoc {
  _id: string;
  name: string;
  filter: SavedView['filter'];
  ownerId: string;
  /** 'nobody', 'everyone' or the id of a team. */
  sharedWith: string;
  createdAt: Date;
}

const view = new Schema<SavedViewDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    filter: { type: Schema.Types.Mixed, required: true } as never,
    ownerId: { type: String, required: true },
    sharedWith: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  options('views'),
);

export const savedViewModel = (db: Connection) => db.model<SavedViewDoc>('SavedView', view);
