import { Long } from 'bson';
import { CommandError, type Doc, docOf, integerOf, isDoc, setField, typeAlias } from '../bson/values.ts';
import { compileExpression } from '../expression/expression.ts';
import { valuesAt } from '../query/distinct.ts';
import { isRegex } from '../query/match/operators.ts';
import { compileFilter } from '../query/match.ts';
import { setWithin } from '../query/projection.ts';
import { keyText } from './accumulators.ts';
import type { PipelineContext } from './context.ts';
import { Meter } from './memory.ts';
import type { Work } from './pace.ts';

const TEXTS = ['from', 'connectFromField', 'connectToField', 'as', 'depthField'] as const;
const OPTIONS = [...TEXTS, 'startWith', 'maxDepth', 'restrictSearchWithMatch'];

function maxDepthOf(value: unknown): number {
  if (value === undefined) return Number.POSITIVE_INFINITY;
  const depth = integerOf(value);
  if (depth === undefined)
    throw new CommandError(
      40100,
      `maxDepth requires numeric argument without a fraction, found type: ${typeAlias(value)}`,
    );
  if (depth < 0) throw new CommandError(40101, `maxDepth requires a nonnegative argument, found: ${depth}`);
  return depth;
}

/** $graphLookup: all documents that are reached from one by following a field, level by level. */
export function compileGraphLookup(spec: unknown, ctx: PipelineContext): (doc: Doc) => Work<Doc> {
  if (!isDoc(spec))
    throw new CommandError(
      9,
      `the $graphLookup stage specification must be an object, but found ${typeAlias(spec)}`,
    );
  const stranger = Object.keys(spec).find((key) => !OPTIONS.includes(key));
  if (stranger !== undefined) throw new CommandError(40104, `Unknown argument to $graphLookup: ${stranger}`);
  const texts = Object.fromEntries(
    TEXTS.map((key) => {
      const value = spec[key];
      if (value !== undefined && typeof value !== 'string')
        throw new CommandError(40103, `expected string as argument for ${key}, found: ${typeAlias(value)}`);
      return [key, value];
    }),
  );
  const { from, connectFromField, connectToField, as, depthField } = texts;
  if (!from || !connectFromField || !connectToField || !as || !Object.hasOwn(spec, 'startWith'))
    throw new CommandError(
      40105,
      "$graphLookup requires 'from', 'as', 'startWith', 'connectFromField', and 'connectToField' to be specified.",
    );
  const maxDepth = maxDepthOf(spec['maxDepth']);
  const restrict = spec['restrictSearchWithMatch'] ?? {};
  if (!isDoc(restrict))
    throw new CommandError(40185, `restrictSearchWithMatch must be an object, found ${typeAlias(restrict)}`);
  compileFilter(restrict, ctx);
  const start = compileExpression(spec['startWith'], ctx);
  return function* (doc) {
    const meter = new Meter('$graphLookup');
    const found = new Map<string, Doc>();
    const asked = new Set<string>();
    let frontier = fresh(listOf(start(doc)), asked);
    for (let depth = 0; depth <= maxDepth && frontier.length > 0; depth++) {
      const next: unknown[] = [];
      const filter = { $and: [anyOf(connectToField, frontier), restrict] };
      for (const each of ctx.source({ collection: from, pushdown: { filter }, vars: ctx.let })) {
        if (!each) {
          yield null;
          continue;
        }
        const key = keyText(each['_id'] ?? null);
        if (found.has(key)) continue;
        meter.add(each);
        next.push(...valuesAt(each, connectFromField));
        if (depthField) setField(each, depthField, Long.fromNumber(depth));
        found.set(key, docOf(each)!);
      }
      frontier = fresh(next, asked);
    }
    return setWithin(doc, as.split('.'), 0, [...found.values()]) as Doc;
  };
}

const listOf = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** Values that were not asked for before. */
function fresh(values: readonly unknown[], asked: Set<string>): unknown[] {
  return values.filter((value) => {
    const key = keyText(value);
    if (asked.has(key)) return false;
    asked.add(key);
    return true;
  });
}

function anyOf(field: string, values: unknown[]): Doc {
  if (!values.some((value) => isRegex(value) || isDoc(value))) return { [field]: { $in: values } };
  return { $or: values.map((value) => ({ [field]: { $eq: value } })) };
}
