import { compileSortKey } from '../bson/order.ts';
import { PartialDecoder } from '../bson/partial.ts';
import { CommandError, type Doc, decode } from '../bson/values.ts';
import type { Collection } from '../store/catalog.ts';
import type { Stored } from '../store/documents.ts';
import type { View } from '../store/view.ts';
import { bothOf, type Fields, filterFields, topLevel } from './fields.ts';
import { compileFilter, type EvalContext, type Filter } from './match.ts';
import { type Plan, plan } from './planner.ts';
import { type ScanStats, scan } from './scan.ts';

/** Most bytes of documents that a sort without an index may hold, as in MongoDB. */
const SORT_LIMIT = 100 * 1024 * 1024;
/** Documents sorted in one go; the runs are merged afterwards. */
const RUN = 1024;

/** A document that matched, with the array index that `$` stands for. */
export interface Row extends Stored {
  positional?: number | undefined;
}

/** Says when to let others have their turn; throws when the command has to stop. */
export interface Pace {
  due(): boolean;
}

export interface Query {
  filter: Doc;
  sort?: Doc | undefined;
  skip?: number | undefined;
  limit?: number | undefined;
  hint?: unknown;
  /** Fields of the rows' documents that will be read: others may be left out of `doc`. Absent: all. */
  fields?: Fields;
  context: EvalContext;
  pace: Pace;
}

export const newStats = (): ScanStats => ({ keysExamined: 0, docsExamined: 0 });

export function planQuery(view: View, collection: Collection, query: Query): Plan {
  const limit = query.limit ? query.limit + (query.skip ?? 0) : undefined;
  return plan(view, collection, { filter: query.filter, sort: query.sort, limit, hint: query.hint });
}

/**
 * The rows of a query. A null in between means: let others have their turn, then go on (nothing of the store is held
 * meanwhile).
 */
export function* runQuery(
  view: View,
  collection: Collection,
  query: Query,
  stats: ScanStats = newStats(),
): Generator<Row | null> {
  const filter = compileFilter(query.filter, query.context);
  const sort =
    query.sort && !('$natural' in query.sort) && Object.keys(query.sort).length > 0 ? query.sort : undefined;
  if (sort) compileSortKey(sort);
  view.enter(collection);
  const chosen = planQuery(view, collection, query);
  const skip = query.skip ?? 0;
  const end = query.limit ? skip + query.limit : Number.POSITIVE_INFINITY;
  const fields =
    query.fields && bothOf(bothOf(query.fields, filterFields(query.filter)), new Set(fieldsOf(sort)));
  const read = fields ? partially(fields) : decode;
  const wanted = Number.isFinite(end) && (!sort || chosen.sorted) ? end : 0;
  const rows = matching(view, collection, { filter, chosen, stats, pace: query.pace, read, wanted });
  const ordered = sort && !chosen.sorted ? sorted(rows, { sort, end, pace: query.pace }) : rows;
  let n = 0;
  for (const row of ordered) {
    if (!row) yield null;
    else {
      if (n++ >= skip) yield row;
      if (n >= end) return;
    }
  }
}

const fieldsOf = (sort: Doc | undefined): string[] => Object.keys(sort ?? {}).map(topLevel);

function partially(fields: ReadonlySet<string>): (raw: Buffer) => Doc {
  const decoder = new PartialDecoder(fields);
  return (raw) => decoder.decode(raw);
}

interface Matching {
  read: (raw: Buffer) => Doc;
  filter: Filter;
  chosen: Plan;
  stats: ScanStats;
  /** How many rows will do; 0: unknown. */
  wanted: number;
  pace: Pace;
}

function* matching(view: View, collection: Collection, how: Matching): Generator<Row | null> {
  let n = 0;
  for (const { key, raw } of scan(view, collection, how.chosen, how)) {
    const doc = how.read(raw);
    const match = how.filter.match(doc);
    if (match) yield { key, raw, doc, positional: match.positional };
    if ((++n & 7) === 0 && how.pace.due()) yield null;
  }
}

interface SortOrder {
  sort: Doc;
  /** Rows beyond this many are not needed. */
  end: number;
  pace: Pace;
}

/** A row with what it is sorted by, which is taken once. */
interface Keyed {
  row: Row;
  key: unknown[];
}

/** Sorts in memory: runs are sorted as they fill and merged at the end. With a small limit only that many are kept. */
function* sorted(rows: Iterable<Row | null>, { sort, end, pace }: SortOrder): Generator<Row | null> {
  const { keyOf, compare } = compileSortKey(sort);
  const byKey = (a: Keyed, b: Keyed): number => compare(a.key, b.key);
  const few = end <= RUN;
  let run: Keyed[] = [];
  let runs: Keyed[][] = [];
  let bytes = 0;
  for (const row of rows) {
    if (!row) {
      yield null;
      continue;
    }
    run.push({ row, key: keyOf(row.doc) });
    bytes += row.raw.length;
    if (bytes > SORT_LIMIT)
      throw new CommandError(
        292,
        `Sort exceeded memory limit of ${SORT_LIMIT} bytes: add an index that gives this order, or a limit`,
      );
    if (run.length < (few ? end + RUN : RUN)) continue;
    run.sort(byKey);
    if (few) {
      run.length = Math.min(run.length, end);
      bytes = run.reduce((sum, one) => sum + one.row.raw.length, 0);
    } else {
      runs.push(run);
      run = [];
    }
    if (pace.due()) yield null;
  }
  runs.push(run.sort(byKey));
  while (runs.length > 1) {
    const next: Keyed[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      const [a, b] = [runs[i]!, runs[i + 1]];
      next.push(b ? yield* mergeRuns(a, b, { byKey, pace }) : a);
    }
    runs = next;
  }
  let given = 0;
  for (const { row } of runs[0]!) {
    yield row;
    if ((++given & 63) === 0 && pace.due()) yield null;
  }
}

function* mergeRuns(
  a: Keyed[],
  b: Keyed[],
  how: { byKey: (a: Keyed, b: Keyed) => number; pace: Pace },
): Generator<null, Keyed[]> {
  const out: Keyed[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    out.push(how.byKey(b[j]!, a[i]!) < 0 ? b[j++]! : a[i++]!);
    if ((out.length & 127) === 0 && how.pace.due()) yield null;
  }
  while (i < a.length) out.push(a[i++]!);
  while (j < b.length) out.push(b[j++]!);
  return out;
}
