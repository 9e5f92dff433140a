import { compileTransform } from '../aggregate/transform.ts';
import { sameBytes } from '../bson/order/bytes.ts';
import { equalValues } from '../bson/order.ts';
import { CommandError, cloneValue, type Doc, isDoc, keysOf, setField, show } from '../bson/values.ts';
import type { EvalContext } from '../query/match.ts';
import { changeAt, type Operation } from './change.ts';
import {
  type ArrayFilters,
  comparePaths,
  compileArrayFilters,
  expandPath,
  identifierOf,
  isDynamic,
  refuseConflicts,
} from './expand.ts';
import { parseOperators } from './operators.ts';

export { seedFromFilter } from './seed.ts';

export interface UpdateOptions extends EvalContext {
  arrayFilters?: Doc[];
  upsert: boolean;
}

export interface Update {
  /** A document without operators: the whole document is replaced (updateMany must refuse it with code 9). */
  replacement: boolean;
  /** The given document is not changed; `changed` is false when the bytes would be equal, and then `doc` is the given one. */
  apply(doc: Doc, positional: number | undefined, inserting: boolean): { doc: Doc; changed: boolean };
}

/** Compiles an update (operators, replacement or pipeline) once. */
export function compileUpdate(update: Doc | Doc[], opts: UpdateOptions): Update {
  if (Array.isArray(update)) return compilePipelineUpdate(update, opts);
  if (!isDoc(update)) throw new CommandError(9, 'Update argument must be either an object or an array');
  const first = Object.keys(update)[0];
  if (first === undefined || !first.startsWith('$')) return compileReplacement(update, opts);
  return compileOperatorUpdate(update, opts);
}

function compileReplacement(update: Doc, opts: UpdateOptions): Update {
  const dollar = Object.keys(update).find((key) => key.startsWith('$'));
  if (dollar !== undefined) {
    throw new CommandError(
      52,
      `The dollar ($) prefixed field '${dollar}' in '${dollar}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
    );
  }
  if (opts.arrayFilters?.length)
    throw new CommandError(9, 'Cannot specify arrayFilters and a replacement-style update');
  return { replacement: true, apply: (doc) => settle(doc, cloneValue(update)) };
}

const PIPELINE_STAGES = new Set(['$set', '$addFields', '$unset', '$project', '$replaceRoot', '$replaceWith']);

function compilePipelineUpdate(stages: Doc[], opts: UpdateOptions): Update {
  if (opts.arrayFilters?.length)
    throw new CommandError(9, 'arrayFilters may not be specified for pipeline-style updates');
  const transforms = stages.map((stage) => {
    const name = isDoc(stage) ? Object.keys(stage)[0] : undefined;
    if (name === undefined || Object.keys(stage).length !== 1) {
      throw new CommandError(9, 'Each element of an update pipeline must be an object with one stage');
    }
    if (!PIPELINE_STAGES.has(name))
      throw new CommandError(72, `${name} is not allowed to be used within an update`);
    return compileTransform(name, stage[name], opts);
  });
  return {
    replacement: false,
    apply: (doc) =>
      settle(
        doc,
        transforms.reduce((result, transform) => transform(result), doc),
      ),
  };
}

/** A whole new document in an old one's place: the `_id` stays, and in front. */
function settle(doc: Doc, given: Doc): { doc: Doc; changed: boolean } {
  if (Object.hasOwn(doc, '_id') && Object.hasOwn(given, '_id') && !equalValues(doc['_id'], given['_id'])) {
    throw new CommandError(
      66,
      `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${show(given['_id'])}`,
    );
  }
  const next = idFirst(given, doc['_id']);
  return sameBytes(doc, next) ? { doc, changed: false } : { doc: next, changed: true };
}

function idFirst(doc: Doc, fallback: unknown): Doc {
  const id = Object.hasOwn(doc, '_id') ? doc['_id'] : fallback;
  if (id === undefined || keysOf(doc)[0] === '_id') return doc;
  const next: Doc = { _id: id };
  for (const key of keysOf(doc)) if (key !== '_id') setField(next, key, doc[key]);
  return next;
}

type Placed = [path: string[], operation: Operation];

function place(placed: Placed[]): Placed[] {
  placed.sort(([a], [b]) => comparePaths(a, b));
  refuseConflicts(placed.map(([path]) => path));
  return placed;
}

function compileOperatorUpdate(update: Doc, opts: UpdateOptions): Update {
  const operations = parseOperators(update, opts);
  const filters = compileArrayFilters(opts.arrayFilters ?? [], opts);
  checkIdentifiers(operations, filters, update);
  const written = place(operations.map((operation) => [operation.path, operation]));
  const dynamic = operations.some((operation) => operation.path.some(isDynamic));
  const placesIn = (doc: Doc, positional: number | undefined, inserting: boolean): Placed[] => {
    if (!dynamic) return written;
    const due = written.filter(([, operation]) => inserting || !operation.onlyInsert);
    return place(
      due.flatMap(([path, operation]) =>
        expandPath(doc, path, { filters, positional }).map((concrete): Placed => [concrete, operation]),
      ),
    );
  };
  return {
    replacement: false,
    apply: (doc, positional, inserting) => {
      const next = cloneValue(doc);
      let changed = false;
      for (const [path, operation] of placesIn(doc, positional, inserting)) {
        if ((operation.onlyInsert && !inserting) || operation.idle?.(doc)) continue;
        if (changeAt(next, path, operation, doc)) changed = true;
      }
      if (!changed) return { doc, changed: false };
      keepId(doc, next);
      return { doc: idFirst(next, undefined), changed: true };
    },
  };
}

function keepId(before: Doc, after: Doc): void {
  if (
    !Object.hasOwn(before, '_id') ||
    (after['_id'] !== undefined && equalValues(before['_id'], after['_id']))
  )
    return;
  throw new CommandError(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
}

function checkIdentifiers(operations: Operation[], filters: ArrayFilters, update: Doc): void {
  const used = new Set<string>();
  for (const { path } of operations) {
    for (const [at, part] of path.entries()) {
      const name = isDynamic(part, at) ? identifierOf(part) : undefined;
      if (!name) continue;
      used.add(name);
      if (!filters.has(name)) {
        throw new CommandError(
          2,
          `No array filter found for identifier '${name}' in path '${path.join('.')}'`,
        );
      }
    }
  }
  for (const name of filters.keys()) {
    if (!used.has(name)) {
      throw new CommandError(
        9,
        `The array filter for identifier '${name}' was not used in the update ${show(update)}`,
      );
    }
  }
}
