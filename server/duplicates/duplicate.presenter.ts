import type { Duplicate, DuplicateSide } from '../../shared/duplicate.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { presentIdentity } from '../customers/customer.presenter.ts';
import type { FactsDoc } from '../customers/facts.model.ts';
import type { DuplicateDoc } from './duplicate.model.ts';

/** One of the two with what is shown of them. */
export interface Side {
  customer: Pick<CustomerDoc, '_id' | 'name' | 'createdAt' | 'profile'>;
  facts: Pick<FactsDoc, 'activity' | 'values' | 'completeness'>;
  identities: IdentityDoc[];
}

export function presentDuplicate(pair: DuplicateDoc, sides: readonly [Side, Side]): Duplicate {
  const [first, second] = sides;
  // The older history survives a merge unless somebody chooses otherwise; the evidence keeps the order of the customers.
  const turned = isOlder(second, first);
  return {
    id: pair._id,
    state: pair.state,
    score: pair.score,
    reasons: pair.reasons.map((reason) => ({
      ...reason,
      evidence: turned ? [...reason.evidence].reverse() : [...reason.evidence],
    })),
    customers: turned ? [presentSide(second), presentSide(first)] : [presentSide(first), presentSide(second)],
    foundAt: pair.foundAt.toISOString(),
    decidedAt: pair.decidedAt?.toISOString() ?? null,
    decidedByUserId: pair.decidedByUserId,
  };
}

function isOlder(one: Side, other: Side): boolean {
  const [a, b] = [one.customer.createdAt.getTime(), other.customer.createdAt.getTime()];
  return a === b ? one.customer._id < other.customer._id : a < b;
}

function presentSide({ customer, facts, identities }: Side): DuplicateSide {
  return {
    id: customer._id,
    name: customer.name,
    createdAt: customer.createdAt.toISOString(),
    identities: identities.map((identity) => {
      const { id, kind, display } = presentIdentity(identity);
      return { id, kind, display };
    }),
    birthday: customer.profile?.birthday ?? null,
    city: customer.profile?.city || null,
    conversations: facts.activity.conversations,
    purchases: facts.values.purchases,
    lastInboundAt: facts.activity.lastInboundAt?.toISOString() ?? null,
    completeness: facts.completeness.score,
  };
}
