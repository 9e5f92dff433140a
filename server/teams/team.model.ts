import { type Connection, Schema } from 'mongoose';
import { options } from '../db/schema.ts';

/** Who belongs to it is kept with the users (`teamIds`). */
export interface TeamDoc {
  _id: string;
  name: string;
  archived: boolean;
  /** Raised by whatever must conflict over the team and its members. */
  touched: number;
  createdAt: Date;
}

const team = new Schema<TeamDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    archived: { type: Boolean, required: true },
    touched: { type: Number, required: true },
    createdAt: { type: Date, required: true },
  },
  options('teams'),
);

export const teamModel = (db: Connection) => db.model<TeamDoc>('Team', team);
