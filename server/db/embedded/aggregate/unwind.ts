import { Long } from 'bson';
import { CommandError, type Doc, docOf, getField, isDoc } from '../bson/values.ts';
import { setWithin } from '../query/projection.ts';

/** A stage that makes any number of documents of one. */
export type Spread = (doc: Doc) => Iterable<Doc>;

export function compileUnwind(spec: unknown): Spread {
  const named = isDoc(spec) ? spec : { path: spec };
  const { path, includeArrayIndex, preserveNullAndEmptyArrays } = named as Doc;
  const stranger = Object.keys(named).find(
    (key) => !['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(key),
  );
  if (stranger !== undefined)
    throw new CommandError(28811, `unrecognized option to $unwind stage: ${stranger}`);
  if (typeof path !== 'string' || !path.startsWith('$') || path.startsWith('$$') || path.length < 2) {
    throw new CommandError(28818, "path option to $unwind stage should be a field path prefixed with a '$'");
  }
  if (preserveNullAndEmptyArrays !== undefined && typeof preserveNullAndEmptyArrays !== 'boolean') {
    throw new CommandError(28809, '$unwind: preserveNullAndEmptyArrays must be a boolean');
  }
  if (
    includeArrayIndex !== undefined &&
    (typeof includeArrayIndex !== 'string' || !/^[^$]/.test(includeArrayIndex))
  ) {
    throw new CommandError(28810, '$unwind: includeArrayIndex must be the name of a field');
  }
  const parts = path.slice(1).split('.');
  const indexPath = includeArrayIndex?.split('.');
  const withIndex = (doc: Doc, index: number | null): Doc =>
    indexPath ? (setWithin(doc, indexPath, 0, index === null ? null : Long.fromNumber(index)) as Doc) : doc;
  return function* (doc) {
    const value = plainValue(doc, parts);
    if (Array.isArray(value) && value.length > 0) {
      for (let i = 0; i < value.length; i++) yield withIndex(setWithin(doc, parts, 0, value[i]) as Doc, i);
    } else if (value !== undefined && value !== null && !Array.isArray(value)) yield withIndex(doc, null);
    else if (preserveNullAndEmptyArrays === true)
      yield withIndex(Array.isArray(value) ? (setWithin(doc, parts, 0, undefined) as Doc) : doc, null);
  };
}

/** The value at a path of documents; an array on the way ends it. */
function plainValue(doc: Doc, parts: readonly string[]): unknown {
  return parts.reduce<unknown>((value, part) => {
    const inner = docOf(value);
    return inner ? getField(inner, part) : undefined;
  }, doc);
}
