import type { IdentityDoc } from '../customers/customer.model.ts';
import { factsDue } from '../customers/facts.due.ts';
import type { Tx } from './commit.ts';
import { orderKey } from './order.ts';

/** Whether an identity can be written to, as a sending or a bounce of ours found out just now. */
export async function markReach(tx: Tx, reach: { identityId: string; unreachable: boolean }): Promise<void> {
  const { session, models } = tx;
  const { unreachable } = reach;
  const word = orderKey(tx.ctx.now(), '');
  const identity = await models.identities
    .findOneAndUpdate(
      { _id: reach.identityId, unreachable: !unreachable, reachOrder: { $lt: word } },
      { $set: { unreachable, reachOrder: word }, $inc: { touched: 1 } },
      { session, returnDocument: 'after' },
    )
    .lean<IdentityDoc>();
  if (!identity) return;
  await models.customers.updateOne({ _id: identity.customerId }, { $inc: { version: 1 } }, { session });
  await factsDue(tx, identity.customerId);
  tx.emit('customer.changed', { customerId: identity.customerId });
}
