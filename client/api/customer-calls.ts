import type { Company, CompanyPage } from '../../shared/company.ts';
import type { ContactPoints } from '../../shared/contact-point.ts';
import type { Customer, CustomerCreate, Identity, IdentityAdd } from '../../shared/customer.ts';
import type { CustomerPage, CustomerSort } from '../../shared/customer-list.ts';
import type { Field } from '../../shared/field.ts';
import type { HistoryKind, HistoryPage } from '../../shared/history.ts';
import type {
  ChannelKind,
  ConsentPut,
  CustomerChange,
  ProfileEdit,
  ProfileEdits,
} from '../../shared/profile.ts';
import type { CustomerRecord, RecordCreate, RecordUpdate } from '../../shared/record.ts';
import type { SearchKind, SearchPage } from '../../shared/search.ts';
import type { Segment, SegmentRule } from '../../shared/segment.ts';
import type { Verification, VerificationStart } from '../../shared/verification.ts';
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
    contactPoints: (customerId: string) => get<ContactPoints>(at('customers', customerId, 'ways')),
    createCustomer: (body: CustomerCreate) => send<Customer>('POST', at('customers'), body),
    addIdentity: (customerId: string, body: IdentityAdd) =>
      send<Customer>('POST', at('customers', customerId, 'identities'), body),
    removeIdentity: (customerId: string, identityId: string) =>
      send<{ customer: Customer; edits: ProfileEdit[] }>(
        'DELETE',
        at('customers', customerId, 'identities', identityId),
      ),
    verifyIdentity: (customerId: string, identityId: string, reason: string) =>
      send<{ customer: Customer; edits: ProfileEdit[] }>(
        'POST',
        at('customers', customerId, 'identities', identityId, 'verify'),
        { reason },
      ),
    markIdentity: (identityId: string, unreachable: boolean) =>
      send<Identity>('PUT', at('identities', identityId, 'reach'), { unreachable }),
    startVerification: (customerId: string, body: VerificationStart) =>
      send<Verification>('POST', at('customers', customerId, 'verifications'), body),
    checkVerification: (customerId: string, verificationId: string, code: string) =>
      send<{ verification: Verification; customer: Customer; merged: boolean }>(
        'POST',
        at('customers', customerId, 'verifications', verificationId),
        { code },
      ),
    acceptClaim: (id: string, reason: string) =>
      send<Customer>('POST', at('claims', id, 'accept'), { reason }),
    dismissClaim: (id: string) => send<Customer>('POST', at('claims', id, 'dismiss')),
    restoreClaim: (id: string) => send<Customer>('POST', at('claims', id, 'restore')),
    changeCustomer: (id: string, body: CustomerChange) =>
      send<{ customer: Customer; edits: ProfileEdit[] }>('PATCH', at('customers', id), body),
    edits: (id: string, after: string | null) =>
      get<ProfileEdits>(at('customers', id, 'edits'), { query: { after, limit: 10 } }),
    undoEdit: (id: string, editId: string) =>
      send<{ customer: Customer; edits: ProfileEdit[] }>(
        'POST',
        at('customers', id, 'edits', editId, 'undo'),
      ),
    putConsent: (id: string, kind: ChannelKind, body: ConsentPut) =>
      send<Customer>('PUT', at('customers', id, 'consents', kind), body),
    records: (customerId: string, limit: number) =>
      get<{ records: CustomerRecord[]; next: string | null }>(at('customers', customerId, 'records'), {
        query: { limit },
      }),
    createRecord: (customerId: string, body: RecordCreate) =>
      send<CustomerRecord>('POST', at('customers', customerId, 'records'), body),
    deleteRecord: (id: string) => send<void>('DELETE', at('records', id)),
    updateRecord: (id: string, body: RecordUpdate) => send<CustomerRecord>('PATCH', at('records', id), body),
    findCompanies: (q: string, signal?: AbortSignal) =>
      get<CompanyPage>(at('companies'), { query: { q, limit: 20 }, ...(signal && { signal }) }),
    makeCompany: (name: string) => send<Company>('POST', at('companies'), { name }),
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
