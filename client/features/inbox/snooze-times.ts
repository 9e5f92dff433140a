import { useFmt, useLocale, useT } from '../../i18n/locale.tsx';
import { clockTime, fullHour, useNow } from '../../lib/time.ts';

export interface SnoozeTime {
  id: 'hour' | 'laterToday' | 'tomorrow' | 'saturday' | 'nextWeek';
  label: string;
  /** Milliseconds since 1970. */
  at: number;
  /** The same in words. */
  when: string;
}

const hour = 3_600_000;

/** When a conversation may come back, by the clock of the person's own time zone; the Iranian week begins on Saturday. */
export function snoozeTimes(now: number, timeZone: string): Pick<SnoozeTime, 'id' | 'at'>[] {
  const on = (at: { days?: number; weekday?: number }) => clockTime({ from: now, timeZone, hour: 9, ...at });
  const tomorrow = on({ days: 1 });
  const saturday = on({ weekday: 6 });
  const nextWeek = on({ days: 7 });
  // Three hours on, at the full hour; in the evening there is no later today.
  const later = fullHour(now + 3 * hour, timeZone);
  return [
    { id: 'hour', at: now + hour },
    ...(later < clockTime({ from: now, timeZone, hour: 21 })
      ? [{ id: 'laterToday' as const, at: later }]
      : []),
    { id: 'tomorrow', at: tomorrow },
    // Said once: on a Friday it is tomorrow, on a Saturday it is a week on.
    ...(saturday === tomorrow || saturday === nextWeek ? [] : [{ id: 'saturday' as const, at: saturday }]),
    { id: 'nextWeek', at: nextWeek },
  ];
}

export function useSnoozeTimes(): SnoozeTime[] {
  const t = useT();
  const fmt = useFmt();
  const { timeZone } = useLocale();
  const now = useNow();
  return snoozeTimes(now, timeZone).map(({ id, at }) => ({
    id,
    at,
    label: t.snooze[id],
    when: fmt.when(at, now),
  }));
}
