import { type Connection, Schema } from 'mongoose';
import { options } from './schema.ts';

/** What makes a name belong to one thing of its kind alone. */
export interface NameDoc {
  /** key(kind, the name normalised) */
  _id: string;
  /** The thing that bears it. */
  of: string;
}

const name = new Schema<NameDoc>(
  { _id: { type: String, required: true }, of: { type: String, required: true } },
  options('names'),
);

export const nameModel = (db: Connection) => db.model<NameDoc>('Name', name);
