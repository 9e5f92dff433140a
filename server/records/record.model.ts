import { type Connection, Schema } from 'mongoose';
import type { CustomerRecord, RecordItem, RecordKind, RecordStatus } from '../../shared/record.ts';
import { options } from '../db/schema.ts';

/** A purchase or a service of a customer. */
export interface RecordDoc {
  /**
   * key('own', kind, externalId): the organisation's own number decides, whichever way it comes in; else key('mine', uuid) of what was
   * written by hand and key('row', importId, row) of a table without numbers.
   */
  _id: string;
  kind: RecordKind;
  /** Whose it was when it was written; it is read through the survivor's members. */
  customerId: string;
  externalId: string | null;
  at: Date;
  title: string;
  /** Integer, in the smallest unit of the currency. */
  amount: number | null;
  currency: string;
  items: RecordItem[];
  status: RecordStatus;
  statusText: string;
  note: string;
  /** Of a purchase: by whose code they came; '' or absent: by nobody's. */
  referralCode?: string;
  /** Who wrote it last. */
  source: CustomerRecord['source'];
  version: number;
  createdAt: Date;
  updatedAt: Date;
  /** What must follow it and has not yet: `search`. */
  todo?: string[];
  /** Its place in the index of the search. */
  searchNo?: number;
}

const record = new Schema<RecordDoc>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    customerId: { type: String, required: true },
    externalId: { type: String, default: null },
    at: { type: Date, required: true },
    title: { type: String, required: true },
    amount: { type: Number, default: null },
    currency: { type: String, required: true },
    items: { type: [Schema.Types.Mixed], default: [] } as never,
    status: { type: String, required: true },
    statusText: { type: String, default: '' },
    note: { type: String, default: '' },
    referralCode: { type: String, default: '' },
    source: { type: Schema.Types.Mixed, required: true } as never,
    version: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    todo: { type: [String], default: undefined } as never,
    searchNo: Number,
  },
  options('records'),
);

export const recordModel = (db: Connection) => db.model<RecordDoc>('Record', record);
