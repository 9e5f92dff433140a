import { type Connection, Schema } from 'mongoose';
import type { SegmentRule } from '../../shared/segment.ts';
import { options } from '../db/schema.ts';

export interface SegmentDoc {
  _id: string;
  name: string;
  rule: SegmentRule;
  ownerId: string;
  sharedWith: 'nobody' | 'everyone';
  createdAt: Date;
  updatedAt: Date;
  /** Nobody sees it since; for a while it can be brought back. Null or absent: it is there. */
  deletedAt?: Date | null;
}

const segment = new Schema<SegmentDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    rule: { type: Schema.Types.Mixed, required: true } as never,
    ownerId: { type: String, required: true },
    sharedWith: { type: String, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    deletedAt: { type: Date, default: null },
  },
  options('segments'),
);

export const segmentModel = (db: Connection) => db.model<SegmentDoc>('Segment', segment);
