import { Int32 } from 'bson';
import { CommandError, type Doc, isDoc, setField, unsupported } from '../bson/values.ts';
import { compileExpression } from '../expression/expression.ts';
import { compileFilter } from '../query/match.ts';
import type { Pace } from '../query/query.ts';
import { compileCount, compileSample, limited, limitOf, skipOf, skipping } from './bounds.ts';
import { compileBucket, compileBucketAuto } from './bucket.ts';
import type { Docs, PipelineContext } from './context.ts';
import { compileGraphLookup } from './graph.ts';
import { compileGroup, grouped } from './group.ts';
import { beginsWithDocuments, compileLookup, type RunOn } from './lookup.ts';
import { Meter } from './memory.ts';
import { gathered, resting, type Work } from './pace.ts';
import { compileRedact } from './redact.ts';
import { sorted, sortSpec } from './sort.ts';
import { compileTransform, TRANSFORMS } from './transform.ts';
import { compileUnwind } from './unwind.ts';

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

export function docSpec(name: string, spec: unknown): Doc {
  if (isDoc(spec)) return spec;
  throw new CommandError(name === '$match' ? 15959 : 15973, `the ${name} specification must be an object`);
}

function* unwound(source: Docs, unwind: (doc: Doc) => Iterable<Doc>): Generator<Doc | null> {
  for (const doc of source) {
    if (doc) yield* unwind(doc);
    else yield null;
  }
}

function* working(source: Docs, change: (doc: Doc) => Work<Doc>): Generator<Doc | null> {
  for (const doc of source) yield doc && (yield* change(doc));
}

const NOT_IN_FACET = new Set(
  '$collStats $documents $facet $geoNear $indexStats $merge $out $planCacheStats $search $searchMeta $vectorSearch'.split(
    ' ',
  ),
);

function compileFacet({ spec, runOver, ctx, runOn }: StageInput): Stage {
  if (!isDoc(spec) || Object.keys(spec).length === 0) {
    throw new CommandError(40169, 'the $facet specification must be a non-empty object');
  }
  const facets = Object.keys(spec).map((name) => {
    const stages = spec[name];
    if (name === '' || name.startsWith('$') || name.includes('.'))
      throw new CommandError(40235, `The facet '${name}' must not be empty, begin with $ or hold a dot`);
    if (!Array.isArray(stages))
      throw new CommandError(40170, `arguments to $facet must be arrays, ${name} is not`);
    for (const stage of stages) {
      const [inner, operand] = stageOf(stage);
      if (NOT_IN_FACET.has(inner))
        throw new CommandError(40600, `${inner} is not allowed to be used within a $facet stage`);
      compileStage({ name: inner, spec: operand, ctx, runOn, runOver });
    }
    return { name, stages: stages as Doc[] };
  });
  return {
    stream: function* (source, pace) {
      const docs = yield* gathered(source, new Meter('$facet'));
      const result: Doc = {};
      for (const { name, stages } of facets) {
        const over = runOver(resting(docs, pace), stages);
        setField(result, name, yield* gathered(over, new Meter('$facet')));
      }
      yield result;
    },
  };
}

function compileUnion({ spec, ctx, runOn }: StageInput): Stage {
  const named = typeof spec === 'string' ? { coll: spec } : spec;
  if (!isDoc(named)) throw new CommandError(9, '$unionWith takes the name of a collection or a document');
  const stranger = Object.keys(named).find((key) => key !== 'coll' && key !== 'pipeline');
  if (stranger !== undefined)
    throw new CommandError(40415, `BSON field '$unionWith.${stranger}' is an unknown field.`);
  const { coll, pipeline = [] } = named;
  if (!Array.isArray(pipeline)) throw new CommandError(14, "$unionWith's pipeline must be an array");
  if (coll === undefined ? !beginsWithDocuments(pipeline) : typeof coll !== 'string')
    throw new CommandError(9, "$unionWith needs 'coll', the name of a collection");
  for (const stage of pipeline) {
    const [inner] = stageOf(stage);
    if (inner === '$out' || inner === '$merge')
      throw new CommandError(31441, `${inner} is not allowed within a $unionWith's sub-pipeline`);
  }
  for (const _doc of runOn(coll as string | undefined, pipeline, { ...ctx, source: () => [] })) break;
  return {
    stream: function* (source) {
      yield* source;
      yield* runOn(coll as string | undefined, pipeline, ctx);
    },
  };
}

/** $documents: an expression that gives the documents themselves. */
export function documentsOf(spec: unknown, ctx: PipelineContext): Docs {
  const made = compileExpression(spec, ctx)({});
  if (!Array.isArray(made) || !made.every(isDoc))
    throw new CommandError(5858203, 'an array of documents is expected as the operand of $documents');
  return made;
}

const REFUSED = new Set(
  [
    '$changeStream $changeStreamSplitLargeEvent $densify $fill $geoNear $indexStats $listSampledQueries $listSearchIndexes',
    '$listSessions $planCacheStats $querySettings $rankFusion $score $scoreFusion $search $searchMeta $setWindowFields',
    '$shardedDataDistribution $vectorSearch $listClusterCatalog',
  ]
    .join(' ')
    .split(' '),
);

/** Stages that make their documents themselves, and those that write them: each has one place. */
const FIRST = new Set(['$collStats', '$currentOp', '$documents', '$listLocalSessions']);
const LAST = new Set(['$out', '$merge']);

export function compileStage(input: StageInput): Stage {
  const { name, spec, ctx } = input;
  if (TRANSFORMS.has(name)) return { each: compileTransform(name, spec, ctx) };
  switch (name) {
    case '$match': {
      const filter = compileFilter(docSpec(name, spec), ctx);
      return { each: (doc) => (filter.test(doc) ? doc : undefined) };
    }
    case '$redact':
      return { each: compileRedact(spec, ctx) };
    case '$sort': {
      const by = sortSpec(docSpec(name, spec));
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
      const group = compileGroup(spec, ctx);
      return { stream: (source, pace) => grouped(source, group, pace) };
    }
    case '$sortByCount': {
      const group = compileGroup({ _id: spec, count: { $sum: new Int32(1) } }, ctx);
      return { stream: (source, pace) => sorted(grouped(source, group, pace), { count: -1 }, pace) };
    }
    case '$bucket':
      return { stream: compileBucket(spec, ctx) };
    case '$bucketAuto':
      return { stream: compileBucketAuto(spec, ctx) };
    case '$unwind': {
      const unwind = compileUnwind(spec);
      return { stream: (source, pace) => resting(unwound(source, unwind), pace) };
    }
    case '$lookup': {
      const lookup = compileLookup(spec, ctx, input.runOn);
      return { stream: (source) => working(source, lookup) };
    }
    case '$graphLookup': {
      const search = compileGraphLookup(spec, ctx);
      return { stream: (source) => working(source, search) };
    }
    case '$count':
      return { stream: compileCount(spec) };
    case '$facet':
      return compileFacet(input);
    case '$sample':
      return { stream: compileSample(spec) };
    case '$unionWith':
      return compileUnion(input);
    default:
      throw refusal(name);
  }
}

function refusal(name: string): CommandError {
  if (REFUSED.has(name)) return unsupported(`The stage ${name}`);
  if (FIRST.has(name))
    return new CommandError(40602, `${name} is only valid as the first stage in a pipeline.`);
  if (LAST.has(name)) return new CommandError(40601, `${name} can only be the final stage in the pipeline`);
  return new CommandError(40324, `Unrecognized pipeline stage name: '${name}'`);
}
