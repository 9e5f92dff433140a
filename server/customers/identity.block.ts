import { may, type Viewer } from '../../shared/access.ts';
import type { Identity } from '../../shared/customer.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { eventLine } from '../conversations/conversation.line.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { visibleTo } from '../conversations/conversation.visible.ts';
import { commit, type Tx } from '../messages/commit.ts';
import type { IdentityDoc } from './customer.model.ts';
import { presentIdentity } from './customer.presenter.ts';
import { readableCustomer } from './customer.service.ts';
import { editedIdentity, type Writer } from './edit.write.ts';
import { factsDue } from './facts.due.ts';

/**
 * What this identity writes is ignored from now on, visibly, or no longer. It decides where an identity's next message goes, so it
 * writes the identity: a message that comes at the same moment conflicts with it.
 * @returns ids of those that were otherwise before
 */
export async function setBlocked(
  tx: Tx,
  options: { customerId: string; identityIds: readonly string[]; blocked: boolean; writer: Writer },
): Promise<string[]> {
  const { customerId, blocked } = options;
  const { session, models } = tx;
  const wanted = [...new Set(options.identityIds)].sort();
  if (!wanted.length) return [];
  const identities = await models.identities
    .find({ _id: { $in: wanted }, customerId }, null, { session })
    .lean<IdentityDoc[]>();
  if (identities.length !== wanted.length)
    throw new AppError({
      code: 'invalid',
      message: 'One of these addresses is not this customer’s.',
      fields: { block: 'Choose addresses of this customer.' },
    });
  const others = identities.filter((one) => (one.blocked ?? false) !== blocked);
  const changed = others.map((one) => one._id);
  if (!changed.length) return [];
  await models.identities.updateMany(
    { _id: { $in: changed } },
    { $set: { blocked }, $inc: { touched: 1 } },
    { session },
  );
  await models.customers.updateOne({ _id: customerId }, { $inc: { version: 1 } }, { session });
  for (const before of others)
    await editedIdentity(tx, { ...options.writer, before, after: { ...before, blocked } });
  await factsDue(tx, customerId);
  tx.emit('customer.changed', { customerId });
  return wanted.filter((id) => changed.includes(id));
}

/**
 * Blocks one identity, or lets it write again; again is no news. A line in the customer's newest conversation says so, if there is one.
 * @throws AppError forbidden; notFound, also when the customer is not this viewer's to see
 */
export async function blockIdentity(
  ctx: Context,
  viewer: Viewer,
  options: { identityId: string; blocked: boolean },
): Promise<Identity> {
  if (!may(viewer, 'conversation.write'))
    throw new AppError({ code: 'forbidden', message: 'You may not block anybody.' });
  const { identityId, blocked } = options;
  const found = await ctx.models.identities.findById(identityId).lean<IdentityDoc>().exec();
  if (!found) throw noIdentity();
  await readableCustomer(ctx, viewer, found.customerId);
  const lineId = ctx.uuid();
  return commit(ctx, async (tx) => {
    const { session, models } = tx;
    const identity = await models.identities.findById(identityId, null, { session }).lean<IdentityDoc>();
    if (!identity) throw noIdentity();
    const conversation = await models.conversations
      .findOne({ customerId: identity.customerId, ...visibleTo(viewer) }, null, { session })
      .sort({ lastAt: -1 })
      .lean<ConversationDoc>();
    const changed = await setBlocked(tx, {
      customerId: identity.customerId,
      identityIds: [identityId],
      blocked,
      writer: { by: 'agent', byUserId: viewer.id },
    });
    if (!changed.length) return presentIdentity(identity, { whole: true });
    if (conversation) {
      await tx.raise(conversation, { messages: 1 });
      await tx.insert([
        eventLine({
          id: lineId,
          conversationId: conversation._id,
          at: ctx.now(),
          type: blocked ? 'blocked' : 'unblocked',
          data: { identityId },
          authorId: viewer.id,
        }),
      ]);
    }
    return presentIdentity({ ...identity, blocked }, { whole: true });
  });
}

const noIdentity = () => new AppError({ code: 'notFound', message: 'There is no such address.' });
