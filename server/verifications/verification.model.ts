import { type Connection, Schema } from 'mongoose';
import type { IdentityKind } from '../../shared/customer.ts';
import { options } from '../db/schema.ts';

/** One code that was sent to an address. `waiting` past its time or with its attempts gone is over, whatever `state` still says. */
export interface VerificationDoc {
  /** Of the address and how many codes went there before, hashed. */
  _id: string;
  /** Of whom it is to be found out, whoever they were merged into by then. */
  customerId: string;
  /** key(kind, value): the address in question, whoever has it. */
  identityId: string;
  kind: IdentityKind;
  value: string;
  display: string;
  /** What the message is to: the identity itself, or one of this customer's alone that reaches the same address. */
  sentToId: string;
  channelId: string;
  conversationId: string;
  messageId: string;
  byUserId: string;
  createdAt: Date;
  expiresAt: Date;
  /** Of this code alone; hex. */
  salt: string;
  /** HMAC-SHA256 of the code under the salt, hex. */
  hash: string;
  attempts: number;
  /** Events that were tried as an answer: done twice, it is counted once. */
  tried: string[];
  state: 'waiting' | 'proven' | 'superseded';
  provenAt: Date | null;
  provenBy: 'agent' | 'customer' | null;
}

const verification = new Schema<VerificationDoc>(
  {
    _id: { type: String, required: true },
    customerId: { type: String, required: true },
    identityId: { type: String, required: true },
    kind: { type: String, required: true },
    value: { type: String, required: true },
    display: { type: String, required: true },
    sentToId: { type: String, required: true },
    channelId: { type: String, required: true },
    conversationId: { type: String, required: true },
    messageId: { type: String, required: true },
    byUserId: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    salt: { type: String, required: true },
    hash: { type: String, required: true },
    attempts: { type: Number, required: true },
    tried: { type: [String], required: true },
    state: { type: String, required: true },
    provenAt: { type: Date, default: null },
    provenBy: { type: String, default: null },
  },
  options('verifications'),
);

export const verificationModel = (db: Connection) => db.model<VerificationDoc>('Verification', verification);
