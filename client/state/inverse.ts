import { type Conversation, type ConversationUpdate, isActive } from '../../shared/conversation.ts';

/** What puts a conversation back to how it was before a deed; null when the deed changes nothing. */
export function inverseOf(before: Conversation, update: ConversationUpdate): ConversationUpdate | null {
  switch (update.deed) {
    case 'assign':
      return before.assigneeId === update.assigneeId
        ? null
        : { deed: 'assign', assigneeId: before.assigneeId };
    case 'team':
      return before.teamId === update.teamId ? null : { deed: 'team', teamId: before.teamId };
    case 'priority':
      return before.priority === update.priority ? null : { deed: 'priority', priority: before.priority };
    case 'tag': {
      // Only what really changes is taken back.
      const add = update.remove.filter((id) => before.tagIds.includes(id));
      const remove = update.add.filter((id) => !before.tagIds.includes(id));
      return add.length + remove.length === 0 ? null : { deed: 'tag', add, remove };
    }
    case 'resolve':
      return isActive(before.status) ? { deed: 'reopen', asBefore: true } : toStatus(before);
    case 'snooze':
    case 'reopen':
      return toStatus(before);
    case 'spam':
      return before.status === 'spam' ? null : { deed: 'notSpam' };
    case 'notSpam':
      return before.status === 'spam' ? { deed: 'spam', block: [] } : null;
    case 'strikeMention':
      return { deed: 'restoreMention' };
    case 'restoreMention':
      return { deed: 'strikeMention' };
  }
}

function toStatus({ status, snoozedUntil }: Conversation): ConversationUpdate | null {
  if (status === 'snoozed' && snoozedUntil) return { deed: 'snooze', until: snoozedUntil };
  if (status === 'resolved') return { deed: 'resolve' };
  return status === 'open' ? { deed: 'reopen' } : null;
}
