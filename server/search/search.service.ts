import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { FoundCustomer, SearchKind, SearchPage } from '../../shared/search.ts';
import { marksIn, type Query, readQuery } from '../../shared/text/find.ts';
import type { Context } from '../context.ts';
import { presentCustomerSummary, presentIdentity } from '../customers/customer.presenter.ts';
import { searchCustomers } from '../customers/customer.search.ts';
import { searchMessages } from './search.messages.ts';
import { searchRecords } from './search.records.ts';

export interface Search {
  q: string;
  kinds: readonly SearchKind[];
  limit: number;
  /** Goes on with one kind; then no other is asked for. */
  after: string | null;
  /** Also what was put away as spam, and what blocked people wrote. */
  unwanted: boolean;
}

/**
 * Everything that has all words of a query, by kind; a kind that the viewer may not read is not among them.
 * @throws AppError forbidden when they may read none; invalid for a cursor of several kinds
 */
export async function search(ctx: Context, viewer: Viewer, options: Search): Promise<SearchPage> {
  const kinds = options.kinds.filter((kind) =>
    may(viewer, kind === 'messages' ? 'conversation.read' : 'customer.read'),
  );
  if (!kinds.length)
    throw new AppError({ code: 'forbidden', message: 'You may not search for any of this.' });
  if (options.after !== null && (kinds.length !== 1 || kinds[0] === 'customers'))
    throw new AppError({
      code: 'invalid',
      message: 'To go on, name the one kind that the place is of: messages or records.',
      fields: { after: 'of one kind' },
    });
  const began = performance.now();
  const { q, limit, after, unwanted } = options;
  const query = readQuery(q);
  const [customers, messages, records] = await Promise.all([
    kinds.includes('customers') ? customersOf(ctx, viewer, { q, query, limit }) : undefined,
    kinds.includes('messages') ? searchMessages(ctx, viewer, { query, limit, after, unwanted }) : undefined,
    kinds.includes('records') ? searchRecords(ctx, viewer, { query, limit, after }) : undefined,
  ]);
  return {
    query: q,
    ...(customers && { customers }),
    ...(messages && { messages }),
    ...(records && { records }),
    took: Math.round((performance.now() - began) * 10) / 10,
  };
}

/** The best of them: whoever wants others says more of whom they mean. */
async function customersOf(
  ctx: Context,
  viewer: Viewer,
  options: { q: string; query: Query; limit: number },
): Promise<{ found: FoundCustomer[]; next: null; more: boolean }> {
  const { q, query, limit } = options;
  // One more than is shown says whether there are others.
  const matches = await searchCustomers(ctx, viewer, { query: q, limit: limit + 1 });
  const found = matches.slice(0, limit);
  return {
    found: found.map(({ customer, identities, conversationId }): FoundCustomer => {
      const shown = identities.map((identity) => presentIdentity(identity));
      return {
        ...presentCustomerSummary(customer),
        identities: shown,
        conversationId,
        nameHighlights: marksIn(query, customer.name),
        identityHighlights: shown.flatMap(({ id, display }) => {
          const highlights = marksIn(query, display);
          return highlights.length ? [{ identityId: id, highlights }] : [];
        }),
      };
    }),
    next: null,
    more: matches.length > limit,
  };
}
