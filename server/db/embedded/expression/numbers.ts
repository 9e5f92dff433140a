import { Decimal128, Double, Int32, Long } from 'bson';
import {
  type Arithmetic,
  calculate,
  divide,
  LongOverflow,
  remainder,
  wholeNumber,
} from '../bson/number/arithmetic.ts';
import { CommandError, integerOf, numberOf, numberType, typeAlias } from '../bson/values.ts';
import { isNullish, MANY, type OperatorTable, over, overPresent } from './operator.ts';

type Numeric = Int32 | Long | Double | Decimal128;

/** As `calculate`, but an int64 that overflows goes on as double, as expressions do. */
function compute(operation: Arithmetic, a: unknown, b: unknown): Numeric {
  try {
    return calculate(operation, a, b);
  } catch (error) {
    if (!(error instanceof LongOverflow)) throw error;
    return calculate(operation, new Double(numberOf(a)!), new Double(numberOf(b)!));
  }
}

function wanted(name: string, value: unknown, code = 14): never {
  throw new CommandError(code, `${name} only supports numeric types, not ${typeAlias(value)}`);
}

const isNumber = (value: unknown): boolean => numberType(value) !== undefined;

function add(values: unknown[], name: string): unknown {
  let date = false;
  let total: unknown = new Int32(0);
  for (const value of values) {
    if (value instanceof Date) {
      if (date) throw new CommandError(16612, 'only one date allowed in an $add expression');
      date = true;
      total = compute('add', total, Long.fromNumber(value.getTime()));
    } else if (isNumber(value)) total = compute('add', total, value);
    else wanted(`${name} only supports numeric or date types; it`, value);
  }
  return date ? new Date(Math.round(numberOf(total)!)) : total;
}

function subtract([a, b]: unknown[], name: string): unknown {
  if (a instanceof Date) {
    if (b instanceof Date) return Long.fromNumber(a.getTime() - b.getTime());
    if (isNumber(b)) return new Date(a.getTime() - Math.trunc(numberOf(b)!));
  }
  if (!isNumber(a)) return wanted(name, a);
  if (!isNumber(b)) return wanted(name, b);
  return compute('subtract', a, b);
}

function checkBoth([a, b]: unknown[], name: string, code?: number): void {
  if (!isNumber(a)) wanted(name, a, code);
  if (!isNumber(b)) wanted(name, b, code);
}

/** Rounds to a decimal place by the number's decimal digits; half to even, as MongoDB. */
function roundTo(mode: 'round' | 'trunc', value: unknown, place: number): unknown {
  const type = numberType(value)!;
  if (type === 'decimal') return roundDecimal(mode, value as Decimal128, place);
  const n = numberOf(value)!;
  if (!Number.isFinite(n)) return value;
  if (type === 'double') return new Double(Number(roundText(mode, decimalText(n), place)));
  if (place >= 0) return value;
  const rounded = BigInt(roundText(mode, String(value), place));
  return wholeNumber(rounded, type);
}

/** A double without an exponent, by its shortest digits. */
function decimalText(n: number): string {
  const [digits = '', exponent = '0'] = n.toExponential().split('e');
  return shift(digits, Number(exponent));
}

function shift(digits: string, exponent: number): string {
  const negative = digits.startsWith('-');
  const [whole = '', fraction = ''] = digits.replace('-', '').split('.');
  const all = whole + fraction;
  const point = whole.length + exponent;
  const text =
    point <= 0
      ? `0.${'0'.repeat(-point)}${all}`
      : `${all.padEnd(point, '0').slice(0, point)}.${all.slice(point)}`;
  return negative ? `-${text}` : text;
}

/** `text` is plain decimal; the result is plain, or with an exponent for places left of the point. */
function roundText(mode: 'round' | 'trunc', text: string, place: number): string {
  const negative = text.startsWith('-');
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const drop = fraction.length - place;
  let scaled = BigInt(whole + fraction);
  if (drop > 0) {
    const unit = 10n ** BigInt(drop);
    const twice = (scaled % unit) * 2n;
    scaled /= unit;
    if (mode === 'round' && (twice > unit || (twice === unit && scaled % 2n === 1n))) scaled += 1n;
  } else scaled *= 10n ** BigInt(-drop);
  const sign = negative ? '-' : '';
  if (place <= 0) return `${sign}${scaled * 10n ** BigInt(-place)}`;
  const padded = scaled.toString().padStart(place + 1, '0');
  return `${sign}${padded.slice(0, -place)}.${padded.slice(-place)}`;
}

function roundDecimal(mode: 'round' | 'trunc', value: Decimal128, place: number): Decimal128 {
  const parts = /^(-?\d+(?:\.\d*)?)(?:E([+-]?\d+))?$/.exec(value.toString());
  if (!parts) return value;
  return Decimal128.fromString(roundText(mode, shift(parts[1]!, Number(parts[2] ?? 0)), place));
}

const rounding = (mode: 'round' | 'trunc') =>
  over(1, 2, ([value, place = 0], name) => {
    if (isNullish(value) || place === null) return null;
    if (!isNumber(value)) return wanted(name, value, 51081);
    const digits = integerOf(place);
    if (digits === undefined || digits < -20 || digits > 100) {
      throw new CommandError(51083, `${name}'s precision must be a whole number between -20 and 100`);
    }
    return roundTo(mode, value, digits);
  });

const whole = (onDouble: (n: number) => number, towards: 'floor' | 'ceil') =>
  overPresent(1, 1, ([value], name) => {
    const type = numberType(value);
    if (type === undefined) return wanted(name, value, 28765);
    if (type === 'double') return new Double(onDouble(numberOf(value)!));
    if (type !== 'decimal') return value;
    const cut = roundTo('trunc', value, 0);
    const rest = numberOf(compute('subtract', value, cut))!;
    if (towards === 'floor') return rest < 0 ? compute('subtract', cut, 1) : cut;
    return rest > 0 ? compute('add', cut, 1) : cut;
  });

export const numberOperators: OperatorTable = {
  $add: overPresent(0, MANY, add),
  $subtract: overPresent(2, 2, subtract),
  $multiply: overPresent(0, MANY, (values, name) =>
    values.reduce<Numeric>(
      (total, value) => (isNumber(value) ? compute('multiply', total, value) : wanted(name, value)),
      new Int32(1),
    ),
  ),
  $divide: overPresent(2, 2, (values, name) => {
    checkBoth(values, name);
    if (numberOf(values[1]) === 0) throw new CommandError(2, "can't $divide by zero");
    return divide(values[0], values[1]);
  }),
  $mod: overPresent(2, 2, (values, name) => {
    checkBoth(values, name, 16611);
    if (numberOf(values[1]) === 0) throw new CommandError(16610, "can't $mod by zero");
    return remainder(values[0], values[1]);
  }),
  $abs: overPresent(1, 1, ([value], name) => {
    if (!isNumber(value)) return wanted(name, value, 28765);
    return numberOf(value)! < 0 ? compute('multiply', value, -1) : value;
  }),
  $ceil: whole(Math.ceil, 'ceil'),
  $floor: whole(Math.floor, 'floor'),
  $round: rounding('round'),
  $trunc: rounding('trunc'),
};
