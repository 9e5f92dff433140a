import { Int32 } from 'bson';
import { compareValues, Kind, kindOf } from '../bson/order.ts';
import {
  CommandError,
  type Doc,
  integerOf,
  isDoc,
  setField,
  show,
  typeAlias,
  unsupported,
} from '../bson/values.ts';
import { compileExpression, type Expression } from '../expression/expression.ts';
import type { EvalContext } from '../query/match.ts';
import type { Pace } from '../query/query.ts';
import type { Accumulator } from './accumulators.ts';
import type { Docs } from './context.ts';
import { compileFields, grouped } from './group.ts';
import { Meter } from './memory.ts';
import { sortPaced } from './pace.ts';
import { sorted } from './sort.ts';

type Stream = (source: Docs, pace: Pace) => Docs;

const COUNTING = { count: { $sum: new Int32(1) } };

function groupByOf(spec: unknown, name: string, code: number): unknown {
  if ((typeof spec === 'string' && spec.startsWith('$')) || isDoc(spec)) return spec;
  throw new CommandError(
    code,
    `The ${name} 'groupBy' field must be defined as a $-prefixed path or an expression object, but found: ${show(spec)}.`,
  );
}

/** A constant of a $bucket's specification. */
function constant(value: unknown, ctx: EvalContext): unknown {
  return compileExpression(value, { now: ctx.now })({});
}

function boundariesOf(given: unknown, ctx: EvalContext): unknown[] {
  if (!Array.isArray(given))
    throw new CommandError(
      40200,
      `The $bucket 'boundaries' field must be an array, but found type: ${typeAlias(given)}.`,
    );
  const boundaries = given.map((each) => constant(each, ctx));
  if (boundaries.length < 2)
    throw new CommandError(
      40192,
      `The $bucket 'boundaries' field must have at least 2 values, but found ${boundaries.length} value(s).`,
    );
  for (let i = 1; i < boundaries.length; i++) {
    const [lower, upper] = [boundaries[i - 1], boundaries[i]];
    if (kindOf(lower) !== kindOf(upper))
      throw new CommandError(
        40193,
        "All values in the 'boundaries' option to $bucket must have the same type.",
      );
    if (compareValues(lower, upper) >= 0)
      throw new CommandError(40194, "The 'boundaries' option to $bucket must be sorted, in ascending order.");
  }
  return boundaries;
}

/** $bucket: groups between fixed boundaries, in their order. */
export function compileBucket(spec: unknown, ctx: EvalContext): Stream {
  if (!isDoc(spec))
    throw new CommandError(
      40201,
      `Argument to $bucket stage must be an object, but found type: ${typeAlias(spec)}.`,
    );
  const stranger = Object.keys(spec).find(
    (key) => !['groupBy', 'boundaries', 'default', 'output'].includes(key),
  );
  if (stranger !== undefined) throw new CommandError(40197, `Unrecognized option to $bucket: ${stranger}.`);
  if (!Object.hasOwn(spec, 'groupBy') || !Object.hasOwn(spec, 'boundaries'))
    throw new CommandError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  const by = compileExpression(groupByOf(spec['groupBy'], '$bucket', 40202), ctx);
  const boundaries = boundariesOf(spec['boundaries'], ctx);
  const hasDefault = Object.hasOwn(spec, 'default');
  const otherwise = hasDefault ? constant(spec['default'], ctx) : undefined;
  const [least, most] = [boundaries[0], boundaries.at(-1)];
  if (
    hasDefault &&
    kindOf(otherwise) === kindOf(least) &&
    compareValues(otherwise, least) >= 0 &&
    compareValues(otherwise, most) < 0
  )
    throw new CommandError(
      40199,
      "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.",
    );
  const id: Expression = (doc) => {
    const value = by(doc);
    if (value !== undefined && kindOf(value) !== Kind.undefined) {
      const upper = boundaries.findIndex((boundary) => compareValues(value, boundary) < 0);
      if (upper > 0) return boundaries[upper - 1];
    }
    if (hasDefault) return otherwise;
    throw new CommandError(
      40066,
      '$switch could not find a matching branch for an input, and no default was specified: a value lies outside the boundaries of $bucket.',
    );
  };
  const fields = compileFields(outputOf(spec, 40196, '$bucket'), ctx);
  return (source, pace) => sorted(grouped(source, { id, fields }, pace), { _id: 1 }, pace);
}

function outputOf(spec: Doc, code: number, name: string): Doc {
  const output = spec['output'];
  if (output === undefined) return COUNTING;
  if (isDoc(output)) return output;
  throw new CommandError(
    code,
    `The ${name} 'output' field must be an object, but found type: ${typeAlias(output)}.`,
  );
}

interface Valued {
  value: unknown;
  doc: Doc;
}

/** $bucketAuto: as many groups as asked for, of about as many documents each; equal values stay together. */
export function compileBucketAuto(spec: unknown, ctx: EvalContext): Stream {
  if (!isDoc(spec))
    throw new CommandError(
      40240,
      `The argument to $bucketAuto must be an object, but found type: ${typeAlias(spec)}.`,
    );
  const stranger = Object.keys(spec).find(
    (key) => !['groupBy', 'buckets', 'output', 'granularity'].includes(key),
  );
  if (stranger !== undefined)
    throw new CommandError(40245, `Unrecognized option to $bucketAuto: ${stranger}.`);
  if (spec['granularity'] !== undefined) throw unsupported("$bucketAuto's granularity");
  if (!Object.hasOwn(spec, 'groupBy') || !Object.hasOwn(spec, 'buckets'))
    throw new CommandError(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified.");
  const by = compileExpression(groupByOf(spec['groupBy'], '$bucketAuto', 40239), ctx);
  const buckets = integerOf(spec['buckets']);
  if (buckets === undefined)
    throw new CommandError(
      40241,
      `The $bucketAuto 'buckets' field must be a numeric value, but found type: ${typeAlias(spec['buckets'])}.`,
    );
  if (buckets < 1)
    throw new CommandError(
      40243,
      `The $bucketAuto 'buckets' field must be greater than 0, but found: ${buckets}.`,
    );
  const fields = compileFields(outputOf(spec, 40244, '$bucketAuto'), ctx);
  return function* (source, pace) {
    const meter = new Meter('$bucketAuto');
    const held: Valued[] = [];
    for (const doc of source) {
      if (!doc) {
        yield null;
        continue;
      }
      meter.add(doc);
      held.push({ value: by(doc) ?? null, doc });
    }
    const ordered = yield* sortPaced(held, (a, b) => compareValues(a.value, b.value), pace);
    const size = Math.max(1, Math.round(ordered.length / buckets));
    let from = 0;
    for (let bucket = 0; bucket < buckets && from < ordered.length; bucket++) {
      const to = bucket === buckets - 1 ? ordered.length : endOf(ordered, from + size);
      const accumulators: Accumulator[] = fields.map((field) => field.begin(meter, null));
      for (let i = from; i < to; i++) {
        for (const [k, field] of fields.entries()) accumulators[k]!.add(field.value(ordered[i]!.doc));
        if (i % 16 === 0 && pace.due()) yield null;
      }
      const max = to < ordered.length ? ordered[to]!.value : ordered[to - 1]!.value;
      const result: Doc = { _id: { min: ordered[from]!.value, max } };
      for (const [k, field] of fields.entries()) setField(result, field.name, accumulators[k]!.result());
      yield result;
      from = to;
    }
  };
}

/** Where the run of equal values that reaches this far ends. */
function endOf(ordered: readonly Valued[], to: number): number {
  let end = Math.min(to, ordered.length);
  while (end < ordered.length && compareValues(ordered[end]!.value, ordered[end - 1]!.value) === 0) end += 1;
  return end;
}
