import { sameBytes } from '../bson/order/bytes.ts';
import { compareValues, equalValues } from '../bson/order.ts';
import { childOf } from '../bson/paths.ts';
import { CommandError, cloneValue, docOf, integerOf, isDoc, show, typeAlias } from '../bson/values.ts';
import { isRegex } from '../query/match/operators.ts';
import { compileElement, type EvalContext, isElementCondition } from '../query/match.ts';
import { type Change, SAME } from './change.ts';

const settle = (old: unknown, next: unknown[]): unknown =>
  Array.isArray(old) && sameBytes(old, next) ? SAME : next;

interface PushClauses {
  each: unknown[];
  position?: number;
  slice?: number;
  sort?: (a: unknown, b: unknown) => number;
}

const PUSH_CLAUSES = new Set(['$each', '$position', '$slice', '$sort']);

/** $push: one value, or $each with $position, then $sort, then $slice. */
export function push(operand: unknown, path: string): Change {
  const clauses = pushClauses(operand);
  return (old, doc) => {
    if (old !== undefined && !Array.isArray(old)) {
      throw new CommandError(
        2,
        `The field '${path}' must be an array but is of type ${typeAlias(old)} in document {_id: ${show(doc['_id'])}}`,
      );
    }
    const next: unknown[] = old === undefined ? [] : [...old];
    const at = clauses.position ?? next.length;
    next.splice(at < 0 ? Math.max(0, next.length + at) : at, 0, ...clauses.each.map(cloneValue));
    return settle(old, slice(sorted(next, clauses.sort), clauses.slice));
  };
}

function pushClauses(operand: unknown): PushClauses {
  if (!isDoc(operand) || !Object.hasOwn(operand, '$each')) return { each: [operand] };
  const unknown = Object.keys(operand).find((key) => !PUSH_CLAUSES.has(key));
  if (unknown !== undefined) throw new CommandError(2, `Unrecognized clause in $push: ${unknown}`);
  const each = operand['$each'];
  if (!Array.isArray(each)) {
    throw new CommandError(
      2,
      `The argument to $each in $push must be an array but it was of type: ${typeAlias(each)}`,
    );
  }
  const clauses: PushClauses = { each };
  if (operand['$position'] !== undefined) clauses.position = wholeClause('$position', operand['$position']);
  if (operand['$slice'] !== undefined) clauses.slice = wholeClause('$slice', operand['$slice']);
  if (operand['$sort'] !== undefined) clauses.sort = sortClause(operand['$sort']);
  return clauses;
}

function wholeClause(name: string, value: unknown): number {
  const n = integerOf(value);
  if (n === undefined) {
    throw new CommandError(
      2,
      `The value for ${name} must be an integer value but was given type: ${typeAlias(value)}`,
    );
  }
  return n;
}

function directionOf(value: unknown): number {
  const n = integerOf(value);
  if (n === 1 || n === -1) return n;
  throw new CommandError(2, 'The $sort element value must be either 1 or -1');
}

function sortClause(spec: unknown): (a: unknown, b: unknown) => number {
  if (!isDoc(spec)) {
    const direction = directionOf(spec);
    return (a, b) => compareValues(a, b) * direction;
  }
  const fields = Object.keys(spec).map((path) => ({
    parts: path.split('.'),
    direction: directionOf(spec[path]),
  }));
  const empty = fields.find(({ parts }) => parts.includes(''));
  if (empty) throw new CommandError(2, `The $sort field has an empty part: '${empty.parts.join('.')}'`);
  if (fields.length === 0)
    throw new CommandError(2, 'The $sort pattern is empty when it should be a set of fields.');
  const valueAt = (element: unknown, parts: string[]): unknown =>
    parts.reduce<unknown>(childOf, element) ?? null;
  return (a, b) => {
    for (const { parts, direction } of fields) {
      const order = compareValues(valueAt(a, parts), valueAt(b, parts));
      if (order !== 0) return order * direction;
    }
    return 0;
  };
}

function sorted(array: unknown[], compare: PushClauses['sort']): unknown[] {
  if (!compare) return array;
  return array
    .map((value) => ({ value }))
    .sort((a, b) => compare(a.value, b.value))
    .map((box) => box.value);
}

function slice(array: unknown[], count: number | undefined): unknown[] {
  if (count === undefined) return array;
  if (count === 0) return [];
  return count > 0 ? array.slice(0, count) : array.slice(count);
}

/** $addToSet: appends what is not there yet, by BSON equality. */
export function addToSet(operand: unknown, path: string): Change {
  const values = eachOf(operand);
  return (old) => {
    if (old !== undefined && !Array.isArray(old)) {
      throw new CommandError(
        2,
        `Cannot apply $addToSet to non-array field. Field named '${path}' has non-array type ${typeAlias(old)}`,
      );
    }
    const next: unknown[] = old === undefined ? [] : [...old];
    for (const value of values) {
      if (!next.some((element) => equalValues(element, value))) next.push(cloneValue(value));
    }
    return settle(old, next);
  };
}

function eachOf(operand: unknown): unknown[] {
  if (!isDoc(operand) || Object.keys(operand)[0] !== '$each') return [operand];
  const extra = Object.keys(operand)[1];
  if (extra !== undefined)
    throw new CommandError(2, `Found unexpected fields after $each in $addToSet: ${extra}`);
  const each = operand['$each'];
  if (Array.isArray(each)) return each;
  throw new CommandError(
    14,
    `The argument to $each in $addToSet must be an array but it was of type ${typeAlias(each)}`,
  );
}

/** An operator that takes elements out of an array; a missing field stays missing. */
function taking(operator: string, gone: (element: unknown) => boolean): Change {
  return (old) => {
    if (old === undefined) return SAME;
    if (!Array.isArray(old)) throw new CommandError(2, `Cannot apply ${operator} to a non-array value`);
    const next = old.filter((element) => !gone(element));
    return next.length === old.length ? SAME : next;
  };
}

/** $pull: by a condition on the element (`{$gt: 5}`), a filter on its fields, a pattern, or equality. */
export function pull(operand: unknown, _path: string, ctx: EvalContext): Change {
  const how = { enter: true, noExpr: true };
  if (isDoc(operand)) {
    const matches = compileElement(operand, ctx, how);
    if (isElementCondition(operand)) return taking('$pull', matches);
    return taking('$pull', (element) => docOf(element) !== undefined && matches(element));
  }
  if (isRegex(operand)) return taking('$pull', compileElement({ $regex: operand }, ctx, how));
  return taking('$pull', (element) => equalValues(element, operand));
}

export function pullAll(operand: unknown): Change {
  if (!Array.isArray(operand)) {
    throw new CommandError(2, `$pullAll requires an array argument but was given a ${typeAlias(operand)}`);
  }
  return taking('$pullAll', (element) => operand.some((value) => equalValues(element, value)));
}

export function pop(operand: unknown, path: string): Change {
  const end = integerOf(operand);
  if (end !== 1 && end !== -1) throw new CommandError(9, `$pop expects 1 or -1, found: ${show(operand)}`);
  return (old) => {
    if (old === undefined) return SAME;
    if (!Array.isArray(old)) {
      throw new CommandError(14, `Path '${path}' contains an element of non-array type '${typeAlias(old)}'`);
    }
    if (old.length === 0) return SAME;
    return end === 1 ? old.slice(0, -1) : old.slice(1);
  };
}
