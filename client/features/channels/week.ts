import { type BusinessHours, type Weekday, weekdays } from '../../../shared/hours.ts';
import { asciiDigits } from '../../../shared/text/normalise.ts';

export type Week = BusinessHours['week'];
export type Range = Week[Weekday][number];

/** As most shops begin: Saturday to Wednesday, and the morning of Thursday. */
export function usualHours(timeZone: string): BusinessHours {
  const whole: Range[] = [{ from: '09:00', to: '17:00' }];
  return {
    timeZone,
    week: {
      sat: whole,
      sun: whole,
      mon: whole,
      tue: whole,
      wed: whole,
      thu: [{ from: '09:00', to: '13:00' }],
      fri: [],
    },
    iranianHolidays: true,
    closed: [],
    except: [],
  };
}

/**
 * A time as people type it: `9`, `930`, `09:30`, `۹:۳۰`, `9.30`; at an end also `24`. Null for what is none.
 * @param options.end midnight at the end of the day may be written
 */
export function readClock(text: string, options: { end: boolean }): string | null {
  const typed = asciiDigits(text).trim();
  const parts = /^(\d{1,2})(?:\s*[:.٫h]\s*(\d{1,2}))?$/i.exec(typed) ?? /^(\d{1,2})(\d{2})$/.exec(typed);
  if (!parts) return null;
  const hour = Number(parts[1]);
  const minute = Number(parts[2] ?? 0);
  if (hour === 24 && minute === 0) return options.end ? '24:00' : null;
  if (hour > 23 || minute > 59) return null;
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

export type RangeIssue = 'badClock' | 'backwards' | 'overlap';

/** What is wrong with each range of a day, in its order; null where nothing is. */
export function rangeIssues(day: readonly Range[]): (RangeIssue | null)[] {
  return day.map((range, at) => {
    const from = readClock(range.from, { end: false });
    const to = readClock(range.to, { end: true });
    if (!from || !to) return 'badClock';
    if (from >= to) return 'backwards';
    const meets = day.slice(0, at).some((other) => {
      const [begins, ends] = [readClock(other.from, { end: false }), readClock(other.to, { end: true })];
      return begins !== null && ends !== null && from < ends && begins < to;
    });
    return meets ? 'overlap' : null;
  });
}

export function weekIsWhole(week: Week): boolean {
  return weekdays.every((day) => rangeIssues(week[day]).every((issue) => issue === null));
}

/** As the server reads it: times in one spelling, the ranges of a day in their order. */
export function orderedWeek(week: Week): Week {
  const ordered = (day: readonly Range[]) =>
    day
      .map(({ from, to }) => ({
        from: readClock(from, { end: false }) ?? from,
        to: readClock(to, { end: true }) ?? to,
      }))
      .sort((a, b) => a.from.localeCompare(b.from));
  return mapWeek((day) => ordered(week[day]));
}

export function copyToAll(week: Week, from: Weekday): Week {
  return mapWeek(() => week[from].map((range) => ({ ...range })));
}

/** What a press on "add hours" adds: two hours after the last, or a whole day's beginning. */
export function nextRange(day: readonly Range[]): Range {
  const last = day
    .map(({ to }) => readClock(to, { end: true }) ?? '00:00')
    .sort()
    .at(-1);
  if (!last) return { from: '09:00', to: '17:00' };
  const hour = Math.min(22, Number(last.slice(0, 2)) + 1);
  const clock = (value: number) => `${String(value).padStart(2, '0')}:00`;
  return { from: clock(hour), to: clock(Math.min(24, hour + 2)) };
}

function mapWeek(make: (day: Weekday) => Range[]): Week {
  return {
    sat: make('sat'),
    sun: make('sun'),
    mon: make('mon'),
    tue: make('tue'),
    wed: make('wed'),
    thu: make('thu'),
    fri: make('fri'),
  };
}

/** The Jalali year in which a moment falls, by the clocks of Tehran. */
export function jalaliYear(at: number): number {
  const parts = new Intl.DateTimeFormat('en-u-ca-persian', {
    year: 'numeric',
    timeZone: 'Asia/Tehran',
  }).formatToParts(at);
  return Number(parts.find(({ type }) => type === 'year')?.value);
}

/** Closed on a holiday, or open in spite of it. */
export function setHoliday(hours: BusinessHours, date: string, closed: boolean): BusinessHours {
  const except = hours.except.filter((day) => day !== date);
  return { ...hours, except: closed ? except : [...except, date].sort() };
}
