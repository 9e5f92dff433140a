import { Int32 } from 'bson';
import { Sum } from '../bson/number/accumulate.ts';
import { compareValues, compileSortKey, equalValues } from '../bson/order.ts';
import { CommandError, docOf, integerOf, isDoc, typeAlias } from '../bson/values.ts';
import { truthy } from '../query/match/operators.ts';
import { checkVariable } from './logic.ts';
import {
  type Compiler,
  type Evaluate,
  isNullish,
  MANY,
  namedOperands,
  type Operator,
  type OperatorTable,
  over,
  overPresent,
} from './operator.ts';

function arrayOf(value: unknown, name: string, code: number): unknown[] {
  if (Array.isArray(value)) return value;
  throw new CommandError(
    code,
    `The argument to ${name} must be an array, but was of type: ${typeAlias(value)}`,
  );
}

function wholeOf(value: unknown, name: string, code: number): number {
  const n = integerOf(value);
  if (n === undefined)
    throw new CommandError(code, `${name} needs a whole number, found: ${typeAlias(value)}`);
  return n;
}

/** The one array operand, or all operands, of $sum and its kin. */
const gathering = (apply: (values: unknown[]) => unknown): Operator =>
  over(0, MANY, (values) => apply(values.length === 1 && Array.isArray(values[0]) ? values[0] : values));

function extreme(sign: 1 | -1): Operator {
  return gathering((values) => extremeOf(values, sign) ?? null);
}

/** Least (-1) or greatest (1) of what is neither null nor missing. */
function extremeOf(values: readonly unknown[], sign: 1 | -1): unknown {
  let best: unknown;
  for (const value of values) {
    if (!isNullish(value) && (best === undefined || compareValues(value, best) * sign > 0)) best = value;
  }
  return best;
}

function sumOf(values: readonly unknown[]): Sum {
  const sum = new Sum();
  for (const value of values) sum.add(value);
  return sum;
}

interface Each {
  input: Evaluate;
  variable: string;
  inner: Compiler;
}

function eachOf(operand: Record<string, unknown>, compiler: Compiler): Each {
  const variable = operand['as'] ?? 'this';
  if (typeof variable !== 'string') throw new CommandError(9, "'as' must be the name of a variable");
  checkVariable(variable);
  return { input: compiler.compile(operand['input']), variable, inner: compiler.knowing([variable]) };
}

const filter: Operator = (operand, compiler, name) => {
  const named = namedOperands(operand, name, { required: ['input', 'cond'], optional: ['as', 'limit'] });
  const { input, variable, inner } = eachOf(named, compiler);
  const test = inner.compile(named['cond']);
  const limit = compiler.compile(named['limit'] ?? null);
  return (scope) => {
    const values = input(scope);
    if (isNullish(values)) return null;
    const most = limit(scope);
    const kept = arrayOf(values, name, 28651).filter((value) =>
      truthy(test({ root: scope.root, vars: { ...scope.vars, [variable]: value } })),
    );
    return isNullish(most) ? kept : kept.slice(0, wholeOf(most, `${name}'s limit`, 327391));
  };
};

const map: Operator = (operand, compiler, name) => {
  const named = namedOperands(operand, name, { required: ['input', 'in'], optional: ['as'] });
  const { input, variable, inner } = eachOf(named, compiler);
  const body = inner.compile(named['in']);
  return (scope) => {
    const values = input(scope);
    if (isNullish(values)) return null;
    return arrayOf(values, name, 16883).map(
      (value) => body({ root: scope.root, vars: { ...scope.vars, [variable]: value } }) ?? null,
    );
  };
};

const reduce: Operator = (operand, compiler, name) => {
  const named = namedOperands(operand, name, { required: ['input', 'initialValue', 'in'] });
  const input = compiler.compile(named['input']);
  const initial = compiler.compile(named['initialValue']);
  const body = compiler.knowing(['this', 'value']).compile(named['in']);
  return (scope) => {
    const values = input(scope);
    if (isNullish(values)) return null;
    return arrayOf(values, name, 40080).reduce<unknown>(
      (value, element) => body({ root: scope.root, vars: { ...scope.vars, this: element, value } }),
      initial(scope),
    );
  };
};

const sortArray: Operator = (operand, compiler, name) => {
  const named = namedOperands(operand, name, { required: ['input', 'sortBy'] });
  const input = compiler.compile(named['input']);
  const by = named['sortBy'];
  const compare = isDoc(by) ? comparingDocs(compileSortKey(by)) : comparingValues(integerOf(by));
  return (scope) => {
    const values = input(scope);
    if (isNullish(values)) return null;
    return arrayOf(values, name, 2942504)
      .map((value) => ({ value }))
      .sort((a, b) => compare(a.value, b.value))
      .map((box) => box.value);
  };
};

function comparingDocs({ keyOf, compare }: ReturnType<typeof compileSortKey>) {
  return (a: unknown, b: unknown): number => compare(keyOf(docOf(a) ?? {}), keyOf(docOf(b) ?? {}));
}

function comparingValues(direction: number | undefined) {
  if (direction !== 1 && direction !== -1)
    throw new CommandError(2942506, 'The $sortArray sortBy must be 1, -1 or a document');
  return (a: unknown, b: unknown): number => compareValues(a, b) * direction;
}

function elementAt(values: unknown[], index: number): unknown {
  return values.at(index);
}

function slice([array, ...numbers]: unknown[], name: string): unknown {
  const values = arrayOf(array, name, 28724);
  const [first, second] = numbers.map((n) => wholeOf(n, name, 28725));
  if (second === undefined) return first! >= 0 ? values.slice(0, first) : values.slice(first);
  if (second <= 0) throw new CommandError(28729, 'Third argument to $slice must be positive');
  const start = first! >= 0 ? first! : Math.max(0, values.length + first!);
  return values.slice(start, start + second);
}

/** Where a search begins or ends. */
function edge(value: unknown, name: string): number {
  const n = wholeOf(value, name, 40096);
  if (n < 0) throw new CommandError(40097, `${name} requires a place from 0 on, found ${n}`);
  return n;
}

function distinct(values: unknown[]): unknown[] {
  const sorted = values.map((value) => ({ value })).sort((a, b) => compareValues(a.value, b.value));
  return sorted
    .filter((box, i) => i === 0 || !equalValues(box.value, sorted[i - 1]!.value))
    .map((box) => box.value);
}

const has = (values: unknown[], value: unknown): boolean => values.some((each) => equalValues(each, value));

function range([start, end, step]: unknown[], name: string): Int32[] {
  const [from, to, by] = [start, end, step === undefined ? 1 : step].map((n, i) =>
    wholeOf(n, name, 34443 + 2 * i),
  ) as [number, number, number];
  if (by === 0) throw new CommandError(34449, '$range requires a non-zero step value');
  const count = Math.max(0, Math.ceil((to - from) / by));
  if (count > 1_000_000)
    throw new CommandError(2, '$range would make an array of more than 1,000,000 elements');
  return Array.from({ length: count }, (_, i) => new Int32(from + i * by));
}

export const arrayOperators: OperatorTable = {
  $sum: gathering((values) => sumOf(values).total()),
  $avg: gathering((values) => sumOf(values).average()),
  $min: extreme(-1),
  $max: extreme(1),
  $filter: filter,
  $map: map,
  $reduce: reduce,
  $sortArray: sortArray,
  $size: over(1, 1, ([value], name) => new Int32(arrayOf(value, name, 17124).length)),
  $isArray: over(1, 1, ([value]) => Array.isArray(value)),
  $arrayElemAt: overPresent(2, 2, ([array, index], name) =>
    elementAt(arrayOf(array, name, 28689), wholeOf(index, name, 28690)),
  ),
  $first: overPresent(1, 1, ([array], name) => elementAt(arrayOf(array, name, 28689), 0)),
  $last: overPresent(1, 1, ([array], name) => elementAt(arrayOf(array, name, 28689), -1)),
  $slice: overPresent(2, 3, slice),
  $concatArrays: overPresent(0, MANY, (arrays, name) =>
    arrays.flatMap((array) => arrayOf(array, name, 28664)),
  ),
  $reverseArray: overPresent(1, 1, ([array], name) => [...arrayOf(array, name, 34435)].reverse()),
  $in: over(2, 2, ([value, array], name) => has(arrayOf(array, name, 40081), value)),
  $indexOfArray: over(2, 4, ([array, value, start, end], name) => {
    if (isNullish(array)) return null;
    const values = arrayOf(array, name, 40090);
    const from = start === undefined ? 0 : edge(start, name);
    const to = end === undefined ? values.length : Math.min(values.length, edge(end, name));
    for (let i = from; i < to; i++) if (equalValues(values[i], value)) return new Int32(i);
    return new Int32(-1);
  }),
  $range: over(2, 3, range),
  $setUnion: overPresent(0, MANY, (arrays, name) =>
    distinct(arrays.flatMap((array) => arrayOf(array, name, 17043))),
  ),
  $setIntersection: overPresent(0, MANY, (arrays, name) => {
    const [first = [], ...others] = arrays.map((array) => arrayOf(array, name, 17047));
    return distinct(first).filter((value) => others.every((other) => has(other, value)));
  }),
  $setDifference: overPresent(2, 2, ([a, b], name) => {
    const taken = arrayOf(b, name, 17049);
    const kept: unknown[] = [];
    for (const value of arrayOf(a, name, 17048))
      if (!has(taken, value) && !has(kept, value)) kept.push(value);
    return kept;
  }),
  $setIsSubset: over(2, 2, ([a, b], name) => {
    const whole = arrayOf(b, name, 17042);
    return arrayOf(a, name, 17046).every((value) => has(whole, value));
  }),
  $setEquals: over(2, MANY, (arrays, name) => {
    const [first, ...others] = arrays.map((array) => distinct(arrayOf(array, name, 17044)));
    return others.every((other) => equalValues(first, other));
  }),
  $anyElementTrue: over(1, 1, ([array], name) => arrayOf(array, name, 17041).some(truthy)),
  $allElementsTrue: over(1, 1, ([array], name) => arrayOf(array, name, 17040).every(truthy)),
};
