import { type Connection, Schema } from 'mongoose';
import {
  type Hit,
  type MentionState,
  type SpikeAlert,
  type SpikeRise,
  spikeRises,
} from '../../shared/listening.ts';
import { type SentimentLabel, sentimentLabels } from '../../shared/sentiment.ts';
import { options } from '../db/schema.ts';

/** In place of a saved search: found by any of them. */
export const anySearch = 'any';

/**
 * Whether it is about us: nobody said so; a person said it is not; a person said it is, against what was learnt; what was learnt says it
 * is not.
 */
export type Verdict = 'none' | 'taught' | 'kept' | 'learnt';

/** One thing that one search found; and, under `anySearch`, that any did. All it is asked by stands in it. */
export interface HitDoc {
  /** key(searchId, sourceId) */
  _id: string;
  searchId: string;
  /** A mention's id, or `message:` and a message's. */
  sourceId: string;
  source: Hit['source'];
  channelId: string;
  connector: string;
  authorId: string;
  /** Followers of its author, as last heard when it was written. */
  reach: number | null;
  at: Date;
  /** The hour that counts it: of when it was found, also where the organisation's hours begin otherwise since. */
  hour: Date;
  label: SentimentLabel | null;
  hashtags: string[];
  /** Words that tell what it is about, each once. */
  words: string[];
  postId: string | null;
  /** Under `anySearch`: which found it. */
  searchIds: string[];
  /** It is found. Else only a person's word of it is kept, for when it is found again. */
  matched: boolean;
  verdict: Verdict;
  /** Words that told, where it is `learnt`. */
  because: string[];
  state: MentionState;
  deletedAt: Date | null;
  /** It is counted in its hour. */
  counted: boolean;
}

type Labels = Record<SentimentLabel, number>;

/** How often one search found something in one hour. Zeros may be left behind. */
export interface HitHourDoc {
  /** key(searchId, hour as ISO) */
  _id: string;
  searchId: string;
  hour: Date;
  n: number;
  /** By channel. */
  of: Record<string, number>;
  /** By channel and source. */
  by: Record<string, Partial<Record<Hit['source'], Partial<Labels>>>>;
  /** By channel and hashtag. */
  tags: Record<string, Record<string, Partial<Labels>>>;
}

/** An alert, as it is kept. */
export interface SpikeDoc {
  /** key(searchId, hour as ISO); of sixty minutes across two hours key(searchId, the later hour as ISO, 'across') */
  _id: string;
  searchId: string;
  /** When its sixty minutes began. */
  hour: Date;
  count: number;
  /** How many there were when it was last explained. */
  explained: number;
  usual: number;
  /** Absent: of before it was told; all. */
  rise?: SpikeRise;
  usualNegative?: number;
  /** Of one across two hours: what rose in the later one by itself, which is no alert of its own. */
  into?: SpikeRise;
  /** By channel. */
  negative: Record<string, number>;
  words: SpikeAlert['words'];
  authors: { id: string; channelId: string }[];
  posts: { id: string; channelId: string; count: number }[];
  hits: { id: string; channelId: string }[];
  /** Hits by channel: who may see how much of it. */
  of: Record<string, number>;
  seenBy: string[];
  endedAt: Date | null;
}

const hit = new Schema<HitDoc>(
  {
    _id: { type: String, required: true },
    searchId: { type: String, required: true },
    sourceId: { type: String, required: true },
    source: { type: String, required: true },
    channelId: { type: String, required: true },
    connector: { type: String, required: true },
    authorId: { type: String, required: true },
    reach: { type: Number, default: null },
    at: { type: Date, required: true },
    hour: { type: Date, required: true },
    label: { type: String, enum: [...sentimentLabels, null], default: null },
    hashtags: { type: [String], default: [] },
    words: { type: [String], default: [] },
    postId: { type: String, default: null },
    searchIds: { type: [String], default: [] },
    matched: { type: Boolean, required: true },
    verdict: { type: String, required: true },
    because: { type: [String], default: [] },
    state: { type: String, required: true },
    deletedAt: { type: Date, default: null },
    counted: { type: Boolean, required: true },
  },
  options('hits'),
);

const hitHour = new Schema<HitHourDoc>(
  {
    _id: { type: String, required: true },
    searchId: { type: String, required: true },
    hour: { type: Date, required: true },
    n: { type: Number, default: 0 },
    of: { type: Schema.Types.Mixed, default: {} } as never,
    by: { type: Schema.Types.Mixed, default: {} } as never,
    tags: { type: Schema.Types.Mixed, default: {} } as never,
  },
  options('hitHours'),
);

const spike = new Schema<SpikeDoc>(
  {
    _id: { type: String, required: true },
    searchId: { type: String, required: true },
    hour: { type: Date, required: true },
    count: { type: Number, required: true },
    explained: { type: Number, default: 0 },
    usual: { type: Number, required: true },
    rise: { type: String, enum: spikeRises, default: undefined },
    usualNegative: { type: Number, default: undefined },
    into: { type: String, enum: spikeRises, default: undefined },
    negative: { type: Schema.Types.Mixed, default: {} } as never,
    words: { type: [Schema.Types.Mixed], default: [] } as never,
    authors: { type: [Schema.Types.Mixed], default: [] } as never,
    posts: { type: [Schema.Types.Mixed], default: [] } as never,
    hits: { type: [Schema.Types.Mixed], default: [] } as never,
    of: { type: Schema.Types.Mixed, default: {} } as never,
    seenBy: { type: [String], default: [] },
    endedAt: { type: Date, default: null },
  },
  options('spikes'),
);

export const hitModel = (db: Connection) => db.model<HitDoc>('Hit', hit);
export const hitHourModel = (db: Connection) => db.model<HitHourDoc>('HitHour', hitHour);
export const spikeModel = (db: Connection) => db.model<SpikeDoc>('Spike', spike);
