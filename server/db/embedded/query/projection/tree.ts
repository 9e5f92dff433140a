import {
  CommandError,
  type Doc,
  integerOf,
  isDoc,
  keysOf,
  numberType,
  unsupported,
} from '../../bson/values.ts';
import { compileExpression, type Expression } from '../../expression/expression.ts';
import { truthy } from '../match/operators.ts';
import { compileElement, type EvalContext } from '../match.ts';

/** A change of one value that is kept: the part of an array that $slice, $elemMatch or `$` leaves; undefined drops it. */
export type Reshape = (value: unknown, positional: number | undefined) => unknown;

export type Leaf = 'include' | 'exclude' | { reshape: Reshape };
export type Tree = Map<string, Leaf | Tree>;

export interface Computed {
  path: string[];
  value: Expression;
}

/** A projection taken apart: what is kept or dropped as a tree of names, what is computed by path. */
export interface Plan {
  tree: Tree;
  computed: Computed[];
  exclusion: boolean;
  /** Whether `_id` comes along in an inclusion. */
  id: boolean;
}

interface Parse {
  /** `find` knows $slice, $elemMatch and `a.$`; $project takes $slice as the expression. */
  find: boolean;
  ctx: EvalContext;
  tree: Tree;
  taken: Tree;
  computed: Computed[];
  included?: string;
  excluded?: string;
  hasElemMatch: boolean;
  hasSlice: boolean;
  positional?: string;
  filter?: Doc | undefined;
}

/** `filter` is the query's, which must name the array of a positional `$`; undefined where that is not known. */
export function parseProjection(spec: Doc, ctx: EvalContext, find: boolean, filter?: Doc): Plan {
  const parse: Parse = {
    find,
    ctx,
    tree: new Map(),
    taken: new Map(),
    computed: [],
    hasElemMatch: false,
    hasSlice: false,
    filter,
  };
  for (const key of keysOf(spec)) parseField(parse, pathOf(key), spec[key]);
  if (parse.positional !== undefined && parse.hasElemMatch)
    throw new CommandError(31256, 'a projection takes $elemMatch or the positional $, not both');
  const id = parse.tree.get('_id');
  const kept = parse.included !== undefined || id === 'include' || (parse.hasElemMatch && !parse.hasSlice);
  const exclusion = parse.excluded !== undefined || !kept;
  return { tree: parse.tree, computed: parse.computed, exclusion, id: id !== 'exclude' };
}

function pathOf(path: string): string[] {
  const parts = path.split('.');
  if (parts.includes('')) {
    throw new CommandError(
      path.endsWith('.') ? 40353 : 15998,
      `Projection path '${path}' has an empty part.`,
    );
  }
  if (parts.some((part, i) => part.startsWith('$') && !(part === '$' && i > 0 && i === parts.length - 1))) {
    throw new CommandError(16410, `Projection path '${path}': a field name may not start with '$'.`);
  }
  return parts;
}

const isFlag = (value: unknown): boolean => typeof value === 'boolean' || numberType(value) !== undefined;

function parseField(parse: Parse, path: string[], value: unknown): void {
  if (path.at(-1) === '$') parsePositional(parse, path.slice(0, -1), value);
  else if (isFlag(value)) parseFlag(parse, path, truthy(value));
  else if (isDoc(value) && !Object.keys(value)[0]?.startsWith('$')) parseNested(parse, path, value);
  else if (!(parse.find && isDoc(value) && parseFindOperator(parse, path, value))) {
    markIncluded(parse, path);
    parse.included ??= path.join('.');
    claim(parse.taken, path, 'include');
    parse.computed.push({ path, value: compileExpression(value, parse.ctx) });
  }
}

function parseNested(parse: Parse, path: string[], value: Doc): void {
  const keys = Object.keys(value);
  if (keys.length === 0)
    throw new CommandError(51270, 'An empty sub-projection is not a valid value. Found empty object at path');
  for (const key of keys) parseField(parse, [...path, ...pathOf(key)], value[key]);
}

const isId = (path: readonly string[]): boolean => path.length === 1 && path[0] === '_id';

function markIncluded(parse: Parse, path: readonly string[]): void {
  if (parse.excluded !== undefined) {
    throw new CommandError(31253, `Cannot do inclusion on field ${path.join('.')} in exclusion projection`);
  }
  if (!isId(path)) parse.included ??= path.join('.');
}

function parseFlag(parse: Parse, path: string[], included: boolean): void {
  if (included) {
    if (!isId(path)) markIncluded(parse, path);
  } else if (!isId(path)) {
    if (parse.included !== undefined) {
      throw new CommandError(31254, `Cannot do exclusion on field ${path.join('.')} in inclusion projection`);
    }
    parse.excluded ??= path.join('.');
  }
  place(parse, path, included ? 'include' : 'exclude');
}

function place(parse: Parse, path: string[], leaf: Leaf): void {
  claim(parse.taken, path, leaf);
  claim(parse.tree, path, leaf);
}

/** Puts a leaf into a tree; two paths of which one leads into the other are refused. */
function claim(tree: Tree, path: readonly string[], leaf: Leaf): void {
  let branch = tree;
  path.forEach((part, i) => {
    const there = branch.get(part);
    const last = i === path.length - 1;
    if (there !== undefined && (last || !(there instanceof Map))) {
      const rest = path.slice(i + 1).join('.');
      throw rest === ''
        ? new CommandError(31250, `Path collision at ${path.join('.')}`)
        : new CommandError(31249, `Path collision at ${path.join('.')} remaining portion ${rest}`);
    }
    if (last) branch.set(part, leaf);
    else {
      const next = there instanceof Map ? there : new Map();
      branch.set(part, next);
      branch = next;
    }
  });
}

function parsePositional(parse: Parse, path: string[], value: unknown): void {
  if (!parse.find)
    throw new CommandError(16410, `FieldPath field names may not start with '$': ${path.join('.')}.$`);
  if (!isFlag(value) || !truthy(value)) {
    throw new CommandError(31395, 'positional projection cannot be used with an expression or sub object');
  }
  if (parse.positional !== undefined) {
    throw new CommandError(31276, 'Cannot specify more than one positional projection per query.');
  }
  parse.positional = path.join('.');
  if (parse.filter && !names(parse.filter, path[0]!)) {
    throw new CommandError(
      31277,
      `the projection '${path.join('.')}.$' needs a condition on '${path[0]}' in the query`,
    );
  }
  markIncluded(parse, path);
  place(parse, path, {
    reshape: (array, positional) => {
      if (!Array.isArray(array)) return array;
      if (positional === undefined || positional >= array.length) {
        throw new CommandError(
          51246,
          "positional operator '.$' couldn't find a matching element in the array",
        );
      }
      return [array[positional]];
    },
  });
}

/** Whether a filter has a condition on a field or on what lies in it. */
function names(filter: Doc, field: string): boolean {
  return Object.keys(filter).some((key) => {
    const operand = filter[key];
    if (!key.startsWith('$')) return key.split('.', 1)[0] === field;
    return Array.isArray(operand) && operand.some((branch) => isDoc(branch) && names(branch, field));
  });
}

/** $slice and $elemMatch of a find; false for what is an expression. */
function parseFindOperator(parse: Parse, path: string[], value: Doc): boolean {
  const [operator] = Object.keys(value);
  const operand = value[operator!];
  if (operator === '$meta') throw unsupported('The projection operator $meta');
  if (operator === '$elemMatch') {
    if (!isDoc(operand)) throw new CommandError(31274, 'elemMatch: Invalid argument, object required');
    if (path.length > 1) throw new CommandError(31275, 'Cannot use $elemMatch projection on a nested field.');
    const meets = compileElement(operand, parse.ctx);
    parse.hasElemMatch = true;
    place(parse, path, {
      reshape: (array) => {
        const index = Array.isArray(array) ? array.findIndex(meets) : -1;
        return index < 0 ? undefined : [(array as unknown[])[index]];
      },
    });
    return true;
  }
  if (operator !== '$slice') return false;
  const slice = sliceOf(operand);
  if (!slice) return false;
  parse.hasSlice = true;
  place(parse, path, { reshape: (array) => (Array.isArray(array) ? slice(array) : array) });
  return true;
}

function sliceOf(operand: unknown): ((array: unknown[]) => unknown[]) | undefined {
  if (!Array.isArray(operand)) {
    const count = integerOf(operand);
    if (count === undefined) throw new CommandError(28667, '$slice takes a number or [skip, limit]');
    return (array) => (count >= 0 ? array.slice(0, count) : array.slice(count));
  }
  const [skip, limit] = operand.map(integerOf);
  if (operand.length !== 2 || skip === undefined) return undefined;
  if (limit === undefined || limit <= 0) throw new CommandError(28724, "$slice's limit must be positive");
  return (array) => {
    const start = skip >= 0 ? skip : Math.max(0, array.length + skip);
    return array.slice(start, start + limit);
  };
}
