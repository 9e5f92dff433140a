/** A document as decoded: numbers are BSON wrappers (Int32, Double, Long, Decimal128); a plain JS number is taken too. */
export type Doc = Record<string, unknown>;

/** Where a document keeps the order of its fields if JavaScript would give them in another: `1` before `b` and so on. */
const ORDER = Symbol('order of fields');

type Ordered = Doc & { [ORDER]?: string[] };

/** Digits that JavaScript takes for a place in an array: such keys come before all others and in their own order. */
function placeOf(key: string): number | undefined {
  const first = key.charCodeAt(0);
  if (!(first >= 48 && first <= 57) || key.length > 10) return undefined;
  if (first === 48) return key.length === 1 ? 0 : undefined;
  const place = Number(key);
  return Number.isInteger(place) && place < 2 ** 32 - 1 && String(place) === key ? place : undefined;
}

/** Names of a document's fields in stored order; use this, not Object.keys, where the order matters. */
export function keysOf(doc: Doc): string[] {
  const order = (doc as Ordered)[ORDER];
  return order === undefined ? Object.keys(doc) : reconciled(doc, order);
}

/** Fields may have been taken away or added without the list's knowledge. */
function reconciled(doc: Doc, order: readonly string[]): string[] {
  const names = order.filter((name) => Object.hasOwn(doc, name));
  const own = Object.keys(doc);
  if (own.length === names.length) return names;
  const known = new Set(names);
  return [...names, ...own.filter((name) => !known.has(name))];
}

/** Notes that `key`, which the document does not have yet, comes last. */
function appendKey(doc: Ordered, key: string): void {
  const order = doc[ORDER];
  if (order !== undefined) {
    if (order.at(-1) === key) return;
    const names = reconciled(doc, order);
    names.push(key);
    doc[ORDER] = names;
    return;
  }
  const place = placeOf(key);
  if (place === undefined) return;
  const names = Object.keys(doc);
  const last = names.at(-1);
  if (last === undefined) return;
  const before = placeOf(last);
  if (before !== undefined && before < place) return;
  names.push(key);
  doc[ORDER] = names;
}

/** Sets a field as the document's own, `__proto__` too; a new one comes last. */
export function setField(doc: Doc, key: string, value: unknown): void {
  const first = key.charCodeAt(0);
  const tracked = (doc as Ordered)[ORDER] !== undefined;
  if ((tracked || (first >= 48 && first <= 57)) && !Object.hasOwn(doc, key)) appendKey(doc, key);
  if (key === '__proto__') {
    Object.defineProperty(doc, key, { value, enumerable: true, writable: true, configurable: true });
  } else doc[key] = value;
}

/** A field's own value, undefined if there is none; never what Object.prototype has. */
export function getField(doc: Doc, key: string): unknown {
  return Object.hasOwn(doc, key) ? doc[key] : undefined;
}

/** The same fields in the same order in a new document; values are shared. */
export function copyFields(doc: Doc): Doc {
  const copy: Doc = {};
  for (const key of keysOf(doc)) setField(copy, key, doc[key]);
  return copy;
}
