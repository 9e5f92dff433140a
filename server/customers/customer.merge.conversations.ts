import { isActive, priorities } from '../../shared/conversation.ts';
import type { ProofKind } from '../../shared/customer.ts';
import { eventLine } from '../conversations/conversation.line.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { NewMessage } from '../messages/commit.ts';
import type { MintedMerge } from './customer.merge.ts';
import type { CustomerDoc, JoinedHeader, LinkDoc } from './customer.model.ts';

/** Which active conversation stays, and which goes on in it. */
export interface Join {
  stays: ConversationDoc | null;
  ends: ConversationDoc | null;
}

type Active = Pick<CustomerDoc, 'active'>;

/** @param conversations of both customers, the oldest first */
export function joinOf(conversations: readonly ConversationDoc[], survivor: Active, merged: Active): Join {
  const [older, newer] = conversations.filter(
    (one) => isActive(one.status) && [survivor.active.main, merged.active.main].includes(one._id),
  );
  return newer ? { stays: newer, ends: older ?? null } : { stays: older ?? null, ends: null };
}

/**
 * What the join does to a conversation beside its customer: what was said of the one that ends holds for the one that stays. Who waited
 * in the one that ends waits in the one that stays.
 */
export function joinedHeader(conversation: ConversationDoc, join: Join): Partial<ConversationDoc> {
  const { stays, ends } = join;
  if (!stays || !ends) return {};
  if (conversation._id === ends._id)
    return { status: 'continued', successorId: stays._id, snoozedUntil: null, waitingSince: null };
  if (conversation._id !== stays._id) return {};
  return wordsAfter(stays, ends);
}

function wordsAfter(stays: ConversationDoc, ends: ConversationDoc): JoinedHeader {
  const waits = [stays.waitingSince, ends.waitingSince].flatMap((at) => at ?? []);
  const wakes = stays.status === 'snoozed' && ends.waitingSince !== null;
  return {
    status: wakes ? 'open' : stays.status,
    snoozedUntil: wakes ? null : stays.snoozedUntil,
    waitingSince: waits.length ? new Date(Math.min(...waits.map((at) => at.getTime()))) : null,
    assigneeId: stays.assigneeId ?? ends.assigneeId,
    teamId: stays.teamId ?? ends.teamId,
    priority: priorities.find((one) => one === stays.priority || one === ends.priority) ?? stays.priority,
    tagIds: [...new Set([...stays.tagIds, ...ends.tagIds])],
    mentionedIds: [...new Set([...stays.mentionedIds, ...ends.mentionedIds])],
  };
}

/** For the journal: what the one that stays had, and has. */
export function joinedWords({ stays, ends }: Join): LinkDoc['before']['joined'] {
  if (!stays || !ends) return null;
  const { status, snoozedUntil, waitingSince } = stays;
  const { assigneeId, teamId, priority, tagIds, mentionedIds } = stays;
  return {
    id: stays._id,
    before: { status, snoozedUntil, waitingSince, assigneeId, teamId, priority, tagIds, mentionedIds },
    after: wordsAfter(stays, ends),
  };
}

/** Lines in the timelines that say what happened. */
export function linesOf(
  options: { byUserId: string | null; proof: ProofKind; identityId: string | null; minted: MintedMerge },
  facts: { join: Join; merged: CustomerDoc; now: Date },
): NewMessage[] {
  const { stays, ends } = facts.join;
  const { lineIds } = options.minted;
  const line = (id: string, conversation: ConversationDoc, event: NonNullable<NewMessage['event']>) =>
    eventLine({
      id,
      conversationId: conversation._id,
      at: facts.now,
      authorId: options.byUserId,
      ...event,
    });
  if (!stays) return [];
  return [
    ...(ends ? [line(lineIds.continued, ends, { type: 'continued', data: { successorId: stays._id } })] : []),
    line(lineIds.linked, stays, {
      type: 'linked',
      data: { customerId: facts.merged._id, identityId: options.identityId, proof: options.proof },
    }),
    ...(ends ? [line(lineIds.goesOn, stays, { type: 'continued', data: { predecessorId: ends._id } })] : []),
  ];
}
