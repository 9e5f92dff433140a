import { type Connection, Schema } from 'mongoose';
import type { Field, FieldOption } from '../../shared/field.ts';
import { embedded, options } from '../db/schema.ts';

export interface FieldDoc {
  /** `f` and eight hexadecimal digits: a name within documents, therefore never a stranger's word. */
  _id: string;
  name: string;
  type: Field['type'];
  group: string;
  order: number;
  hint: string;
  options: FieldOption[];
  weight: number;
  staleMonths: number;
  archived: boolean;
  createdAt: Date;
}

const option = embedded({
  id: { type: String, required: true },
  name: { type: String, required: true },
  archived: { type: Boolean, required: true },
});

const field = new Schema<FieldDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    type: { type: String, required: true },
    group: { type: String, default: '' },
    order: { type: Number, required: true },
    hint: { type: String, default: '' },
    options: { type: [option], required: true } as never,
    weight: { type: Number, required: true },
    staleMonths: { type: Number, default: 0 },
    archived: { type: Boolean, required: true },
    createdAt: { type: Date, required: true },
  },
  options('fields'),
);

export const fieldModel = (db: Connection) => db.model<FieldDoc>('Field', field);
