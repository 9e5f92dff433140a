import { type Doc, isDoc, numberOf } from '../bson/values.ts';

/** Names of top-level fields; undefined means: the whole document. */
export type Fields = ReadonlySet<string> | undefined;

/** Nothing but the documents' bytes. */
export const NO_FIELDS: Fields = new Set();

/** Operators that name fields by plain text, or read what is no field. */
const OPAQUE = new Set(['$getField', '$setField', '$unsetField', '$meta']);

export const topLevel = (path: string): string => path.split('.', 1)[0]!;

/** The fields that two readers need together. */
export function bothOf(a: Fields, b: Fields): Fields {
  return a && b && new Set([...a, ...b]);
}

/** The fields that an expression may read; rather too many than one too few. */
export function expressionFields(expr: unknown): Fields {
  const found = new Set<string>();
  return gather(expr, found) ? found : undefined;
}

function gather(expr: unknown, found: Set<string>): boolean {
  if (typeof expr === 'string') return gatherPath(expr, found);
  if (Array.isArray(expr)) return expr.every((each) => gather(each, found));
  if (!isDoc(expr)) return true;
  return Object.keys(expr).every((key) => !OPAQUE.has(key) && gather(expr[key], found));
}

function gatherPath(text: string, found: Set<string>): boolean {
  if (!text.startsWith('$')) return true;
  if (!text.startsWith('$$')) {
    found.add(topLevel(text.slice(1)));
    return true;
  }
  const [variable, field] = text.slice(2).split('.');
  if (variable !== 'ROOT' && variable !== 'CURRENT') return true;
  if (field === undefined) return false;
  found.add(field);
  return true;
}

/** The fields that a filter reads. */
export function filterFields(filter: Doc): Fields {
  let fields: Fields = new Set();
  for (const key of Object.keys(filter)) {
    fields = bothOf(fields, key.startsWith('$') ? logicalFields(key, filter[key]) : new Set([topLevel(key)]));
    if (!fields) return undefined;
  }
  return fields;
}

function logicalFields(operator: string, operand: unknown): Fields {
  if (operator === '$comment') return new Set();
  if (operator === '$expr') return expressionFields(operand);
  if (!['$and', '$or', '$nor'].includes(operator) || !Array.isArray(operand)) return undefined;
  return operand.reduce<Fields>(
    (fields, branch) => bothOf(fields, isDoc(branch) ? filterFields(branch) : undefined),
    new Set(),
  );
}

/** The fields that a find's projection reads, if it does no more than name those that come along. */
export function projectedFields(projection: Doc): Fields {
  const names = Object.keys(projection);
  const plain = names.every((name) => {
    const value = projection[name];
    const flag = typeof value === 'boolean' ? value : numberOf(value);
    return (
      !name.endsWith('.$') && (flag === true || (typeof flag === 'number' && flag !== 0) || name === '_id')
    );
  });
  const including = names.some((name) => name !== '_id');
  return plain && including ? new Set(['_id', ...names.map(topLevel)]) : undefined;
}
