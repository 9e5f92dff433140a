import { CommandError, copyFields, type Doc, docOf, getField, keysOf, setField } from '../bson/values.ts';
import type { EvalContext } from './match.ts';
import { type Computed, type Leaf, type Plan, parseProjection, type Tree } from './projection/tree.ts';

export type Projection = (doc: Doc, positional?: number) => Doc;

/** Compiles a find projection once; an empty one gives the document as it is. */
export function compileProjection(spec: Doc, ctx: EvalContext, filter?: Doc): Projection {
  if (Object.keys(spec).length === 0) return (doc) => doc;
  return applyPlan(parseProjection(spec, ctx, true, filter));
}

/** Compiles the specification of a $project stage. */
export function compileProject(spec: Doc, ctx: EvalContext): Projection {
  if (Object.keys(spec).length === 0) {
    throw new CommandError(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    );
  }
  return applyPlan(parseProjection(spec, ctx, false));
}

function applyPlan(plan: Plan): Projection {
  const { tree, computed, exclusion } = plan;
  if (exclusion && computed.length > 0) {
    throw new CommandError(31252, 'Cannot use an expression in an exclusion projection');
  }
  if (exclusion) return (doc, positional) => exclude(doc, tree, positional);
  if (plan.id && !tree.has('_id') && !computed.some(({ path }) => path[0] === '_id'))
    tree.set('_id', 'include');
  else if (tree.get('_id') === 'exclude') tree.delete('_id');
  // What is computed inside a document needs that document to come along, without the rest of it.
  for (const { path } of computed) carry(tree, path);
  return (doc, positional) => addComputed(include(doc, tree, positional), computed, doc);
}

function carry(tree: Tree, path: readonly string[]): void {
  let branch = tree;
  for (const part of path.slice(0, -1)) {
    const next = branch.get(part);
    if (next !== undefined && !(next instanceof Map)) return;
    const child: Tree = next ?? new Map();
    branch.set(part, child);
    branch = child;
  }
}

function leafValue(leaf: Exclude<Leaf, 'exclude'>, value: unknown, positional: number | undefined): unknown {
  return leaf === 'include' ? value : leaf.reshape(value, positional);
}

function include(doc: Doc, tree: Tree, positional: number | undefined): Doc {
  const result: Doc = {};
  for (const key of keysOf(doc)) {
    const node = tree.get(key);
    if (node === undefined || node === 'exclude') continue;
    const value =
      node instanceof Map ? within(doc[key], node, positional) : leafValue(node, doc[key], positional);
    if (value !== undefined) setField(result, key, value);
  }
  return result;
}

/** Documents in arrays are projected each, scalars drop out. */
function within(value: unknown, tree: Tree, positional: number | undefined): unknown {
  if (Array.isArray(value)) {
    return value
      .map((element) => within(element, tree, positional))
      .filter((element) => element !== undefined);
  }
  const doc = docOf(value);
  return doc ? include(doc, tree, positional) : undefined;
}

function exclude(doc: Doc, tree: Tree, positional: number | undefined): Doc {
  const result: Doc = {};
  for (const key of keysOf(doc)) {
    const node = tree.get(key);
    if (node === 'exclude') continue;
    const value =
      node === undefined
        ? doc[key]
        : node instanceof Map
          ? without(doc[key], node, positional)
          : leafValue(node, doc[key], positional);
    if (value !== undefined || node === undefined) setField(result, key, value);
  }
  return result;
}

function without(value: unknown, tree: Tree, positional: number | undefined): unknown {
  if (Array.isArray(value)) return value.map((element) => without(element, tree, positional));
  const doc = docOf(value);
  return doc ? exclude(doc, tree, positional) : value;
}

/** Sets computed fields, all of them evaluated on `root`; the given document is not changed. */
export function addComputed(doc: Doc, computed: readonly Computed[], root: Doc, vars?: Doc): Doc {
  let result: unknown = doc;
  for (const { path, value } of computed) result = setWithin(result, path, 0, value(root, vars));
  return result as Doc;
}

/** A copy with the value at the path; arrays on the way take it in every element, scalars make way for a document. */
export function setWithin(base: unknown, path: readonly string[], at: number, value: unknown): unknown {
  if (at === path.length) return value;
  if (Array.isArray(base)) return base.map((element) => setWithin(element, path, at, value));
  const doc = docOf(base) ?? {};
  const copy = copyFields(doc);
  const part = path[at]!;
  const child = setWithin(getField(doc, part), path, at + 1, value);
  if (child === undefined) delete copy[part];
  else setField(copy, part, child);
  return copy;
}
