import { type Connection, Schema } from 'mongoose';
import type { ApiScope } from '../../shared/api-key.ts';
import { options } from '../db/schema.ts';

export interface ApiKeyDoc {
  /** Twelve letters and digits: the part of the key that is no secret. */
  _id: string;
  name: string;
  /** SHA-256 of the secret part, hex: it has 256 random bits, so nothing slower is needed. */
  hash: string;
  scopes: ApiScope[];
  createdAt: Date;
  createdBy: string;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

/** What a POST with an `Idempotency-Key` made: asked again, it is not made again. */
export interface ApiAnswerDoc {
  /** key(API key's id, the caller's key) */
  _id: string;
  /** SHA-256 of path and body, hex: another request under the same key is a fault of the caller's. */
  request: string;
  /** The id of what was made. */
  made: string;
  at: Date;
}

const apiKey = new Schema<ApiKeyDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    hash: { type: String, required: true },
    scopes: { type: [String], required: true },
    createdAt: { type: Date, required: true },
    createdBy: { type: String, required: true },
    lastUsedAt: { type: Date, default: null },
    revokedAt: { type: Date, default: null },
  },
  options('apiKeys'),
);

const apiAnswer = new Schema<ApiAnswerDoc>(
  {
    _id: { type: String, required: true },
    request: { type: String, required: true },
    made: { type: String, required: true },
    at: { type: Date, required: true },
  },
  options('apiAnswers'),
);

export const apiKeyModel = (db: Connection) => db.model<ApiKeyDoc>('ApiKey', apiKey);
export const apiAnswerModel = (db: Connection) => db.model<ApiAnswerDoc>('ApiAnswer', apiAnswer);
