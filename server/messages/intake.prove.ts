import type { ProvenIdentity } from '../../connectors/connector.ts';
import type { Context } from '../context.ts';
import { mintMerge } from '../customers/customer.merge.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { proveIdentity } from '../customers/identity.prove.ts';
import { done, type Step } from './intake.step.ts';

/**
 * The sender proved to be somebody else too (shared their own number, is vouched for by their site): an identity nobody had becomes
 * theirs; one that another customer had makes the two one.
 */
export function proveStep(ctx: Context, senderId: string, proven: ProvenIdentity): Step {
  const minted = mintMerge(ctx);
  return async (tx) => {
    const sender = await tx.models.identities
      .findById(senderId, null, { session: tx.session })
      .lean<IdentityDoc>();
    if (!sender) throw new Error(`Identity ${senderId} proved something and does not exist.`);
    await proveIdentity(tx, {
      customerId: sender.customerId,
      home: sender.homeCustomerId,
      identity: proven,
      proof: proven.proof,
      source: { by: 'channel', id: sender.channelIds[0] ?? '' },
      byUserId: null,
      minted,
    });
    return done;
  };
}
