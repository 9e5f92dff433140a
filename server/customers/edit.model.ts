import { type Connection, Schema } from 'mongoose';
import type { EditSource } from '../../shared/profile.ts';
import { options } from '../db/schema.ts';

/** Who changed what of a profile. Never changed itself: taking one back is another. */
export interface EditDoc {
  _id: string;
  /** Whose profile it was then: read through a survivor's members. */
  customerId: string;
  at: Date;
  by: EditSource;
  /** Null: a program, an import, or what a channel said. */
  byUserId: string | null;
  /** `name`, a field of the profile, `fields.<id>`, `consents.<kind>`, `identities.<id>`, `records.<id>`. */
  field: string;
  /** Of an identity or a record the whole document; null: it was not there. */
  before: unknown;
  after: unknown;
  /** The edit that this one takes back. */
  undoes: string | null;
  /** The history tells it as what it was about: an identity that was stated or proven, a record that was made. */
  told?: 'verification' | 'record';
}

const edit = new Schema<EditDoc>(
  {
    _id: { type: String, required: true },
    customerId: { type: String, required: true },
    at: { type: Date, required: true },
    by: { type: String, required: true },
    byUserId: { type: String, default: null },
    field: { type: String, required: true },
    before: { type: Schema.Types.Mixed, default: null },
    after: { type: Schema.Types.Mixed, default: null },
    undoes: { type: String, default: null },
    told: String,
  },
  options('edits'),
);

export const editModel = (db: Connection) => db.model<EditDoc>('Edit', edit);
