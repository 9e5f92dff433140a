import { may, type Viewer } from '../../shared/access.ts';
import { type Customer, type StatedKind, statedKinds } from '../../shared/customer.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { commit } from '../messages/commit.ts';
import type { ClaimDoc } from './customer.model.ts';
import { getCustomer, readableCustomer } from './customer.service.ts';
import { factsDue } from './facts.due.ts';
import { addIdentityByAgent } from './identity.add.ts';

/**
 * A claim of a customer this viewer may see, with whom it is read through today.
 * @throws AppError forbidden, notFound
 */
async function readableClaim(
  ctx: Context,
  viewer: Viewer,
  id: string,
): Promise<{ claim: ClaimDoc; customerId: string }> {
  if (!may(viewer, 'customer.write'))
    throw new AppError({
      code: 'forbidden',
      message: 'You may not decide on what customers say of themselves.',
    });
  const claim = await ctx.models.claims.findById(id).lean<ClaimDoc>().exec();
  if (!claim) throw noClaim();
  const { _id } = await readableCustomer(ctx, viewer, claim.customerId);
  return { claim, customerId: _id };
}

/** It is nothing: suggested no more, also when they say it again. Taken back with `dismissed: false`. */
export async function dismissClaim(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; dismissed: boolean },
): Promise<Customer> {
  const { claim, customerId } = await readableClaim(ctx, viewer, options.id);
  await commit(ctx, async (tx) => {
    const { session, models } = tx;
    const written = await models.claims.updateOne(
      { _id: claim._id, dismissed: options.dismissed ? null : { $ne: null } },
      { $set: { dismissed: options.dismissed ? { at: ctx.now(), byUserId: viewer.id } : null } },
      { session },
    );
    if (!written.matchedCount) return;
    await models.customers.updateOne({ _id: customerId }, { $inc: { version: 1 } }, { session });
    await factsDue(tx, customerId);
    tx.emit('customer.changed', { customerId });
  });
  return getCustomer(ctx, viewer, customerId);
}

/**
 * An agent takes a claim at its word, and why: an identity that nobody had becomes the customer's.
 * @throws AppError 409 identityOwned with whom to merge instead; invalid
 */
export async function acceptClaim(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; reason: string },
): Promise<Customer> {
  const { claim } = await readableClaim(ctx, viewer, options.id);
  const kind = statedKinds.find((one): one is StatedKind => one === claim.kind);
  if (!kind)
    throw new AppError({
      code: 'invalid',
      message: 'Who somebody is on that channel is proven there, by writing. It cannot be taken at its word.',
    });
  // Of whoever said it, also where they were merged into another since.
  return addIdentityByAgent(ctx, viewer, {
    customerId: claim.customerId,
    kind,
    value: claim.value,
    reason: options.reason,
  });
}

function noClaim(): AppError {
  return new AppError({ code: 'notFound', message: 'There is no such claim.' });
}
