import type { AdvocateReport, reportTables } from '../../shared/reward.ts';
import { at } from './at.ts';
import type { Http } from './http.ts';

/** ISO: from `from` on, before `to`; of one channel or product alone where it is said. */
export interface ReportAsk {
  from: string;
  to: string;
  channelId?: string;
  product?: string;
}

/** What reports are asked. */
export function reportCalls(http: Http) {
  return {
    advocateReport: (query: ReportAsk) =>
      http.call<AdvocateReport>(at('reports', 'advocates'), { query: { ...query } }),
  };
}

/** One table of the report as a file for a spreadsheet, its columns named in the language of the page. */
export function advocateCsv(
  ask: ReportAsk,
  of: { table: (typeof reportTables)[number]; language: 'fa' | 'en' },
): string {
  return `${at('reports', 'advocates')}?${new URLSearchParams({ ...ask, format: 'csv', ...of })}`;
}
