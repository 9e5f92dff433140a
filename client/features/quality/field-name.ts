import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFieldName } from '../customers/field-name.ts';

/** How a field that completeness counts is called. */
export function useCompletenessName(): (field: string) => string {
  const w = useCustomerWords();
  const fieldName = useFieldName();
  return (field) => (field === 'consent' ? w.quality.consent : fieldName(field));
}
