import { listening as en } from './en/listening.ts';
import { listening as fa } from './fa/listening.ts';
import { useLocale } from './locale.tsx';

export type ListeningCatalog = typeof fa;

/** Apart from the catalog that the inbox begins with: they come with the first page of listening. */
export const listeningCatalogs: Record<'fa' | 'en', ListeningCatalog> = { fa, en };

/** Beside `useT`, on the pages of what is said in public. */
export function useListeningWords(): ListeningCatalog {
  return listeningCatalogs[useLocale().language];
}
