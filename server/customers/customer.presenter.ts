import {
  type Claim,
  type Customer,
  type CustomerSummary,
  type Identity,
  isVerified,
  reachedAs,
} from '../../shared/customer.ts';
import { maskedNationalCode } from '../../shared/text/national-code.ts';
import type { CompanyDoc } from '../companies/company.model.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { ConsentDoc } from './consent.model.ts';
import type { ClaimDoc, CustomerDoc, IdentityDoc } from './customer.model.ts';
import type { FactsDoc } from './facts.model.ts';
import { profileOf } from './facts.profile.ts';
import { identityId, neverSeen } from './identity.ts';
import { presentConsents, presentFacts } from './profile.presenter.ts';

export function presentCustomerSummary(
  customer: Pick<CustomerDoc, '_id' | 'name' | 'version' | 'mergedInto'>,
): CustomerSummary {
  return {
    id: customer._id,
    name: customer.name,
    version: customer.version,
    mergedInto: customer.mergedInto ?? null,
  };
}

/**
 * @param options.whole for the customer's own page: a national code is shown as it is. In lists it is masked but for its last three
 *   digits, in its id too.
 */
export function presentIdentity(identity: IdentityDoc, options: { whole?: boolean } = {}): Identity {
  const masked = identity.kind === 'nationalCode' && !options.whole;
  const shown = masked ? maskedNationalCode(identity.value) : identity.value;
  return {
    id: masked ? identityId({ kind: identity.kind, value: shown }) : identity._id,
    kind: identity.kind,
    value: shown,
    display: masked ? shown : identity.display,
    proof: identity.proof,
    provenAt: identity.provenAt.toISOString(),
    verified: isVerified(identity),
    source: identity.source ? { by: identity.source.by, id: identity.source.id } : null,
    reason: identity.reason ?? '',
    removable: isRemovable(identity),
    masked,
    lastSeenAt: identity.lastSeenAt > neverSeen ? identity.lastSeenAt.toISOString() : null,
    unreachable: identity.unreachable,
    blocked: identity.blocked ?? false,
    channelIds: [...identity.channelIds],
  };
}

/** Merely stated or left, and nobody wrote from it. */
export function isRemovable(identity: Pick<IdentityDoc, 'kind' | 'proof' | 'lastSeenAt'>): boolean {
  return !isVerified(identity) && identity.lastSeenAt <= neverSeen;
}

/** A code can be sent to an address of this kind. */
function isVerifiable(kind: Identity['kind']): boolean {
  const reached = reachedAs(kind);
  return reached === 'mobile' || reached === 'emailAddress';
}

/** @param options.owners identity id → the customer who owns it, for those that claims name */
export function presentCustomer(
  customer: CustomerDoc,
  options: {
    identities: IdentityDoc[];
    claims: ClaimDoc[];
    owners: ReadonlyMap<string, string>;
    conversations: ConversationDoc[];
    identityKey: (claim: ClaimDoc) => string;
    consents: ConsentDoc[];
    facts: FactsDoc | null;
    companies: Pick<CompanyDoc, '_id' | 'name'>[];
  },
): Customer {
  return {
    ...presentCustomerSummary(customer),
    createdAt: customer.createdAt.toISOString(),
    identities: options.identities.map((identity) => presentIdentity(identity, { whole: true })),
    claims: options.claims.flatMap((claim): Claim[] => {
      const owner = options.owners.get(options.identityKey(claim)) ?? null;
      // What they said is settled: it is among their identities.
      if (owner === customer._id) return [];
      return [
        {
          id: claim._id,
          kind: claim.kind,
          value: claim.value,
          source: claim.source,
          at: claim.at.toISOString(),
          suggestsCustomerId: owner,
          verifiable: isVerifiable(claim.kind),
        },
      ];
    }),
    conversations: options.conversations.map((conversation) => ({
      id: conversation._id,
      version: conversation.version,
      status: conversation.status,
      createdAt: conversation.createdAt.toISOString(),
      lastAt: conversation.lastAt.toISOString(),
      channelIds: [...conversation.channelIds],
      preview: conversation.preview?.text ?? '',
      messageCount: conversation.messageCount,
    })),
    profile: profileOf(customer),
    consents: presentConsents(options.consents),
    facts: options.facts && presentFacts(options.facts),
    members: [...customer.members],
    companies: options.companies.map((company) => ({ id: company._id, name: company.name })),
  };
}
