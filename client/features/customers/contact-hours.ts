import type { ContactHours } from '../../../shared/profile.ts';
import { useCustomerWords } from '../../i18n/customer-words.ts';
import { useFmt, useLocale } from '../../i18n/locale.tsx';

/** Days in the order of the reader's week. */
export function useWeek(): number[] {
  const { calendar } = useLocale();
  return calendar === 'jalali' ? [6, 0, 1, 2, 3, 4, 5] : [1, 2, 3, 4, 5, 6, 0];
}

/** The names of days in that order; null for every day. */
export function useDayNames(): (days: readonly number[]) => string | null {
  const w = useCustomerWords();
  const fmt = useFmt();
  const week = useWeek();
  return (days) =>
    days.length === 7
      ? null
      : fmt.list(week.filter((day) => days.includes(day)).map((day) => w.preferences.weekdays[day] ?? ''));
}

/** Says when they want to be written to, for a moment that is not then. */
export function useOutsideText(): (hours: ContactHours) => string {
  const w = useCustomerWords();
  const fmt = useFmt();
  const names = useDayNames();
  return ({ days, from, to }) => w.writing.outside(names(days), fmt.digits(from), fmt.digits(to));
}
