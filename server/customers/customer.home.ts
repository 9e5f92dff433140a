import type { CustomerDoc, IdentityDoc } from './customer.model.ts';

/**
 * Whose it is that something is said of, when merges are taken back: the one rule for whatever somebody states, proves or leaves of a
 * customer. Whoever is named by a CID that was merged into another is meant alone; else the identity they were found by tells; else it
 * is said of the one who stands for all.
 *
 * @param customer the survivor
 * @param said.cid the CID it was said of: the one asked for, the one a claim or a code was born with
 * @param said.identity the identity they were found by
 */
export function homeOf(
  customer: Pick<CustomerDoc, '_id' | 'members'>,
  said: {
    cid?: string | null | undefined;
    identity?: Pick<IdentityDoc, 'homeCustomerId'> | null | undefined;
  },
): string {
  const { cid, identity } = said;
  const named = [cid !== customer._id ? cid : null, identity?.homeCustomerId];
  return named.find((id) => id && customer.members.includes(id)) ?? customer._id;
}
