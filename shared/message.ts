import * as z from 'zod/mini';
import { Call } from './call.ts';
import { errorClasses } from './connector.ts';
import { TemplateUse } from './post.ts';
import { Sentiment } from './sentiment.ts';

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
  /** Absent: private. In public it is an answer under the post of `threadKey`, read by all. */
  visibility: z.optional(z.enum(['private', 'public'])),
  /** A message of this conversation that the reply quotes, where the channel can; in private and of a public one it is the hand-over. */
  inReplyTo: z.optional(z.string().check(z.maxLength(64))),
});
export type Target = z.infer<typeof Target>;

/** What makes a file harmful, by its content. */
export const dangers = [
  /** Runs when it is opened: of Windows, Linux, macOS, Android, Java. */
  'program',
  /** Commands as text: a shell, a batch, a script host. */
  'script',
  /** Starts something else: a shortcut, an HTML application. */
  'shortcut',
  /** A disk image or an installer's package. */
  'image',
  /** An office document that carries code. */
  'macros',
  /** A document with another file hidden inside. */
  'embedded',
  /** An archive with one of these inside. */
  'archive',
] as const;
export type Danger = (typeof dangers)[number];

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
  /** Part of the rich body, not shown among the files. */
  inline: z.boolean(),
  /** By its content something that can do harm (a program, a document with macros): why. Never shown, downloaded only when insisted. */
  danger: z.nullable(z.enum(dangers)),
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
  /** It left, but did not reach everybody it was for (a copy was refused): a sentence. */
  warning: z.optional(z.nullable(z.string())),
  pieces: z.array(z.object({ state: z.enum(deliveryStates) })),
});
export type Delivery = z.infer<typeof Delivery>;

const LetterAddress = z.object({ name: z.string(), address: z.string() });

/** What only letters have. */
export const Letter = z.object({
  subject: z.string(),
  from: LetterAddress,
  to: z.array(LetterAddress),
  cc: z.array(LetterAddress),
  /** Of our own letters. */
  bcc: z.array(LetterAddress),
  /** How far the sender was verified (DMARC); null on our own. */
  check: z.nullable(z.enum(['pass', 'fail', 'none', 'unknown'])),
  /** It went to others than the customer. */
  forward: z.boolean(),
});
export type Letter = z.infer<typeof Letter>;

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
  'unmerged', // the undo of a link: {customerId} of the other one
  'continued', // {successorId} or {predecessorId}
  'teamed', // {from, to}: team ids or null
  'prioritised', // {from, to}
  'tagged', // {added, removed}: tag ids
  'split', // in the old conversation {toId, count}, in the new one {fromId, count}
  'broughtBack', // the undo of a split: {fromId, count} or {toId, count}
  'spam',
  'notSpam',
  'blocked', // {identityId}
  'unblocked', // {identityId}
  'codeSent', // to verify an address: {verificationId, messageId, channelId, to}
  'verified', // {verificationId, identityId, to}
  'handedOver', // from public to private: {messageId, postId}
  'mentionsCame', // a mention was made a conversation: {count}
  'followedUp', // a chat's reply went out as a letter or SMS: {messageId, channelId}
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
  /** The public post it hangs on; null in private. */
  postId: z.nullable(z.string()),
  /** At the provider, where it can be seen by all. */
  url: z.nullable(z.string()),
  /** Of inbound messages; null where nothing is said (a picture alone). */
  sentiment: z.nullable(Sentiment),
  /** Of the kind `call`. */
  call: z.nullable(Call),
  /** It left as a template of the provider's; `text` is what was read. */
  template: z.nullable(TemplateUse),
  authorId: z.nullable(z.string()),
  letter: z.nullable(Letter),
  /** `text` is only what is new: there is more (quotes, layout), at …/messages/:id/whole. */
  hasWhole: z.boolean(),
  /** It answers something in this conversation of another customer. */
  relatedId: z.nullable(z.string()),
  /** Other channels of ours the very same message came to. */
  alsoChannelIds: z.array(z.string()),
  /** Written by a rule, not by a hand. */
  automatic: z.boolean(),
  /** Users a note names. */
  mentions: z.array(z.string()),
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
const address = z.string().check(z.trim(), z.minLength(1), z.maxLength(320));
const addresses = z.array(address).check(z.maxLength(50));

/** What an agent says beside the text on channels with the capability `letters`. */
export const LetterCreate = z.object({
  /** Empty: the thread's own, with "Re:" or "Fwd:". */
  subject: z.string().check(z.maxLength(998)),
  cc: addresses,
  bcc: addresses,
  /** Passes a letter of this conversation on to others, in the customer's stead. */
  forward: z.optional(
    z.object({ messageId: z.string().check(z.maxLength(64)), to: addresses.check(z.minLength(1)) }),
  ),
});
export type LetterCreate = z.infer<typeof LetterCreate>;

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
  letter: z.optional(LetterCreate),
  /** In place of a text, on channels with templates; `text` is then empty. */
  template: z.optional(TemplateUse),
  /** In a note: the colleagues it names, who are told. */
  mentions: z.optional(z.array(z.string().check(z.maxLength(64))).check(z.maxLength(50))),
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
