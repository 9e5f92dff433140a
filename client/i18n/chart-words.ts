import { charts as en } from './en/charts.ts';
import { charts as fa } from './fa/charts.ts';
import { useLocale } from './locale.tsx';

export type ChartCatalog = typeof fa;

/** Apart from the catalog that the inbox begins with: they come with the first picture. */
export const chartCatalogs: Record<'fa' | 'en', ChartCatalog> = { fa, en };

/** Beside `useT`, around pictures of figures. */
export function useChartWords(): ChartCatalog {
  return chartCatalogs[useLocale().language];
}
