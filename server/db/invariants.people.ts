import type { ConversationDoc, RouteDoc } from '../conversations/conversation.model.ts';
import type { CustomerDoc, IdentityDoc, LinkDoc } from '../customers/customer.model.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import type { Models } from './models.ts';

/**
 * Who owns what: merges are a tree, everything that has a home belongs to whoever that home was merged into, and a message belongs to the
 * one customer whose identity wrote it, or to whom it was written.
 */
export async function ownersHold(
  models: Models,
  customers: ReadonlyMap<string, CustomerDoc>,
  conversations: ReadonlyMap<string, ConversationDoc>,
): Promise<string[]> {
  const roots = rootsOf(customers);
  const identities = new Map<string, IdentityDoc>();
  for await (const doc of models.identities.find({}).sort({ _id: 1 }).lean<IdentityDoc[]>().cursor())
    identities.set(doc._id, doc as IdentityDoc);
  return [
    ...treeHolds(customers, roots, await models.links.find({}).lean<LinkDoc[]>().exec()),
    ...homesHold(identities, conversations, roots),
    ...waysHold(conversations),
    ...routesHold(await models.routes.find({}).lean<RouteDoc[]>().exec(), identities, conversations),
    ...(await messagesOwned(models, identities, conversations)),
  ];
}

/** Customer → whom they were merged into in the end; '' in a ring. */
function rootsOf(customers: ReadonlyMap<string, CustomerDoc>): ReadonlyMap<string, string> {
  const roots = new Map<string, string>();
  for (const customer of customers.values()) {
    const seen = new Set<string>();
    let at: CustomerDoc | undefined = customer;
    while (at?.mergedInto && !seen.has(at._id)) {
      seen.add(at._id);
      at = customers.get(at.mergedInto);
    }
    roots.set(customer._id, at && !seen.has(at._id) ? at._id : '');
  }
  return roots;
}

function treeHolds(
  customers: ReadonlyMap<string, CustomerDoc>,
  roots: ReadonlyMap<string, string>,
  links: readonly LinkDoc[],
): string[] {
  const faults: string[] = [];
  const below = new Map<string, Set<string>>();
  for (const customer of customers.values()) {
    if (!roots.get(customer._id))
      faults.push(`customer ${customer._id}: it was merged in a ring, or into nobody`);
    for (let at: CustomerDoc | undefined = customer, step = 0; at && step <= customers.size; step += 1) {
      below.set(at._id, (below.get(at._id) ?? new Set()).add(customer._id));
      at = at.mergedInto ? customers.get(at.mergedInto) : undefined;
    }
  }
  for (const customer of customers.values()) {
    const [is, should] = [customer.members, [...(below.get(customer._id) ?? [])]];
    if (canonical(is) !== canonical(should))
      faults.push(
        `customer ${customer._id}: its members are ${canonical(is)}, and ${canonical(should)} were merged into it`,
      );
  }
  const held = links.filter((link) => !link.undone);
  for (const link of held) {
    const into = customers.get(link.mergedId)?.mergedInto;
    if (into !== link.survivorId)
      faults.push(`merge ${link._id}: it holds, and customer ${link.mergedId} is merged into ${into}`);
  }
  for (const customer of customers.values()) {
    const by = held.filter((link) => link.mergedId === customer._id);
    if (by.length !== Number(Boolean(customer.mergedInto)))
      faults.push(
        `customer ${customer._id}: ${by.length} merges hold of it, merged into ${customer.mergedInto}`,
      );
  }
  return faults;
}

function homesHold(
  identities: ReadonlyMap<string, IdentityDoc>,
  conversations: ReadonlyMap<string, ConversationDoc>,
  roots: ReadonlyMap<string, string>,
): string[] {
  const strays = (what: string, all: Iterable<Pick<IdentityDoc, '_id' | 'customerId' | 'homeCustomerId'>>) =>
    [...all]
      .filter((one) => roots.get(one.homeCustomerId) !== one.customerId)
      .map(
        (one) =>
          `${what} ${one._id}: it is customer ${one.customerId}’s, and its home ${one.homeCustomerId} is merged into ${roots.get(one.homeCustomerId)}`,
      );
  return [...strays('identity', identities.values()), ...strays('conversation', conversations.values())];
}

function waysHold(conversations: ReadonlyMap<string, ConversationDoc>): string[] {
  const faults: string[] = [];
  for (const conversation of conversations.values()) {
    const seen = new Set<string>();
    let at: ConversationDoc | undefined = conversation;
    while (at?.status === 'continued' && at.successorId && !seen.has(at._id)) {
      seen.add(at._id);
      at = conversations.get(at.successorId);
    }
    if (!at || seen.has(at._id))
      faults.push(`conversation ${conversation._id}: it goes on in nothing, or in itself`);
    else if (at.customerId !== conversation.customerId)
      faults.push(`conversation ${conversation._id}: it goes on in customer ${at.customerId}’s`);
  }
  return faults;
}

function routesHold(
  routes: readonly RouteDoc[],
  identities: ReadonlyMap<string, IdentityDoc>,
  conversations: ReadonlyMap<string, ConversationDoc>,
): string[] {
  return routes
    .filter(
      (route) =>
        identities.get(route.identityId)?.customerId !== conversations.get(route.conversationId)?.customerId,
    )
    .map((route) => `route ${route._id}: its conversation ${route.conversationId} is another customer’s`);
}

async function messagesOwned(
  models: Models,
  identities: ReadonlyMap<string, IdentityDoc>,
  conversations: ReadonlyMap<string, ConversationDoc>,
): Promise<string[]> {
  const faults: string[] = [];
  const fields = { conversationId: 1, identityId: 1 };
  for await (const doc of models.messages
    .find({ identityId: { $ne: null } }, fields)
    .sort({ _id: 1 })
    .lean()
    .cursor()) {
    const message = doc as unknown as Pick<MessageDoc, '_id' | 'conversationId' | 'identityId'>;
    const theirs = identities.get(message.identityId ?? '')?.customerId;
    const owner = conversations.get(message.conversationId)?.customerId;
    if (theirs !== owner)
      faults.push(
        `message ${message._id}: it is in a conversation of customer ${owner}, and of identity ${message.identityId}, customer ${theirs}’s`,
      );
  }
  return faults;
}

const canonical = (ids: readonly string[]): string => [...ids].sort().join(', ');
