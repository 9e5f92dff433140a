import * as z from 'zod/mini';
import { Sentiment, sentimentLabels } from './sentiment.ts';

/** Somebody who speaks in public: an identity's key (`xUser:123`), customer or not. */
export const Author = z.object({
  id: z.string(),
  connector: z.string(),
  handle: z.string(),
  name: z.string(),
  url: z.nullable(z.string()),
  /** Followers, as last heard; null where the platform does not say. */
  reach: z.nullable(z.number()),
  /** Who it is here, once they are a customer whom the viewer may see. */
  customerId: z.nullable(z.string()),
});
export type Author = z.infer<typeof Author>;

export const mentionStates = ['new', 'converted', 'done', 'notUs'] as const;
export type MentionState = (typeof mentionStates)[number];

export const searchKinds = ['brand', 'product', 'keyword', 'hashtag', 'competitor'] as const;
export type SearchKind = (typeof searchKinds)[number];

/** One thing somebody said that a saved search found: a mention, a comment, or a message of a customer. */
export const Hit = z.object({
  /** The mention's id, or `message:<id>`. */
  id: z.string(),
  source: z.enum(['mention', 'comment', 'message']),
  channelId: z.string(),
  connector: z.string(),
  author: Author,
  text: z.string(),
  at: z.string(),
  url: z.nullable(z.string()),
  /** The post it hangs on. */
  postId: z.nullable(z.string()),
  /** Of a message, or of a mention that became one. */
  conversationId: z.nullable(z.string()),
  /** Ids of the saved searches that found it. */
  searchIds: z.array(z.string()),
  /** Beside what is searched: hashtags without #, folded. */
  hashtags: z.array(z.string()),
  sentiment: z.nullable(Sentiment),
  /** Of mentions; `done`: somebody has seen to it. Messages are `converted`. */
  state: z.enum(mentionStates),
  /** It is `notUs` by what was learnt, and nobody said so of it: the words that told, the weightiest first. */
  taught: z.optional(z.object({ words: z.array(z.string()) })),
  deletedAt: z.nullable(z.string()),
});
export type Hit = z.infer<typeof Hit>;

const term = z.string().check(z.trim(), z.minLength(1), z.maxLength(100));

const searchFields = {
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(80)),
  kind: z.enum(searchKinds),
  /** Any of these; one of several words is a phrase. Folded as search folds them, in both scripts as written. */
  terms: z.array(term).check(z.minLength(1), z.maxLength(50)),
  /** None of these. */
  exclude: z.array(term).check(z.maxLength(100)),
  /** Handles whose words do not count. */
  excludeAuthors: z.array(term).check(z.maxLength(200)),
  channelIds: z.union([
    z.literal('all'),
    z.array(z.string().check(z.maxLength(64))).check(z.minLength(1), z.maxLength(200)),
  ]),
  /** An alert when an hour is far above what this hour of the week is used to. */
  alert: z.boolean(),
};
export const SavedSearchCreate = z.object(searchFields);
export type SavedSearchCreate = z.infer<typeof SavedSearchCreate>;
export const SavedSearchUpdate = z.partial(z.object({ ...searchFields, archived: z.boolean() }));
export type SavedSearchUpdate = z.infer<typeof SavedSearchUpdate>;

export const SavedSearch = z.extend(SavedSearchCreate, {
  id: z.string(),
  archived: z.boolean(),
  createdAt: z.string(),
  byUserId: z.string(),
  /** Hits of the last seven days, and of the seven before. */
  week: z.number(),
  weekBefore: z.number(),
  /** How many were taught away, and what was learnt of them: words that tell what is not about us. */
  taught: z.number(),
  learnt: z.array(z.string()),
});
export type SavedSearch = z.infer<typeof SavedSearch>;

/** POST /api/listening/searches/preview: what it would find in the last seven days, of those channels that the viewer may use. */
export interface SearchPreview {
  count: number;
  /** More was said than is looked at: there may be more than were counted. */
  more: boolean;
  /** The newest of them. */
  found: { id: string; channelId: string; author: string; text: string; at: string }[];
}

/**
 * Asked of the stream, the volume and the authors alike. Times are ISO; absent: the last seven days, and in the stream all that there is.
 * Without `state`, what is not about us is left out.
 */
export const ListenAsk = z.object({
  searchId: z.optional(z.string().check(z.maxLength(64))),
  from: z.optional(z.iso.datetime()),
  to: z.optional(z.iso.datetime()),
  label: z.optional(z.enum(sentimentLabels)),
  source: z.optional(z.enum(['mention', 'comment', 'message'])),
  state: z.optional(z.enum(mentionStates)),
  channelId: z.optional(z.string().check(z.maxLength(64))),
  hashtag: z.optional(z.string().check(z.maxLength(100))),
  authorId: z.optional(z.string().check(z.maxLength(600))),
});
export type ListenAsk = z.infer<typeof ListenAsk>;

/** GET /api/listening/hits: newest first. */
export interface HitPage {
  hits: Hit[];
  next: string | null;
}

/** GET /api/listening/volume: one row an hour up to three days, else one a day (in the viewer's time zone), gaps included as zeros. */
export interface Volume {
  step: 'hour' | 'day';
  rows: {
    at: string;
    positive: number;
    neutral: number;
    negative: number /** Followers of those who spoke, each once. */;
    reach: number;
  }[];
  total: { positive: number; neutral: number; negative: number; people: number; reach: number };
  hashtags: { tag: string; count: number; positive: number; negative: number }[];
  /** Words met far more often than usual in this time. */
  topics: { word: string; count: number; positive: number; negative: number }[];
}

/** GET /api/listening/authors: those who spoke most or reach furthest. */
export interface TopAuthors {
  authors: { author: Author; count: number; positive: number; negative: number; lastAt: string }[];
}

/** What rose: all that was said, what was said against us, or each by itself. */
export const spikeRises = ['all', 'negative', 'both'] as const;
export type SpikeRise = (typeof spikeRises)[number];

/**
 * An hour of a saved search, or sixty minutes across two of them, in which what was said, or what of it was negative (`rise`), was far above its usual: at least 8, at least twice the usual, above the median of this hour of the last
 * eight weeks by more than three (scaled) median deviations; and where the usual is small, so many that chance alone brings them less
 * than once in ten thousand hours (the tail of a Poisson distribution). With fewer than three weeks to look back on, the 24 hours before
 * are the usual.
 */
export const SpikeAlert = z.object({
  id: z.string(),
  searchId: z.string(),
  searchName: z.string(),
  /** The beginning of its sixty minutes, ISO; while they go on the counts still grow. */
  at: z.string(),
  count: z.number(),
  /** What this hour of the week is used to: the median of the last eight. */
  usual: z.number(),
  rise: z.enum(spikeRises),
  negative: z.number(),
  /** The same of what is negative. */
  usualNegative: z.number(),
  /** Why, where only the negative rose by the negative alone: words and hashtags far above their usual, the authors with the widest reach, the post most of it hangs on. */
  words: z.array(z.object({ word: z.string(), count: z.number(), usual: z.number() })),
  authors: z.array(Author),
  postId: z.nullable(z.string()),
  /** The first and the furthest-reaching hits of it. */
  hitIds: z.array(z.string()),
  seenBy: z.array(z.string()),
  endedAt: z.nullable(z.string()),
});
export type SpikeAlert = z.infer<typeof SpikeAlert>;

/** POST /api/listening/hits/:id/not-us: taught away from one search, or from all that found it; DELETE is its undo. */
export const NotUs = z.object({ searchId: z.optional(z.string().check(z.maxLength(64))) });
/** PATCH /api/listening/hits/:id */
export const HitUpdate = z.partial(
  z.object({ state: z.enum(['new', 'done']), sentiment: z.nullable(z.enum(sentimentLabels)) }),
);
export type HitUpdate = z.infer<typeof HitUpdate>;

/** POST /api/listening/hits/:id/convert: the author is a customer from now on, and their earlier mentions come along. */
export interface Converted {
  conversationId: string;
  customerId: string;
  /** Messages that came of mentions, the asked one included. */
  brought: number;
}
