import { isActive } from '../../shared/conversation.ts';
import { headerAfter } from '../conversations/conversation.header.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { NewMessage } from '../messages/commit.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { isCallBack, isMissed } from './call.merge.ts';

type Header = Omit<ConversationDoc, 'version' | 'seq' | 'messageCount'>;

/** What a new call makes of its conversation's header. Somebody who reached nobody waits; whom we called back does no longer. */
export function headerWithCall(
  conversation: Header,
  messages: readonly NewMessage[],
  options: { firstSeq: number },
): Partial<ConversationDoc> {
  const set = headerAfter(conversation, messages, options);
  const index = messages.findIndex((message) => message.kind === 'call');
  const message = messages[index];
  if (!message) return set;
  return { ...set, ...waitingAfter({ ...conversation, ...set }, { message, seq: options.firstSeq + index }) };
}

/** As far as a call changes who waits. A conversation that is over waits for nobody. */
export function waitingAfter(
  conversation: Pick<ConversationDoc, 'waitingSince' | 'lastInboundSeq'>,
  { message, seq }: { message: Pick<MessageDoc, 'call' | 'at'>; seq: number },
): Partial<Pick<ConversationDoc, 'waitingSince' | 'lastInboundSeq'>> {
  const { waitingSince, lastInboundSeq } = conversation;
  if (isMissed(message.call))
    return {
      lastInboundSeq: Math.max(lastInboundSeq, seq),
      waitingSince: waitingSince && waitingSince <= message.at ? waitingSince : message.at,
    };
  // What they wrote while we spoke is still unanswered.
  return isCallBack(message.call) && waitingSince && lastInboundSeq < seq ? { waitingSince: null } : {};
}

/** A missed call wakes what is snoozed and reopens what was resolved, as a message does. */
export function comesBackBy(
  conversation: Pick<ConversationDoc, 'status'>,
  call: MessageDoc['call'],
): 'woken' | 'reopened' | null {
  if (!isMissed(call)) return null;
  if (conversation.status === 'snoozed') return 'woken';
  return conversation.status === 'resolved' ? 'reopened' : null;
}

export const awake = { status: 'open', snoozedUntil: null, resolvedAt: null } as const;

export const waitsFor = (conversation: Pick<ConversationDoc, 'status'>): boolean =>
  isActive(conversation.status);
