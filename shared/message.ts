import * as z from 'zod/mini';
import { errorClasses } from './connector.ts';

/** The lattice of one attempt, lowest first: the highest word wins, whatever order they arrive in. */
export const deliveryStates = [
  'queued',
  'sending',
  'unknown',
  'sent',
  'failed',
  'delivered',
  'read',
] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** The higher of two states within one attempt. */
export function higherState(a: DeliveryState, b: DeliveryState): DeliveryState {
  return deliveryStates.indexOf(a) >= deliveryStates.indexOf(b) ? a : b;
}

/** Where a reply goes, exactly. */
export const Target = z.object({
  channelId: z.string().check(z.maxLength(64)),
  identityId: z.string().check(z.maxLength(600)),
  threadKey: z.string().check(z.maxLength(600)),
  /** A message of this conversation that the reply quotes, where the channel can. */
  inReplyTo: z.optional(z.string().check(z.maxLength(64))),
});
export type Target = z.infer<typeof Target>;

export const Attachment = z.object({
  id: z.string(),
  name: z.string(),
  /** By magic bytes once `ready`; before that what the provider claims. */
  type: z.string(),
  bytes: z.nullable(z.number()),
  width: z.nullable(z.number()),
  height: z.nullable(z.number()),
  /** Seconds, of audio and video. */
  duration: z.nullable(z.number()),
  state: z.enum(['pending', 'ready', 'failed']),
  error: z.nullable(z.string()),
});
export type Attachment = z.infer<typeof Attachment>;

export const Delivery = z.object({
  state: z.enum(deliveryStates),
  attempt: z.number(),
  /** Of the attempt that failed or is unknown. */
  error: z.nullable(z.object({ class: z.enum(errorClasses), code: z.string(), message: z.string() })),
  /** When a held message tries next. */
  nextAt: z.nullable(z.string()),
  /** Older than 24 h when its channel came back: asks before it leaves. */
  needsConfirm: z.boolean(),
  pieces: z.array(z.object({ state: z.enum(deliveryStates) })),
});
export type Delivery = z.infer<typeof Delivery>;

export const messageKinds = ['message', 'note', 'event', 'call'] as const;

/** What happened to a conversation, as a line in its timeline. `data` by type. */
export const eventTypes = [
  'begun',
  'assigned', // {from, to}: user ids or null
  'snoozed', // {until}
  'woken', // {by: 'message' | 'time' | 'agent'}
  'resolved',
  'reopened', // {by: 'message' | 'agent' | 'reply'}
  'linked', // {customerId, identityId, proof}
  'continued', // {successorId} or {predecessorId}
] as const;
export type EventType = (typeof eventTypes)[number];

export const Message = z.object({
  id: z.string(),
  conversationId: z.string(),
  kind: z.enum(messageKinds),
  direction: z.enum(['in', 'out', 'none']),
  seq: z.number(),
  /** The conversation's version at which this message last changed. */
  version: z.number(),
  /** The provider's time, ISO; the order on screen is (at, providerOrder, seq). */
  at: z.string(),
  providerOrder: z.string(),
  late: z.boolean(),
  channelId: z.nullable(z.string()),
  identityId: z.nullable(z.string()),
  threadKey: z.nullable(z.string()),
  inReplyTo: z.nullable(z.string()),
  visibility: z.enum(['private', 'public', 'internal']),
  authorId: z.nullable(z.string()),
  /** Sent from the provider's own app, not from here. */
  sentElsewhere: z.boolean(),
  text: z.string(),
  editedAt: z.nullable(z.string()),
  /** Redacted by the sender: the text is gone. */
  deletedAt: z.nullable(z.string()),
  groupKey: z.nullable(z.string()),
  attachments: z.array(Attachment),
  reactions: z.array(z.object({ by: z.string(), emoji: z.string() })),
  delivery: z.nullable(Delivery),
  event: z.nullable(z.object({ type: z.enum(eventTypes), data: z.record(z.string(), z.unknown()) })),
  /** Imported as history: counted for nothing. */
  imported: z.boolean(),
});
export type Message = z.infer<typeof Message>;

/** A message that left this conversation. */
export const Tombstone = z.object({
  id: z.string(),
  conversationId: z.string(),
  version: z.number(),
  movedTo: z.string(),
});
export type Tombstone = z.infer<typeof Tombstone>;
export type TimelineEntry = Message | Tombstone;
export function isTombstone(entry: TimelineEntry): entry is Tombstone {
  return 'movedTo' in entry;
}

/** The largest file that an agent may upload, in bytes; a channel may take less. */
export const maxUploadBytes = 25 * 1024 * 1024;

/** The order on screen. */
export function compareMessages(a: Pick<Message, 'at' | 'providerOrder' | 'seq'>, b: typeof a): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  if (a.providerOrder !== b.providerOrder) return a.providerOrder < b.providerOrder ? -1 : 1;
  return a.seq - b.seq;
}

const text = z.string().check(z.maxLength(20_000));

/** A reply or a note. `id` is a UUID minted by the agent's client: a resend is the same document. */
export const MessageCreate = z.object({
  id: z.uuid(),
  kind: z.enum(['message', 'note']),
  text,
  /** Ids of files uploaded before, of this author. */
  fileIds: z.array(z.string().check(z.maxLength(64))).check(z.maxLength(10)),
  /** Absent in a note. */
  target: z.optional(Target),
  /** The newest `seq` the agent had on screen. */
  lastSeenSeq: z.number(),
  /** The agent saw the colleague's reply and sends all the same; recorded. */
  sendAnyway: z.optional(z.boolean()),
  thenResolve: z.optional(z.boolean()),
});
export type MessageCreate = z.infer<typeof MessageCreate>;

/** The agent's word on a message that failed, is unknown, or waits for confirmation. */
export const DeliveryDecision = z.object({
  decision: z.enum(['resend', 'markSent', 'cancel']),
  /** The attempt the agent saw: a decision about an older one is refused (409 stateChanged). */
  attempt: z.number(),
});
export type DeliveryDecision = z.infer<typeof DeliveryDecision>;
