import { useLocation } from 'wouter';
import { useLocale } from '../../i18n/locale.tsx';
import { dayOf } from './period.ts';

/** A moment within a day `YYYY-MM-DD`, wherever one is. */
export const noonOf = (day: string) => `${day}T12:00:00Z`;

/** Shows what was said on the day of a chart's point. */
export function useDayOpener(): (point: { id: string }) => void {
  const clock = useLocale();
  const [, navigate] = useLocation();
  return ({ id }) => {
    const { from, to } = dayOf(Date.parse(noonOf(id)), clock);
    navigate(
      `/listening?${new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString() })}`,
    );
  };
}
