import { social as en } from './en/social.ts';
import { social as fa } from './fa/social.ts';
import { useLocale } from './locale.tsx';

export type SocialCatalog = typeof fa;

/** Apart from the catalog that the inbox begins with: it comes with the first open conversation. */
export const socialCatalogs: Record<'fa' | 'en', SocialCatalog> = { fa, en };

/** Beside `useT`, where something was said in public, on the telephone, or in a certain mood. */
export function useSocialWords(): SocialCatalog {
  return socialCatalogs[useLocale().language];
}
