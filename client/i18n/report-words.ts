import { reports as en } from './en/reports.ts';
import { reports as fa } from './fa/reports.ts';
import { useLocale } from './locale.tsx';

export type ReportCatalog = typeof fa;

/** Apart from the catalog that the inbox begins with: it comes with the reports. */
export const reportCatalogs: Record<'fa' | 'en', ReportCatalog> = { fa, en };

/** Beside `useT`, on pages of reports. */
export function useReportWords(): ReportCatalog {
  return reportCatalogs[useLocale().language];
}
