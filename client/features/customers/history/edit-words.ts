import { useQuery } from '@tanstack/react-query';
import type { Identity } from '../../../../shared/customer.ts';
import type { HistoryEdit } from '../../../../shared/history.ts';
import type { CustomerRecord } from '../../../../shared/record.ts';
import { useAdvocateWords } from '../../../i18n/advocate-words.ts';
import { useCustomerWords } from '../../../i18n/customer-words.ts';
import { useFmt, useLocale, useT } from '../../../i18n/locale.tsx';
import { iso, ltrIso } from '../../../i18n/words.ts';
import { money } from '../../../lib/money.ts';
import { useStore, useWorkspace } from '../../../state/hooks.tsx';
import { useUsers } from '../../directory.ts';
import { proofText } from '../../proof-text.ts';
import { useFieldName } from '../field-name.ts';

type Edit = Pick<HistoryEdit, 'field' | 'before' | 'after' | 'by' | 'byUserId' | 'undoes'>;

/** One of an identity or a record: it was not there before, or is not any more, or is another. */
interface Changed<T> {
  before: T | null;
  after: T | null;
  undoes: string | null;
}

/** A change of a customer's record as a sentence: who, what, from what to what. */
export function useEditWords(): (edit: Edit) => string {
  const t = useT();
  const w = useCustomerWords();
  const users = useUsers();
  const fieldName = useFieldName();
  const told = useTold();
  const identity = useIdentityWords();
  const record = useRecordWords();
  return ({ field, before, after, by, byUserId, undoes }) => {
    const who =
      (byUserId && users.get(byUserId)?.name) ||
      (w.editedBy as Record<string, string>)[by] ||
      t.common.unknown;
    if (field.startsWith('identities.')) return identity(who, { before, after, undoes } as Changed<Identity>);
    if (field.startsWith('records.'))
      return record(who, { before, after, undoes } as Changed<CustomerRecord>);
    return w.history.edited(who, fieldName(field), told(field, before), told(field, after));
  };
}

/** What was done with a way to the customer. */
function useIdentityWords(): (who: string, change: Changed<Identity>) => string {
  const w = useCustomerWords();
  const { did } = w.history;
  return (who, { before, after, undoes }) => {
    const one = after ?? before;
    if (!one) return '';
    const display = isolated(one.display);
    const what = `${w.identityKind[one.kind]} ${display}`;
    if (!after) return did.removed(who, what);
    if (!before) return (undoes ? did.restored : did.added)(who, what);
    if (before.blocked !== after.blocked) return (after.blocked ? did.blocked : did.unblocked)(who, what);
    if (before.unreachable !== after.unreachable)
      return (after.unreachable ? did.unreachable : did.reachable)(who, what);
    if (after.proof === 'agentVerified') return did.verified(who, what, after.reason);
    if (undoes) return did.unverified(who, what);
    return w.history.verified(w.identityKind[after.kind], display, proofText(after, w));
  };
}

/** As it reads within a sentence of either direction. */
export const isolated = (display: string): string =>
  /\p{L}/u.test(display) && !display.includes('@') ? iso(display) : ltrIso(display);

const recordFields = [
  'title',
  'at',
  'amount',
  'currency',
  'status',
  'statusText',
  'items',
  'note',
  'referralCode',
] as const satisfies readonly (keyof CustomerRecord)[];

/** What was done with a purchase or a service. */
function useRecordWords(): (who: string, change: Changed<CustomerRecord>) => string {
  const w = useCustomerWords();
  const fmt = useFmt();
  const { language } = useLocale();
  const { did } = w.history;
  const value = (record: CustomerRecord, field: (typeof recordFields)[number]): string => {
    switch (field) {
      case 'amount':
        return record.amount === null
          ? ''
          : money(language, { amount: record.amount, currency: record.currency });
      case 'at':
        return fmt.table(record.at);
      case 'status':
        return w.history.status[record.status];
      case 'items':
        return '';
      default:
        return record[field] && iso(record[field]);
    }
  };
  return (who, { before, after, undoes }) => {
    const one = after ?? before;
    if (!one) return '';
    const what = w.history.recordOf(w.searchPage.record[one.kind], one.title);
    if (!after) return did.removed(who, what);
    if (!before) return (undoes ? did.restored : did.added)(who, what);
    const others = recordFields.filter(
      (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
    );
    const list = others.map((field) =>
      w.history.fromTo(w.history.recordField[field], value(before, field), value(after, field)),
    );
    return did.changed(who, what, fmt.list(list));
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
