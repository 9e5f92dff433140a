import { useQueries, useQuery } from '@tanstack/react-query';
import type { Field } from '../../../shared/field.ts';
import { ContactHours } from '../../../shared/profile.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt, useLocale } from '../../i18n/locale.tsx';
import { iso } from '../../i18n/words.ts';
import { plainName } from '../../lib/bidi.ts';
import { useStore, useWorkspace } from '../../state/hooks.tsx';

const day = /^\d{4}-\d{2}-\d{2}$/;

/**
 * What stands in a field of a customer's record, as a person reads it; null where nothing does.
 * @param companyIds those whose names are needed
 */
export function useFieldValue(
  companyIds: readonly string[] = [],
): (field: string, value: unknown) => string | null {
  const w = useCustomerWords();
  const fmt = useFmt();
  const { language } = useLocale();
  const { calls } = useWorkspace();
  const tags = useStore((state) => state.tags);
  const { data: fields } = useQuery({ queryKey: ['fields'], queryFn: () => calls.fields() });

  const companies = useQueries({
    queries: companyIds.map((id) => ({
      queryKey: ['companies', 'one', id],
      queryFn: () => calls.company(id),
      staleTime: 60_000,
    })),
  });
  const companyName = (id: string) =>
    companies.find(({ data }) => data?.id === id)?.data?.name ?? w.history.aCompany;

  const dayOf = (text: string) => (day.test(text) ? fmt.table(`${text}T12:00:00Z`) : text);
  const custom = (field: Field | undefined, value: unknown): string => {
    const option = (id: string) => field?.options.find((one) => one.id === id)?.name ?? id;
    if (Array.isArray(value)) return fmt.list(value.map((one) => iso(option(String(one)))));
    if (typeof value === 'boolean') return value ? w.yes : w.no;
    if (typeof value === 'number') return fmt.number(value);
    if (field?.type === 'choice') return option(String(value));
    return field?.type === 'date' ? dayOf(String(value)) : String(value);
  };
  const list = (field: string, values: readonly unknown[]): string => {
    const names: Record<string, string> = w.identityKind;
    return fmt.list(
      values.flatMap((value) => {
        if (typeof value === 'object' && value !== null && 'text' in value) return String(value.text);
        if (field === 'companyIds') return iso(plainName(companyName(String(value))));
        if (field === 'tagIds') return tags.get(String(value))?.name ?? [];
        return names[String(value)] ?? String(value);
      }),
    );
  };
  return (field, value) => {
    if (value === null || value === undefined || value === '') return null;
    if (Array.isArray(value) && value.length === 0) return null;
    if (field.startsWith('fields.'))
      return custom(
        fields?.find(({ id }) => `fields.${id}` === field),
        value,
      );
    if (Array.isArray(value)) return list(field, value);
    if (field === 'hours') {
      const hours = ContactHours.safeParse(value);
      return hours.success ? w.hoursBetween(fmt.digits(hours.data.from), fmt.digits(hours.data.to)) : null;
    }
    const text = String(value);
    if (field === 'birthday') return dayOf(text);
    if (field === 'language')
      return new Intl.DisplayNames([language], { type: 'language', fallback: 'code' }).of(text) ?? text;
    return plainName(text);
  };
}
