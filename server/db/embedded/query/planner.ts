import { encodeKey, equalValues, keyRange } from '../bson/order.ts';
import { CommandError, type Doc, isDoc, numberOf } from '../bson/values.ts';
import type { Collection, Index } from '../store/catalog.ts';
import { fitRange } from '../store/keys.ts';
import type { Table, View } from '../store/view.ts';
import { type Analysis, analyse, type Interval } from './bounds.ts';
import { implies } from './partial.ts';

/** Bytes `start <= key < end`; rows of one span lie in the order of the bytes after `skip`. */
export interface Span {
  start?: Buffer | undefined;
  end?: Buffer | undefined;
  skip: number;
  /** The only key that can be in it. */
  point?: Buffer | undefined;
}

export type Plan =
  | {
      kind: 'index' | 'collection';
      /** Absent for a scan by `_id`. */
      index?: Index | undefined;
      table: Table;
      spans: Span[];
      reverse: boolean;
      /** Rows come in the order asked for; several spans are then merged. */
      sorted: boolean;
      merge: boolean;
      /** A document may come more than once. */
      dedupe: boolean;
      /** How many fields are bound by equality, and whether the next is by a range. */
      equalities: number;
      ranged: boolean;
    }
  | { kind: 'union'; plans: Plan[]; sorted: false; dedupe: true };

type SinglePlan = Exclude<Plan, { kind: 'union' }>;

export interface PlanRequest {
  filter: Doc;
  sort?: Doc | undefined;
  limit?: number | undefined;
  hint?: unknown;
}

/** Most spans that a product of $in lists may become. */
const MAX_SPANS = 1000;
/** Keys counted to compare two candidates. */
const PROBE = 200;

/** How the documents of a filter are found. All it yields is checked again by the matcher. */
export function plan(view: View, collection: Collection, request: PlanRequest): Plan {
  const analysis = analyse(request.filter);
  const hinted = request.hint === undefined ? undefined : findHint(collection, request.hint);
  if (hinted) {
    if (hinted.natural) return scanAll(collection, hinted.natural < 0, request.sort);
    return (
      candidate(collection, hinted.index, analysis, request) ?? indexWhole(collection, hinted.index, request)
    );
  }
  const natural = request.sort && numberOf(request.sort['$natural']);
  if (natural) return scanAll(collection, natural < 0, request.sort);
  const candidates: SinglePlan[] = [];
  for (const index of [undefined, ...collection.indexes]) {
    if (index && (index.building || !usable(index, analysis))) continue;
    const found = candidate(collection, index, analysis, request);
    if (found && isPoint(found)) return found;
    if (found) candidates.push(found);
  }
  const bounded = candidates.filter((one) => one.equalities > 0 || one.ranged);
  if (bounded.length > 0) return cheapest(view, collection, candidates, analysis, request);
  const union = unionOf(view, collection, analysis, request);
  if (union) return union;
  return candidates.find((one) => one.sorted) ?? scanAll(collection, false, request.sort);
}

/** At most one document can match: nothing beats it. */
const isPoint = (one: SinglePlan) =>
  one.kind === 'index' &&
  one.spans.length === 1 &&
  (one.index ? one.index.unique && one.equalities === one.index.fields.length : one.equalities === 1);

function scanAll(collection: Collection, reverse: boolean, sort: Doc | undefined): SinglePlan {
  return {
    kind: 'collection',
    table: collection.docs,
    spans: [{ skip: 0 }],
    reverse,
    sorted: !sort || '$natural' in sort,
    merge: false,
    dedupe: false,
    equalities: 0,
    ranged: false,
  };
}

function indexWhole(collection: Collection, index: Index | undefined, request: PlanRequest): SinglePlan {
  if (!index) return scanAll(collection, false, request.sort);
  return {
    ...scanAll(collection, false, request.sort),
    kind: 'index',
    index,
    table: index.table,
    dedupe: index.multikey,
  };
}

function findHint(collection: Collection, hint: unknown): { index?: Index; natural?: number } {
  const bad = new CommandError(
    2,
    'error processing query: planner returned error: hint provided does not correspond to an existing index',
  );
  if (typeof hint === 'string') {
    if (hint === '_id_') return {};
    const index = collection.indexes.find(({ name, building }) => name === hint && !building);
    if (!index) throw bad;
    return { index };
  }
  if (!isDoc(hint)) throw new CommandError(9, 'hint must be the name of an index or its key specification');
  if ('$natural' in hint) return { natural: numberOf(hint['$natural']) ?? 1 };
  if (equalValues(hint, { _id: 1 })) return {};
  const index = collection.indexes.find(({ key, building }) => !building && equalValues(key, hint));
  if (!index) throw bad;
  return { index };
}

/** Sparse and partial indexes lack documents: usable only if the filter excludes those that are not in it. */
function usable(index: Index, analysis: Analysis): boolean {
  if (index.sparse && !index.fields.some((field) => analysis.paths.get(field)?.present)) return false;
  return !index.partial || implies(analysis, index.partial.spec);
}

const NO_FIELDS: ReadonlySet<string> = new Set();

const firstSegment = (path: string) => path.split('.', 1)[0]!;

/** The spans an index offers for a filter and whether they come in the order of the sort. */
function candidate(
  collection: Collection,
  index: Index | undefined,
  analysis: Analysis,
  request: PlanRequest,
): SinglePlan | undefined {
  const fields = index?.fields ?? ['_id'];
  const directions = index?.directions ?? [1];
  const multikey = index?.multikey ?? false;
  const pointSets: unknown[][] = [];
  let product = 1;
  let range: Interval[] | undefined;
  const boundRoots = new Set<string>();
  const arrays: ReadonlySet<string> = index?.arrays ?? NO_FIELDS;
  const arrayRoots = new Set([...arrays].map(firstSegment));
  for (const field of fields) {
    // Two conditions below one array may be met by different elements, an entry holds one element's values.
    if (boundRoots.has(firstSegment(field)) && arrayRoots.has(firstSegment(field))) break;
    const bounds = analysis.paths.get(field);
    if (!bounds) break;
    boundRoots.add(firstSegment(field));
    if (bounds.points && product * bounds.points.length <= MAX_SPANS) {
      pointSets.push(bounds.points);
      product *= bounds.points.length;
      continue;
    }
    range =
      bounds.intervals && arrays.has(field)
        ? bounds.intervals.map(oneSided(bounds.intervals.length))
        : bounds.intervals;
    break;
  }
  const spans = makeSpans(pointSets, range, directions);
  // Keys of documents are prefix-free, and `_id` is all they hold.
  if (!index && pointSets.length === 1) for (const span of spans) span.point = span.start;
  const order = orderOf({ collection, index, pointSets, sort: request.sort, fields, directions });
  if (pointSets.length === 0 && !range && !order.sorted) return undefined;
  if (pointSets.length === 0 && !range && !request.sort) return undefined;
  return {
    kind: 'index',
    index,
    table: index?.table ?? collection.docs,
    spans: order.reverse ? spans.reverse() : spans,
    reverse: order.reverse,
    sorted: order.sorted,
    merge: order.merge,
    dedupe: multikey,
    equalities: pointSets.length,
    ranged: range !== undefined,
  };
}

/** Over arrays the two ends of a range may be met by different elements: only one end can bound the entries. */
const oneSided = (count: number) => (interval: Interval) =>
  count === 1 && interval.lower && interval.upper ? { lower: interval.lower } : interval;

function makeSpans(
  pointSets: unknown[][],
  range: Interval[] | undefined,
  directions: readonly (1 | -1)[],
): Span[] {
  let prefixes: unknown[][] = [[]];
  for (const points of pointSets)
    prefixes = prefixes.flatMap((prefix) => points.map((point) => [...prefix, point]));
  const spans: Span[] = [];
  const seen = new Set<string>();
  for (const prefix of prefixes) {
    const skip = prefix.length === 0 ? 0 : encodeKey(prefix, directions).bytes.length;
    for (const interval of range ?? [undefined]) {
      const free = prefix.length === 0 && !interval;
      const { start, end } = free
        ? { start: undefined, end: undefined }
        : fitRange(keyRange(prefix, directions, interval));
      const text = `${start?.toString('latin1')}|${end?.toString('latin1')}`;
      if (seen.has(text)) continue;
      seen.add(text);
      spans.push({ start, end, skip });
    }
  }
  return spans.sort((a, b) => Buffer.compare(a.start ?? Buffer.alloc(0), b.start ?? Buffer.alloc(0)));
}

interface OrderQuestion {
  collection: Collection;
  index: Index | undefined;
  pointSets: unknown[][];
  sort: Doc | undefined;
  fields: string[];
  directions: readonly (1 | -1)[];
}

/** Whether an index, walked forward or back, gives the order of a sort; by merging its spans if need be. */
function orderOf(question: OrderQuestion): { sorted: boolean; reverse: boolean; merge: boolean } {
  const { collection, index, pointSets, sort, fields, directions } = question;
  if (!sort) return { sorted: true, reverse: false, merge: false };
  const none = { sorted: false, reverse: false, merge: false };
  if (index ? index.truncated : collection.truncatedIds) return none;
  const arrays: ReadonlySet<string> = index?.arrays ?? NO_FIELDS;
  const constant = new Set(fields.filter((_, i) => pointSets[i]?.length === 1));
  // A document is sorted by the least or greatest of its elements, not by the one that it was found by.
  const wanted = Object.entries(sort).filter(([path]) => !constant.has(path) || arrays.has(path));
  if (wanted.some(([path]) => arrays.has(path))) return none;
  const matches = (from: number) => {
    const offered = fields.map((path, i) => ({ path, direction: directions[i]!, i }));
    const free = offered.filter(({ path, i }) => i >= from && !constant.has(path));
    let reverse: boolean | undefined;
    for (const [n, [path, direction]] of wanted.entries()) {
      const sign = (numberOf(direction) ?? 0) < 0 ? -1 : 1;
      const field = free[n];
      if (!field || field.path !== path) return undefined;
      const against = field.direction !== sign;
      if (reverse !== undefined && reverse !== against) return undefined;
      reverse = against;
    }
    return reverse ?? false;
  };
  const whole = matches(0);
  if (whole !== undefined) return { sorted: true, reverse: whole, merge: false };
  const suffix = matches(pointSets.length);
  if (suffix !== undefined) return { sorted: true, reverse: suffix, merge: true };
  return none;
}

function cheapest(
  view: View,
  collection: Collection,
  candidates: SinglePlan[],
  analysis: Analysis,
  request: PlanRequest,
): SinglePlan {
  if (candidates.length === 1) return candidates[0]!;
  const needsAll = analysis.residual || analysis.paths.size > 1;
  const costs = candidates.map((one) => {
    const bounded = one.equalities > 0 || one.ranged;
    const counted = bounded ? probe(view, one) : collection.count;
    const capped = counted >= PROBE;
    const guess =
      capped && bounded
        ? Math.max(counted, collection.count / (10 ** one.equalities * (one.ranged ? 3 : 1)))
        : counted;
    if (!one.sorted) return guess * 1.3;
    const selective = one.equalities + (one.ranged ? 1 : 0) >= analysis.paths.size && !analysis.residual;
    return request.limit && request.sort
      ? Math.min(guess, request.limit * (needsAll && !selective ? 20 : 1))
      : guess;
  });
  let best = 0;
  costs.forEach((cost, i) => {
    const [one, other] = [candidates[i]!, candidates[best]!];
    const tie = cost === costs[best]! && one.equalities > other.equalities;
    if (cost < costs[best]! || tie) best = i;
  });
  return candidates[best]!;
}

function probe(view: View, one: SinglePlan): number {
  let counted = 0;
  for (const { start, end } of one.spans) {
    const range = { ...(start && { start }), ...(end && { end }), limit: PROBE - counted };
    counted += view.range(one.table, range).length;
    if (counted >= PROBE) break;
  }
  return counted;
}

/** A $or whose every branch has an index: the branches one after the other. */
function unionOf(
  view: View,
  collection: Collection,
  analysis: Analysis,
  request: PlanRequest,
): Plan | undefined {
  const rest = Object.fromEntries(Object.entries(request.filter).filter(([path]) => !path.startsWith('$')));
  for (const branches of analysis.ors) {
    const plans = branches.map((branch) => plan(view, collection, { filter: { $and: [rest, branch] } }));
    const bounded = plans.every((one) => one.kind === 'union' || one.equalities > 0 || one.ranged);
    if (bounded) return { kind: 'union', plans, sorted: false, dedupe: true };
  }
  return undefined;
}
