import type { Duplicate, DuplicatePage } from '../../shared/duplicate.ts';
import type {
  QualityBoard,
  QualityIgnore,
  QualityProblem,
  QualityRows,
  QualitySettings,
} from '../../shared/quality.ts';
import { at } from './at.ts';
import type { Http } from './http.ts';

/** What is asked about duplicates and the quality of data, a line each. */
export function careCalls(http: Http) {
  const get = http.call.bind(http);
  const send = <T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) =>
    http.call<T>(path, { method, body });
  return {
    duplicates: (query: { state: 'open' | 'dismissed'; after: string | null; limit: number }) =>
      get<DuplicatePage>(at('duplicates'), { query }),
    duplicateCount: () => get<{ count: number }>(at('duplicates', 'count')),
    dismissDuplicate: (id: string) => send<Duplicate>('POST', at('duplicates', id, 'dismiss')),
    restoreDuplicate: (id: string) => send<Duplicate>('POST', at('duplicates', id, 'restore')),
    duplicatesOf: (customerId: string) => get<Duplicate[]>(at('customers', customerId, 'duplicates')),
    quality: () => get<QualityBoard>(at('quality')),
    qualityRows: (problem: QualityProblem, query: { after: string | null; limit: number }) =>
      get<QualityRows>(at('quality', problem), { query }),
    missingRows: (field: string, query: { after: string | null; limit: number }) =>
      get<QualityRows>(at('quality', 'missing', field), { query }),
    qualitySettings: () => get<QualitySettings>(at('quality', 'settings')),
    saveQualitySettings: (body: QualitySettings) =>
      send<QualitySettings>('PUT', at('quality', 'settings'), body),
    ignoreProblem: (customerId: string, problem: QualityProblem, body: QualityIgnore) =>
      send<void>('PUT', at('customers', customerId, 'problems', problem), body),
  };
}
