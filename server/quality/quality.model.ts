import { type Connection, Schema } from 'mongoose';
import type { QualityProblem, QualitySettings } from '../../shared/quality.ts';
import { options } from '../db/schema.ts';

/** A problem that somebody said is none, of this customer. */
export interface IgnoredDoc {
  /** key(customerId, problem), of `staleField` with the field too */
  _id: string;
  /** The CID it was said of; read through the survivor's members. */
  customerId: string;
  problem: QualityProblem;
  /** Of `staleField`: which custom field. */
  field?: string;
  /** What stood there: something else there is another matter. What is merely stale counts as confirmed. */
  values: string[];
  at: Date;
  byUserId: string;
}

/** One document, `_id: 'settings'`; absent until somebody changes what is usual. */
export interface QualitySettingsDoc extends QualitySettings {
  _id: 'settings';
}

const ignored = new Schema<IgnoredDoc>(
  {
    _id: { type: String, required: true },
    customerId: { type: String, required: true },
    problem: { type: String, required: true },
    field: String,
    values: { type: [String], required: true },
    at: { type: Date, required: true },
    byUserId: { type: String, required: true },
  },
  options('ignored'),
);

const settings = new Schema<QualitySettingsDoc>(
  {
    _id: { type: String, required: true } as never,
    weights: { type: Schema.Types.Mixed, required: true } as never,
    staleMonths: { type: Schema.Types.Mixed, required: true } as never,
  },
  options('qualitySettings'),
);

export const ignoredModel = (db: Connection) => db.model<IgnoredDoc>('Ignored', ignored);
export const qualitySettingsModel = (db: Connection) =>
  db.model<QualitySettingsDoc>('QualitySettings', settings);
