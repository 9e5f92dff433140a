import type { Viewer } from '../../shared/access.ts';
import type { ConversationSplit, SplitResult } from '../../shared/conversation.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { factsDue } from '../customers/facts.due.ts';
import { key } from '../db/key.ts';
import { Again, commit, type Tx } from '../messages/commit.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { badTarget, mustUseChannel } from '../messages/outgoing.ts';
import { accessConversation, liveConversation, stateChanged } from './conversation.access.ts';
import { blankConversation } from './conversation.header.ts';
import { eventLine } from './conversation.line.ts';
import type { ConversationDoc, RouteDoc } from './conversation.model.ts';
import { presentConversation } from './conversation.presenter.ts';
import { recounted } from './conversation.recount.ts';
import {
  findConversation,
  movable,
  moveDrafts,
  moveWhatHangs,
  readsOf,
  setReads,
  touchIdentities,
  undeliveredOf,
} from './conversation.thread.ts';

/**
 * One thread of a conversation becomes a case of its own: its messages move there, and a route says that its next ones go there too. The
 * new conversation is not its customer's active one: it lives beside it. The same again answers with what the first one made.
 *
 * What is queued leaves from the new conversation's lane; while something is on its way the split waits (409 inUse).
 *
 * @throws AppError 422 badTarget when there is no such thread here; invalid when it is all there is, or over 2,000 messages; 409 inUse,
 *   continued, stateChanged for spam
 */
export async function splitConversation(
  ctx: Context,
  viewer: Viewer,
  options: { conversationId: string; split: ConversationSplit },
): Promise<SplitResult> {
  const { conversationId, split } = options;
  await accessConversation(ctx, viewer, { conversationId, permission: 'conversation.write' });
  mustUseChannel(viewer, split.channelId);
  const minted = { id: ctx.uuid(), left: ctx.uuid(), came: ctx.uuid() };

  return commit(ctx, async (tx) => {
    const before = await liveConversation(tx, conversationId);
    if (before.status === 'spam') throw stateChanged(before);
    const thread = { ...split, conversationId, kind: 'message' };
    const messages = await movable(tx, thread);
    if (!messages.length) {
      const known = await splitBefore(tx, before, split);
      if (known) return { from: presentConversation(before), to: presentConversation(known) };
      throw badTarget('There is no such thread in this conversation.');
    }
    await mustLeaveSomething(tx, before, messages.length);

    const now = ctx.now();
    const identity = await theirs(tx, before, split.identityId);
    await touchIdentities(tx, { identityIds: [split.identityId], customerId: before.customerId });
    await writeCustomer(tx, before.customerId);
    const undelivered = undeliveredOf(messages);
    await tx.raise(before, {
      messages: 1,
      leaving: messages.length,
      ...(undelivered && { inc: { undelivered: -undelivered } }),
    });
    const begun = await tx.begin(
      {
        ...blankConversation({
          id: minted.id,
          customerId: before.customerId,
          homeCustomerId: identity.homeCustomerId,
          at: now,
        }),
        assigneeId: before.assigneeId,
        teamId: before.teamId,
        priority: before.priority,
        splitFromId: before._id,
        channelIds: [split.channelId],
        undelivered,
      },
      messages.length + 1,
    );
    await writeRoute(tx, split, begun._id);
    await tx.move(messages, before._id, begun._id);
    const line = { at: now, authorId: viewer.id };
    const count = messages.length;
    await tx.insert([
      eventLine({
        ...line,
        id: minted.left,
        conversationId,
        type: 'split',
        data: { toId: begun._id, count },
      }),
      eventLine({
        ...line,
        id: minted.came,
        conversationId: begun._id,
        type: 'split',
        data: { fromId: conversationId, count },
      }),
    ]);
    await moveWhatHangs(tx, messages, begun._id);
    await moveDrafts(tx, {
      from: conversationId,
      to: begun._id,
      goes: ({ mode, target }) => mode === 'reply' && target !== null && isOf(split, target),
    });
    await setReads(tx, begun._id, readsAfter(await readsOf(tx, conversationId), messages));

    const from = await tx.amend(conversationId, await recounted(tx, before));
    const to = await tx.amend(begun._id, await recounted(tx, begun));
    return { from: presentConversation(from), to: presentConversation(to) };
  });
}

const isOf = (split: ConversationSplit, target: ConversationSplit) =>
  target.channelId === split.channelId &&
  target.identityId === split.identityId &&
  target.threadKey === split.threadKey;

const routeId = (split: ConversationSplit) => key(split.channelId, split.identityId, split.threadKey);

/** What an earlier, unheard answer to the same request said. */
async function splitBefore(
  tx: Tx,
  from: ConversationDoc,
  split: ConversationSplit,
): Promise<ConversationDoc | null> {
  const route = await tx.models.routes
    .findById(routeId(split), null, { session: tx.session })
    .lean<RouteDoc>();
  const known = route && (await findConversation(tx, route.conversationId));
  return known?.splitFromId === from._id ? known : null;
}

async function mustLeaveSomething(tx: Tx, conversation: ConversationDoc, moving: number): Promise<void> {
  const said = await tx.models.messages
    .find(
      { conversationId: conversation._id, kind: { $in: ['message', 'call'] } },
      { _id: 1 },
      { session: tx.session },
    )
    .limit(moving + 1)
    .lean();
  if (said.length <= moving)
    throw new AppError({
      code: 'invalid',
      message: 'This thread is all there is in the conversation: there is nothing to split it off from.',
    });
}

async function theirs(tx: Tx, conversation: ConversationDoc, identityId: string): Promise<IdentityDoc> {
  const identity = await tx.models.identities
    .findById(identityId, null, { session: tx.session })
    .lean<IdentityDoc>();
  if (identity?.customerId !== conversation.customerId)
    throw badTarget('That address is not one of this customer’s.');
  return identity;
}

/** The customer has one more conversation: a link at the same moment must see it. */
export async function writeCustomer(tx: Tx, customerId: string): Promise<void> {
  const written = await tx.models.customers.updateOne(
    { _id: customerId, mergedInto: null },
    { $inc: { version: 1 } },
    { session: tx.session },
  );
  if (!written.matchedCount) throw new Again(`customer ${customerId} was linked into another`);
  await factsDue(tx, customerId);
  tx.emit('customer.changed', { customerId });
}

async function writeRoute(tx: Tx, split: ConversationSplit, conversationId: string): Promise<void> {
  const { channelId, identityId, threadKey } = split;
  await tx.models.routes.updateOne(
    { _id: routeId(split) },
    { $set: { conversationId, channelId, identityId, threadKey }, $inc: { touched: 1 } },
    { session: tx.session, upsert: true },
  );
}

/** Whoever had read some of what moved has read as much of it there. */
function readsAfter(
  reads: readonly { userId: string; seq: number }[],
  moved: readonly MessageDoc[],
): { userId: string; seq: number }[] {
  return reads.flatMap(({ userId, seq }) => {
    const read = moved.filter((message) => message.seq <= seq).length;
    return read ? [{ userId, seq: read === moved.length ? read + 1 : read }] : [];
  });
}
