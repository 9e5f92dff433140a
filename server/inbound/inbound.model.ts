import { type Connection, Schema } from 'mongoose';
import type { InboundState } from '../../shared/inbound.ts';
import { embedded, options } from '../db/schema.ts';

/** A raw event, stored before the provider is answered. */
export interface InboundDoc {
  /** key(hookId, accountRef, eventKey) */
  _id: string;
  hookId: string;
  accountRef: string;
  eventKey: string;
  /** Null while the account is unknown: kept and shown. */
  channelId: string | null;
  state: InboundState;
  /** Why `failed` or `ignored`. */
  reason: string | null;
  /** The bytes; null when they are a file, or 30 days after `done`. */
  payload: Buffer | null;
  /** Over 256 KB the bytes are here. */
  fileId: string | null;
  bytes: number;
  /** The provider's time. */
  at: Date | null;
  receivedAt: Date;
  attempts: number;
  /** Not before. */
  nextAt: Date | null;
  lease: { owner: string; until: Date; fence: number } | null;
  parkedAt: Date | null;
  doneAt: Date | null;
  /** Older than its channel: comes in as resolved history. */
  history: boolean;
  /** A person wanted it although it is not for the inbox. */
  restored: boolean;
  /** `payload` holds besides what the provider was asked for. */
  completed: boolean;
  /** Ignored, and it would mean something if a person wanted it. */
  restorable: boolean;
  /** Of what was ignored: who wrote and what about. */
  about: string | null;
}

const schema = new Schema<InboundDoc>(
  {
    _id: { type: String, required: true },
    hookId: { type: String, required: true },
    accountRef: { type: String, required: true },
    eventKey: { type: String, required: true },
    channelId: { type: String, default: null },
    state: { type: String, required: true },
    reason: { type: String, default: null },
    payload: { type: Schema.Types.Buffer, default: null },
    fileId: { type: String, default: null },
    bytes: { type: Number, required: true },
    at: { type: Date, default: null },
    receivedAt: { type: Date, required: true },
    attempts: { type: Number, required: true, default: 0 },
    nextAt: { type: Date, default: null },
    lease: { type: embedded({ owner: String, until: Date, fence: Number }), default: null } as never,
    parkedAt: { type: Date, default: null },
    doneAt: { type: Date, default: null },
    history: { type: Boolean, default: false },
    restored: { type: Boolean, default: false },
    restorable: { type: Boolean, default: false },
    completed: { type: Boolean, default: false },
    about: { type: String, default: null },
  },
  options('inbound'),
);

export const inboundModel = (db: Connection) => db.model<InboundDoc>('Inbound', schema);
