export { CommandError, type CommandErrorDetail, codeNames } from './errors.ts';

/** A document as decoded: numbers are BSON wrappers (Int32, Double, Long, Decimal128); a plain JS number is taken too. */
export type Doc = Record<string, unknown>;

/** BSON bytes → document, types kept. */
export function decode(buf: Uint8Array): Doc {
  throw new Error(`${buf.length}`);
}

/** Document → BSON bytes. */
export function encode(doc: Doc): Buffer {
  throw new Error(`${doc}`);
}

/** An embedded document (not an array, not a BSON value, not a Date). */
export function isDoc(value: unknown): value is Doc {
  throw new Error(`${value}`);
}

/** Int32, Double, Long, Decimal128, JS number, bigint → JS number (rounded if need be); anything else undefined. */
export function numberOf(value: unknown): number | undefined {
  throw new Error(`${value}`);
}
