import { asciiDigits, normalise } from '../../../shared/text/normalise.ts';
import { type Day, daysAfter, jalali } from '../../holidays/calendars.ts';
import { type Cell, wrong } from './cell.ts';

export interface DateOptions {
  calendar: 'auto' | 'jalali' | 'gregorian';
  monthFirst: boolean;
  /** Of times without an offset of their own. */
  timeZone: string;
}

const jalaliMonths = 'فروردین اردیبهشت خرداد تیر مرداد شهریور مهر ابان اذر دی بهمن اسفند'.split(' ');
const jalaliMonthsLatin =
  'farvardin ordibehesht khordad tir mordad shahrivar mehr aban azar dey bahman esfand'.split(' ');
const gregorianMonths =
  'january february march april may june july august september october november december'.split(' ');
const gregorianMonthsPersian = 'ژانویه فوریه مارس اوریل مه ژوین ژوییه اوت سپتامبر اکتبر نوامبر دسامبر'.split(
  ' ',
);

const right = 'A date such as 1403/05/12 or 2024-08-02, with a time such as 14:30 or without.';

interface Wall {
  day: Day;
  /** Since midnight. */
  seconds: number;
}

/** A moment in the spellings that tables have: of either calendar, with a time or without; without one, the beginning of that day. */
export function readMoment(text: string, options: DateOptions): Cell<Date> {
  const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i.exec(text.trim());
  if (iso) {
    const at = new Date(text.trim());
    return Number.isNaN(at.getTime()) ? noDate(text) : { ok: true, value: at };
  }
  const wall = readWall(text, options);
  return wall.ok ? { ok: true, value: instantOf(wall.value, options.timeZone) } : wall;
}

/** A day alone, `YYYY-MM-DD` of the Gregorian calendar. */
export function readDay(text: string, options: Omit<DateOptions, 'timeZone'>): Cell<Day> {
  const wall = readWall(text, options);
  return wall.ok ? { ok: true, value: wall.value.day } : wall;
}

const outside = {
  notYet: ['This day has not come yet.', 'A day until today.'],
  tooFarAhead: ['This is more than ten years ahead.', 'A date at most ten years ahead.'],
  tooLongAgo: ['This is longer ago than can be right.', 'A later date.'],
} as const;

/** A date that was read, if it can be what its column says. @param problem of it; null for none */
export function within<T>(read: Cell<T>, problem: (value: T) => keyof typeof outside | null): Cell<T> {
  const why = read.ok ? problem(read.value) : null;
  if (!why) return read;
  const [message, instead] = outside[why];
  return wrong(message, `${instead} Where the calendar is told wrongly, choose the other one.`, { why });
}

function readWall(text: string, options: Omit<DateOptions, 'timeZone'>): Cell<Wall> {
  const plain = normalise(asciiDigits(text)).replace(/،/g, ' ').trim();
  const { rest, seconds } = takeTime(plain);
  if (seconds === null)
    return wrong(`“${text.slice(0, 40)}” has a time that no clock shows.`, right, { why: 'noClock' });
  const parts = numbersOf(rest, options);
  if (!parts) return noDate(text);
  if ('unclear' in parts)
    return wrong(
      `“${text.slice(0, 40)}” has a year of two digits: it is not clear which.`,
      'The year in full, such as 1403/05/12 or 2024-08-02.',
      { why: 'yearOfTwoDigits' },
    );
  const day = parts.jalali ? dayOfJalali(parts) : dayOfGregorian(parts);
  if (!day)
    return wrong(
      `There is no day ${parts.year}/${parts.month}/${parts.day} in the ${parts.jalali ? 'Jalali' : 'Gregorian'} calendar.`,
      'A day that exists. Where the calendar is told wrongly, choose the other one.',
      { why: 'noSuchDay' },
    );
  return { ok: true, value: { day, seconds } };
}

const noDate = (text: string) => wrong(`“${text.slice(0, 40)}” is no date.`, right);

/** The time of a clock, before or after the date; null where there is none such. */
function takeTime(text: string): { rest: string; seconds: number | null } {
  const match =
    /(^|[\sT\-–])(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(am|pm|ق\.?\s?ظ\.?|ب\.?\s?ظ\.?|صبح|عصر)?(?=$|\s)/iu.exec(
      text,
    );
  if (!match) return { rest: text.replace(/t$/i, ''), seconds: 0 };
  const [whole, , h = '', m = '', s = '0', half = ''] = match;
  let hour = Number(h);
  const afternoon = /^(pm|ب|عصر)/iu.test(half);
  if (half && (hour < 1 || hour > 12)) return { rest: text, seconds: null };
  if (half) hour = (hour % 12) + (afternoon ? 12 : 0);
  const seconds = hour * 3600 + Number(m) * 60 + Number(s);
  const valid = hour < 24 && Number(m) < 60 && Number(s) < 60;
  const rest = `${text.slice(0, match.index)} ${text.slice(match.index + whole.length)}`
    .replace(/ساعت|[-–\s]+$/gu, '')
    .trim();
  return { rest, seconds: valid ? seconds : null };
}

interface DayParts {
  year: number;
  month: number;
  day: number;
  jalali: boolean;
}

function numbersOf(
  text: string,
  options: Omit<DateOptions, 'timeZone'>,
): DayParts | { unclear: true } | null {
  const compact = /^(\d{4})(\d\d)(\d\d)$/.exec(text);
  const yearFirst = compact ?? /^(\d{4})\s?[/\-.\s]\s?(\d{1,2})\s?[/\-.\s]\s?(\d{1,2})$/.exec(text);
  if (yearFirst) return withCalendar(yearFirst[1], yearFirst[2], yearFirst[3], options);
  const yearLast = /^(\d{1,2})\s?[/\-.\s]\s?(\d{1,2})\s?[/\-.\s]\s?(\d{4})$/.exec(text);
  if (yearLast) {
    const [, first, second, year] = yearLast;
    return options.monthFirst
      ? withCalendar(year, first, second, options)
      : withCalendar(year, second, first, options);
  }
  if (/^\d{1,2}[/\-.]\d{1,2}[/\-.]\d{1,2}$/.test(text)) return { unclear: true };
  return named(text);
}

function withCalendar(
  year = '',
  month = '',
  day = '',
  { calendar }: Omit<DateOptions, 'timeZone'>,
): DayParts {
  const isJalali = calendar === 'auto' ? Number(year) >= 1200 && Number(year) < 1600 : calendar === 'jalali';
  return { year: Number(year), month: Number(month), day: Number(day), jalali: isJalali };
}

/** `12 مرداد 1403`, `2 August 2024`, `Aug 2, 2024`. */
function named(text: string): DayParts | null {
  const words = text
    .replace(/(?<=\d)(st|nd|rd|th)\b/g, '')
    .replace(/(شنبه|یکشنبه|دوشنبه|سه شنبه|چهارشنبه|پنجشنبه|پنج شنبه|جمعه|یک|دو|چهار)\s/gu, '')
    .split(/[\s,/.-]+/)
    .filter(Boolean);
  const numbers = words.filter((word) => /^\d+$/.test(word)).map(Number);
  const word = words.find((one) => /^\p{L}+$/u.test(one) && monthOf(one));
  const month = word ? monthOf(word) : null;
  const year = numbers.find((number) => number > 1000);
  const day = numbers.find((number) => number <= 31);
  if (!month || !year || !day || words.length !== 3) return null;
  return { year, month: month.number, day, jalali: month.jalali };
}

function monthOf(word: string): { number: number; jalali: boolean } | null {
  for (const [names, isJalali] of [
    [jalaliMonths, true],
    [jalaliMonthsLatin, true],
    [gregorianMonthsPersian, false],
    [gregorianMonths, false],
  ] as const) {
    const at = names.findIndex(
      (name) => name === word || (!isJalali && word.length === 3 && name.startsWith(word)),
    );
    if (at >= 0) return { number: at + 1, jalali: isJalali };
  }
  return null;
}

function dayOfGregorian({ year, month, day }: DayParts): Day | null {
  if (year < 1800 || year > 2200) return null;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
    ? date.toISOString().slice(0, 10)
    : null;
}

/** Jalali year → its first day. */
const firstDays = new Map<number, Day>();

function firstDayOf(year: number): Day {
  const known = firstDays.get(year);
  if (known) return known;
  // It begins on the 19th to 22nd of March.
  let day = `${year + 621}-03-18`;
  while (jalali(day).year < year) day = daysAfter(day, 1);
  firstDays.set(year, day);
  return day;
}

function dayOfJalali({ year, month, day }: DayParts): Day | null {
  if (year < 1200 || year > 1500 || month < 1 || month > 12 || day < 1) return null;
  const before = month <= 7 ? (month - 1) * 31 : 186 + (month - 7) * 30;
  const found = daysAfter(firstDayOf(year), before + day - 1);
  const longest = month <= 6 ? 31 : 30;
  // The last month has 29 days, and 30 in a leap year.
  return day <= longest && found < firstDayOf(year + 1) ? found : null;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a clock on the wall there shows at this moment, as if it were UTC. */
function shown(at: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(at)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The moment when that clock shows this; of a time that is skipped when clocks are put forward, as much later. */
function instantOf({ day, seconds }: Wall, timeZone: string): Date {
  const wanted = Date.parse(`${day}T00:00:00Z`) + seconds * 1000;
  let at = wanted;
  for (let step = 0; step < 2; step += 1) at += wanted - shown(at, timeZone);
  return new Date(at);
}
