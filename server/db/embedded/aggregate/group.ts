import { Int32 } from 'bson';
import { Sum } from '../bson/number/accumulate.ts';
import { compareValues, encodeKey } from '../bson/order.ts';
import { CommandError, type Doc, isDoc, setField, unsupported } from '../bson/values.ts';
import { compileExpression, type Expression } from '../expression/expression.ts';
import { mergeDocs } from '../expression/objects.ts';
import type { EvalContext } from '../query/match.ts';

/** One accumulator of one group: takes values one by one. */
interface Accumulator {
  add(value: unknown): void;
  result(): unknown;
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

class Collection implements Accumulator {
  private readonly values: unknown[] = [];
  private readonly keys: Set<string> | undefined;
  constructor(distinct: boolean) {
    this.keys = distinct ? new Set() : undefined;
  }
  add(value: unknown): void {
    if (value === undefined) return;
    if (this.keys) {
      const key = keyText(value);
      if (this.keys.has(key)) return;
      this.keys.add(key);
    }
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

const ACCUMULATORS: Record<string, () => Accumulator> = {
  $sum: () => new Total(false),
  $count: () => new Total(false),
  $avg: () => new Total(true),
  $min: () => new Extreme(-1),
  $max: () => new Extreme(1),
  $first: () => new Edge(false),
  $last: () => new Edge(true),
  $push: () => new Collection(false),
  $addToSet: () => new Collection(true),
  $mergeObjects: () => new Merged(),
};

const REFUSED = new Set(
  '$accumulator $bottom $bottomN $firstN $lastN $maxN $median $minN $percentile $stdDevPop $stdDevSamp $top $topN'.split(
    ' ',
  ),
);

interface Field {
  name: string;
  make: () => Accumulator;
  value: Expression;
}

export interface Grouping {
  add(doc: Doc): void;
  results(): Doc[];
}

/** Compiles a $group stage; every call of the result begins a new grouping. */
export function compileGroup(spec: unknown, ctx: EvalContext): () => Grouping {
  if (!isDoc(spec)) throw new CommandError(15947, "a group's fields must be specified in an object");
  if (!Object.hasOwn(spec, '_id')) throw new CommandError(15955, 'a group specification must include an _id');
  const id = compileExpression(spec['_id'], ctx);
  const fields = Object.keys(spec)
    .filter((name) => name !== '_id')
    .map((name) => compileField(name, spec[name], ctx));
  return () => {
    const groups = new Map<string, { id: unknown; accumulators: Accumulator[] }>();
    return {
      add: (doc) => {
        const value = id(doc) ?? null;
        const key = keyText(value);
        let group = groups.get(key);
        if (!group) {
          group = { id: value, accumulators: fields.map((field) => field.make()) };
          groups.set(key, group);
        }
        for (let i = 0; i < fields.length; i++) group.accumulators[i]!.add(fields[i]!.value(doc));
      },
      results: () =>
        [...groups.values()].map((group) => {
          const doc: Doc = { _id: group.id };
          fields.forEach((field, i) => {
            setField(doc, field.name, group.accumulators[i]!.result());
          });
          return doc;
        }),
    };
  };
}

function compileField(name: string, spec: unknown, ctx: EvalContext): Field {
  if (name.includes('.')) throw new CommandError(40235, `The field name '${name}' cannot contain '.'`);
  if (name.startsWith('$'))
    throw new CommandError(40236, `The field name '${name}' cannot be an operator name`);
  const [operator, ...more] = isDoc(spec) ? Object.keys(spec) : [];
  if (operator === undefined || !isDoc(spec)) {
    throw new CommandError(40234, `The field '${name}' must be an accumulator object`);
  }
  if (more.length > 0) throw new CommandError(40238, `The field '${name}' must specify one accumulator`);
  const make = Object.hasOwn(ACCUMULATORS, operator) ? ACCUMULATORS[operator] : undefined;
  if (!make) {
    if (REFUSED.has(operator)) throw unsupported(`The accumulator ${operator}`);
    throw new CommandError(15952, `unknown group operator '${operator}'`);
  }
  const operand = spec[operator];
  if (Array.isArray(operand)) {
    throw new CommandError(40237, `The ${operator} accumulator is a unary operator`);
  }
  if (operator !== '$count') return { name, make, value: compileExpression(operand, ctx) };
  if (!isDoc(operand) || Object.keys(operand).length > 0) {
    throw new CommandError(9, '$count takes no arguments, i.e. $count:{}');
  }
  const one = new Int32(1);
  return { name, make, value: () => one };
}
