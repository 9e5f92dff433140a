import { type Connection, Schema } from 'mongoose';
import type { PanelLayout } from '../../shared/panels.ts';
import { options } from '../db/schema.ts';

/** Who belongs to it is kept with the users (`teamIds`). */
export interface TeamDoc {
  _id: string;
  name: string;
  archived: boolean;
  /** Absent on what is older than arrangements. */
  panels?: PanelLayout | null;
  /** Raised by whatever must conflict over the team and its members. */
  touched: number;
  createdAt: Date;
}

const team = new Schema<TeamDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    archived: { type: Boolean, required: true },
    panels: { type: Schema.Types.Mixed, default: null },
    touched: { type: Number, required: true },
    createdAt: { type: Date, required: true },
  },
  options('teams'),
);

export const teamModel = (db: Connection) => db.model<TeamDoc>('Team', team);
