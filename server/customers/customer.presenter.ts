import type { Claim, Customer, CustomerSummary, Identity } from '../../shared/customer.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { ClaimDoc, CustomerDoc, IdentityDoc } from './customer.model.ts';
import { neverSeen } from './identity.ts';

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

export function presentIdentity(identity: IdentityDoc): Identity {
  return {
    id: identity._id,
    kind: identity.kind,
    value: identity.value,
    display: identity.display,
    proof: identity.proof,
    provenAt: identity.provenAt.toISOString(),
    lastSeenAt: identity.lastSeenAt > neverSeen ? identity.lastSeenAt.toISOString() : null,
    unreachable: identity.unreachable,
    blocked: identity.blocked ?? false,
    channelIds: [...identity.channelIds],
  };
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
  },
): Customer {
  return {
    ...presentCustomerSummary(customer),
    createdAt: customer.createdAt.toISOString(),
    identities: options.identities.map(presentIdentity),
    claims: options.claims.map((claim): Claim => {
      const owner = options.owners.get(options.identityKey(claim)) ?? null;
      return {
        id: claim._id,
        kind: claim.kind,
        value: claim.value,
        source: claim.source,
        at: claim.at.toISOString(),
        suggestsCustomerId: owner === customer._id ? null : owner,
      };
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
  };
}
