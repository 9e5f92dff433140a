import type { Customer, IdentityAdd } from '../../shared/customer.ts';
import type { CustomerPage, CustomerSort } from '../../shared/customer-list.ts';
import type { Field } from '../../shared/field.ts';
import type { HistoryKind, HistoryPage } from '../../shared/history.ts';
import type { CustomerCreate } from '../../shared/profile.ts';
import type { SearchKind, SearchPage } from '../../shared/search.ts';
import type { Segment, SegmentRule } from '../../shared/segment.ts';
import { at } from './at.ts';
import type { Http } from './http.ts';

export interface SearchQuery {
  q: string;
  kinds: readonly SearchKind[];
  after?: string | null;
  limit?: number;
  /** What was put away as spam, and of who is blocked, too. */
  spam?: boolean;
  customerId?: string;
}

export interface CustomersQuery {
  sort: CustomerSort;
  segmentId?: string | null;
  filter?: SegmentRule | null;
  after: string | null;
  limit: number;
}

/** What is asked about customers, a line each. */
export function customerCalls(http: Http) {
  const get = http.call.bind(http);
  const send = <T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
    http.call<T>(path, { method, body });
  return {
    customers: ({ filter, ...query }: CustomersQuery, signal?: AbortSignal) =>
      get<CustomerPage>(at('customers', 'list'), {
        query: { ...query, filter: filter ? JSON.stringify(filter) : null },
        ...(signal && { signal }),
      }),
    createCustomer: (body: CustomerCreate) => send<Customer>('POST', at('customers'), body),
    addIdentity: (customerId: string, body: IdentityAdd) =>
      send<Customer>('POST', at('customers', customerId, 'identities'), body),
    history: (
      customerId: string,
      options: {
        edge: { before?: string; after?: string; around?: string };
        kinds: readonly HistoryKind[];
        channelId: string | null;
        q: string;
        limit: number;
      },
      signal?: AbortSignal,
    ) =>
      get<HistoryPage>(at('customers', customerId, 'history'), {
        query: {
          ...options.edge,
          kinds: options.kinds.join(',') || null,
          channelId: options.channelId,
          q: options.q || null,
          limit: options.limit,
        },
        ...(signal && { signal }),
      }),
    fields: () => get<Field[]>(at('fields')),
    segments: () => get<Segment[]>(at('segments')),
    search: ({ q, kinds, after, limit, spam, customerId }: SearchQuery, signal?: AbortSignal) =>
      get<SearchPage>(at('search'), {
        query: { q, kinds: kinds.join(','), after, limit, spam: spam ? 1 : null, customerId },
        ...(signal && { signal }),
      }),
  };
}
