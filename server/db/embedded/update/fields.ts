import { Int32, Long, Timestamp } from 'bson';
import { calculate, LongOverflow } from '../bson/number/arithmetic.ts';
import { sameBytes } from '../bson/order/bytes.ts';
import { compareValues } from '../bson/order.ts';
import {
  CommandError,
  cloneValue,
  type Doc,
  isDoc,
  keysOf,
  numberOf,
  numberType,
  show,
  typeAlias,
} from '../bson/values.ts';
import { type Change, SAME, UNSET } from './change.ts';

/** A field operator: checks its operand once and gives the change of one field. */
export type FieldOperator = (operand: unknown, path: string, now: Date) => Change;

export const setTo: FieldOperator = (operand) => (old) =>
  old !== undefined && sameBytes(old, operand) ? SAME : cloneValue(operand);

export const unset: FieldOperator = () => (old) => (old === undefined ? SAME : UNSET);

function arithmetic(operator: '$inc' | '$mul'): FieldOperator {
  const verb = operator === '$inc' ? 'increment' : 'multiply';
  return (operand, path) => {
    if (numberType(operand) === undefined) {
      throw new CommandError(14, `Cannot ${verb} with non-numeric argument: {${path}: ${show(operand)}}`);
    }
    return (old, doc) => {
      if (old === undefined) return operator === '$inc' ? operand : calculate('multiply', operand, 0);
      if (numberType(old) === undefined) {
        throw new CommandError(
          14,
          `Cannot apply ${operator} to a value of non-numeric type. {_id: ${show(doc['_id'])}} has the field '${path}' of non-numeric type ${typeAlias(old)}`,
        );
      }
      try {
        const value = calculate(operator === '$inc' ? 'add' : 'multiply', old, operand);
        return sameBytes(old, value) ? SAME : value;
      } catch (error) {
        if (!(error instanceof LongOverflow)) throw error;
        throw new CommandError(
          2,
          `Failed to apply ${operator} operations to current value (${show(old)}) for document {_id: ${show(doc['_id'])}}`,
        );
      }
    };
  };
}

export const increment = arithmetic('$inc');
export const multiply = arithmetic('$mul');

/** $bit: and, or, xor with whole numbers, one after the other; a missing field counts as 0. */
export const bitwise: FieldOperator = (operand, path) => {
  const steps = bitSteps(operand);
  return (old, doc) => {
    const type = old === undefined ? 'int' : numberType(old);
    if (type !== 'int' && type !== 'long') {
      throw new CommandError(
        2,
        `$bit needs int32 or int64 in '${path}', which is ${typeAlias(old)} in the document of _id ${show(doc['_id'])}`,
      );
    }
    let wide = type === 'long';
    let value = old === undefined ? 0n : wholeOf(old);
    for (const step of steps) {
      wide ||= step.wide;
      value = step.apply(value);
    }
    const next = wide ? Long.fromBigInt(value) : new Int32(Number(value));
    return old !== undefined && sameBytes(old, next) ? SAME : next;
  };
};

const wholeOf = (value: unknown): bigint =>
  value instanceof Long ? value.toBigInt() : BigInt(numberOf(value)!);

interface BitStep {
  apply(value: bigint): bigint;
  /** The operand is an int64, and so will be what comes of it. */
  wide: boolean;
}

function bitSteps(operand: unknown): BitStep[] {
  if (!isDoc(operand)) {
    throw new CommandError(2, `$bit takes {and | or | xor: number}, not ${typeAlias(operand)}`);
  }
  const names = keysOf(operand);
  if (names.length === 0) throw new CommandError(2, '$bit needs at least one of and, or, xor');
  return names.map((name) => {
    const given = operand[name];
    const type = numberType(given);
    if (name !== 'and' && name !== 'or' && name !== 'xor')
      throw new CommandError(2, `$bit knows and, or, xor, not '${name}'`);
    if (type !== 'int' && type !== 'long')
      throw new CommandError(2, `$bit takes int32 and int64, not ${typeAlias(given)}`);
    const mask = wholeOf(given);
    const apply = {
      and: (value: bigint) => value & mask,
      or: (value: bigint) => value | mask,
      xor: (value: bigint) => value ^ mask,
    }[name];
    return { apply, wide: type === 'long' };
  });
}

export const keepLeast: FieldOperator = (operand) => (old) =>
  old !== undefined && compareValues(operand, old) >= 0 ? SAME : cloneValue(operand);

export const keepGreatest: FieldOperator = (operand) => (old) =>
  old !== undefined && compareValues(operand, old) <= 0 ? SAME : cloneValue(operand);

export const currentDate: FieldOperator = (operand, _path, now) => {
  const date = new Date(now);
  const value = wantsTimestamp(operand)
    ? new Timestamp({ t: Math.floor(date.getTime() / 1000), i: 1 })
    : date;
  return (old) => (old !== undefined && sameBytes(old, value) ? SAME : value);
};

function wantsTimestamp(operand: unknown): boolean {
  if (typeof operand === 'boolean') return false;
  if (!isDoc(operand)) {
    throw new CommandError(
      2,
      `${typeAlias(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
    );
  }
  const unknown = Object.keys(operand).find((key) => key !== '$type');
  if (unknown !== undefined) throw new CommandError(2, `Unrecognized $currentDate option: ${unknown}`);
  const type = (operand as Doc)['$type'];
  if (type === 'date') return false;
  if (type === 'timestamp') return true;
  throw new CommandError(
    2,
    "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}",
  );
}
