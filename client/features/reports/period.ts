import {
  type CalendarDate,
  fromAbsolute,
  GregorianCalendar,
  PersianCalendar,
  startOfMonth,
  startOfWeek,
  toCalendar,
  toCalendarDate,
} from '@internationalized/date';
import type { Preferences } from '../../../shared/user.ts';

export const ranges = ['today', 'week', 'month', 'lastMonth', 'days30', 'days90'] as const;
export type ReportRange = (typeof ranges)[number];

/** Milliseconds since 1970: from `from` on, before `to`. */
export interface Period {
  from: number;
  to: number;
}

type Clock = Pick<Preferences, 'calendar' | 'timeZone'>;

/** The longest that the server tells of at once. */
export const mostDays = 731;
const dayMs = 86_400_000;

/** The time that a name stands for: weeks begin on Saturday where months are Jalali, else on Monday. */
export function periodOf(range: ReportRange, now: number, clock: Clock): Period {
  const today = dayIn(now, clock);
  const from = (day: CalendarDate, to = now): Period => ({ from: start(day, clock), to });
  switch (range) {
    case 'today':
      return from(today);
    case 'week':
      return from(startOfWeek(today, 'en', clock.calendar === 'jalali' ? 'sat' : 'mon'));
    case 'month':
      return from(startOfMonth(today));
    case 'lastMonth': {
      const end = startOfMonth(today);
      return from(end.subtract({ months: 1 }), start(end, clock));
    }
    case 'days30':
      return from(today.subtract({ days: 29 }));
    case 'days90':
      return from(today.subtract({ days: 89 }));
  }
}

/** All of the days of two moments, and those between; the earlier one first, whichever was given first. */
export function daysBetween(one: number, other: number, clock: Clock): Period {
  const [first, last] = one <= other ? [one, other] : [other, one];
  const to = start(dayIn(last, clock).add({ days: 1 }), clock);
  const from = start(dayIn(first, clock), clock);
  return { from: Math.max(from, to - mostDays * dayMs), to };
}

/** The day of a moment, as it begins and before the next one does. */
export function dayOf(at: number, clock: Clock): Period {
  return daysBetween(at, at, clock);
}

/** The same length of time before it: what a period is compared with. */
export function periodBefore({ from, to }: Period): Period {
  return { from: from - (to - from), to: from };
}

function dayIn(at: number, { calendar, timeZone }: Clock): CalendarDate {
  const own = calendar === 'jalali' ? new PersianCalendar() : new GregorianCalendar();
  return toCalendar(toCalendarDate(fromAbsolute(at, timeZone)), own);
}

/** Where the clock was put forward at midnight, a day begins at its first moment. */
const start = (day: CalendarDate, { timeZone }: Clock): number => day.toDate(timeZone).getTime();

/** What the address of a report says. */
export interface ReportAddress {
  range: ReportRange | null;
  /** In place of a range. */
  days: Period | null;
  /** Beside the same length of time before. */
  compared: boolean;
  /** Of these alone; null: of all. */
  channelId: string | null;
  product: string | null;
}

const usual: ReportRange = 'days30';

export function readAddress(search: string): ReportAddress {
  const given = new URLSearchParams(search);
  const moment = (name: string) => Date.parse(given.get(name) ?? '');
  const [from, to] = [moment('from'), moment('to')];
  const exact = from < to && to - from <= mostDays * dayMs;
  return {
    range: exact ? null : (ranges.find((each) => each === given.get('range')) ?? usual),
    days: exact ? { from, to } : null,
    compared: given.get('compare') === '1',
    channelId: given.get('channel') || null,
    product: given.get('product') || null,
  };
}

export function writeAddress({ range, days, compared, channelId, product }: ReportAddress): string {
  const words = new URLSearchParams({
    ...(days
      ? { from: new Date(days.from).toISOString(), to: new Date(days.to).toISOString() }
      : range && range !== usual
        ? { range }
        : {}),
    ...(compared && { compare: '1' }),
    ...(channelId && { channel: channelId }),
    ...(product && { product }),
  });
  return words.size > 0 ? `?${words}` : '';
}
