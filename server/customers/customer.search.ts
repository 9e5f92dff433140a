import type { QueryFilter } from 'mongoose';
import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { visibleTo } from '../conversations/conversation.visible.ts';
import type { CustomerDoc, IdentityDoc } from './customer.model.ts';
import { queryTokens } from './customer.name.ts';

export interface FoundCustomer {
  customer: CustomerDoc;
  identities: IdentityDoc[];
  /** The active conversation the viewer can see, else the newest one. */
  conversationId: string | null;
}

/** Matches are read so many at a time, until enough of them are ones the viewer may see… */
const window = 200;
/** …or so many were looked at: a longer word finds the rest. */
const mostLookedAt = 4_000;

/** A match with the newest conversation that the viewer can see, and the active one if that can be seen. */
interface Match {
  customer: CustomerDoc;
  newest: Seen;
  active: string | null;
}
type Seen = Pick<ConversationDoc, '_id' | 'customerId' | 'lastAt'>;

/**
 * Customers whose name, numbers or addresses have a word beginning with each word of the query; only those with a conversation the
 * viewer can see. Of those that were found the most recently heard of come first.
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
  const filter = {
    $and: words.map((word) => ({
      tokens: new RegExp(`^${word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}`),
    })),
    mergedInto: null,
  };
  const matches: Match[] = [];
  let after = '';
  for (let looked = 0; looked < mostLookedAt && matches.length < options.limit; looked += window) {
    const customers = await ctx.models.customers
      .find({ ...filter, _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(window)
      .lean<CustomerDoc[]>();
    matches.push(...(await visibleOf(ctx, viewer, customers)));
    after = customers.at(-1)?._id ?? after;
    if (customers.length < window) break;
  }
  const found = matches
    .sort((a, b) => b.newest.lastAt.getTime() - a.newest.lastAt.getTime())
    .slice(0, options.limit);

  const identities = await ctx.models.identities
    .find({ customerId: { $in: found.map(({ customer }) => customer._id) } })
    .sort({ _id: 1 })
    .lean<IdentityDoc[]>();
  return found.map(({ customer, newest, active }) => ({
    customer,
    identities: identities.filter((identity) => identity.customerId === customer._id),
    conversationId: active ?? newest._id,
  }));
}

async function visibleOf(ctx: Context, viewer: Viewer, customers: CustomerDoc[]): Promise<Match[]> {
  const visible: QueryFilter<ConversationDoc> = {
    customerId: { $in: customers.map((customer) => customer._id) },
    ...visibleTo(viewer),
  };
  const conversations = await ctx.models.conversations
    .find(visible, { customerId: 1, lastAt: 1 })
    .sort({ lastAt: -1, _id: -1 })
    .lean<Seen[]>();
  const newestOf = new Map<string, Seen>();
  for (const one of conversations) if (!newestOf.has(one.customerId)) newestOf.set(one.customerId, one);
  const seen = new Set(conversations.map((one) => one._id));
  return customers.flatMap((customer) => {
    const newest = newestOf.get(customer._id);
    const { main } = customer.active;
    return newest ? [{ customer, newest, active: main && seen.has(main) ? main : null }] : [];
  });
}
