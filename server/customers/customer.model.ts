import { type Connection, Schema } from 'mongoose';
import type { IdentityKind, IdentitySource, ProofKind } from '../../shared/customer.ts';
import type { CustomerProfile } from '../../shared/profile.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { embedded, options } from '../db/schema.ts';
import type { Marks } from '../messages/watermark.ts';

export interface CustomerDoc {
  /** The CID. */
  _id: string;
  name: string;
  /** Where the name is from: an agent's word is never overwritten by a channel's. */
  nameSource: 'address' | 'channel' | 'agent';
  /** The identity whose address or whose channel gave the name; it goes where that identity goes. Null of an agent's word. */
  nameFrom?: string | null;
  /** The active conversation, and no other key: split-off threads are found by `routes`. */
  active: { main: string | null };
  version: number;
  /** The survivor of a link; then this customer owns nothing until it is taken back. */
  mergedInto: string | null;
  /** Every CID read through this one, its own included: what hangs on a customer keeps the id it was born with. */
  members: string[];
  /** Normalised prefixes' base: words of the name, numbers, addresses. */
  tokens: string[];
  /** What is kept of the person; absent until somebody says something. Of one merged into another it stays as it was. */
  profile?: CustomerProfile;
  /** When a channel's automatic reply last greeted them. */
  autoRepliedAt?: Date | null;
  createdAt: Date;
}

export interface IdentityDoc {
  /** key(kind, value) */
  _id: string;
  kind: IdentityKind;
  value: string;
  /** What is written to, when it is not the value: `value` is then scoped, and recognises nobody elsewhere. */
  address: string | null;
  display: string;
  customerId: string;
  /** Whose it was before any link; un-merge takes it back there. */
  homeCustomerId: string;
  proof: ProofKind;
  provenAt: Date;
  /** Since when we know of it, whenever it was proven; absent on what is older than this was kept. */
  knownAt?: Date;
  /** Whose word `proof` is; absent on what is older than this was kept. */
  source?: IdentitySource;
  /** Why an agent added it, or stands by it. */
  reason?: string;
  /** Raised by whatever must conflict over where this identity's next message goes. */
  touched: number;
  lastSeenAt: Date;
  unreachable: boolean;
  /** What it writes is ignored. */
  blocked?: boolean;
  /** Order of the newest word about reachability. */
  reachOrder: string;
  /** Channels it was met on, newest first. */
  channelIds: string[];
  /** By channel: when they last wrote to us alone there. */
  heard?: Record<string, Date>;
  /** By channel: up to when what we sent them there is delivered, and read. */
  marks?: Record<string, Marks>;
  /** Last seen thread per channel, for a reply that has no message to answer. */
  threadKey: string;
  /** Of a visitor of the web chat: the number of the newest change they may see. */
  visitorSeq?: number;
  /** Of a visitor: an agent has read what they wrote up to here. */
  teamReadAt?: Date;
  /** Of a visitor: when answers that had not arrived were last sent after them. */
  followedUpAt?: Date;
  /** …and their number then: what has a higher one is not among them. */
  followedUpSeq?: number;
}

/** What somebody merely says, or a sign: suggests a link, makes none. */
export interface ClaimDoc {
  /** key(customerId, kind, value) */
  _id: string;
  customerId: string;
  kind: IdentityKind;
  value: string;
  source: string;
  at: Date;
  /** An agent looked at it and it is nothing: it is suggested no more. */
  dismissed?: { at: Date; byUserId: string } | null;
}

/** One merge of two customers, as a tree that un-merge reads: nested ones come apart in any order. */
export interface LinkDoc {
  _id: string;
  survivorId: string;
  mergedId: string;
  at: Date;
  /** A user's id, or null when a proof made it. */
  byUserId: string | null;
  proof: ProofKind;
  /** The identity that proved it, if one did. */
  identityId: string | null;
  reason: string;
  /** Who owned what before. */
  before: {
    survivor: { name: string; active: string | null; members: string[] };
    merged: { name: string; active: string | null; members: string[] };
    identityIds: string[];
    conversationIds: string[];
    /** The older active conversation, which became `continued`, with its status before. */
    continued: {
      id: string;
      status: string;
      successorId: string;
      snoozedUntil?: Date | null;
      waitingSince?: Date | null;
    } | null;
    /** What the conversation that stays was given from the one that ended. */
    joined?: { id: string; before: JoinedHeader; after: JoinedHeader } | null;
  };
  /** Which of the survivor's merges this is: the survivor's version after it. */
  order?: number;
  /** What the survivor took from the other; kept in step with what is taken back around it. */
  taken?: TakenField[];
  /** It was taken back: what it joined came apart again. */
  undone?: { at: Date; byUserId: string | null } | null;
}

/** Words about a conversation that a merge adds to those of the one that stays. */
export type JoinedHeader = Pick<
  ConversationDoc,
  | 'status'
  | 'snoozedUntil'
  | 'waitingSince'
  | 'assigneeId'
  | 'teamId'
  | 'priority'
  | 'tagIds'
  | 'mentionedIds'
>;

/** A field of the survivor that a merge gave the other's value; of a list, the entries that it added. */
export type TakenField =
  | { field: string; before: unknown; after: unknown }
  | { field: string; added: unknown[] };

const customer = new Schema<CustomerDoc>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    nameSource: { type: String, required: true },
    nameFrom: String,
    active: { type: embedded({ main: { type: String, default: null } }), required: true } as never,
    version: { type: Number, required: true },
    mergedInto: { type: String, default: null },
    members: { type: [String], required: true },
    tokens: { type: [String], required: true },
    // Asked through facts alone.
    profile: Schema.Types.Mixed,
    autoRepliedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  options('customers'),
);

const identity = new Schema<IdentityDoc>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    value: { type: String, required: true },
    address: { type: String, default: null },
    display: { type: String, required: true },
    customerId: { type: String, required: true },
    homeCustomerId: { type: String, required: true },
    proof: { type: String, required: true },
    provenAt: { type: Date, required: true },
    knownAt: Date,
    source: embedded({ by: { type: String, required: true }, id: { type: String, required: true } }) as never,
    reason: String,
    touched: { type: Number, required: true },
    lastSeenAt: { type: Date, required: true },
    unreachable: { type: Boolean, required: true, default: false },
    blocked: { type: Boolean, default: false },
    reachOrder: { type: String, default: '' },
    channelIds: { type: [String], required: true },
    threadKey: { type: String, default: '' },
    // By channel: asked only of the one identity.
    heard: Schema.Types.Mixed as never,
    marks: Schema.Types.Mixed as never,
    visitorSeq: Number,
    teamReadAt: Date,
    followedUpAt: Date,
    followedUpSeq: Number,
  },
  options('identities'),
);

const claim = new Schema<ClaimDoc>(
  {
    _id: { type: String, required: true },
    customerId: { type: String, required: true },
    kind: { type: String, required: true },
    value: { type: String, required: true },
    source: { type: String, required: true },
    at: { type: Date, required: true },
    dismissed: { type: Schema.Types.Mixed, default: null },
  },
  options('claims'),
);

const link = new Schema<LinkDoc>(
  {
    _id: { type: String, required: true },
    survivorId: { type: String, required: true },
    mergedId: { type: String, required: true },
    at: { type: Date, required: true },
    byUserId: { type: String, default: null },
    proof: { type: String, required: true },
    identityId: { type: String, default: null },
    reason: { type: String, default: '' },
    before: { type: Schema.Types.Mixed, required: true },
    order: Number,
    taken: { type: [Schema.Types.Mixed], default: [] } as never,
    undone: { type: Schema.Types.Mixed, default: null },
  },
  options('links'),
);

export const customerModel = (db: Connection) => db.model<CustomerDoc>('Customer', customer);
export const identityModel = (db: Connection) => db.model<IdentityDoc>('Identity', identity);
export const claimModel = (db: Connection) => db.model<ClaimDoc>('Claim', claim);
export const linkModel = (db: Connection) => db.model<LinkDoc>('Link', link);
