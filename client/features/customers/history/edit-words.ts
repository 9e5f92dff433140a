import { useQuery } from '@tanstack/react-query';
import type { HistoryEdit } from '../../../../shared/history.ts';
import { useAdvocateWords } from '../../../i18n/advocate-words.ts';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useFmt, useT } from '../../../i18n/locale.tsx';
import { iso } from '../../../i18n/words.ts';
import { useStore, useWorkspace } from '../../../state/hooks.tsx';
import { useUsers } from '../../directory.ts';
import { useFieldName } from '../field-name.ts';

type Edit = Pick<HistoryEdit, 'field' | 'before' | 'after' | 'by' | 'byUserId'>;

/** A change of a customer's record as a sentence: who, what, from what to what. */
export function useEditWords(): (edit: Edit) => string {
  const t = useT();
  const w = useCustomerWords();
  const users = useUsers();
  const fieldName = useFieldName();
  const told = useTold();
  return ({ field, before, after, by, byUserId }) => {
    const who = (byUserId && users.get(byUserId)?.name) || (w.editedBy as Record<string, string>)[by];
    return w.history.edited(
      who ?? t.common.unknown,
      fieldName(field),
      told(field, before),
      told(field, after),
    );
  };
}

const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text);

/** What a field holds, in words; null: nothing. */
function useTold(): (field: string, value: unknown) => string | null {
  const w = useCustomerWords();
  const fmt = useFmt();
  const { calls } = useWorkspace();
  const tags = useStore((state) => state.tags);
  const { data: fields } = useQuery({ queryKey: ['fields'], queryFn: () => calls.fields() });
  const { data: companies } = useQuery({
    queryKey: ['companies', 'names'],
    queryFn: () => calls.findCompanies(''),
    staleTime: 60_000,
  });
  const t = useT();
  const users = useUsers();
  const stages: Record<string, string> = useAdvocateWords().stage;
  const kinds: Record<string, string> = w.identityKind;
  const one = (field: string, value: unknown): string => {
    if (typeof value === 'number') return fmt.number(value);
    if (typeof value === 'boolean') return value ? w.yes : w.no;
    if (typeof value === 'object' && value !== null) {
      if ('text' in value) return w.history.quoted(String(value.text));
      if ('name' in value) return iso(String(value.name));
      if ('from' in value && 'to' in value)
        return `${fmt.digits(String(value.from))}–${fmt.digits(String(value.to))}`;
      return '';
    }
    if (typeof value !== 'string') return '';
    if (field.startsWith('consents.')) return w.consents.told[value === 'granted' ? 'granted' : 'withdrawn'];
    if (field === 'language') return w.languages[value] ?? value;
    if (field === 'advocate.stage') return stages[value] ?? value;
    if (field === 'advocate.owner') return iso(users.get(value)?.name ?? t.common.unknown);
    if (field === 'preferredChannels') return kinds[value] ?? value;
    if (field === 'tagIds') return iso(tags.get(value)?.name ?? value);
    if (field === 'companyIds')
      return iso(companies?.companies.find(({ id }) => id === value)?.name ?? w.history.aCompany);
    const options = fields?.find(({ id }) => field === `fields.${id}`)?.options ?? [];
    const option = options.find(({ id }) => id === value);
    if (option) return iso(option.name);
    return isDay(value) ? fmt.table(`${value}T12:00:00Z`) : iso(value);
  };
  return (field, value) => {
    if (value === null || value === undefined || value === '') return null;
    const all = Array.isArray(value) ? value : [value];
    const words = all.map((each) => one(field, each)).filter(Boolean);
    return words.length > 0 ? fmt.list(words) : null;
  };
}
