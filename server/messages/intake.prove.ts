import type { ProvenIdentity } from '../../connectors/connector.ts';
import type { Context } from '../context.ts';
import { linkWithin, mintLink } from '../customers/customer.link.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { addIdentity, identityId } from '../customers/identity.ts';
import { done, type Step } from './intake.step.ts';

/**
 * The sender proved to be somebody else too (shared their own number): an identity nobody had becomes theirs; one that another
 * customer had links the two. Done twice, it is done once.
 */
export function proveStep(ctx: Context, senderId: string, proven: ProvenIdentity): Step {
  const minted = mintLink(ctx);
  const id = identityId(proven);
  return async (tx) => {
    const { session } = tx;
    const identities = await tx.models.identities
      .find({ _id: { $in: [senderId, id] } }, null, { session })
      .lean<IdentityDoc[]>();
    const sender = identities.find((identity) => identity._id === senderId);
    const other = identities.find((identity) => identity._id === id);
    if (!sender) throw new Error(`Identity ${senderId} proved something and does not exist.`);
    if (other?.customerId === sender.customerId) return done;
    if (other) {
      await linkWithin(tx, {
        customerId: sender.customerId,
        otherId: other.customerId,
        byUserId: null,
        proof: proven.proof,
        identityId: id,
        reason: '',
        minted,
      });
      return done;
    }
    const customer = await tx.models.customers
      .findById(sender.customerId, null, { session })
      .lean<CustomerDoc>();
    if (!customer) throw new Error(`Identity ${senderId} belongs to a customer who does not exist.`);
    await addIdentity(tx, {
      identity: proven,
      customer,
      home: sender.homeCustomerId,
      proof: proven.proof,
      now: ctx.now(),
    });
    return done;
  };
}
