import { type Doc, isDoc } from '../bson/values.ts';

/** The values that distinct sees at a path: elements of arrays one by one, missing fields not at all. */
export function valuesAt(doc: Doc, path: string): unknown[] {
  return walk(doc, path.split('.')).flatMap((value) => (Array.isArray(value) ? value : [value]));
}

function walk(value: unknown, [segment, ...rest]: string[]): unknown[] {
  if (segment === undefined) return value === undefined ? [] : [value];
  if (Array.isArray(value)) {
    if (/^\d+$/.test(segment) && Number(segment) < value.length) return walk(value[Number(segment)], rest);
    return value.flatMap((item) => (isDoc(item) ? walk(item, [segment, ...rest]) : []));
  }
  if (!isDoc(value) || !Object.hasOwn(value, segment)) return [];
  return walk(value[segment], rest);
}
