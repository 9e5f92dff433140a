import { docOf, keysOf, numberOf, numberType, typeAlias } from '../values.ts';
import { compareValues } from './compare.ts';

/** Whether two values would be stored as the same bytes: same types, same order of fields. */
export function sameBytes(a: unknown, b: unknown): boolean {
  if (a === b) return a !== 0 || Object.is(a, b);
  if (typeof a === 'string' && typeof b === 'string') return false;
  const type = typeAlias(a);
  if (type !== typeAlias(b)) return false;
  switch (type) {
    case 'object':
      return sameDocs(a, b);
    case 'array':
      return sameArrays(a as unknown[], b as unknown[]);
    case 'int':
      return numberOf(a) === numberOf(b);
    case 'double':
      return Object.is(numberOf(a), numberOf(b));
    case 'decimal':
      return numberType(a) === numberType(b) && String(a) === String(b);
    default:
      return compareValues(a, b) === 0;
  }
}

function sameDocs(a: unknown, b: unknown): boolean {
  const x = docOf(a)!;
  const y = docOf(b)!;
  const names = keysOf(x);
  const others = keysOf(y);
  return (
    names.length === others.length &&
    names.every((name, i) => name === others[i] && sameBytes(x[name], y[name]))
  );
}

function sameArrays(a: unknown[], b: unknown[]): boolean {
  return a.length === b.length && a.every((element, i) => sameBytes(element, b[i]));
}
