import { may, type Viewer } from '../../shared/access.ts';
import type { Customer } from '../../shared/customer.ts';
import { AppError } from '../../shared/errors.ts';
import type { ProfileEdit } from '../../shared/profile.ts';
import type { Context } from '../context.ts';
import { customerOf } from '../conversations/conversation.active.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { Again, commit, type Tx } from '../messages/commit.ts';
import type { IdentityDoc } from './customer.model.ts';
import { customerTokens } from './customer.name.ts';
import { isRemovable } from './customer.presenter.ts';
import { getCustomer, readableCustomer } from './customer.service.ts';
import type { EditDoc } from './edit.model.ts';
import { presentEdit } from './edit.presenter.ts';
import { editedIdentity, type Writer } from './edit.write.ts';
import { factsDue } from './facts.due.ts';

/**
 * Takes an identity away that was merely stated: nobody wrote from it, nothing was sent there. Who writes from it later is somebody new.
 * @returns with what was done, to be undone by its id: then it is there again as it was
 * @throws AppError forbidden, notFound, 409 identityInUse
 */
export async function removeIdentity(
  ctx: Context,
  viewer: Viewer,
  options: { customerId: string; identityId: string },
): Promise<{ customer: Customer; edits: ProfileEdit[] }> {
  if (!may(viewer, 'customer.write'))
    throw new AppError({ code: 'forbidden', message: 'You may not remove identities.' });
  const { _id } = await readableCustomer(ctx, viewer, options.customerId);
  const writer: Writer = { by: 'agent', byUserId: viewer.id };
  const edit = await commit(ctx, (tx) =>
    removeWithin(tx, { customerId: _id, identityId: options.identityId, writer }),
  );
  return { customer: await getCustomer(ctx, viewer, _id), edits: [presentEdit(edit)] };
}

/** @throws AppError notFound, 409 identityInUse */
export async function removeWithin(
  tx: Tx,
  options: { customerId: string; identityId: string; writer: Writer },
): Promise<EditDoc> {
  const { session, models } = tx;
  const identity = await models.identities
    .findById(options.identityId, null, { session })
    .lean<IdentityDoc>();
  if (identity?.customerId !== options.customerId)
    throw new AppError({ code: 'notFound', message: 'This customer has no such identity.' });
  if (!isRemovable(identity) || (await isMet(tx, identity))) throw inUse(identity);
  // What writes from there, or to there, raises `touched`: then it is looked at again.
  const gone = await models.identities.deleteOne(
    { _id: identity._id, customerId: identity.customerId, touched: identity.touched },
    { session },
  );
  if (!gone.deletedCount) throw new Again(`identity ${identity._id} changed`);
  const customer = await customerOf(tx, options.customerId);
  const left = await models.identities
    .find({ customerId: customer._id }, { value: 1, display: 1 }, { session })
    .lean<Pick<IdentityDoc, 'value' | 'display'>[]>();
  const without = new Set(customerTokens('', [identity]));
  const kept = new Set(customerTokens(customer.name, left));
  await models.customers.updateOne(
    { _id: customer._id, mergedInto: null },
    {
      $set: { tokens: customer.tokens.filter((token) => !without.has(token) || kept.has(token)) },
      $inc: { version: 1 },
    },
    { session },
  );
  const edit = await editedIdentity(tx, { ...options.writer, before: identity, after: null });
  await factsDue(tx, customer._id);
  tx.emit('customer.changed', { customerId: customer._id });
  return edit;
}

/** Something went there already, or is about to. */
async function isMet(tx: Tx, identity: IdentityDoc): Promise<boolean> {
  const { session, models } = tx;
  const conversations = await models.conversations
    .find({ customerId: identity.customerId }, { replyTarget: 1 }, { session })
    .lean<Pick<ConversationDoc, '_id' | 'replyTarget'>[]>();
  if (conversations.some(({ replyTarget }) => replyTarget?.identityId === identity._id)) return true;
  if (!conversations.length) return false;
  const written = await models.messages
    .exists({ conversationId: { $in: conversations.map(({ _id }) => _id) }, identityId: identity._id })
    .session(session);
  return written !== null;
}

function inUse(identity: IdentityDoc): AppError {
  return new AppError({
    code: 'conflict',
    reason: 'identityInUse',
    message: `${identity.display} is in use: somebody wrote from it, proved it or was written to there. Block it if nothing more should come from it.`,
  });
}
