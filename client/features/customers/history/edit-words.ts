import type { HistoryEdit } from '../../../../shared/history.ts';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useFmt, useT } from '../../../i18n/locale.tsx';
import { iso } from '../../../i18n/words.ts';
import { useStore } from '../../../state/hooks.tsx';
import { useUsers } from '../../directory.ts';
import { useFieldName } from '../field-name.ts';

/** A change of a customer's record as a sentence: who, what, from what to what. */
export function useEditWords(): (edit: HistoryEdit) => string {
  const t = useT();
  const w = useCustomerWords();
  const fmt = useFmt();
  const users = useUsers();
  const tags = useStore((state) => state.tags);
  const fieldName = useFieldName();
  const one = (value: unknown): string => {
    if (typeof value === 'number') return fmt.number(value);
    if (typeof value === 'boolean') return value ? w.yes : w.no;
    if (typeof value === 'string') return iso(tags.get(value)?.name ?? value);
    if (typeof value === 'object' && value !== null && 'text' in value) return iso(String(value.text));
    return '';
  };
  const told = (value: unknown): string | null => {
    if (value === null || value === undefined || value === '') return null;
    if (Array.isArray(value)) return value.length > 0 ? fmt.list(value.map(one).filter(Boolean)) : null;
    return one(value) || null;
  };
  return ({ field, before, after, by, byUserId }) => {
    const who = (byUserId && users.get(byUserId)?.name) || (w.editedBy as Record<string, string>)[by];
    return w.history.edited(who ?? t.common.unknown, fieldName(field), told(before), told(after));
  };
}
