import { type Connection, Schema } from 'mongoose';
import type { InboundAttachment, Sender } from '../../connectors/connector.ts';
import type { MentionState } from '../../shared/listening.ts';
import type { Sentiment } from '../../shared/sentiment.ts';
import { options } from '../db/schema.ts';

/** Something said in public, and not to us. */
export interface MentionDoc {
  /** key(scope, externalId): the part of the message that it would be. */
  _id: string;
  scope: string;
  externalId: string;
  channelId: string;
  connector: string;
  kind: 'post' | 'comment';
  /** Of the identity that its author is, or would be. */
  authorId: string;
  /** As this word gave them: who the customer is once a conversation is made of it. */
  sender: Sender;
  text: string;
  at: Date;
  /** `at` is our time of receipt: the provider did not say. */
  atEstimated: boolean;
  receivedAt: Date;
  /** The raw event it came in: its files are fetched by it. */
  inboundId: string;
  url: string | null;
  postId: string | null;
  /** What its post is at the provider, for the message that it would be. */
  post: { externalId: string; scope?: string } | null;
  /** External id of what it answers, within its scope. */
  inReplyTo: string | null;
  /** The same as the part's id. */
  answers: string | null;
  /** Said in a group to which one is invited. */
  closed?: true;
  attachments: InboundAttachment[];
  threadKey: string;
  sentiment: Sentiment | null;
  state: Extract<MentionState, 'new' | 'done' | 'converted'>;
  /** The message that it became, by a person or because it was said to us after all. */
  messageId: string | null;
  /**
   * Its author's earlier words are still to come into that conversation: it was made one by a person or by a rule (`byUserId: null`), or
   * its author spoke to us there afterwards (`addressed`), and it comes along itself.
   */
  bringing: { conversationId: string; byUserId: string | null; addressed?: true } | null;
  /**
   * With what this one came: the mention that was made a conversation, itself or a later one of the same author; or, as `alongWith` says
   * it, the conversation in which its author spoke to us.
   */
  broughtBy: string | null;
  editedAt: Date | null;
  /** (edit time, provider order) of the newest edit. */
  editOrder: string | null;
  deletedAt: Date | null;
  /** Raised by every change. */
  version: number;
  /** What is still to be done with it, each struck off by its worker: `listen`. */
  todo?: string[];
}

const mention = new Schema<MentionDoc>(
  {
    _id: { type: String, required: true },
    scope: { type: String, required: true },
    externalId: { type: String, required: true },
    channelId: { type: String, required: true },
    connector: { type: String, required: true },
    kind: { type: String, required: true },
    authorId: { type: String, required: true },
    sender: { type: Schema.Types.Mixed, required: true } as never,
    text: { type: String, default: '' },
    at: { type: Date, required: true },
    atEstimated: { type: Boolean, default: false },
    receivedAt: { type: Date, required: true },
    inboundId: { type: String, required: true },
    url: { type: String, default: null },
    postId: { type: String, default: null },
    post: { type: Schema.Types.Mixed, default: null } as never,
    inReplyTo: { type: String, default: null },
    answers: { type: String, default: null },
    closed: { type: Boolean, default: undefined } as never,
    attachments: { type: [Schema.Types.Mixed], default: [] } as never,
    threadKey: { type: String, default: '' },
    sentiment: { type: Schema.Types.Mixed, default: null } as never,
    state: { type: String, required: true },
    messageId: { type: String, default: null },
    bringing: { type: Schema.Types.Mixed, default: null } as never,
    broughtBy: { type: String, default: null },
    editedAt: { type: Date, default: null },
    editOrder: { type: String, default: null },
    deletedAt: { type: Date, default: null },
    version: { type: Number, required: true },
    todo: { type: [String], default: undefined } as never,
  },
  options('mentions'),
);

export const mentionModel = (db: Connection) => db.model<MentionDoc>('Mention', mention);
