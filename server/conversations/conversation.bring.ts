import { canSee, type Viewer } from '../../shared/access.ts';
import { isActive, type SplitResult } from '../../shared/conversation.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { commit, type Tx } from '../messages/commit.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { accessConversation } from './conversation.access.ts';
import { anotherActive, customerOf, keepRoute, setActive } from './conversation.active.ts';
import { eventLine } from './conversation.line.ts';
import type { ConversationDoc } from './conversation.model.ts';
import { presentConversation } from './conversation.presenter.ts';
import { recounted } from './conversation.recount.ts';
import { writeCustomer } from './conversation.split.ts';
import {
  findConversation,
  followed,
  movable,
  moveDrafts,
  moveWhatHangs,
  readsOf,
  routesTo,
  setReads,
  touchIdentities,
  undeliveredOf,
} from './conversation.thread.ts';

/**
 * Undoes a split: all that is said in the split-off conversation, what came since too, goes back to where it was split off from, its
 * route ends, and it is `continued` there. Where it came from wakes or opens again if the split-off one was active. The same again answers
 * with what the first one did.
 *
 * @throws AppError 409 notSplit when it is no split-off one or went on elsewhere; 409 anotherActive when the customer has another active
 *   conversation and what it came from is resolved; 409 inUse, invalid as for a split
 */
export async function bringBack(
  ctx: Context,
  viewer: Viewer,
  options: { conversationId: string },
): Promise<SplitResult> {
  const { conversationId } = options;
  await accessConversation(ctx, viewer, { conversationId, permission: 'conversation.write' });
  const minted = { left: ctx.uuid(), came: ctx.uuid() };

  return commit(ctx, async (tx) => {
    const split = await findConversation(tx, conversationId);
    const home = split?.splitFromId ? await followed(tx, split.splitFromId) : null;
    if (!split || !home || home.customerId !== split.customerId || !canSee(viewer, home)) throw notSplit();
    if (split.status === 'continued' && split.successorId === home._id)
      return { from: presentConversation(home), to: presentConversation(split) };
    if (split.status === 'continued' || split.status === 'spam' || home.status === 'spam') throw notSplit();

    const messages = await movable(tx, { conversationId, kind: { $ne: 'event' } });
    const routes = await routesTo(tx, conversationId);
    await touchIdentities(tx, {
      identityIds: [...routes, ...messages].flatMap((one) => one.identityId ?? []),
      customerId: split.customerId,
    });
    const status = await homeAfter(tx, { split, home });
    const now = ctx.now();
    const undelivered = undeliveredOf(messages);
    await tx.raise(home, {
      set: status,
      messages: messages.length + 1,
      ...(undelivered && { inc: { undelivered } }),
    });
    await tx.raise(split, {
      set: {
        status: 'continued',
        successorId: home._id,
        snoozedUntil: null,
        resolvedAt: null,
        waitingSince: null,
      },
      messages: 1,
      leaving: messages.length,
      ...(undelivered && { inc: { undelivered: -undelivered } }),
    });
    await tx.models.routes.deleteMany({ conversationId }, { session: tx.session });
    const readsBefore = { home: await readsOf(tx, home._id), split: await readsOf(tx, conversationId) };
    await tx.move(messages, conversationId, home._id);
    const line = { at: now, authorId: viewer.id, type: 'broughtBack' as const };
    const count = messages.length;
    await tx.insert([
      eventLine({
        ...line,
        id: minted.came,
        conversationId: home._id,
        data: { fromId: conversationId, count },
      }),
      eventLine({ ...line, id: minted.left, conversationId, data: { toId: home._id, count } }),
    ]);
    await moveWhatHangs(tx, messages, home._id);
    await moveDrafts(tx, { from: conversationId, to: home._id, goes: () => true });
    await setReads(tx, home._id, readsAfter(readsBefore, { home, messages }));

    const counted = await recounted(tx, { ...home, channelIds: both(home, split) });
    const from = await tx.amend(home._id, {
      ...counted,
      waitingSince: earlier(home.waitingSince, split.waitingSince),
      mentionedIds: [...new Set([...home.mentionedIds, ...split.mentionedIds])],
    });
    const to = await tx.amend(conversationId, { ...(await recounted(tx, split)), mentionedIds: [] });
    return { from: presentConversation(from), to: presentConversation(to) };
  });
}

/**
 * What it came from is open if either was, awake if the split-off one waits for an answer; and it is the customer's active one then,
 * unless a route keeps it beside that.
 */
async function homeAfter(
  tx: Tx,
  of: { split: ConversationDoc; home: ConversationDoc },
): Promise<Partial<ConversationDoc>> {
  const { split, home } = of;
  const customer = await customerOf(tx, split.customerId);
  const { main } = customer.active;
  const opens = !isActive(home.status) && isActive(split.status);
  const beside = opens && (await keepRoute(tx, home._id));
  if (opens && !beside) {
    if (main && main !== split._id) throw anotherActive(main);
    await setActive(tx, customer, home._id);
  } else if (main === split._id) await setActive(tx, customer, null);
  else await writeCustomer(tx, split.customerId);
  const wakes = home.status === 'snoozed' && split.waitingSince !== null;
  return opens || wakes ? { status: 'open', snoozedUntil: null, resolvedAt: null } : {};
}

/**
 * Whoever had read all of both has read all; whoever had not stops where they stopped, in front of what they have not seen.
 */
function readsAfter(
  reads: Record<'home' | 'split', readonly { userId: string; seq: number }[]>,
  of: { home: ConversationDoc; messages: readonly MessageDoc[] },
): { userId: string; seq: number }[] {
  const { home, messages } = of;
  return reads.home.flatMap(({ userId, seq }) => {
    if (seq < home.lastInboundSeq) return [];
    const there = reads.split.find((read) => read.userId === userId)?.seq ?? 0;
    const unread = messages.findIndex((message) => message.direction === 'in' && message.seq > there);
    const read = unread < 0 ? messages.length + 1 : unread;
    return read ? [{ userId, seq: home.seq + read }] : [];
  });
}

const both = (home: ConversationDoc, split: ConversationDoc) => [
  ...new Set([...home.channelIds, ...split.channelIds]),
];

function earlier(a: Date | null, b: Date | null): Date | null {
  if (!a || !b) return a ?? b;
  return a < b ? a : b;
}

function notSplit(): AppError {
  return new AppError({
    code: 'conflict',
    reason: 'notSplit',
    message: 'There is nothing to bring back: this was not split off, or it went on elsewhere.',
  });
}
