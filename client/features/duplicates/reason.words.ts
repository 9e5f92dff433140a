import type { Duplicate, DuplicateReason } from '../../../shared/duplicate.ts';
import { type CustomerCatalog, useCustomerWords } from '../../i18n/customer-words.ts';
import { useFieldValue } from '../merge/field-value.ts';

type NameReason = keyof CustomerCatalog['duplicates']['nameReason'];

/** Why two customers may be one, or may not, as a sentence. */
export function useReasonWords(): (reason: DuplicateReason) => string {
  const { duplicates } = useCustomerWords();
  const shown = useFieldValue();
  const nameReasons: Partial<Record<string, string>> = duplicates.nameReason;
  return ({ kind, what }) => {
    if (kind === 'similarName')
      return nameReasons[what] ?? duplicates.nameReason['different' satisfies NameReason];
    if (kind === 'sameBirthday') return duplicates.reason.sameBirthday(shown('birthday', what) ?? what);
    return duplicates.reason[kind](what);
  };
}

/** What speaks for it, in one line: the reason that a merge begins with. */
export function useWhy(): (duplicate: Duplicate) => string {
  const { duplicates } = useCustomerWords();
  const words = useReasonWords();
  return ({ reasons }) =>
    reasons
      .filter(({ weight }) => weight > 0)
      .map(words)
      .join(duplicates.between)
      .replace(/[\u2066-\u2069]/g, '')
      .slice(0, 300);
}

/** How sure it is, in a word: nobody decides by a figure. */
export function sureness(score: number): 'strong' | 'likely' | 'maybe' {
  if (score >= 75) return 'strong';
  return score >= 50 ? 'likely' : 'maybe';
}
