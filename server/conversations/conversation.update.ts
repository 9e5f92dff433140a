import type { Viewer } from '../../shared/access.ts';
import type { BulkResult, BulkUpdate, ConversationUpdate } from '../../shared/conversation.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { assigning } from './conversation.assign.ts';
import { type Deed, type Done, perform } from './conversation.deed.ts';
import { restoringMention, strikingMention } from './conversation.mention.ts';
import { presentConversation } from './conversation.presenter.ts';
import { prioritising } from './conversation.prioritise.ts';
import { reopening } from './conversation.reopen.ts';
import { resolving } from './conversation.resolve.ts';
import { snoozing } from './conversation.snooze.ts';
import { markingSpam, unmarkingSpam } from './conversation.spam.ts';
import { tagging } from './conversation.tag.ts';
import { teaming } from './conversation.team.ts';

/** So many of a bulk are under way at once: the others' messages must come in between. */
const atOnce = 4;

/** Any deed on one conversation. @throws AppError as the deed says */
export function updateConversation(
  ctx: Context,
  viewer: Viewer,
  options: { conversationId: string; update: ConversationUpdate },
): Promise<Done> {
  const { conversationId, update } = options;
  return perform(ctx, viewer, { conversationId, deed: deedOf(ctx, viewer, update) });
}

function deedOf(ctx: Context, viewer: Viewer, update: ConversationUpdate): Deed {
  switch (update.deed) {
    case 'assign':
      return assigning(ctx, viewer, update);
    case 'team':
      return teaming(ctx, viewer, update);
    case 'priority':
      return prioritising(ctx, viewer, update);
    case 'tag':
      return tagging(ctx, viewer, update);
    case 'snooze':
      return snoozing(ctx, viewer, { until: new Date(update.until) });
    case 'resolve':
      return resolving(ctx, viewer, undefined);
    case 'reopen':
      return reopening(ctx, viewer, { asBefore: update.asBefore === true });
    case 'spam':
      return markingSpam(ctx, viewer, update);
    case 'notSpam':
      return unmarkingSpam(ctx, viewer, undefined);
    case 'strikeMention':
      return strikingMention(ctx, viewer, undefined);
    case 'restoreMention':
      return restoringMention(ctx, viewer, undefined);
  }
}

/**
 * The same deed on many conversations, each a commit of its own with the viewer's own right to it. One that cannot be done does not
 * keep the others from it.
 */
export async function updateConversations(
  ctx: Context,
  viewer: Viewer,
  bulk: BulkUpdate,
): Promise<BulkResult> {
  const ids = [...new Set(bulk.ids)];
  const done = new Map<string, BulkResult['done'][number]>();
  const failed = new Map<string, string>();
  const waiting = [...ids];
  const work = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        const one = await updateConversation(ctx, viewer, { conversationId: id, update: bulk.update });
        done.set(id, { id, header: presentConversation(one.after), before: inverse(bulk.update, one) });
      } catch (error) {
        if (error instanceof AppError) failed.set(id, error.message);
        else {
          ctx.log.error({ err: error, conversationId: id }, 'one of a bulk could not be done');
          failed.set(id, 'This could not be done because of a fault on the server. Try it again.');
        }
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, ids.length) }, work));
  return {
    done: ids.flatMap((id) => done.get(id) ?? []),
    failed: ids.flatMap((id) => {
      const message = failed.get(id);
      return message === undefined ? [] : [{ id, message }];
    }),
  };
}

/** The deed that puts back what another one changed; null when it changed nothing. */
export function inverse(update: ConversationUpdate, { before, after }: Done): ConversationUpdate | null {
  if (before.version === after.version) return null;
  switch (update.deed) {
    case 'assign':
      return { deed: 'assign', assigneeId: before.assigneeId };
    case 'team':
      return { deed: 'team', teamId: before.teamId };
    case 'priority':
      return { deed: 'priority', priority: before.priority };
    case 'tag':
      return {
        deed: 'tag',
        add: before.tagIds.filter((id) => !after.tagIds.includes(id)),
        remove: after.tagIds.filter((id) => !before.tagIds.includes(id)),
      };
    case 'snooze':
    case 'reopen':
      if (before.snoozedUntil) return { deed: 'snooze', until: before.snoozedUntil.toISOString() };
      return { deed: update.deed === 'snooze' ? 'reopen' : 'resolve' };
    case 'resolve':
      return { deed: 'reopen', asBefore: true };
    case 'spam':
      return { deed: 'notSpam' };
    case 'notSpam':
      return { deed: 'spam', block: before.spam?.blockedIds ?? [] };
    case 'strikeMention':
      return { deed: 'restoreMention' };
    case 'restoreMention':
      return { deed: 'strikeMention' };
  }
}
