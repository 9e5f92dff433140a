import { EJSON } from 'bson';

/** A document of a test file or of the server: its numbers keep their BSON type (Int32, Long, Double). */
export type Document = Record<string, unknown>;

interface BsonValue {
  _bsontype: string;
}

const isBson = (value: unknown): value is BsonValue =>
  typeof value === 'object' && value !== null && typeof (value as BsonValue)._bsontype === 'string';

/** A plain object (or a reference, which BSON stores as one), and no BSON value, array, date, … */
export function isDocument(value: unknown): value is Document {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value) || value instanceof Date || value instanceof RegExp || value instanceof Uint8Array)
    return false;
  return !isBson(value);
}

const bsonNames: Record<string, string> = {
  ObjectId: 'objectId',
  Int32: 'int',
  Long: 'long',
  Double: 'double',
  Decimal128: 'decimal',
  Binary: 'binData',
  Timestamp: 'timestamp',
  BSONRegExp: 'regex',
  BSONSymbol: 'symbol',
  MinKey: 'minKey',
  MaxKey: 'maxKey',
  DBRef: 'object',
};

/** The aliases of MongoDB's $type operator that a value can have here. */
export const typeAliases = new Set([
  ...Object.values(bsonNames),
  ...['object', 'array', 'string', 'bool', 'date', 'null', 'undefined', 'javascript', 'javascriptWithScope'],
  ...['dbPointer', 'number'],
]);

/**
 * The $type alias of a value; a JavaScript number has the type under which the driver would send it.
 * `missing` for undefined.
 */
export function typeOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'long';
  if (typeof value === 'number') return (value | 0) === value && !Object.is(value, -0) ? 'int' : 'double';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Date) return 'date';
  if (value instanceof RegExp) return 'regex';
  if (value instanceof Uint8Array) return 'binData';
  if (isBson(value)) {
    if (value._bsontype === 'Code')
      return (value as unknown as { scope?: unknown }).scope ? 'javascriptWithScope' : 'javascript';
    return bsonNames[value._bsontype] ?? value._bsontype;
  }
  return 'object';
}

/** The value of an int, long or double for comparing across these types; undefined for all else. */
export function numberOf(value: unknown): number | bigint | undefined {
  const type = typeOf(value);
  if (type === 'int' || type === 'double') return Number(value);
  if (type === 'long') return typeof value === 'bigint' ? value : BigInt(String(value));
  return undefined;
}

/** The same structure with every int and double, and every long that fits, as a JavaScript number. */
export function plain(value: unknown): unknown {
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (Array.isArray(value)) return value.map(plain);
  const number = numberOf(value);
  if (number !== undefined) return Number.isSafeInteger(Number(number)) ? Number(number) : value;
  if (isDocument(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  return value;
}

/** A copy whose documents and arrays are new: the driver goes on to write in what it is given and what it reports. */
export function copied<T>(value: T): T {
  if (value instanceof Map) return copied(Object.fromEntries(value)) as T;
  if (Array.isArray(value)) return value.map(copied) as T;
  if (!isDocument(value)) return value;
  const copy: Document = {};
  for (const [key, inner] of Object.entries(value))
    Object.defineProperty(copy, key, {
      value: copied(inner),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  return copy as T;
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isDocument(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
};

/** One text for one value, its types told apart, whatever the order of a document's keys. */
export const canonical = (value: unknown): string =>
  EJSON.stringify({ v: sorted(JSON.parse(EJSON.stringify({ v: value }, { relaxed: false })).v) });

/** A value for a sentence: extended JSON, cut. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'bigint') return `${value}`;
  let text: string;
  try {
    text = EJSON.stringify(value, { relaxed: true });
  } catch {
    text = String(value);
  }
  return text.length > 240 ? `${text.slice(0, 237)}…` : text;
}
