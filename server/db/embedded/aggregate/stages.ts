import { Int32 } from 'bson';
import { compileSortKey } from '../bson/order.ts';
import { CommandError, type Doc, integerOf, isDoc, setField, show, unsupported } from '../bson/values.ts';
import { compileFilter } from '../query/match.ts';
import type { PipelineContext } from './context.ts';
import { compileGroup } from './group.ts';
import { compileLookup, type RunOn } from './lookup.ts';
import { type Pace, sortPaced } from './pace.ts';
import { compileTransform, TRANSFORMS } from './transform.ts';
import { compileUnwind } from './unwind.ts';

export type Docs = AsyncIterable<Doc>;

/** A compiled stage: one document to one or none at once, or a stream to a stream. */
export type Stage = { each: (doc: Doc) => Doc | undefined } | { stream: (source: Docs, pace: Pace) => Docs };

export interface StageInput {
  name: string;
  spec: unknown;
  ctx: PipelineContext;
  runOn: RunOn;
  /** Runs stages over documents that a $facet holds. */
  runOver: (source: Docs, stages: Doc[]) => Docs;
  /** Documents that the stages after a $sort will take at most. */
  atMost?: number;
}

/** The name and operand of a stage. */
export function stageOf(stage: unknown): [name: string, spec: unknown] {
  const keys = isDoc(stage) ? Object.keys(stage) : [];
  if (!isDoc(stage) || keys.length !== 1) {
    throw new CommandError(40323, 'A pipeline stage specification object must contain exactly one field.');
  }
  return [keys[0]!, stage[keys[0]!]];
}

export function limitOf(spec: unknown): number {
  const limit = integerOf(spec);
  if (limit === undefined || limit < 0)
    throw new CommandError(
      5107201,
      `invalid argument to $limit stage: Expected a number in: $limit: ${show(spec)}`,
    );
  if (limit === 0) throw new CommandError(15958, 'the limit must be positive');
  return limit;
}

export function skipOf(spec: unknown): number {
  const skip = integerOf(spec);
  if (skip === undefined || skip < 0) {
    throw new CommandError(
      5107200,
      `invalid argument to $skip stage: Expected a non-negative number in: $skip: ${show(spec)}`,
    );
  }
  return skip;
}

export function docSpec(name: string, spec: unknown): Doc {
  if (isDoc(spec)) return spec;
  throw new CommandError(name === '$match' ? 15959 : 15973, `the ${name} specification must be an object`);
}

async function* limited(source: Docs, limit: number): Docs {
  let left = limit;
  for await (const doc of source) {
    yield doc;
    left -= 1;
    if (left === 0) return;
  }
}

async function* skipping(source: Docs, skip: number): Docs {
  let left = skip;
  for await (const doc of source) {
    if (left > 0) left -= 1;
    else yield doc;
  }
}

async function gather(source: Docs): Promise<Doc[]> {
  const docs: Doc[] = [];
  for await (const doc of source) docs.push(doc);
  return docs;
}

/** Holds no more than a few times what a following $limit takes. */
async function* sorted(source: Docs, spec: Doc, pace: Pace, atMost = Number.POSITIVE_INFINITY): Docs {
  const { keyOf, compare } = compileSortKey(spec);
  type Entry = { doc: Doc; key: unknown[] };
  const byKey = (a: Entry, b: Entry): number => compare(a.key, b.key);
  const room = Math.max(1000, atMost * 2);
  let entries: Entry[] = [];
  for await (const doc of source) {
    entries.push({ doc, key: keyOf(doc) });
    if (entries.length > room) entries = (await sortPaced(entries, byKey, pace)).slice(0, atMost);
  }
  for (const { doc } of (await sortPaced(entries, byKey, pace)).slice(0, atMost)) yield doc;
}

async function* grouped(source: Docs, begin: ReturnType<typeof compileGroup>): Docs {
  const grouping = begin();
  for await (const doc of source) grouping.add(doc);
  yield* grouping.results();
}

async function* spread(source: Docs, unwind: (doc: Doc) => Doc[]): Docs {
  for await (const doc of source) yield* unwind(doc);
}

async function* awaiting(source: Docs, change: (doc: Doc) => Promise<Doc>): Docs {
  for await (const doc of source) yield await change(doc);
}

async function* fromArray(docs: readonly Doc[]): Docs {
  yield* docs;
}

function compileCount(spec: unknown): Stage {
  if (typeof spec !== 'string' || spec === '' || spec.startsWith('$') || spec.includes('.')) {
    throw new CommandError(
      40156,
      'the count field must be a non-empty string, without $ in front and without a dot',
    );
  }
  return {
    stream: async function* (source) {
      let count = 0;
      for await (const _doc of source) count += 1;
      if (count > 0) yield { [spec]: new Int32(count) };
    },
  };
}

function compileFacet({ spec, runOver, ctx, runOn }: StageInput): Stage {
  if (!isDoc(spec) || Object.keys(spec).length === 0) {
    throw new CommandError(40169, 'the $facet specification must be a non-empty object');
  }
  const facets = Object.keys(spec).map((name) => {
    const stages = spec[name];
    if (!Array.isArray(stages))
      throw new CommandError(40170, `arguments to $facet must be arrays, ${name} is not`);
    for (const stage of stages) {
      const [inner, operand] = stageOf(stage);
      if (inner === '$facet')
        throw new CommandError(40600, '$facet is not allowed to be used within a $facet stage');
      compileStage({ name: inner, spec: operand, ctx, runOn, runOver });
    }
    return { name, stages: stages as Doc[] };
  });
  return {
    stream: async function* (source) {
      const docs = await gather(source);
      const result: Doc = {};
      for (const { name, stages } of facets)
        setField(result, name, await gather(runOver(fromArray(docs), stages)));
      yield result;
    },
  };
}

function compileSample(spec: unknown): Stage {
  const size = isDoc(spec) ? integerOf(spec['size']) : undefined;
  if (size === undefined || size < 1)
    throw new CommandError(28747, '$sample takes {size: a positive number}');
  return {
    stream: async function* (source) {
      const drawn: Doc[] = [];
      let seen = 0;
      for await (const doc of source) {
        seen += 1;
        const place = Math.floor(Math.random() * seen);
        if (drawn.length < size) drawn.splice(place, 0, doc);
        else if (place < size) drawn[place] = doc;
      }
      yield* drawn;
    },
  };
}

function compileUnion({ spec, ctx, runOn }: StageInput): Stage {
  const named = typeof spec === 'string' ? { coll: spec } : spec;
  if (!isDoc(named) || typeof named['coll'] !== 'string')
    throw new CommandError(9, "$unionWith needs 'coll'");
  const { coll, pipeline = [] } = named as { coll: string; pipeline?: unknown };
  if (!Array.isArray(pipeline)) throw new CommandError(9, "$unionWith's pipeline must be an array");
  return {
    stream: async function* (source) {
      yield* source;
      yield* runOn(coll, pipeline, ctx);
    },
  };
}

const REFUSED = new Set(
  [
    '$bucket $bucketAuto $changeStream $collStats $currentOp $densify $documents $fill $geoNear $graphLookup $indexStats',
    '$listSessions $merge $out $planCacheStats $redact $search $searchMeta $setWindowFields $vectorSearch',
  ]
    .join(' ')
    .split(' '),
);

export function compileStage(input: StageInput): Stage {
  const { name, spec, ctx } = input;
  if (TRANSFORMS.has(name)) return { each: compileTransform(name, spec, ctx) };
  switch (name) {
    case '$match': {
      const filter = compileFilter(docSpec(name, spec), ctx);
      return { each: (doc) => (filter.test(doc) ? doc : undefined) };
    }
    case '$sort': {
      const by = docSpec(name, spec);
      if (Object.keys(by).length === 0)
        throw new CommandError(15976, '$sort stage must have at least one sort key');
      compileSortKey(by);
      return { stream: (source, pace) => sorted(source, by, pace, input.atMost) };
    }
    case '$limit': {
      const limit = limitOf(spec);
      return { stream: (source) => limited(source, limit) };
    }
    case '$skip': {
      const skip = skipOf(spec);
      return { stream: (source) => skipping(source, skip) };
    }
    case '$group': {
      const begin = compileGroup(spec, ctx);
      return { stream: (source) => grouped(source, begin) };
    }
    case '$sortByCount': {
      const begin = compileGroup({ _id: spec, count: { $sum: 1 } }, ctx);
      return { stream: (source, pace) => sorted(grouped(source, begin), { count: -1 }, pace) };
    }
    case '$unwind': {
      const unwind = compileUnwind(spec);
      return { stream: (source) => spread(source, unwind) };
    }
    case '$lookup': {
      const lookup = compileLookup(spec, ctx, input.runOn);
      return { stream: (source) => awaiting(source, lookup) };
    }
    case '$count':
      return compileCount(spec);
    case '$facet':
      return compileFacet(input);
    case '$sample':
      return compileSample(spec);
    case '$unionWith':
      return compileUnion(input);
    default:
      if (REFUSED.has(name)) throw unsupported(`The stage ${name}`);
      throw new CommandError(40324, `Unrecognized pipeline stage name: '${name}'`);
  }
}
