import { type Connection, Schema } from 'mongoose';
import type { ChannelKind, ConsentSource, ConsentState } from '../../shared/profile.ts';
import { options } from '../db/schema.ts';

/** One word on it, and what shows it. */
export interface ConsentWord {
  state: ConsentState;
  at: Date;
  byUserId: string | null;
  source: ConsentSource;
  evidence: string;
  messageId: string | null;
}

export interface ConsentDoc {
  /** key(customerId, kind) */
  _id: string;
  /** Who said it, as they were then: read through a survivor's members. */
  customerId: string;
  kind: ChannelKind;
  /** The newest first: the first holds. */
  history: ConsentWord[];
}

const consent = new Schema<ConsentDoc>(
  {
    _id: { type: String, required: true },
    customerId: { type: String, required: true },
    kind: { type: String, required: true },
    history: { type: [Schema.Types.Mixed], required: true } as never,
  },
  options('consents'),
);

export const consentModel = (db: Connection) => db.model<ConsentDoc>('Consent', consent);
