import { may, type Viewer } from '../../shared/access.ts';
import type { Identity } from '../../shared/customer.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { commit } from '../messages/commit.ts';
import { markReach } from '../messages/reach.ts';
import type { IdentityDoc } from './customer.model.ts';
import { presentIdentity } from './customer.presenter.ts';
import { readableCustomer } from './customer.service.ts';
import { editedIdentity } from './edit.write.ts';

/**
 * An agent knows that nobody is reached there any more, or that somebody is, after all. It holds until a newer word: a message that comes
 * from there, one of ours that arrives or bounces.
 * @throws AppError forbidden; notFound, also when the customer is not this viewer's to see
 */
export async function markIdentity(
  ctx: Context,
  viewer: Viewer,
  options: { identityId: string; unreachable: boolean },
): Promise<Identity> {
  if (!may(viewer, 'customer.write'))
    throw new AppError({ code: 'forbidden', message: 'You may not change identities.' });
  const found = await ctx.models.identities.findById(options.identityId).lean<IdentityDoc>().exec();
  if (!found) throw new AppError({ code: 'notFound', message: 'There is no such address.' });
  await readableCustomer(ctx, viewer, found.customerId);
  await commit(ctx, async (tx) => {
    const { session, models } = tx;
    const before = await models.identities.findById(found._id, null, { session }).lean<IdentityDoc>();
    await markReach(tx, options);
    const now = await models.identities.findById(found._id, null, { session }).lean<IdentityDoc>();
    if (before && now && now.unreachable !== before.unreachable)
      await editedIdentity(tx, { by: 'agent', byUserId: viewer.id, before, after: now });
  });
  const after = await ctx.models.identities.findById(options.identityId).lean<IdentityDoc>().exec();
  return presentIdentity(after ?? found, { whole: true });
}
