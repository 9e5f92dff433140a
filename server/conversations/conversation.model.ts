import { type Connection, Schema } from 'mongoose';
import type { ConversationStatus, Priority } from '../../shared/conversation.ts';
import type { LetterCreate, Target } from '../../shared/message.ts';
import type { SentimentLabel } from '../../shared/sentiment.ts';
import { embedded, options } from '../db/schema.ts';

export interface ConversationDoc {
  _id: string;
  customerId: string;
  homeCustomerId: string;
  status: ConversationStatus;
  successorId: string | null;
  assigneeId: string | null;
  teamId: string | null;
  priority: Priority;
  tagIds: string[];
  /** Colleagues named in notes who have not struck it off. */
  mentionedIds: string[];
  /** The conversation this one was split off from. */
  splitFromId: string | null;
  /** What it was before it was put away as spam; null unless it is. */
  spam: SpamBefore | null;
  /** What it was before it was resolved by hand; nothing when it ended otherwise. */
  resolvedFrom?: ResolvedFrom | null;
  /** Raised by one with each commit, in messages/commit.ts alone. */
  version: number;
  /** Of the newest message. */
  seq: number;
  messageCount: number;
  channelIds: string[];
  waitingSince: Date | null;
  snoozedUntil: Date | null;
  resolvedAt: Date | null;
  createdAt: Date;
  /** What lists sort by. */
  lastAt: Date;
  /** The newest message's `at`: older by over 60 s is late. */
  newestAt: Date;
  lastInboundSeq: number;
  /** `at` of the message that `replyTarget` is from: only a newer one moves it. */
  replyTargetAt: Date | null;
  replyTarget: Target | null;
  /** The newest message by (at, providerOrder), events apart: made by conversation.header.ts alone. */
  preview: {
    messageId: string;
    kind: string;
    direction: 'in' | 'out' | 'none';
    text: string;
    /** Of a customer's message, where it has one. */
    sentiment?: SentimentLabel;
    channelId: string | null;
    authorId: string | null;
    attachments: number;
    at: Date;
    providerOrder: string;
  } | null;
  /** Messages failed or unknown. */
  undelivered: number;
  /** What is still to be done with all of it: `search`, when others than before may see it. */
  todo?: string[];
}

/** What `notSpam` puts back. */
export interface SpamBefore {
  status: ConversationStatus;
  snoozedUntil: Date | null;
  waitingSince: Date | null;
  resolvedAt: Date | null;
  /** Identities that this deed blocked and that were not blocked before it. */
  blockedIds: string[];
}

/** What the undo of `resolve` puts back. */
export interface ResolvedFrom {
  snoozedUntil: Date | null;
  waitingSince: Date | null;
}

/** A thread that an agent split off: where its next message goes. */
export interface RouteDoc {
  /** key(channelId, identityId, threadKey) */
  _id: string;
  conversationId: string;
  channelId: string;
  identityId: string;
  threadKey: string;
  /** Raised by whatever must conflict with the end of the route. */
  touched: number;
}

export interface ReadDoc {
  /** key(userId, conversationId) */
  _id: string;
  userId: string;
  conversationId: string;
  seq: number;
}

export interface DraftDoc {
  /** key(userId, conversationId, mode) */
  _id: string;
  userId: string;
  conversationId: string;
  mode: 'reply' | 'note';
  text: string;
  target: Target | null;
  /** Subject, copies and what is passed on, on channels that carry letters. */
  letter?: LetterCreate | null;
  savedAt: number;
}

const targetShape = embedded({
  channelId: String,
  identityId: String,
  threadKey: String,
  visibility: String,
  inReplyTo: String,
});

const conversation = new Schema<ConversationDoc>(
  {
    _id: { type: String, required: true },
    customerId: { type: String, required: true },
    homeCustomerId: { type: String, required: true },
    status: { type: String, required: true },
    successorId: { type: String, default: null },
    assigneeId: { type: String, default: null },
    teamId: { type: String, default: null },
    priority: { type: String, default: 'normal' },
    tagIds: { type: [String], default: [] },
    mentionedIds: { type: [String], default: [] },
    splitFromId: { type: String, default: null },
    spam: {
      type: embedded({
        status: String,
        snoozedUntil: Date,
        waitingSince: Date,
        resolvedAt: Date,
        blockedIds: [String],
      }),
      default: null,
    } as never,
    resolvedFrom: { type: embedded({ snoozedUntil: Date, waitingSince: Date }), default: null } as never,
    version: { type: Number, required: true },
    seq: { type: Number, required: true },
    messageCount: { type: Number, required: true },
    channelIds: { type: [String], required: true },
    waitingSince: { type: Date, default: null },
    snoozedUntil: { type: Date, default: null },
    resolvedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
    lastAt: { type: Date, required: true },
    newestAt: { type: Date, required: true },
    lastInboundSeq: { type: Number, required: true },
    replyTargetAt: { type: Date, default: null },
    replyTarget: { type: targetShape, default: null } as never,
    preview: {
      type: embedded({
        kind: String,
        direction: String,
        text: String,
        sentiment: String,
        channelId: String,
        authorId: String,
        attachments: Number,
        at: Date,
        providerOrder: String,
        messageId: String,
      }),
      default: null,
    } as never,
    undelivered: { type: Number, required: true },
    todo: { type: [String], default: undefined },
  },
  options('conversations'),
);

const route = new Schema<RouteDoc>(
  {
    _id: { type: String, required: true },
    conversationId: { type: String, required: true },
    channelId: { type: String, required: true },
    identityId: { type: String, required: true },
    threadKey: { type: String, default: '' },
    touched: { type: Number, default: 0 },
  },
  options('routes'),
);

const read = new Schema<ReadDoc>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    conversationId: { type: String, required: true },
    seq: { type: Number, required: true },
  },
  options('reads'),
);

const draft = new Schema<DraftDoc>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    conversationId: { type: String, required: true },
    mode: { type: String, required: true },
    text: { type: String, default: '' },
    target: { type: targetShape, default: null } as never,
    letter: { type: Schema.Types.Mixed, default: null },
    savedAt: { type: Number, required: true },
  },
  options('drafts'),
);

export const conversationModel = (db: Connection) => db.model<ConversationDoc>('Conversation', conversation);
export const routeModel = (db: Connection) => db.model<RouteDoc>('Route', route);
export const readModel = (db: Connection) => db.model<ReadDoc>('Read', read);
export const draftModel = (db: Connection) => db.model<DraftDoc>('Draft', draft);
