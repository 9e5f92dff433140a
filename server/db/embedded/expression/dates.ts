import { Int32, Long, ObjectId, Timestamp } from 'bson';
import { CommandError, integerOf, typeAlias } from '../bson/values.ts';
import {
  type Compiler,
  type Evaluate,
  isNullish,
  namedOperands,
  type Operator,
  type OperatorTable,
  type Scope,
} from './operator.ts';
import { fromLocal, toLocal, type Zone, zoneOf } from './zone.ts';

export const DAY = 86_400_000;

export function dateOf(value: unknown, name: string, code = 16006): Date {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  if (value instanceof Timestamp) return new Date(value.getHighBitsUnsigned() * 1000);
  throw new CommandError(code, `can't convert from BSON type ${typeAlias(value)} to Date in ${name}`);
}

/** The zone of an operator's `timezone`; null if that is null. */
export function zoneReader(operand: unknown, compiler: Compiler): (scope: Scope) => Zone | null {
  if (operand === undefined) return () => zoneOf('UTC');
  const name = compiler.compile(operand);
  return (scope) => {
    const value = name(scope);
    if (isNullish(value)) return null;
    if (typeof value !== 'string')
      throw new CommandError(40517, `timezone must be a string, found ${typeAlias(value)}`);
    return zoneOf(value);
  };
}

/** $year and its kin: of a date, or of `{date, timezone}`. */
function part(read: (local: Date) => number | Long): Operator {
  return (operand, compiler, name) => {
    const single = Array.isArray(operand) && operand.length === 1 ? operand[0] : operand;
    const isNamed = typeof single === 'object' && single !== null && Object.hasOwn(single, 'date');
    const named = isNamed
      ? namedOperands(single, name, { required: ['date'], optional: ['timezone'] })
      : { date: single };
    const date = compiler.compile(named['date']);
    const zone = zoneReader((named as Record<string, unknown>)['timezone'], compiler);
    return (scope) => {
      const value = date(scope);
      const where = zone(scope);
      if (isNullish(value) || where === null) return null;
      const result = read(toLocal(dateOf(value, name), where));
      return typeof result === 'number' ? new Int32(result) : result;
    };
  };
}

const dayOfYear = (d: Date): number =>
  Math.floor((d.getTime() - Date.UTC(d.getUTCFullYear(), 0, 1)) / DAY) + 1;

/** Weeks begin on Sunday; days before the first Sunday are in week 0. */
const sundayWeek = (d: Date): number => Math.floor((dayOfYear(d) + 6 - d.getUTCDay()) / 7);

/** ISO week: the week that holds the year's first Thursday is the first. */
export function isoWeek(d: Date): { year: number; week: number; day: number } {
  const day = d.getUTCDay() || 7;
  const thursday = new Date(d.getTime() + (4 - day) * DAY);
  return { year: thursday.getUTCFullYear(), week: Math.ceil(dayOfYear(thursday) / 7), day };
}

const two = (n: number, width = 2): string => String(n).padStart(width, '0');
export const MONTHS =
  'January February March April May June July August September October November December'.split(' ');

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}

const FORMATS: Record<string, (local: Date, offset: number) => string> = {
  Y: (d) => two(d.getUTCFullYear(), 4),
  m: (d) => two(d.getUTCMonth() + 1),
  d: (d) => two(d.getUTCDate()),
  H: (d) => two(d.getUTCHours()),
  M: (d) => two(d.getUTCMinutes()),
  S: (d) => two(d.getUTCSeconds()),
  L: (d) => two(d.getUTCMilliseconds(), 3),
  j: (d) => two(dayOfYear(d), 3),
  w: (d) => String(d.getUTCDay() + 1),
  u: (d) => String(isoWeek(d).day),
  U: (d) => two(sundayWeek(d)),
  V: (d) => two(isoWeek(d).week),
  G: (d) => two(isoWeek(d).year, 4),
  b: (d) => MONTHS[d.getUTCMonth()]!.slice(0, 3),
  B: (d) => MONTHS[d.getUTCMonth()]!,
  z: (_d, offset) => offsetText(offset),
  Z: (_d, offset) => String(offset),
  '%': () => '%',
};

function formatDate(at: Date, zone: Zone, format: string): string {
  const local = toLocal(at, zone);
  return format.replace(/%(.?)/gs, (_all, letter: string) => {
    const write = Object.hasOwn(FORMATS, letter) ? FORMATS[letter] : undefined;
    if (!write) throw new CommandError(18536, `Invalid format character '%${letter}' in format string`);
    return write(local, zone(at));
  });
}

const dateToString: Operator = (operand, compiler, name) => {
  const named = namedOperands(operand, name, {
    required: ['date'],
    optional: ['format', 'timezone', 'onNull'],
  });
  const date = compiler.compile(named['date']);
  const format = Object.hasOwn(named, 'format') ? compiler.compile(named['format']) : undefined;
  const zone = zoneReader(named['timezone'], compiler);
  const onNull = compiler.compile(named['onNull'] ?? null);
  return (scope) => {
    const value = date(scope);
    if (isNullish(value)) return onNull(scope);
    const where = zone(scope);
    const usual = where === zoneOf('UTC') ? '%Y-%m-%dT%H:%M:%S.%LZ' : '%Y-%m-%dT%H:%M:%S.%L';
    const text = format ? format(scope) : usual;
    if (where === null || isNullish(text)) return null;
    if (typeof text !== 'string')
      throw new CommandError(18533, '$dateToString requires that format be a string');
    return formatDate(dateOf(value, name), where, text);
  };
};

const UNITS = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'] as const;
export type Unit = (typeof UNITS)[number];

const LENGTHS: Partial<Record<Unit, number>> = {
  week: 7 * DAY,
  day: DAY,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
};

export function unitOf(value: unknown, name: string): Unit {
  const unit = UNITS.find((each) => each === value);
  if (unit) return unit;
  throw new CommandError(
    9,
    `${name} has an unknown time unit: ${String(value)}; it takes ${UNITS.join(', ')}`,
  );
}

const MONTHS_IN: Partial<Record<Unit, number>> = { year: 12, quarter: 3, month: 1 };

/** Adds whole months to a local time; the day stays within the month it lands in. */
function addMonths(local: Date, months: number): Date {
  const result = new Date(local);
  const day = result.getUTCDate();
  result.setUTCDate(1);
  result.setUTCMonth(result.getUTCMonth() + months);
  const last = new Date(Date.UTC(result.getUTCFullYear(), result.getUTCMonth() + 1, 0)).getUTCDate();
  result.setUTCDate(Math.min(day, last));
  return result;
}

/** Days and longer are counted on the zone's clock, hours and shorter in elapsed time. */
function addUnits(at: Date, zone: Zone, unit: Unit, amount: number): Date {
  const months = MONTHS_IN[unit];
  if (months !== undefined) return fromLocal(addMonths(toLocal(at, zone), months * amount), zone);
  const length = LENGTHS[unit]!;
  if (length < DAY) return new Date(at.getTime() + length * amount);
  return fromLocal(new Date(toLocal(at, zone).getTime() + length * amount), zone);
}

const shifting =
  (sign: 1 | -1): Operator =>
  (operand, compiler, name) => {
    const named = namedOperands(operand, name, {
      required: ['startDate', 'unit', 'amount'],
      optional: ['timezone'],
    });
    const [start, unit, amount] = ['startDate', 'unit', 'amount'].map((key) =>
      compiler.compile(named[key]),
    ) as [Evaluate, Evaluate, Evaluate];
    const zone = zoneReader(named['timezone'], compiler);
    return (scope) => {
      const [from, by, count, where] = [start(scope), unit(scope), amount(scope), zone(scope)];
      if (isNullish(from) || isNullish(by) || isNullish(count) || where === null) return null;
      const n = integerOf(count);
      if (n === undefined) throw new CommandError(5166405, `${name} expects an integer amount of time units`);
      return addUnits(dateOf(from, name, 5166403), where, unitOf(by, name), sign * n);
    };
  };

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

export function weekdayOf(value: unknown): number {
  const text = String(value).toLowerCase();
  const day = WEEKDAYS.findIndex((each) => each === text || each.slice(0, 3) === text);
  if (day < 0) throw new CommandError(9, `startOfWeek is no day of the week: ${text}`);
  return day;
}

/** The beginning of the unit on the zone's clock; bins of several units count from 2000-01-01, as in MongoDB. */
function truncate(local: Date, unit: Unit, bin: number, startOfWeek: number): Date {
  const months = MONTHS_IN[unit];
  if (months !== undefined) {
    const since = (local.getUTCFullYear() - 2000) * 12 + local.getUTCMonth();
    const start = Math.floor(since / (months * bin)) * months * bin;
    return new Date(Date.UTC(2000, start, 1));
  }
  const reference = Date.UTC(2000, 0, 1);
  // 2000-01-01 was a Saturday.
  const origin = unit === 'week' ? reference + ((startOfWeek - 6 + 7) % 7) * DAY : reference;
  const length = LENGTHS[unit]! * bin;
  return new Date(origin + Math.floor((local.getTime() - origin) / length) * length);
}

const dateTrunc: Operator = (operand, compiler, name) => {
  const named = namedOperands(operand, name, {
    required: ['date', 'unit'],
    optional: ['binSize', 'timezone', 'startOfWeek'],
  });
  const [date, unit, binSize, weekStart] = [
    named['date'],
    named['unit'],
    named['binSize'] ?? 1,
    named['startOfWeek'] ?? 'sunday',
  ].map((each) => compiler.compile(each)) as [Evaluate, Evaluate, Evaluate, Evaluate];
  const zone = zoneReader(named['timezone'], compiler);
  return (scope) => {
    const [at, by, bin, first, where] = [
      date(scope),
      unit(scope),
      binSize(scope),
      weekStart(scope),
      zone(scope),
    ];
    if (isNullish(at) || isNullish(by) || isNullish(bin) || isNullish(first) || where === null) return null;
    const size = integerOf(bin);
    if (size === undefined || size < 1)
      throw new CommandError(5439017, `${name} requires a positive binSize`);
    const local = toLocal(dateOf(at, name, 5439012), where);
    return fromLocal(truncate(local, unitOf(by, name), size, weekdayOf(first)), where);
  };
};

export const dateOperators: OperatorTable = {
  $year: part((d) => d.getUTCFullYear()),
  $month: part((d) => d.getUTCMonth() + 1),
  $dayOfMonth: part((d) => d.getUTCDate()),
  $hour: part((d) => d.getUTCHours()),
  $minute: part((d) => d.getUTCMinutes()),
  $second: part((d) => d.getUTCSeconds()),
  $millisecond: part((d) => d.getUTCMilliseconds()),
  $dayOfWeek: part((d) => d.getUTCDay() + 1),
  $dayOfYear: part(dayOfYear),
  $week: part(sundayWeek),
  $isoDayOfWeek: part((d) => isoWeek(d).day),
  $isoWeek: part((d) => isoWeek(d).week),
  $isoWeekYear: part((d) => Long.fromNumber(isoWeek(d).year)),
  $dateToString: dateToString,
  $dateAdd: shifting(1),
  $dateSubtract: shifting(-1),
  $dateTrunc: dateTrunc,
};
