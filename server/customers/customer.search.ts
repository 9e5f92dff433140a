import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { CustomerDoc, IdentityDoc } from './customer.model.ts';
import { queryTokens } from './customer.name.ts';

export interface FoundCustomer {
  customer: CustomerDoc;
  identities: IdentityDoc[];
  /** The active conversation the viewer can see, else the newest one. */
  conversationId: string | null;
}

/** How many rows are looked through for those the viewer may see. */
const lookThrough = 200;

/**
 * Customers whose name, numbers or addresses have a word beginning with each word of the query; only those with a conversation the
 * viewer can see, the most recently heard of first.
 * @throws AppError forbidden
 */
export async function searchCustomers(
  ctx: Context,
  viewer: Viewer,
  options: { query: string; limit: number },
): Promise<FoundCustomer[]> {
  if (!may(viewer, 'customer.read'))
    throw new AppError({ code: 'forbidden', message: 'You may not look up customers.' });
  const words = queryTokens(options.query);
  if (!words.length) return [];
  const customers = await ctx.models.customers
    .find({
      $and: words.map((word) => ({
        tokens: new RegExp(`^${word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}`),
      })),
      mergedInto: null,
    })
    .sort({ _id: 1 })
    .limit(lookThrough)
    .lean<CustomerDoc[]>();
  const ids = customers.map((customer) => customer._id);
  const conversations = await ctx.models.conversations
    .find({
      customerId: { $in: ids },
      ...(viewer.channelIds === 'all' ? {} : { channelIds: { $in: [...viewer.channelIds] } }),
    })
    .sort({ lastAt: -1, _id: -1 })
    .lean<ConversationDoc[]>();
  const newestOf = new Map<string, ConversationDoc>();
  for (const conversation of conversations)
    if (!newestOf.has(conversation.customerId)) newestOf.set(conversation.customerId, conversation);
  const visible = new Set(conversations.map((conversation) => conversation._id));
  const found = customers
    .filter((customer) => newestOf.has(customer._id))
    .sort((a, b) => lastAt(newestOf, b) - lastAt(newestOf, a))
    .slice(0, options.limit);

  const identities = await ctx.models.identities
    .find({ customerId: { $in: found.map((customer) => customer._id) } })
    .sort({ _id: 1 })
    .lean<IdentityDoc[]>();
  return found.map((customer) => {
    const active = customer.active.main;
    return {
      customer,
      identities: identities.filter((identity) => identity.customerId === customer._id),
      conversationId: active && visible.has(active) ? active : (newestOf.get(customer._id)?._id ?? null),
    };
  });
}

function lastAt(newestOf: Map<string, ConversationDoc>, customer: CustomerDoc): number {
  return newestOf.get(customer._id)?.lastAt.getTime() ?? 0;
}
