import { ObjectId } from 'bson';
import { CommandError, type Doc, docOf, encode, getField, isDoc, typeAlias } from '../bson/values.ts';
import { compileExpression } from '../expression/expression.ts';
import { checkVariable } from '../expression/logic.ts';
import type { EvalContext } from '../query/match.ts';
import type { Pace } from '../query/query.ts';
import type { Collection } from '../store/catalog.ts';
import type { Writer } from '../store/view.ts';
import { insertDocument, type Step, updateDocuments } from '../update/writes.ts';
import { stageOf } from './stages.ts';
import { compileTransform, TRANSFORMS } from './transform.ts';

/** A compiled $merge. */
export interface Merge {
  /** Refuses a target in which the fields that documents are found by are not unique. */
  check(target: Collection | undefined): void;
  /** Writes one document of the result. */
  write(writer: Writer, target: Collection, doc: Doc, pace: Pace): Step<void>;
}

const OPTIONS = ['into', 'on', 'let', 'whenMatched', 'whenNotMatched'];
const MATCHED = ['replace', 'keepExisting', 'merge', 'fail'];
const NOT_MATCHED = ['insert', 'discard', 'fail'];

type Into = { db: string; coll: string };

function intoOf(value: unknown, db: string): Into {
  if (typeof value === 'string' && value !== '') return { db, coll: value };
  if (!isDoc(value))
    throw new CommandError(
      51178,
      `$merge 'into' field must be either a string or an object, but found ${typeAlias(value)}`,
    );
  const stranger = Object.keys(value).find((key) => key !== 'db' && key !== 'coll');
  if (stranger !== undefined)
    throw new CommandError(40415, `BSON field 'into.${stranger}' is an unknown field.`);
  const { db: other = db, coll } = value;
  if (typeof coll !== 'string' || coll === '' || typeof other !== 'string')
    throw new CommandError(
      51178,
      "$merge 'into' needs 'coll', the name of a collection, and 'db' may name a database",
    );
  return { db: other, coll };
}

function onOf(value: unknown): string[] {
  const fields = value === undefined ? ['_id'] : Array.isArray(value) ? value : [value];
  if (!fields.every((field) => typeof field === 'string'))
    throw new CommandError(51134, "$merge 'on' array elements must be strings");
  if (fields.length === 0)
    throw new CommandError(51187, "If explicitly specifying $merge 'on', must include at least one field");
  if (new Set(fields).size < fields.length)
    throw new CommandError(31465, "Found a duplicate field in $merge 'on'");
  return fields;
}

function modeOf<T extends string>(value: unknown, known: readonly T[], fallback: T, name: string): T {
  if (value === undefined) return fallback;
  const mode = known.find((each) => each === value);
  if (mode) return mode;
  throw new CommandError(
    2,
    `Enumeration value '${String(value)}' for field '$merge.${name}' is not a valid value.`,
  );
}

/** Compiles $merge: how a document of the result meets the one in the target that has the same `on` fields. */
export function compileMerge(
  context: { db: string; now: Date; body: Doc },
  given: unknown,
): Into & { merge: Merge } {
  const spec = typeof given === 'string' ? { into: given } : given;
  if (!isDoc(spec))
    throw new CommandError(51182, `$merge only supports a string or object argument, not ${typeAlias(spec)}`);
  const stranger = Object.keys(spec).find((key) => !OPTIONS.includes(key));
  if (stranger !== undefined)
    throw new CommandError(40415, `BSON field '$merge.${stranger}' is an unknown field.`);
  const into = intoOf(spec['into'], context.db);
  const on = onOf(spec['on']);
  const notMatched = modeOf(spec['whenNotMatched'], NOT_MATCHED, 'insert', 'whenNotMatched');
  const pipeline = Array.isArray(spec['whenMatched']) ? (spec['whenMatched'] as Doc[]) : undefined;
  const matched = pipeline ? 'pipeline' : modeOf(spec['whenMatched'], MATCHED, 'merge', 'whenMatched');
  if (spec['let'] !== undefined && !pipeline)
    throw new CommandError(
      51199,
      "Cannot use 'let' variables with 'whenMatched: merge', 'replace', 'keepExisting' or 'fail': it takes a pipeline",
    );
  if ((matched === 'fail' || matched === 'keepExisting') && notMatched !== 'insert')
    throw new CommandError(
      51181,
      `Combination of $merge modes whenMatched: ${matched} and whenNotMatched: ${notMatched} is not supported`,
    );
  const base: EvalContext = { now: context.now };
  const bind = compileLet(spec['let'], base);
  if (pipeline) checkPipeline(pipeline, { ...base, let: bind({}) });
  const merge: Merge = {
    check: (target) => checkUnique(target, on),
    *write(writer, target, result, pace) {
      const doc = withId(result, on);
      const filter = filterOf(doc, on);
      if (matched === 'fail') {
        yield* insertDocument(writer, target, encode(doc), pace);
        return;
      }
      const { matched: found } = yield* updateDocuments(writer, target, {
        filter,
        update: updateOf(matched, doc, pipeline),
        multi: false,
        upsert: false,
        context: { ...base, let: { ...bind(doc) } },
        pace,
      });
      if (found > 0 || notMatched === 'discard') return;
      if (notMatched === 'fail')
        throw new CommandError(
          13113,
          '$merge could not find a matching document in the target collection for at least one document in the source collection',
        );
      yield* insertDocument(writer, target, encode(doc), pace);
    },
  };
  return { ...into, merge };
}

function compileLet(spec: unknown, ctx: EvalContext): (doc: Doc) => Doc {
  if (spec === undefined) return (doc) => ({ new: doc });
  if (!isDoc(spec)) throw new CommandError(14, "$merge's let must be a document");
  const variables = Object.keys(spec).map((name) => {
    checkVariable(name);
    return { name, value: compileExpression(spec[name], ctx) };
  });
  return (doc) => Object.fromEntries(variables.map(({ name, value }) => [name, value(doc)]));
}

function checkPipeline(stages: Doc[], ctx: EvalContext): void {
  for (const stage of stages) {
    const [name, operand] = stageOf(stage);
    if (!TRANSFORMS.has(name))
      throw new CommandError(72, `${name} is not allowed to be used within an update`);
    compileTransform(name, operand, ctx);
  }
}

/** Fields that documents are found by must be those of a unique index that leaves no document out. */
function checkUnique(target: Collection | undefined, on: readonly string[]): void {
  if (on.length === 1 && on[0] === '_id') return;
  const wanted = [...on].sort().join('\0');
  const unique = target?.indexes.some(
    (index) =>
      index.unique && !index.building && !index.partial && [...index.fields].sort().join('\0') === wanted,
  );
  if (!unique) throw new CommandError(51183, 'Cannot find index to verify that join fields will be unique');
}

function withId(doc: Doc, on: readonly string[]): Doc {
  return Object.hasOwn(doc, '_id') || !on.includes('_id') ? doc : { _id: new ObjectId(), ...doc };
}

function filterOf(doc: Doc, on: readonly string[]): Doc {
  const filter: Doc = {};
  for (const path of on) {
    const value = path.split('.').reduce<unknown>((inner, part) => {
      if (Array.isArray(inner)) throw arrayOnTheWay(path);
      const fields = docOf(inner);
      return fields ? getField(fields, part) : undefined;
    }, doc);
    if (Array.isArray(value)) throw arrayOnTheWay(path);
    if (value === undefined || (value === null && path !== '_id'))
      throw new CommandError(
        51132,
        `$merge write error: 'on' field '${path}' cannot be missing, null, undefined or an array`,
      );
    filter[path] = { $eq: value };
  }
  return filter;
}

const arrayOnTheWay = (path: string): CommandError =>
  new CommandError(51185, `$merge write error: 'on' field '${path}' cannot be or lead through an array`);

function updateOf(matched: string, doc: Doc, pipeline: Doc[] | undefined): Doc | Doc[] {
  if (pipeline) return pipeline;
  if (matched === 'replace') return [{ $replaceWith: { $literal: doc } }];
  if (matched === 'merge') return [{ $replaceWith: { $mergeObjects: ['$$ROOT', { $literal: doc }] } }];
  return [];
}
