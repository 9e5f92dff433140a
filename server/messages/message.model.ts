import { type Connection, Schema } from 'mongoose';
import type { Piece } from '../../connectors/connector.ts';
import type { Call } from '../../shared/call.ts';
import type { ErrorClass } from '../../shared/connector.ts';
import type { Attachment, DeliveryState, EventType, Letter, messageKinds } from '../../shared/message.ts';
import type { TemplateUse } from '../../shared/post.ts';
import type { Sentiment } from '../../shared/sentiment.ts';
import { options } from '../db/schema.ts';

/** One provider call of a message, with what became of it. */
export interface PieceDoc {
  kind: Piece['kind'];
  text: string;
  file: { id: string; name: string; type: string; bytes: number } | null;
  /** Of a letter: all that it carries, and what it says beside its text. */
  files?: NonNullable<Piece['files']>;
  letter?: NonNullable<Piece['letter']>;
  template?: NonNullable<Piece['template']>;
  state: DeliveryState;
  /** The attempt that `state` and `sendRef` are of. */
  attempt: number;
  sendRef: string | null;
  externalIds: string[];
  /** When its call began; on what was sent elsewhere, when it was. */
  calledAt?: Date;
  /** Why it failed or is unknown. */
  error: DeliveryDoc['error'];
  /** It left, but not for everybody: a sentence. */
  warning?: string;
  /** Since when `state` holds, by the provider's clock where it says so. */
  at: Date | null;
  /** What the provider is told in place of `text` and `letter`: for nobody else's eyes, sealed, and null once it left or is over. */
  sealed?: { told: string | null; until: Date };
}

export interface DeliveryDoc {
  /** Derived from the pieces by messages/delivery.ts; kept so that queries can find it. */
  state: DeliveryState;
  attempt: number;
  /** The lane lease's fence under which `sending` was written; a result with another fence is dropped. */
  fence: number;
  error: { class: ErrorClass; code: string; message: string } | null;
  nextAt: Date | null;
  needsConfirm: boolean;
  /** When it was queued, this time. */
  queuedAt: Date;
  /** Since when it is `retryable`: ten minutes, then it fails. */
  retryingSince: Date | null;
  pieces: PieceDoc[];
}

export interface AttachmentDoc extends Omit<Attachment, 'state' | 'error'> {
  state: Attachment['state'];
  error: string | null;
  /** What the connector's `download` needs; null on what was uploaded here. */
  ref: Record<string, unknown> | null;
  /** The raw event it came in; null on what was uploaded here. */
  inboundId: string | null;
  /** By which the rich body names it. */
  contentId: string | null;
  fileId: string | null;
}

export interface MessageDoc {
  /** UUID: minted by the server; a reply's by the agent's client. */
  _id: string;
  conversationId: string;
  kind: (typeof messageKinds)[number];
  direction: 'in' | 'out' | 'none';
  seq: number;
  version: number;
  at: Date;
  /** `at` is our time of receipt: the provider did not say. */
  atEstimated: boolean;
  providerOrder: string;
  receivedAt: Date;
  late: boolean;
  channelId: string | null;
  identityId: string | null;
  threadKey: string | null;
  /** A message's id. */
  inReplyTo: string | null;
  /** Its provider's own id, as the provider spells it; null on ours, whose pieces have theirs. */
  externalId: string | null;
  /** Of what it says: tells a copy from another message that bears the same id. */
  digest: string | null;
  letter: Letter | null;
  /** What is beyond `text` is in `bodies`, under the same id. */
  hasWhole: boolean;
  /** A conversation of another customer, in which what it answers was said. */
  relatedId: string | null;
  /** Further channels of ours that a copy of it came to. */
  alsoChannelIds: string[];
  /** Written by a rule, not by a hand. */
  automatic: boolean;
  /** Users a note names. */
  mentions: string[];
  visibility: 'private' | 'public' | 'internal';
  /** The public post it hangs on; absent in private, or nobody could find those that have one. */
  postId?: string;
  /** Part of what it answers under that post, whoever wrote it. */
  answers?: string;
  /** At the provider, where all can see it. */
  url?: string | null;
  /** Said in a group to which one is invited: public there, and for nobody else's eyes. */
  closed?: true;
  sentiment?: Sentiment | null;
  call?: CallDoc | null;
  template?: TemplateUse | null;
  authorId: string | null;
  sentElsewhere: boolean;
  /** The agent was shown a colleague's reply and sent all the same. */
  sentAnyway: boolean;
  text: string;
  editedAt: Date | null;
  /** (edit time, provider order) of the newest edit. */
  editOrder: string | null;
  deletedAt: Date | null;
  groupKey: string | null;
  attachments: AttachmentDoc[];
  /** One entry a sender and emoji; `order` is of that sender's newest word. */
  reactions: { by: string; emoji: string[]; order: string }[];
  delivery: DeliveryDoc | null;
  event: { type: EventType; data: Record<string, unknown> } | null;
  imported: boolean;
  /** What a visitor of the web chat may see has a number of theirs: of its newest change. Absent: they see nothing of it. */
  visitorSeq?: number;
  /** What is still to be done with it, each struck off by its worker: `search`. */
  todo?: string[];
  /** Its number in the index of search. */
  searchNo?: number;
}

/** Times as dates; who heard of what is `pending` is the recording's own job. */
export interface CallDoc extends Omit<Call, 'startedAt' | 'answeredAt' | 'endedAt'> {
  startedAt: Date;
  answeredAt: Date | null;
  endedAt: Date | null;
  /** By what further events of the same call are merged, and shown to nobody; absent on a call logged by hand. */
  heard?: {
    callId: string;
    /** As said; what is shown may follow from times. */
    disposition: Call['disposition'];
    talked: number | null;
    /** (time, state, word) of who was named last, and of the newest note. */
    agentOrder: string;
    noteOrder: string;
    /** The conversation's version with which it became a missed one. */
    missedAt?: number;
  };
}

/** What a message leaves behind in the conversation it left. */
export interface TombstoneDoc {
  /** key(conversationId, messageId) */
  _id: string;
  messageId: string;
  conversationId: string;
  version: number;
  movedTo: string;
}

/** One provider id of a message. */
export interface PartDoc {
  /** key(scope, externalId) */
  _id: string;
  /** Null while only heard of. */
  messageId: string | null;
  /** Which piece of an outbound message, and which attempt sent it. */
  piece: number | null;
  attempt: number | null;
  /** The highest word about this id alone. */
  state: DeliveryState | null;
  /** Inbound events that came before their message. */
  waiting: string[];
  /** Raised whenever an event begins to wait here: that must conflict with the recording of the id. */
  touched: number;
  /** Deleted before or after its message is known: a late original cannot revive it. */
  deletedAt: Date | null;
}

const message = new Schema<MessageDoc>(
  {
    _id: { type: String, required: true },
    conversationId: { type: String, required: true },
    kind: { type: String, required: true },
    direction: { type: String, required: true },
    seq: { type: Number, required: true },
    version: { type: Number, required: true },
    at: { type: Date, required: true },
    atEstimated: { type: Boolean, default: false },
    providerOrder: { type: String, default: '' },
    receivedAt: { type: Date, required: true },
    late: { type: Boolean, default: false },
    channelId: { type: String, default: null },
    identityId: { type: String, default: null },
    threadKey: { type: String, default: null },
    inReplyTo: { type: String, default: null },
    externalId: { type: String, default: null },
    digest: { type: String, default: null },
    letter: { type: Schema.Types.Mixed, default: null },
    hasWhole: { type: Boolean, default: false },
    relatedId: { type: String, default: null },
    alsoChannelIds: { type: [String], default: [] },
    automatic: { type: Boolean, default: false },
    mentions: { type: [String], default: [] },
    visibility: { type: String, required: true },
    postId: String,
    answers: String,
    url: String,
    closed: { type: Boolean, default: undefined } as never,
    sentiment: Schema.Types.Mixed as never,
    call: Schema.Types.Mixed as never,
    template: Schema.Types.Mixed as never,
    authorId: { type: String, default: null },
    sentElsewhere: { type: Boolean, default: false },
    sentAnyway: { type: Boolean, default: false },
    text: { type: String, default: '' },
    editedAt: { type: Date, default: null },
    editOrder: { type: String, default: null },
    deletedAt: { type: Date, default: null },
    groupKey: { type: String, default: null },
    attachments: { type: [Schema.Types.Mixed], default: [] } as never,
    reactions: { type: [Schema.Types.Mixed], default: [] } as never,
    delivery: { type: Schema.Types.Mixed, default: null },
    event: { type: Schema.Types.Mixed, default: null },
    imported: { type: Boolean, default: false },
    visitorSeq: Number,
    todo: { type: [String], default: undefined },
    searchNo: Number,
  },
  options('messages'),
);

const tombstone = new Schema<TombstoneDoc>(
  {
    _id: { type: String, required: true },
    messageId: { type: String, required: true },
    conversationId: { type: String, required: true },
    version: { type: Number, required: true },
    movedTo: { type: String, required: true },
  },
  options('tombstones'),
);

const part = new Schema<PartDoc>(
  {
    _id: { type: String, required: true },
    messageId: { type: String, default: null },
    piece: { type: Number, default: null },
    attempt: { type: Number, default: null },
    state: { type: String, default: null },
    waiting: { type: [String], default: [] },
    touched: { type: Number, default: 0 },
    deletedAt: { type: Date, default: null },
  },
  options('parts'),
);

export const messageModel = (db: Connection) => db.model<MessageDoc>('Message', message);
export const tombstoneModel = (db: Connection) => db.model<TombstoneDoc>('Tombstone', tombstone);
export const partModel = (db: Connection) => db.model<PartDoc>('Part', part);
