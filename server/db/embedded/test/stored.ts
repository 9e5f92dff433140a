import { CommandError, type Doc, decode, encode } from '../bson/values.ts';

/** A document as it comes back from the store. */
export const stored = <T extends object = Doc>(doc: T): T => decode(encode(doc as Doc)) as T;

/** The code that a deed is refused with; undefined where it is not refused. */
export function codeOf(deed: () => unknown): number | undefined {
  try {
    deed();
  } catch (error) {
    if (error instanceof CommandError) return error.code;
    throw error;
  }
  return undefined;
}
