import { type Connection, Schema } from 'mongoose';
import type { DuplicateReason, DuplicateState } from '../../shared/duplicate.ts';
import { options } from '../db/schema.ts';

/** Two customers who may be one person. */
export interface DuplicateDoc {
  /** key(lower CID, higher CID) */
  _id: string;
  /** Both CIDs, the lower one first. */
  customerIds: string[];
  state: DuplicateState;
  /** 1 to 100. */
  score: number;
  reasons: DuplicateReason[];
  /** Whom each of them can be seen by, as `channelsOf` has it: narrows lists and counts; what is shown is looked at once more. */
  firstChannels: string[];
  secondChannels: string[];
  foundAt: Date;
  /** Of what was dismissed: when, by whom, and the strong signs known then. Another one brings the pair back. */
  decidedAt: Date | null;
  decidedByUserId: string | null;
  knownSigns: string[];
}

/** Whose duplicates are to be looked for anew. */
export interface CompareDueDoc {
  /** The CID, of a survivor or of one merged into another. */
  _id: string;
  /** How often it was said: struck off by its value, so that what is said meanwhile stays. */
  due: number;
  at: Date;
}

const duplicate = new Schema<DuplicateDoc>(
  {
    _id: { type: String, required: true },
    customerIds: { type: [String], required: true },
    state: { type: String, required: true },
    score: { type: Number, required: true },
    reasons: { type: [Schema.Types.Mixed], required: true } as never,
    firstChannels: { type: [String], required: true },
    secondChannels: { type: [String], required: true },
    foundAt: { type: Date, required: true },
    decidedAt: { type: Date, default: null },
    decidedByUserId: { type: String, default: null },
    knownSigns: { type: [String], required: true },
  },
  options('duplicates'),
);

const compareDue = new Schema<CompareDueDoc>(
  {
    _id: { type: String, required: true },
    due: { type: Number, required: true },
    at: { type: Date, required: true },
  },
  options('comparesDue'),
);

export const duplicateModel = (db: Connection) => db.model<DuplicateDoc>('Duplicate', duplicate);
export const compareDueModel = (db: Connection) => db.model<CompareDueDoc>('CompareDue', compareDue);
