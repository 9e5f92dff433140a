import { type BusinessHours, type Weekday, weekdays } from '../../shared/hours.ts';
import { type Day, daysAfter } from '../holidays/calendars.ts';
import { isIranianHoliday } from '../holidays/holidays.ts';
import { invalid } from '../http/validate.ts';

/** Nobody is closed for longer; who is never open has no next opening. */
const longestClosedDays = 400;
const minuteMs = 60_000;

interface WallClock {
  day: Day;
  /** Since midnight on the wall clock. */
  minutes: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formats.set(timeZone, format);
  return format;
}

/** What a clock on the wall of that zone shows. */
export function wallClock(at: Date, timeZone: string): WallClock {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  );
  return {
    day: `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`,
    minutes: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  };
}

/** The first instant at which the wall clock shows this or later: a time that a change of the clock leaves out is its end. */
function instantOf(wall: WallClock, timeZone: string): Date {
  const shown = (at: number) => {
    const { day, minutes } = wallClock(new Date(at), timeZone);
    return Date.parse(`${day}T00:00:00Z`) + minutes * minuteMs;
  };
  const wanted = Date.parse(`${wall.day}T00:00:00Z`) + wall.minutes * minuteMs;
  // No zone is further than 14 hours off, and clocks change by whole quarters of an hour.
  let low = wanted - 15 * 60 * minuteMs;
  let high = wanted + 15 * 60 * minuteMs;
  const offset = shown(wanted) - wanted;
  const guess = wanted - offset;
  if (shown(guess) === wanted && shown(guess - 60 * minuteMs) === wanted - 60 * minuteMs)
    return new Date(guess);
  while (high - low > minuteMs) {
    const middle = low + Math.floor((high - low) / 2 / minuteMs) * minuteMs;
    if (shown(middle) >= wanted) high = middle;
    else low = middle;
  }
  return new Date(high);
}

const minutesOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

function weekdayOf(day: Day): Weekday {
  // Of the week that begins on Saturday.
  const index = (new Date(`${day}T12:00:00Z`).getUTCDay() + 1) % 7;
  return weekdays[index] ?? 'sat';
}

/** Is it a day of business at all? What is closed by name stays closed, what is excepted is open although it is a holiday. */
function spansOf(hours: BusinessHours, day: Day): { from: number; to: number }[] {
  if (hours.closed.includes(day)) return [];
  if (hours.iranianHolidays && !hours.except.includes(day) && isIranianHoliday(day)) return [];
  return hours.week[weekdayOf(day)]
    .map(({ from, to }) => ({ from: minutesOf(from), to: minutesOf(to) }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from);
}

/** @param hours null: always open */
export function isOpen(hours: BusinessHours | null, at: Date): boolean {
  if (!hours) return true;
  const { day, minutes } = wallClock(at, hours.timeZone);
  return spansOf(hours, day).some(({ from, to }) => minutes >= from && minutes < to);
}

/** When it is open next: `at` itself if it is open then; null when it never is. */
export function nextOpening(hours: BusinessHours | null, at: Date): Date | null {
  if (!hours || isOpen(hours, at)) return at;
  let { day } = wallClock(at, hours.timeZone);
  for (let tried = 0; tried <= longestClosedDays; tried += 1) {
    for (const { from } of spansOf(hours, day)) {
      const opening = instantOf({ day, minutes: from }, hours.timeZone);
      if (opening > at && isOpen(hours, opening)) return opening;
    }
    day = daysAfter(day, 1);
  }
  return null;
}

/** How much of the time between two moments was business time, in milliseconds; it stops counting at `enough`. */
export function openTime(
  hours: BusinessHours | null,
  between: { from: Date; to: Date; enough?: number },
): number {
  const { from, to, enough = Number.POSITIVE_INFINITY } = between;
  if (!hours) return Math.max(0, to.getTime() - from.getTime());
  let total = 0;
  const { timeZone } = hours;
  for (let { day } = wallClock(from, timeZone); total < enough; day = daysAfter(day, 1)) {
    if (instantOf({ day, minutes: 0 }, timeZone) >= to) break;
    for (const span of spansOf(hours, day)) {
      const begin = Math.max(from.getTime(), instantOf({ day, minutes: span.from }, timeZone).getTime());
      const end = Math.min(to.getTime(), instantOf({ day, minutes: span.to }, timeZone).getTime());
      total += Math.max(0, end - begin);
    }
  }
  return total;
}

/** @throws AppError invalid, with the field: no such time zone, or a span that ends before it begins */
export function checkHours(hours: BusinessHours | null): void {
  if (!hours) return;
  try {
    new Intl.DateTimeFormat('en', { timeZone: hours.timeZone });
  } catch {
    throw invalid({ 'routing.hours.timeZone': 'There is no such time zone.' });
  }
  for (const weekday of weekdays) {
    const spans = hours.week[weekday]
      .map(({ from, to }) => ({ from: minutesOf(from), to: minutesOf(to) }))
      .sort((a, b) => a.from - b.from);
    const field = `routing.hours.week.${weekday}`;
    if (spans.some(({ from, to }) => from >= to))
      throw invalid({
        [field]: 'A span ends after it begins; one over midnight is two: until 24:00, and from 00:00.',
      });
    if (spans.some(({ from }, index) => index > 0 && from < (spans[index - 1]?.to ?? 0)))
      throw invalid({ [field]: 'Two spans of one day overlap.' });
  }
}
