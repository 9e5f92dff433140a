import type { AdvocateReport, reportTables } from '../../shared/reward.ts';
import { at } from './at.ts';
import type { Http } from './http.ts';

/** ISO: from `from` on, before `to`. */
export interface ReportAsk {
  from: string;
  to: string;
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
  { from, to }: ReportAsk,
  of: { table: (typeof reportTables)[number]; language: 'fa' | 'en' },
): string {
  return `${at('reports', 'advocates')}?${new URLSearchParams({ from, to, format: 'csv', ...of })}`;
}
