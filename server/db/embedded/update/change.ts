import { arrayIndexOf, isContainer } from '../bson/paths.ts';
import { CommandError, type Doc, getField, setField, show } from '../bson/values.ts';

/** The field is to be taken away; an array's element becomes null. */
export const UNSET = Symbol('unset');
/** The field stays as it is. */
export const SAME = Symbol('same');

/** New value of a field; `old` is undefined where the field is missing, `before` the document as the update found it. */
export type Change = (old: unknown, before: Doc) => unknown;

export interface Operation {
  operator: string;
  path: string[];
  change: Change;
  /** Whether a missing path is made; other operators leave it missing. */
  creates: boolean;
  onlyInsert?: boolean;
  /** Nothing to do for this document, not even to find the path in the way. */
  idle?: (before: Doc) => boolean;
}

const MAX_PADDING = 1_500_000;

/** Applies one change at a path without `$`, in place; tells whether anything changed. */
export function changeAt(root: Doc, path: readonly string[], operation: Operation, before: Doc): boolean {
  let container: Doc | unknown[] = root;
  for (let i = 0; i < path.length; i++) {
    const part = path[i]!;
    const slot = slotOf(container, part);
    if (slot === undefined) {
      if (!operation.creates) return false;
      throw notViable(path, i, container);
    }
    const last = i === path.length - 1;
    const old = Array.isArray(container) ? container[slot as number] : getField(container, part);
    if (last || old === undefined) {
      if (!last && !operation.creates) return false;
      const value = operation.change(last ? old : undefined, before);
      return put(container, part, last ? value : nest(path.slice(i + 1), value));
    }
    if (!isContainer(old)) {
      if (!operation.creates) return false;
      throw notViable(path, i + 1, old);
    }
    container = old as Doc | unknown[];
  }
  return false;
}

function slotOf(container: Doc | unknown[], part: string): string | number | undefined {
  return Array.isArray(container) ? arrayIndexOf(part) : part;
}

function notViable(path: readonly string[], at: number, value: unknown): CommandError {
  const element = `{${path[at - 1]}: ${show(value)}}`;
  return new CommandError(28, `Cannot create field '${path[at]}' in element ${element}`);
}

/** Wraps a value in the documents that its path still lacks. */
function nest(path: readonly string[], value: unknown): unknown {
  if (value === SAME || value === UNSET) return value;
  return path.reduceRight<unknown>((inner, part) => {
    const doc: Doc = {};
    setField(doc, part, inner);
    return doc;
  }, value);
}

function put(container: Doc | unknown[], part: string, value: unknown): boolean {
  if (value === SAME) return false;
  if (Array.isArray(container)) return putElement(container, Number(part), value);
  if (value === UNSET) return Object.hasOwn(container, part) && delete container[part];
  setField(container, part, value);
  return true;
}

function putElement(array: unknown[], index: number, value: unknown): boolean {
  if (value === UNSET) {
    if (index >= array.length || array[index] === null) return false;
    array[index] = null;
    return true;
  }
  if (index - array.length > MAX_PADDING) {
    throw new CommandError(2, `can't backfill array to larger than ${MAX_PADDING} elements`);
  }
  while (array.length < index) array.push(null);
  array[index] = value;
  return true;
}
