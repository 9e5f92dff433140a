import { Double, Int32 } from 'bson';
import { Sum } from '../bson/number/accumulate.ts';
import { compareValues, compileSortKey, encodeKey } from '../bson/order.ts';
import {
  CommandError,
  type Doc,
  docOf,
  integerOf,
  isDoc,
  numberOf,
  typeAlias,
  unsupported,
} from '../bson/values.ts';
import { compileExpression, type Expression } from '../expression/expression.ts';
import { mergeDocs } from '../expression/objects.ts';
import { Deviation } from '../expression/statistics.ts';
import type { EvalContext } from '../query/match.ts';
import type { Meter } from './memory.ts';

/** One accumulator of one group: takes values one by one. */
export interface Accumulator {
  add(value: unknown): void;
  result(): unknown;
}

/** An accumulator as compiled: what it takes of a document, and how one begins for a group of this `_id`. */
export interface Accumulating {
  value: Expression;
  begin(meter: Meter, id: unknown): Accumulator;
}

/** Bytes under which equal values meet: 1 and 1.0 are one key. */
export const keyText = (value: unknown): string => encodeKey([value], [1]).bytes.toString('latin1');

class Extreme implements Accumulator {
  private best: unknown;
  private readonly sign: 1 | -1;
  constructor(sign: 1 | -1) {
    this.sign = sign;
  }
  add(value: unknown): void {
    if (value === null || value === undefined) return;
    if (this.best === undefined || compareValues(value, this.best) * this.sign > 0) this.best = value;
  }
  result(): unknown {
    return this.best ?? null;
  }
}

class Edge implements Accumulator {
  private seen = false;
  private value: unknown = null;
  private readonly last: boolean;
  constructor(last: boolean) {
    this.last = last;
  }
  add(value: unknown): void {
    if (this.seen && !this.last) return;
    this.seen = true;
    this.value = value ?? null;
  }
  result(): unknown {
    return this.value;
  }
}

class Total implements Accumulator {
  private readonly sum = new Sum();
  private readonly average: boolean;
  constructor(average: boolean) {
    this.average = average;
  }
  add(value: unknown): void {
    this.sum.add(value);
  }
  result(): unknown {
    return this.average ? this.sum.average() : this.sum.total();
  }
}

class Spread implements Accumulator {
  private readonly deviation = new Deviation();
  private readonly sample: boolean;
  constructor(sample: boolean) {
    this.sample = sample;
  }
  add(value: unknown): void {
    const n = numberOf(value);
    if (n !== undefined) this.deviation.add(n);
  }
  result(): Double | null {
    const result = this.deviation.result(this.sample);
    return result === null ? null : new Double(result);
  }
}

class Collection implements Accumulator {
  private readonly values: unknown[] = [];
  private readonly keys: Set<string> | undefined;
  private readonly meter: Meter;
  constructor(distinct: boolean, meter: Meter) {
    this.keys = distinct ? new Set() : undefined;
    this.meter = meter;
  }
  add(value: unknown): void {
    if (value === undefined) return;
    if (this.keys) {
      const key = keyText(value);
      if (this.keys.has(key)) return;
      this.keys.add(key);
    }
    this.meter.add(value);
    this.values.push(value);
  }
  result(): unknown {
    return this.values;
  }
}

class Merged implements Accumulator {
  private doc: Doc = {};
  add(value: unknown): void {
    this.doc = mergeDocs([this.doc, value], '$mergeObjects');
  }
  result(): unknown {
    return this.doc;
  }
}

/** The first or last `n` values as they came. */
class Ends implements Accumulator {
  private readonly values: unknown[] = [];
  private readonly how: { n: number; last: boolean; meter: Meter };
  constructor(how: { n: number; last: boolean; meter: Meter }) {
    this.how = how;
  }
  add(value: unknown): void {
    const { n, last, meter } = this.how;
    if (!last && this.values.length >= n) return;
    if (this.values.length < n) meter.add(value);
    else this.values.shift();
    this.values.push(value ?? null);
  }
  result(): unknown {
    return this.values;
  }
}

/** The first `n` by an order, kept in it; of equals the earlier ones. */
class Best implements Accumulator {
  private readonly kept: { key: unknown; value: unknown }[] = [];
  private readonly how: { n: number; compare: (a: unknown, b: unknown) => number; meter: Meter };
  constructor(how: { n: number; compare: (a: unknown, b: unknown) => number; meter: Meter }) {
    this.how = how;
  }
  take(key: unknown, value: unknown): void {
    const { n, compare, meter } = this.how;
    const full = this.kept.length >= n;
    if (full && compare(key, this.kept.at(-1)!.key) >= 0) return;
    let [low, high] = [0, this.kept.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.kept[middle]!.key, key) <= 0) low = middle + 1;
      else high = middle;
    }
    this.kept.splice(low, 0, { key, value });
    if (full) this.kept.pop();
    else meter.add(value);
  }
  add(value: unknown): void {
    if (value !== undefined && value !== null) this.take(value, value);
  }
  result(): unknown[] {
    return this.kept.map(({ value }) => value ?? null);
  }
}

const PLAIN: Record<string, (meter: Meter) => Accumulator> = {
  $sum: () => new Total(false),
  $count: () => new Total(false),
  $avg: () => new Total(true),
  $min: () => new Extreme(-1),
  $max: () => new Extreme(1),
  $first: () => new Edge(false),
  $last: () => new Edge(true),
  $push: (meter) => new Collection(false, meter.gathering('$push')),
  $addToSet: (meter) => new Collection(true, meter.gathering('$addToSet')),
  $mergeObjects: () => new Merged(),
  $stdDevPop: () => new Spread(false),
  $stdDevSamp: () => new Spread(true),
};

const REFUSED = new Set('$accumulator $median $percentile'.split(' '));

type Making = (name: string, operand: unknown, ctx: EvalContext) => Accumulating;

/** The operand of $firstN and its kin: a document of exactly these. */
function named(name: string, operand: unknown, keys: readonly string[]): Doc {
  if (!isDoc(operand))
    throw new CommandError(5787900, `specification must be an object; found ${name}: ${typeAlias(operand)}`);
  const stranger = Object.keys(operand).find((key) => !keys.includes(key));
  if (stranger !== undefined) throw new CommandError(5787901, `Unknown argument to ${name} '${stranger}'`);
  const absent = keys.find((key) => !Object.hasOwn(operand, key));
  if (absent === 'n') throw new CommandError(5787906, `Missing value for 'n' in ${name}`);
  if (absent !== undefined) throw new CommandError(5787907, `Missing value for '${absent}' in ${name}`);
  return operand;
}

/** How many: a whole number from 1 on, which may depend on the group's `_id`. */
export function countOf(value: unknown, name: string): number {
  const n = integerOf(value);
  if (n === undefined)
    throw new CommandError(
      5787902,
      `Value for 'n' must be of integral type, but found ${typeAlias(value)} in ${name}`,
    );
  if (n < 1) throw new CommandError(5787908, `'n' must be greater than 0, found ${n} in ${name}`);
  return n;
}

const ends =
  (last: boolean): Making =>
  (name, operand, ctx) => {
    const { n, input } = named(name, operand, ['n', 'input']);
    const count = compileExpression(n, ctx);
    return {
      value: compileExpression(input, ctx),
      begin: (meter, id) => new Ends({ n: countOf(count(docOf(id) ?? {}), name), last, meter }),
    };
  };

const extremes =
  (sign: 1 | -1): Making =>
  (name, operand, ctx) => {
    const { n, input } = named(name, operand, ['n', 'input']);
    const count = compileExpression(n, ctx);
    const compare = (a: unknown, b: unknown): number => compareValues(a, b) * -sign;
    return {
      value: compileExpression(input, ctx),
      begin: (meter, id) => new Best({ n: countOf(count(docOf(id) ?? {}), name), compare, meter }),
    };
  };

interface Keyed {
  key: unknown[];
  output: unknown;
}

/** $top and $bottom with their N: `bottom` keeps the last of the order, in that order. */
const tops =
  (bottom: boolean, single: boolean): Making =>
  (name, operand, ctx) => {
    const spec = named(name, operand, single ? ['sortBy', 'output'] : ['n', 'sortBy', 'output']);
    if (!isDoc(spec['sortBy']))
      throw new CommandError(
        5788604,
        `expected 'sortBy' to already be an object in the arguments to ${name}`,
      );
    const { keyOf, compare } = compileSortKey(spec['sortBy']);
    const output = compileExpression(spec['output'], ctx);
    const count = compileExpression(single ? new Int32(1) : spec['n'], ctx);
    const sign = bottom ? -1 : 1;
    const order = (a: unknown, b: unknown): number => sign * compare(a as unknown[], b as unknown[]);
    return {
      value: (doc, vars): Keyed => ({ key: keyOf(doc), output: output(doc, vars) }),
      begin: (meter, id) => {
        const best = new Best({ n: countOf(count(docOf(id) ?? {}), name), compare: order, meter });
        return {
          add: (value) => best.take((value as Keyed).key, (value as Keyed).output),
          result: () => {
            const kept = bottom ? best.result().reverse() : best.result();
            return single ? (kept[0] ?? null) : kept;
          },
        };
      },
    };
  };

const OF_SEVERAL: Record<string, Making> = {
  $firstN: ends(false),
  $lastN: ends(true),
  $minN: extremes(-1),
  $maxN: extremes(1),
  $top: tops(false, true),
  $topN: tops(false, false),
  $bottom: tops(true, true),
  $bottomN: tops(true, false),
};

/** Compiles the accumulator of a field of $group and its kin. */
export function compileAccumulator(operator: string, operand: unknown, ctx: EvalContext): Accumulating {
  if (Object.hasOwn(OF_SEVERAL, operator)) return OF_SEVERAL[operator]!(operator, operand, ctx);
  const begin = Object.hasOwn(PLAIN, operator) ? PLAIN[operator] : undefined;
  if (!begin) {
    if (REFUSED.has(operator)) throw unsupported(`The accumulator ${operator}`);
    throw new CommandError(15952, `unknown group operator '${operator}'`);
  }
  if (Array.isArray(operand))
    throw new CommandError(40237, `The ${operator} accumulator is a unary operator`);
  if (operator !== '$count') return { begin, value: compileExpression(operand, ctx) };
  if (!isDoc(operand) || Object.keys(operand).length > 0)
    throw new CommandError(9, '$count takes no arguments, i.e. $count:{}');
  const one = new Int32(1);
  return { begin, value: () => one };
}
