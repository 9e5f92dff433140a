import { advocates as en } from './en/advocates.ts';
import { advocates as fa } from './fa/advocates.ts';
import { useLocale } from './locale.tsx';

export type AdvocateCatalog = typeof fa;

/** Apart from the catalog that the inbox begins with: it comes with the marketer's pages. */
export const advocateCatalogs: Record<'fa' | 'en', AdvocateCatalog> = { fa, en };

/** Beside `useT`, on pages of advocates and rewards. */
export function useAdvocateWords(): AdvocateCatalog {
  return advocateCatalogs[useLocale().language];
}
