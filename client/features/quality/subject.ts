import { completenessFields, type QualityProblem, qualityProblems } from '../../../shared/quality.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useCompletenessName } from './field-name.ts';

/** What a list of the board is of: a problem, or a field that records lack, one of ours or a custom one's id. */
export type Subject = { problem: QualityProblem; missing: null } | { problem: null; missing: string };

/** What an address asks for; null: the overview. */
export function subjectOf(search: string): Subject | null {
  const asked = new URLSearchParams(search);
  const problem = qualityProblems.find((each) => each === asked.get('problem'));
  if (problem) return { problem, missing: null };
  const field = asked.get('missing') ?? '';
  const known = completenessFields.some((each) => each === field) || /^f[0-9a-f]{8}$/.test(field);
  return known ? { problem: null, missing: field } : null;
}

export const missingHref = (field: string) => `/customers/quality?missing=${field}`;

/** How the list is called, what it is, what is said when nobody is left in it, and what is done in it. */
export function useSubjectWords({ problem, missing }: Subject) {
  const w = useCustomerWords();
  const name = useCompletenessName();
  if (problem !== null)
    return {
      title: w.quality.problem[problem],
      about: w.quality.about[problem],
      noneTitle: w.quality.noneTitle,
      noneText: w.quality.noneText,
      mend: w.quality.mend,
      mendOf: w.quality.mendOf,
    };
  return {
    title: w.quality.without(name(missing)),
    about: missing === 'consent' ? w.quality.aboutNoConsent : w.quality.aboutMissing,
    noneTitle: w.quality.noneLacks,
    noneText: w.quality.noneLacksText,
    mend: w.quality.fillIn,
    mendOf: w.quality.fillInOf,
  };
}
