import { type Connection, Schema } from 'mongoose';
import { options } from '../db/schema.ts';

export interface CompanyDoc {
  _id: string;
  name: string;
  /** As lists sort it and search begins it: normalised. */
  nameKey: string;
  nationalId: string;
  domains: string[];
  note: string;
  archived: boolean;
  createdAt: Date;
}

const company = new Schema<CompanyDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    nameKey: { type: String, required: true },
    nationalId: { type: String, default: '' },
    domains: { type: [String], required: true },
    note: { type: String, default: '' },
    archived: { type: Boolean, required: true },
    createdAt: { type: Date, required: true },
  },
  options('companies'),
);

export const companyModel = (db: Connection) => db.model<CompanyDoc>('Company', company);
