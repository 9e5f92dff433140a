import { type Connection, Schema } from 'mongoose';
import { embedded, options } from '../db/schema.ts';

export interface Lease {
  owner: string;
  until: Date;
  /** Rises with each taking: what an older holder writes is told by it. */
  fence: number;
}

/** The outgoing order of one conversation on one channel. */
export interface LaneDoc {
  /** key(conversationId, channelId) */
  _id: string;
  conversationId: string;
  channelId: string;
  /** Raised with each message queued: a holder lets the lane go only with the number it last read. */
  touched: number;
  lease: Lease | null;
}

/** What must run once: a channel's listening, timers, sweeps, migrations. */
export interface LeaseDoc extends Lease {
  /** Its name. */
  _id: string;
}

const leaseShape = embedded({ owner: String, until: Date, fence: Number });

const lane = new Schema<LaneDoc>(
  {
    _id: { type: String, required: true },
    conversationId: { type: String, required: true },
    channelId: { type: String, required: true },
    touched: { type: Number, required: true },
    lease: { type: leaseShape, default: null } as never,
  },
  options('lanes'),
);

const lease = new Schema<LeaseDoc>(
  {
    _id: { type: String, required: true },
    owner: { type: String, required: true },
    until: { type: Date, required: true },
    fence: { type: Number, required: true },
  },
  options('leases'),
);

export const laneModel = (db: Connection) => db.model<LaneDoc>('Lane', lane);
export const leaseModel = (db: Connection) => db.model<LeaseDoc>('Lease', lease);
