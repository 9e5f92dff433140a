import type { Doc } from './fields.ts';

const typeSymbol: unique symbol = Symbol.for('@@mdb.bson.type') as never;

/**
 * Name of a BSON wrapper's type (`Int32`, `ObjectId`, …), undefined for everything else. Asks by symbol, so that a stored
 * document with a field called `_bsontype` is not mistaken for a wrapper.
 */
export function wrapperType(value: object): string | undefined {
  return (value as { [typeSymbol]?: string })[typeSymbol];
}

/** BSON's deprecated undefined: a value of its own, other than a field that is missing. */
export class BsonUndefined {
  get [typeSymbol](): string {
    return 'Undefined';
  }
  toJSON(): unknown {
    return { $undefined: true };
  }
}

export const UNDEFINED = new BsonUndefined();

/** BSON's deprecated pointer into a collection. `payload` is what stands in the bytes: a string and twelve bytes of id. */
export class DbPointer {
  readonly payload: Buffer;

  constructor(payload: Buffer) {
    this.payload = payload;
  }
  get [typeSymbol](): string {
    return 'DBPointer';
  }
  toJSON(): unknown {
    return { $dbPointer: this.payload.toString('hex') };
  }
}

/** An instant that JavaScript's Date cannot hold: more than 8.64e15 ms away from 1970. */
export class FarDate {
  readonly ms: bigint;

  constructor(ms: bigint) {
    this.ms = ms;
  }
  get [typeSymbol](): string {
    return 'FarDate';
  }
  toJSON(): unknown {
    return { $date: { $numberLong: String(this.ms) } };
  }
}

/** Pattern and options of a regular expression, options as they are stored. */
export function regexOf(value: object): { pattern: string; options: string } {
  if (value instanceof RegExp) {
    const options = [...value.flags].filter((flag) => 'ims'.includes(flag)).join('');
    return { pattern: value.source, options };
  }
  return value as unknown as { pattern: string; options: string };
}

/** The document that a driver's DBRef stands for; none is ever decoded, but code may hold one. */
export function dbRefDoc(value: object): Doc {
  const ref = value as { collection: string; oid: unknown; db?: string; fields?: Doc };
  return {
    $ref: ref.collection,
    $id: ref.oid,
    ...(ref.db === undefined || ref.db === '' ? {} : { $db: ref.db }),
    ...ref.fields,
  };
}
