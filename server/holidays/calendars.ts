/** A day of the Gregorian calendar, "YYYY-MM-DD". */
export type Day = string;

export interface CalendarDate {
  year: number;
  month: number;
  day: number;
}

const dayMs = 86_400_000;

/** Noon, so that no rule about the beginning of a day shifts it. */
const instant = (day: Day) => new Date(`${day}T12:00:00Z`);

export const dayOf = (date: Date): Day => date.toISOString().slice(0, 10);
export const daysAfter = (day: Day, days: number): Day =>
  dayOf(new Date(instant(day).getTime() + days * dayMs));

const numbers = (calendar: string) =>
  new Intl.DateTimeFormat(`en-u-ca-${calendar}-nu-latn`, {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  });
const persian = numbers('persian');
const tabular = numbers('islamic-civil');

function read(format: Intl.DateTimeFormat, day: Day): CalendarDate {
  const parts = new Map(format.formatToParts(instant(day)).map((part) => [part.type, Number(part.value)]));
  return { year: parts.get('year') ?? 0, month: parts.get('month') ?? 0, day: parts.get('day') ?? 0 };
}

/** The Jalali date, by the engine's own calendar. */
export const jalali = (day: Day): CalendarDate => read(persian, day);

/** All days of a Jalali year, in order. */
export function daysOfJalaliYear(year: number): { day: Day; date: CalendarDate }[] {
  // It begins on the 19th to 22nd of March.
  const days: { day: Day; date: CalendarDate }[] = [];
  for (let day = `${year + 621}-03-18`; ; day = daysAfter(day, 1)) {
    const date = jalali(day);
    if (date.year > year) return days;
    if (date.year === year) days.push({ day, date });
  }
}

/**
 * First days of lunar months as Iran's published calendars have them, where they are known; they go by the sighting of the moon. Months
 * without a holiday are left out.
 */
const sighted: Record<number, Partial<Record<number, Day>>> = {
  1445: { 9: '2024-03-12', 10: '2024-04-10', 12: '2024-06-08' },
  1446: {
    1: '2024-07-07',
    2: '2024-08-06',
    3: '2024-09-05',
    6: '2024-12-03',
    7: '2025-01-02',
    8: '2025-01-31',
    9: '2025-03-02',
    10: '2025-03-31',
    12: '2025-05-28',
  },
  1447: {
    1: '2025-06-27',
    2: '2025-07-26',
    3: '2025-08-25',
    6: '2025-11-22',
    7: '2025-12-22',
    8: '2026-01-21',
    9: '2026-02-19',
    10: '2026-03-21',
    12: '2026-05-18',
  },
  1448: { 1: '2026-06-16' },
};

/** The first day of a lunar month: as published, else by the tabular calendar, which may be a day off. */
export function lunarMonth(year: number, month: number): Day {
  return sighted[year]?.[month] ?? tabularMonth(year, month);
}

function tabularMonth(year: number, month: number): Day {
  // From a known new year on: months of 29.53 days, then the exact day.
  const months = (year - 1445) * 12 + month - 1;
  let day = daysAfter('2023-07-19', Math.round(months * 29.530_588));
  for (let step = 0; step < 6; step += 1) {
    const date = read(tabular, day);
    const off = (date.year - year) * 12 + date.month - month;
    if (off === 0) return daysAfter(day, 1 - date.day);
    day = daysAfter(day, off > 0 ? -date.day : 3);
  }
  throw new Error(`The lunar month ${year}-${month} was not found.`);
}

/** The lunar year of a day, by the tabular calendar. */
export const tabularYear = (day: Day): number => read(tabular, day).year;
