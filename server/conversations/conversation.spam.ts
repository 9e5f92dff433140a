import { isActive } from '../../shared/conversation.ts';
import { setBlocked } from '../customers/identity.block.ts';
import type { NewMessage } from '../messages/commit.ts';
import { stateChanged } from './conversation.access.ts';
import { customerOf, deactivate, keepRoute, setActive } from './conversation.active.ts';
import type { DeedOf } from './conversation.deed.ts';
import { eventLine } from './conversation.line.ts';
import type { ConversationDoc, SpamBefore } from './conversation.model.ts';

/**
 * Puts a conversation away as spam with all it holds; what its sender writes next begins a new one, unless they are blocked with it.
 * @throws AppError invalid when one of `block` is not this customer's
 */
export const markingSpam: DeedOf<{ block: string[] }> = (ctx, viewer, { block }) => {
  const ids = { spam: ctx.uuid(), blocked: block.map(() => ctx.uuid()) };
  return async (tx, conversation) => {
    if (conversation.status === 'spam' && !block.length) return conversation;
    const now = ctx.now();
    const blockedIds = await setBlocked(tx, {
      customerId: conversation.customerId,
      identityIds: block,
      blocked: true,
      writer: { by: 'agent', byUserId: viewer.id },
    });
    const line = { conversationId: conversation._id, at: now, authorId: viewer.id };
    const lines: NewMessage[] = blockedIds.map((identityId, index) =>
      eventLine({ ...line, id: ids.blocked[index] ?? '', type: 'blocked', data: { identityId } }),
    );
    if (conversation.status === 'spam') {
      if (!lines.length) return conversation;
      const spam = conversation.spam && {
        ...conversation.spam,
        blockedIds: [...conversation.spam.blockedIds, ...blockedIds],
      };
      const after = await tx.raise(conversation, { set: { spam }, messages: lines.length });
      await tx.insert(lines);
      return after;
    }
    const spam: SpamBefore = {
      status: conversation.status,
      snoozedUntil: conversation.snoozedUntil,
      waitingSince: conversation.waitingSince,
      resolvedAt: conversation.resolvedAt,
      blockedIds,
    };
    await deactivate(tx, conversation);
    const after = await tx.raise(conversation, {
      set: { status: 'spam', spam, snoozedUntil: null, waitingSince: null, resolvedAt: null },
      messages: lines.length + 1,
    });
    await tx.insert([eventLine({ ...line, id: ids.spam, type: 'spam' }), ...lines]);
    return after;
  };
};

/**
 * Back to the status before; whoever was blocked by it may write again. Its customer may have another active conversation by now, two
 * cannot be: then it becomes a resolved one.
 * @throws AppError 409 stateChanged when it is no spam
 */
export const unmarkingSpam: DeedOf = (ctx, viewer) => {
  const id = ctx.uuid();
  return async (tx, conversation) => {
    const { spam } = conversation;
    if (conversation.status !== 'spam' || !spam) throw stateChanged(conversation);
    const now = ctx.now();
    const freed = await setBlocked(tx, {
      customerId: conversation.customerId,
      identityIds: await stillTheirs(tx, conversation, spam.blockedIds),
      blocked: false,
      writer: { by: 'agent', byUserId: viewer.id },
    });
    const line = { conversationId: conversation._id, at: now, authorId: viewer.id };
    const lines = [
      eventLine({ ...line, id, type: 'notSpam' }),
      ...freed.map((identityId, index) =>
        eventLine({ ...line, id: `${id}-${index}`, type: 'unblocked', data: { identityId } }),
      ),
    ];
    const lives = isActive(spam.status) && (await mayLiveAgain(tx, conversation));
    const after = await tx.raise(conversation, {
      set: { spam: null, ...(lives ? asBefore(spam, now) : ended(spam, now)) },
      messages: lines.length,
    });
    await tx.insert(lines);
    return after;
  };
};

function asBefore(spam: SpamBefore, now: Date): Partial<ConversationDoc> {
  const asleep = spam.status === 'snoozed' && spam.snoozedUntil !== null && spam.snoozedUntil > now;
  return {
    status: asleep ? 'snoozed' : 'open',
    snoozedUntil: asleep ? spam.snoozedUntil : null,
    waitingSince: spam.waitingSince,
    resolvedAt: null,
  };
}

function ended(spam: SpamBefore, now: Date): Partial<ConversationDoc> {
  return { status: 'resolved', resolvedAt: spam.resolvedAt ?? now, snoozedUntil: null, waitingSince: null };
}

type Tx = Parameters<typeof customerOf>[0];

/** A split-off one beside the main one, as long as its thread still comes here; else only as the main one itself. */
async function mayLiveAgain(tx: Tx, conversation: ConversationDoc): Promise<boolean> {
  if (await keepRoute(tx, conversation._id)) return true;
  const customer = await customerOf(tx, conversation.customerId);
  if (customer.active.main) return false;
  await setActive(tx, customer, conversation._id);
  return true;
}

/** Links may have been taken back since: another customer's address is not this deed's any more. */
async function stillTheirs(
  tx: Tx,
  conversation: ConversationDoc,
  identityIds: readonly string[],
): Promise<string[]> {
  if (!identityIds.length) return [];
  const found = await tx.models.identities
    .find(
      { _id: { $in: [...identityIds] }, customerId: conversation.customerId },
      { _id: 1 },
      { session: tx.session },
    )
    .lean<{ _id: string }[]>();
  return found.map((one) => one._id);
}
