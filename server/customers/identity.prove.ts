import {
  type IdentityKind,
  type IdentitySource,
  isOthersWord,
  type ProofKind,
} from '../../shared/customer.ts';
import type { Tx } from '../messages/commit.ts';
import { type MintedMerge, mergeWithin } from './customer.merge.ts';
import type { CustomerDoc, IdentityDoc } from './customer.model.ts';
import { editedIdentity } from './edit.write.ts';
import { factsDue } from './facts.due.ts';
import { addIdentity, identityId } from './identity.ts';

/** What became of a proof: nothing that was not so before, one more identity, or two customers that are one. */
export interface Proven {
  outcome: 'known' | 'confirmed' | 'added' | 'merged';
  /** Whose it is now. */
  customerId: string;
}

/**
 * A customer proved an identity to be theirs: one that nobody had becomes theirs, one that others said is theirs is proven, and one that
 * another customer had makes the two one. Done twice, it is done once.
 *
 * @param options.customerId the survivor, of whom it is proven
 * @param options.home whose the identity is when merges are taken back
 */
export async function proveIdentity(
  tx: Tx,
  options: {
    customerId: string;
    home: string;
    identity: { kind: IdentityKind; value: string; display: string };
    proof: ProofKind;
    source: IdentitySource;
    byUserId: string | null;
    minted: MintedMerge;
  },
): Promise<Proven> {
  const { customerId, identity, proof, source } = options;
  const { session, models } = tx;
  const id = identityId(identity);
  const known = await models.identities.findById(id, null, { session }).lean<IdentityDoc>();
  if (!known) {
    const customer = await models.customers.findById(customerId, null, { session }).lean<CustomerDoc>();
    if (!customer)
      throw new Error(`Identity ${id} was proven of customer ${customerId}, who does not exist.`);
    await addIdentity(tx, { identity, customer, home: options.home, proof, source, now: tx.ctx.now() });
    return { outcome: 'added', customerId };
  }
  const news = isOthersWord(known.proof);
  if (news) {
    const set = { proof, provenAt: tx.ctx.now(), source };
    await models.identities.updateOne({ _id: id }, { $set: set, $inc: { touched: 1 } }, { session });
    const { byUserId } = options;
    await editedIdentity(tx, {
      by: byUserId ? 'agent' : 'channel',
      byUserId,
      before: known,
      after: { ...known, ...set },
    });
  }
  if (known.customerId !== customerId) {
    const { customer } = await mergeWithin(tx, {
      customerId,
      otherId: known.customerId,
      byUserId: options.byUserId,
      proof,
      identityId: id,
      reason: '',
      minted: options.minted,
    });
    return { outcome: 'merged', customerId: customer._id };
  }
  if (!news) return { outcome: 'known', customerId };
  await models.customers.updateOne({ _id: customerId }, { $inc: { version: 1 } }, { session });
  await factsDue(tx, customerId);
  tx.emit('customer.changed', { customerId });
  return { outcome: 'confirmed', customerId };
}
