import { type Connection, Schema } from 'mongoose';
import type { SearchKind } from '../../shared/listening.ts';
import { options } from '../db/schema.ts';
import type { Learnt } from './learn.ts';

/** How far a search that was made or changed has looked back. */
export interface LookBack {
  /** Nothing before this is looked at. */
  since: Date;
  at: 'mentions' | 'messages';
  /** What was looked at last, newest first; null: nothing yet. */
  after: { at: Date; id: string } | null;
}

export interface SavedSearchDoc {
  _id: string;
  name: string;
  /** Of a product's: what it was called before, the latest last; absent: nothing. */
  formerNames?: string[];
  kind: SearchKind;
  terms: string[];
  exclude: string[];
  excludeAuthors: string[];
  channelIds: 'all' | string[];
  alert: boolean;
  archived: boolean;
  /** Raised by whatever changes what it finds. */
  version: number;
  /** Null: it has looked at all there is. */
  run: LookBack | null;
  /** What people taught away so far tells of what is not about us. */
  learnt: Learnt | null;
  /** How many were taught away. */
  taught: number;
  createdAt: Date;
  byUserId: string;
}

const saved = new Schema<SavedSearchDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    formerNames: { type: [String], default: undefined } as never,
    kind: { type: String, required: true },
    terms: { type: [String], required: true },
    exclude: { type: [String], default: [] },
    excludeAuthors: { type: [String], default: [] },
    channelIds: { type: Schema.Types.Mixed, required: true } as never,
    alert: { type: Boolean, required: true },
    archived: { type: Boolean, default: false },
    version: { type: Number, required: true },
    run: { type: Schema.Types.Mixed, default: null } as never,
    learnt: { type: Schema.Types.Mixed, default: null } as never,
    taught: { type: Number, default: 0 },
    createdAt: { type: Date, required: true },
    byUserId: { type: String, required: true },
  },
  options('savedSearches'),
);

export const savedSearchModel = (db: Connection) => db.model<SavedSearchDoc>('SavedSearch', saved);
