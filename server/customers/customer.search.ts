import type { QueryFilter } from 'mongoose';
import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import { readCid } from '../../shared/text/cid.ts';
import { type Query, readQuery } from '../../shared/text/find.ts';
import { asciiDigits } from '../../shared/text/normalise.ts';
import { tokenise } from '../../shared/text/tokens.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { visibleTo } from '../conversations/conversation.visible.ts';
import { recordId } from '../records/record.put.ts';
import type { CustomerDoc, IdentityDoc } from './customer.model.ts';
import { survivorOf } from './customer.survivor.ts';
import { tokenPatterns, tokensMatch } from './customer.tokens.ts';
import { orderOfName } from './name.order.ts';

export interface FoundCustomer {
  customer: CustomerDoc;
  identities: IdentityDoc[];
  /** The active conversation the viewer can see, else the newest one; null of somebody nobody has spoken with. */
  conversationId: string | null;
}

/** Matches that are read at first: where these are all, they are weighed one against another. */
const window = 100;
/** …and where there are more and hardly any of them may be seen: a longer word finds the rest. */
const mostLooked = 1_000;
/** Where more match, those who were heard of lately come first: of so many of the newest conversations. */
const mostRecent = 500;
const recentWindow = 250;

interface Match {
  customer: CustomerDoc;
  /** Null of somebody nobody has spoken with. */
  newest: Seen | null;
  active: string | null;
}
type Seen = Pick<ConversationDoc, '_id' | 'customerId' | 'lastAt'>;

/**
 * Customers whose name, numbers and addresses have a word beginning with each word of the query, in any order, or any part of a number;
 * whom a CID or the number of an order names. Only those whom the viewer can see. Who bears the whole name or number comes first, however
 * many others match, then whose name begins so, then all others; within each whoever was heard of last.
 *
 * @throws AppError forbidden
 */
export async function searchCustomers(
  ctx: Context,
  viewer: Viewer,
  options: { query: string; limit: number },
): Promise<FoundCustomer[]> {
  if (!may(viewer, 'customer.read'))
    throw new AppError({ code: 'forbidden', message: 'You may not look up customers.' });
  const query = readQuery(options.query);
  if (!query.units.length) return [];
  const named = await byNumber(ctx, options.query);
  const matches = await visibleOf(ctx, viewer, named);
  const ids = new Set(matches.map(({ customer }) => customer._id));
  const limit = options.limit - matches.length;
  const others = await Promise.all([
    byTokens(ctx, viewer, { query, limit }),
    byName(ctx, viewer, options.query),
  ]);
  for (const match of others.flat()) {
    if (ids.has(match.customer._id)) continue;
    ids.add(match.customer._id);
    matches.push(match);
  }
  const first = new Set(named.map(({ _id }) => _id));
  const ranked = matches
    .map((match) => ({ match, rank: first.has(match.customer._id) ? 0 : rankOf(match.customer, query) }))
    .sort((a, b) => a.rank - b.rank || lastOf(b.match) - lastOf(a.match))
    .slice(0, options.limit)
    .map(({ match }) => match);
  const identities = await ctx.models.identities
    .find({ customerId: { $in: ranked.map(({ customer }) => customer._id) } })
    .sort({ _id: 1 })
    .lean<IdentityDoc[]>();
  return ranked.map(({ customer, newest, active }) => ({
    customer,
    identities: identities.filter((identity) => identity.customerId === customer._id),
    conversationId: active ?? newest?._id ?? null,
  }));
}

const lastOf = ({ newest, customer }: Match) => (newest?.lastAt ?? customer.createdAt).getTime();

/** Whom a CID names, or the organisation's own number of a purchase or a service. */
async function byNumber(ctx: Context, text: string): Promise<CustomerDoc[]> {
  const typed = asciiDigits(text).trim();
  const records = await ctx.models.records
    .find({ _id: { $in: [recordId('purchase', typed), recordId('service', typed)] } }, { customerId: 1 })
    .lean<{ customerId: string }[]>();
  const ids = new Set(records.map(({ customerId }) => customerId));
  const cid = readCid(text);
  if (cid) ids.add(cid);
  const found = await Promise.all([...ids].map((id) => survivorOf(ctx.models.customers, id)));
  return found.filter((customer) => customer !== null);
}

/** Who is called that and nothing else: of a name of thousands only some are read by its words. */
async function byName(ctx: Context, viewer: Viewer, name: string): Promise<Match[]> {
  const facts = await ctx.models.facts
    .find({ nameKey: orderOfName(name) }, { _id: 1 })
    .limit(window)
    .lean<{ _id: string }[]>();
  if (!facts.length) return [];
  const customers = await ctx.models.customers
    .find({ _id: { $in: facts.map(({ _id }) => _id) }, mergedInto: null })
    .lean<CustomerDoc[]>();
  return visibleOf(ctx, viewer, customers);
}

async function byTokens(
  ctx: Context,
  viewer: Viewer,
  options: { query: Query; limit: number },
): Promise<Match[]> {
  const { query, limit } = options;
  for (const patterns of tokenPatterns(query)) {
    const customers = await some(ctx, patterns, window);
    const matching = customers.filter(({ tokens }) => tokensMatch(query, tokens));
    if (customers.length < window) {
      // All there are: with the next pattern there may be more only where this one is of two words together.
      if (matching.length) return visibleOf(ctx, viewer, matching);
      continue;
    }
    return atLength(ctx, viewer, { query, patterns, limit, matching });
  }
  return [];
}

/** In no order: to put all who are called Ali in one takes longer than anybody waits. */
function some(ctx: Context, patterns: RegExp[], limit: number): Promise<CustomerDoc[]> {
  return ctx.models.customers
    .find({ ...anyOf(patterns), mergedInto: null })
    .limit(limit)
    .lean<CustomerDoc[]>();
}

/** Each alternative is read from where it begins in the index. */
const anyOf = (patterns: RegExp[]): QueryFilter<CustomerDoc> => ({
  $or: patterns.map((tokens) => ({ tokens })),
});

/** More match than are read at once: those heard of lately, then others until there are enough. */
async function atLength(
  ctx: Context,
  viewer: Viewer,
  of: { query: Query; patterns: RegExp[]; limit: number; matching: CustomerDoc[] },
): Promise<Match[]> {
  const found = new Map<string, Match>();
  const add = (matches: Match[]) => {
    for (const match of matches) if (!found.has(match.customer._id)) found.set(match.customer._id, match);
  };
  add(await recent(ctx, viewer, of));
  if (found.size < of.limit) add(await visibleOf(ctx, viewer, of.matching));
  if (found.size >= of.limit) return [...found.values()];
  const more = await some(ctx, of.patterns, mostLooked);
  const matching = more.filter(({ tokens }) => tokensMatch(of.query, tokens));
  add(await visibleOf(ctx, viewer, matching));
  return [...found.values()];
}

async function recent(
  ctx: Context,
  viewer: Viewer,
  of: { query: Query; patterns: RegExp[]; limit: number },
): Promise<Match[]> {
  const found = new Map<string, CustomerDoc>();
  let before: Date | null = null;
  for (let looked = 0; looked < mostRecent && found.size < of.limit; looked += recentWindow) {
    const conversations: Seen[] = await ctx.models.conversations
      .find(
        { ...visibleTo(viewer), ...(before && { lastAt: { $lt: before } }) },
        { customerId: 1, lastAt: 1 },
      )
      .sort({ lastAt: -1, _id: -1 })
      .limit(recentWindow)
      .lean<Seen[]>();
    const customers = await ctx.models.customers
      .find({
        _id: { $in: [...new Set(conversations.map(({ customerId }) => customerId))] },
        ...anyOf(of.patterns),
        mergedInto: null,
      })
      .lean<CustomerDoc[]>();
    for (const customer of customers)
      if (tokensMatch(of.query, customer.tokens)) found.set(customer._id, customer);
    before = conversations.at(-1)?.lastAt ?? null;
    if (conversations.length < recentWindow) break;
  }
  return visibleOf(ctx, viewer, [...found.values()]);
}

async function visibleOf(ctx: Context, viewer: Viewer, customers: CustomerDoc[]): Promise<Match[]> {
  if (!customers.length) return [];
  const customerId = { $in: customers.map((customer) => customer._id) };
  const visible: QueryFilter<ConversationDoc> = { customerId, ...visibleTo(viewer) };
  const conversations = await ctx.models.conversations
    .find(visible, { customerId: 1, lastAt: 1 })
    .sort({ lastAt: -1, _id: -1 })
    .lean<Seen[]>();
  const newestOf = new Map<string, Seen>();
  for (const one of conversations) if (!newestOf.has(one.customerId)) newestOf.set(one.customerId, one);
  const hidden = await spokenWith(
    ctx,
    viewer,
    [...customers].filter(({ _id }) => !newestOf.has(_id)),
  );
  const seen = new Set(conversations.map((one) => one._id));
  return customers.flatMap((customer) => {
    const newest = newestOf.get(customer._id) ?? null;
    if (!newest && hidden.has(customer._id)) return [];
    const { main } = customer.active;
    return [{ customer, newest, active: main && seen.has(main) ? main : null }];
  });
}

/** Of those whom the viewer sees no conversation of: who has one all the same. Nobody has spoken with the others: they are everybody's. */
async function spokenWith(ctx: Context, viewer: Viewer, customers: CustomerDoc[]): Promise<Set<string>> {
  if (viewer.channelIds === 'all' || !customers.length) return new Set();
  const found = await ctx.models.conversations
    .find({ customerId: { $in: customers.map(({ _id }) => _id) } }, { customerId: 1 })
    .lean<Pick<ConversationDoc, 'customerId'>[]>();
  return new Set(found.map(({ customerId }) => customerId));
}

/** 0: the whole name, or a whole number; 1: the name begins so; 2: found otherwise. */
function rankOf(customer: CustomerDoc, query: Query): number {
  const name = joined(customer.name);
  const [first] = query.units;
  if (query.units.length === 1 && first?.kind === 'number') {
    const digits = new Set(first.ways.flat().flatMap((choice) => [choice.digits, `98${choice.digits}`]));
    return customer.tokens.some(
      (token) => /^[#!]/.test(token) && digits.has(token.slice(1)) && isWhole(token, customer),
    )
      ? 0
      : 2;
  }
  const asked = query.units.map((unit) => (unit.kind === 'words' ? unit.joined : '')).join('');
  if (name === asked) return 0;
  return name.startsWith(asked) ? 1 : 2;
}

/** No longer end of a number ends in this one. */
function isWhole(token: string, { tokens }: CustomerDoc): boolean {
  const digits = token.slice(1);
  return !tokens.some(
    (other) => other.length > token.length && other.startsWith('#') && other.endsWith(digits),
  );
}

const joined = (text: string) =>
  tokenise(text)
    .words.map((word) => word.text)
    .join('');
