import { Int32, Long } from 'bson';
import { CommandError, integerOf, typeAlias } from '../bson/values.ts';
import { convertTo } from './convert.ts';
import { DAY, dateOf, isoWeek, MONTHS, type Unit, unitOf, weekdayOf, zoneReader } from './dates.ts';
import { type Evaluate, isNullish, namedOperands, type Operator, type OperatorTable } from './operator.ts';
import { fromLocal, toLocal, type Zone, zoneOf } from './zone.ts';

const HOUR = 3_600_000;
const ELAPSED: Partial<Record<Unit, number>> = { hour: HOUR, minute: 60_000, second: 1000, millisecond: 1 };

const dayNumber = (local: Date): number => Math.floor(local.getTime() / DAY);
const monthNumber = (local: Date): number => local.getUTCFullYear() * 12 + local.getUTCMonth();

/** How many beginnings of the unit lie between two instants on the zone's clock. */
function difference(start: Date, end: Date, how: { zone: Zone; unit: Unit; firstDay: number }): number {
  const { zone, unit, firstDay } = how;
  const [from, to] = [toLocal(start, zone), toLocal(end, zone)];
  switch (unit) {
    case 'year':
      return to.getUTCFullYear() - from.getUTCFullYear();
    case 'quarter':
      return Math.floor(monthNumber(to) / 3) - Math.floor(monthNumber(from) / 3);
    case 'month':
      return monthNumber(to) - monthNumber(from);
    case 'day':
      return dayNumber(to) - dayNumber(from);
    case 'week': {
      // Day 0 was a Thursday.
      const week = (local: Date) => Math.floor((dayNumber(local) + 4 - firstDay) / 7);
      return week(to) - week(from);
    }
    default: {
      const length = ELAPSED[unit]!;
      // A clock that was put back or forward in between does not change how much time went by.
      const shifted = zone(start) - zone(end);
      return (
        Math.floor(to.getTime() / length) - Math.floor(from.getTime() / length) + (shifted * 60_000) / length
      );
    }
  }
}

const dateDiff: Operator = (operand, compiler, name) => {
  const named = namedOperands(operand, name, {
    required: ['startDate', 'endDate', 'unit'],
    optional: ['timezone', 'startOfWeek'],
  });
  const [start, end, unit, first] = [
    named['startDate'],
    named['endDate'],
    named['unit'],
    named['startOfWeek'] ?? 'sunday',
  ].map((each) => compiler.compile(each)) as [Evaluate, Evaluate, Evaluate, Evaluate];
  const zone = zoneReader(named['timezone'], compiler);
  return (scope) => {
    const [from, to, by, day, where] = [start(scope), end(scope), unit(scope), first(scope), zone(scope)];
    if (isNullish(from) || isNullish(to) || isNullish(by) || isNullish(day) || where === null) return null;
    const how = { zone: where, unit: unitOf(by, name), firstDay: weekdayOf(day) };
    return Long.fromNumber(
      Math.trunc(difference(dateOf(from, name, 5166307), dateOf(to, name, 5166307), how)),
    );
  };
};

const CIVIL = ['month', 'day'] as const;
const ISO = ['isoWeek', 'isoDayOfWeek'] as const;
const CLOCK = ['hour', 'minute', 'second', 'millisecond'] as const;

const dateFromParts: Operator = (operand, compiler, name) => {
  const named = namedOperands(operand, name, {
    required: [],
    optional: ['year', 'isoWeekYear', 'timezone', ...CIVIL, ...ISO, ...CLOCK],
  });
  const iso = Object.hasOwn(named, 'isoWeekYear');
  const stranger = (iso ? ['year', ...CIVIL] : ISO).find((key) => Object.hasOwn(named, key));
  if (stranger !== undefined && (iso || Object.hasOwn(named, 'year')))
    throw new CommandError(40489, `${name} does not allow mixing natural dates with ISO dates`);
  if (!iso && !Object.hasOwn(named, 'year'))
    throw new CommandError(40516, `${name} requires either 'year' or 'isoWeekYear' to be present`);
  const keys = iso ? (['isoWeekYear', ...ISO, ...CLOCK] as const) : (['year', ...CIVIL, ...CLOCK] as const);
  const parts = keys.map((key, i) => ({
    key,
    of: compiler.compile(Object.hasOwn(named, key) ? named[key] : new Int32(i > 2 ? 0 : 1)),
  }));
  const zone = zoneReader(named['timezone'], compiler);
  return (scope) => {
    const values: number[] = [];
    for (const { key, of } of parts) {
      const value = of(scope);
      if (isNullish(value)) return null;
      values.push(partOf(value, key, name));
    }
    const where = zone(scope);
    if (where === null) return null;
    const [year, second, third, hour, minute, seconds, ms] = values as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const local = new Date(0);
    if (iso) {
      // The fourth of January is always in the first week.
      local.setUTCFullYear(year, 0, 4);
      local.setTime(local.getTime() + (1 - (local.getUTCDay() || 7) + (second - 1) * 7 + third - 1) * DAY);
    } else local.setUTCFullYear(year, second - 1, third);
    local.setTime(local.getTime() + ((hour * 60 + minute) * 60 + seconds) * 1000 + ms);
    return fromLocal(local, where);
  };
};

function partOf(value: unknown, key: string, name: string): number {
  const n = integerOf(value);
  if (n === undefined)
    throw new CommandError(
      40515,
      `'${key}' must evaluate to an integer, found ${typeAlias(value)} in ${name}`,
    );
  const isYear = key === 'year' || key === 'isoWeekYear';
  if (isYear && (n < 1 || n > 9999))
    throw new CommandError(40523, `'${key}' must evaluate to an integer in the range 1 to 9999, found ${n}`);
  const wide = key === 'second' || key === 'millisecond' || key === 'minute';
  if (!wide && (n < -32768 || n > 32767))
    throw new CommandError(
      31034,
      `'${key}' must evaluate to a value in the range [-32768, 32767]; value ${n} is not in range`,
    );
  return n;
}

const dateToParts: Operator = (operand, compiler, name) => {
  const named = namedOperands(operand, name, { required: ['date'], optional: ['timezone', 'iso8601'] });
  const date = compiler.compile(named['date']);
  const zone = zoneReader(named['timezone'], compiler);
  const iso = compiler.compile(named['iso8601'] ?? false);
  return (scope) => {
    const [value, where, weeks] = [date(scope), zone(scope), iso(scope)];
    if (isNullish(value) || where === null || isNullish(weeks)) return null;
    if (typeof weeks !== 'boolean')
      throw new CommandError(40521, `iso8601 must evaluate to a bool, found ${typeAlias(weeks)}`);
    const local = toLocal(dateOf(value, name), where);
    const { year, week, day } = isoWeek(local);
    const days = weeks
      ? { isoWeekYear: year, isoWeek: week, isoDayOfWeek: day }
      : { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() };
    const clock = {
      hour: local.getUTCHours(),
      minute: local.getUTCMinutes(),
      second: local.getUTCSeconds(),
      millisecond: local.getUTCMilliseconds(),
    };
    return Object.fromEntries(Object.entries({ ...days, ...clock }).map(([key, n]) => [key, new Int32(n)]));
  };
};

/** What a letter of a format stands for in text that is read. */
const READ: Record<string, string> = {
  Y: '(?<year>\\d{4})',
  m: '(?<month>\\d{1,2})',
  d: '(?<day>\\d{1,2})',
  H: '(?<hour>\\d{1,2})',
  M: '(?<minute>\\d{1,2})',
  S: '(?<second>\\d{1,2})',
  L: '(?<ms>\\d{1,3})',
  j: '(?<yearDay>\\d{1,3})',
  b: '(?<monthName>[A-Za-z]{3})',
  B: '(?<monthName>[A-Za-z]+)',
  G: '(?<isoYear>\\d{4})',
  V: '(?<isoWeek>\\d{1,2})',
  u: '(?<isoDay>[1-7])',
  z: '(?<zone>[+-]\\d{2}:?\\d{2}|Z)',
  Z: '(?<minutes>[+-]?\\d{1,4})',
  '%': '%',
};

const patterns = new Map<string, RegExp>();

function patternOf(format: string): RegExp {
  let pattern = patterns.get(format);
  if (pattern) return pattern;
  const source = format.replace(/%(.?)|[\\^$.*+?()[\]{}|]/gs, (all, letter: string | undefined) => {
    if (letter === undefined) return `\\${all}`;
    const read = Object.hasOwn(READ, letter) ? READ[letter] : undefined;
    if (read === undefined)
      throw new CommandError(18536, `Invalid format character '%${letter}' in format string`);
    return read;
  });
  try {
    pattern = new RegExp(`^${source}$`, 's');
  } catch {
    throw new CommandError(18536, `the format '${format}' names a part of the date twice`);
  }
  if (patterns.size > 200) patterns.clear();
  patterns.set(format, pattern);
  return pattern;
}

const unreadable = (text: string, why: string): CommandError =>
  new CommandError(241, `Error parsing date string '${text}'; ${why}`);

/** Reads text by a format; what the format does not name is the beginning. */
function readDate(text: string, format: string, zone: Zone | undefined): Date {
  const found = patternOf(format).exec(text)?.groups;
  if (!found) throw unreadable(text, `it does not have the format '${format}'`);
  const n = (key: string, otherwise: number): number =>
    found[key] === undefined ? otherwise : Number(found[key]);
  const local = new Date(0);
  if (found['isoYear'] !== undefined) {
    local.setUTCFullYear(n('isoYear', 1970), 0, 4);
    const monday = local.getTime() + (1 - (local.getUTCDay() || 7)) * DAY;
    local.setTime(monday + ((n('isoWeek', 1) - 1) * 7 + n('isoDay', 1) - 1) * DAY);
  } else {
    if (found['year'] === undefined) throw unreadable(text, 'an incomplete date/time string: it has no year');
    const name = found['monthName']?.toLowerCase();
    const named = MONTHS.findIndex(
      (each) =>
        name !== undefined && (each.toLowerCase() === name || each.slice(0, 3).toLowerCase() === name),
    );
    if (name !== undefined && named < 0) throw unreadable(text, `'${name}' is no month`);
    const month = name === undefined ? n('month', 1) - 1 : named;
    local.setUTCFullYear(n('year', 1970), month, n('day', 1));
    if (
      found['yearDay'] === undefined &&
      (local.getUTCMonth() !== month || local.getUTCDate() !== n('day', 1))
    )
      throw unreadable(text, 'there is no such day');
    if (found['yearDay'] !== undefined) local.setUTCFullYear(n('year', 1970), 0, n('yearDay', 1));
  }
  if (n('hour', 0) > 24 || n('minute', 0) > 59 || n('second', 0) > 60)
    throw unreadable(text, 'there is no such time of day');
  const clock =
    ((n('hour', 0) * 60 + n('minute', 0)) * 60 + n('second', 0)) * 1000 +
    Number((found['ms'] ?? '0').padEnd(3, '0'));
  local.setTime(local.getTime() + clock);
  const own = found['zone'] ?? found['minutes'];
  if (own === undefined) return fromLocal(local, zone ?? zoneOf('UTC'));
  if (zone) throw unreadable(text, 'a zone is named both in the text and as timezone');
  const ahead = found['zone'] === undefined ? Number(own) : own === 'Z' ? 0 : zoneOf(own)(local);
  return new Date(local.getTime() - ahead * 60_000);
}

/** ISO 8601 as $toDate reads it; a zone of the operator stands in for the text's own. */
function readIso(text: string, zone: Zone | undefined): Date {
  const own = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10));
  if (own && zone) throw unreadable(text, 'a zone is named both in the text and as timezone');
  const date = convertTo('date', text) as Date;
  return zone ? fromLocal(date, zone) : date;
}

const dateFromString: Operator = (operand, compiler, name) => {
  const named = namedOperands(operand, name, {
    required: ['dateString'],
    optional: ['format', 'timezone', 'onError', 'onNull'],
  });
  const [input, format, onNull] = ['dateString', 'format', 'onNull'].map((key) =>
    compiler.compile(named[key] ?? null),
  );
  const onError = Object.hasOwn(named, 'onError') ? compiler.compile(named['onError']) : undefined;
  const zone = zoneReader(named['timezone'], compiler);
  const hasZone = Object.hasOwn(named, 'timezone');
  return (scope) => {
    const [text, wanted, where] = [input!(scope), format!(scope), zone(scope)];
    if (isNullish(text)) return onNull!(scope);
    if (where === null || (Object.hasOwn(named, 'format') && isNullish(wanted))) return null;
    if (wanted !== null && typeof wanted !== 'string')
      throw new CommandError(
        40684,
        `${name} requires that 'format' be a string, found: ${typeAlias(wanted)}`,
      );
    try {
      if (typeof text !== 'string')
        throw unreadable(String(text), `${name} requires that 'dateString' be a string`);
      const given = hasZone ? where : undefined;
      return wanted === null ? readIso(text, given) : readDate(text, wanted, given);
    } catch (error) {
      if (onError && error instanceof CommandError && error.code === 241) return onError(scope);
      throw error;
    }
  };
};

export const calendarOperators: OperatorTable = {
  $dateDiff: dateDiff,
  $dateFromParts: dateFromParts,
  $dateToParts: dateToParts,
  $dateFromString: dateFromString,
};
