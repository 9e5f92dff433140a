import type { Company, CompanyCreate, CompanyPage, CompanyUpdate } from '../../shared/company.ts';
import type {
  Segment,
  SegmentCount,
  SegmentCreate,
  SegmentProducts,
  SegmentRule,
  SegmentUpdate,
} from '../../shared/segment.ts';
import { at } from './at.ts';
import type { Http } from './http.ts';

/** Segments and companies, a line each. */
export function segmentCalls(http: Http) {
  const get = http.call.bind(http);
  const send = <T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
    http.call<T>(path, { method, body });
  return {
    segment: (id: string) => get<Segment>(at('segments', id)),
    createSegment: (body: SegmentCreate) => send<Segment>('POST', at('segments'), body),
    updateSegment: (id: string, body: SegmentUpdate) => send<Segment>('PATCH', at('segments', id), body),
    deleteSegment: (id: string) => send<void>('DELETE', at('segments', id)),
    restoreSegment: (id: string) => send<Segment>('POST', at('segments', id, 'restore')),
    segmentProducts: () => get<SegmentProducts>(at('segments', 'products')),
    countRule: (rule: SegmentRule, signal?: AbortSignal) =>
      http.call<SegmentCount>(at('segments', 'count'), {
        method: 'POST',
        body: { rule },
        ...(signal && { signal }),
      }),

    companies: (
      query: { q: string; archived?: boolean; after: string | null; limit: number },
      signal?: AbortSignal,
    ) =>
      get<CompanyPage>(at('companies'), {
        query: { ...query, archived: query.archived ? 1 : null },
        ...(signal && { signal }),
      }),
    company: (id: string) => get<Company>(at('companies', id)),
    createCompany: (body: CompanyCreate) => send<Company>('POST', at('companies'), body),
    updateCompany: (id: string, body: CompanyUpdate) => send<Company>('PATCH', at('companies', id), body),
  };
}
