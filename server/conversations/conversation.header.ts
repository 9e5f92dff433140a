import type { Target } from '../../shared/message.ts';
import { isSure } from '../../shared/sentiment.ts';
import type { NewMessage } from '../messages/commit.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import type { ConversationDoc } from './conversation.model.ts';

/** Older than the newest message by more than this is late: marked, and unread. */
const lateMs = 60_000;

/** A row of the list shows no more of a message than this. */
const previewLength = 200;

/** A resolved conversation is reopened by a message within this time; after it, a new one begins. */
export const reopenWithinMs = 72 * 3_600_000;

/** Queries for what waits for the team say it in these words, which are those of its index. */
export const waiting = { waitingSince: { $gt: new Date(0) } };

/** A conversation with nothing in it yet, for `tx.begin`. */
export function blankConversation(options: {
  id: string;
  customerId: string;
  /** Whose it is before any link. */
  homeCustomerId?: string;
  at: Date;
}): Omit<ConversationDoc, 'version' | 'seq' | 'messageCount'> {
  return {
    _id: options.id,
    customerId: options.customerId,
    homeCustomerId: options.homeCustomerId ?? options.customerId,
    status: 'open',
    successorId: null,
    assigneeId: null,
    teamId: null,
    priority: 'normal',
    tagIds: [],
    mentionedIds: [],
    splitFromId: null,
    spam: null,
    channelIds: [],
    waitingSince: null,
    snoozedUntil: null,
    resolvedAt: null,
    createdAt: options.at,
    lastAt: options.at,
    newestAt: new Date(0),
    lastInboundSeq: 0,
    replyTargetAt: null,
    replyTarget: null,
    preview: null,
    undelivered: 0,
  };
}

/** Would a message of this time stand above what is already on screen? */
export function isLate(conversation: Pick<ConversationDoc, 'newestAt'>, at: Date): boolean {
  return conversation.newestAt.getTime() - at.getTime() > lateMs;
}

type Header = Omit<ConversationDoc, 'version' | 'seq' | 'messageCount'>;

/**
 * What these messages make of their conversation's header: the `set` of `tx.raise`, or what `tx.begin` is given. Whatever order
 * messages arrive in, the end is the same.
 *
 * - Lines about what happened (`event`) are not something said: they move neither preview nor times.
 * - Imported history is silent: nobody waits because of it, and nobody has it unread.
 * - What a rule wrote does not end the waiting, nor does a letter that was passed on to others.
 * - What was sent from the provider's own app does not end the waiting: only a reply or resolve here does.
 *
 * @param options.firstSeq `seq` of the first message: the conversation's own plus one
 */
export function headerAfter(
  conversation: Header,
  messages: readonly NewMessage[],
  options: { firstSeq: number },
): Partial<ConversationDoc> {
  const after = { ...conversation };
  messages.forEach((message, index) => {
    if (message.channelId && !after.channelIds.includes(message.channelId))
      after.channelIds = [...after.channelIds, message.channelId];
    if (message.kind === 'event') return;

    after.lastAt = later(after.lastAt, message.at);
    after.newestAt = later(after.newestAt, message.at);
    if (!after.preview || isNewer(message, after.preview)) after.preview = previewOf(message);
    if (message.kind === 'message' && message.direction === 'in')
      takeInbound(after, message, options.firstSeq + index);
    if (isReply(message)) after.waitingSince = null;
  });

  const set: Partial<Record<keyof Header, unknown>> = {};
  for (const name of [
    'channelIds',
    'lastAt',
    'newestAt',
    'preview',
    'waitingSince',
    'lastInboundSeq',
    'replyTargetAt',
    'replyTarget',
  ] as const)
    if (after[name] !== conversation[name]) set[name] = after[name];
  return set as Partial<ConversationDoc>;
}

function takeInbound(after: Header, message: NewMessage, seq: number): void {
  if (!message.imported) {
    after.lastInboundSeq = Math.max(after.lastInboundSeq, seq);
    if (!after.waitingSince || message.at < after.waitingSince) after.waitingSince = message.at;
  }
  const target = targetOfMessage(message);
  if (!target) return;
  const word = (of: typeof target) => `${of.channelId}\n${of.identityId}\n${of.threadKey}`;
  const newer =
    !after.replyTarget ||
    !after.replyTargetAt ||
    message.at > after.replyTargetAt ||
    // Providers count in seconds: two channels of one second are told apart in the same way whatever comes first.
    (message.at.getTime() === after.replyTargetAt.getTime() && word(target) > word(after.replyTarget));
  if (!newer) return;
  after.replyTargetAt = message.at;
  after.replyTarget = target;
}

/** Where an answer to this message goes: beneath what was said in public, else into its thread. */
export function targetOfMessage(
  message: Pick<NewMessage, '_id' | 'direction' | 'channelId' | 'identityId' | 'threadKey' | 'visibility'>,
): Target | null {
  const { channelId, identityId, threadKey, visibility } = message;
  if (!channelId || !identityId) return null;
  const target: Target = { channelId, identityId, threadKey: threadKey ?? '' };
  if (visibility !== 'public') return target;
  return { ...target, visibility, ...(message.direction === 'in' && { inReplyTo: message._id }) };
}

/** A person of the team answered the customer here: no rule did, nor was a letter passed on. */
function isReply(message: NewMessage): boolean {
  return (
    message.kind === 'message' &&
    message.direction === 'out' &&
    !message.sentElsewhere &&
    !message.imported &&
    !message.automatic &&
    !message.letter?.forward
  );
}

/** The preview's words after a message was changed (edited, deleted, its media fetched): nothing when it shows another one. */
export function previewAfterChange(
  conversation: Pick<ConversationDoc, 'preview'>,
  message: MessageDoc,
): Pick<ConversationDoc, 'preview'> | Record<string, never> {
  return conversation.preview?.messageId === message._id ? { preview: previewOf(message) } : {};
}

export function previewOf(message: NewMessage): NonNullable<ConversationDoc['preview']> {
  return {
    messageId: message._id,
    kind: message.kind,
    direction: message.direction,
    text: message.text.replace(/\s+/g, ' ').trim().slice(0, previewLength),
    ...(message.direction === 'in' && message.sentiment
      ? { sentiment: isSure(message.sentiment) ? message.sentiment.label : 'neutral' }
      : {}),
    channelId: message.channelId,
    authorId: message.authorId,
    attachments: message.deletedAt ? 0 : message.attachments.filter((one) => !one.inline).length,
    at: message.at,
    providerOrder: message.providerOrder,
  };
}

function isNewer(message: NewMessage, shown: { at: Date; providerOrder: string }): boolean {
  if (message.at.getTime() !== shown.at.getTime()) return message.at > shown.at;
  return message.providerOrder >= shown.providerOrder;
}

const later = (a: Date, b: Date) => (b > a ? b : a);
