import { CommandError } from '../../errors.ts';
import { type Doc, keysOf } from '../fields.ts';
import { isDoc } from '../values.ts';

/** Most names that a path into a stored document may have, as in MongoDB; messages may be nested a little deeper. */
const MAX_STORED_DEPTH = 180;
/** Fewer bytes than this cannot be nested so deep: every level takes a type, a name's end, a length and an end. */
const SHALLOW = MAX_STORED_DEPTH * 7;

/** Refuses a document that is nested too deep to be stored, with code 15. */
export function refuseDeep(raw: Buffer, doc: Doc): void {
  if (raw.length >= SHALLOW) look(doc, 0);
}

function look(value: Doc | unknown[], level: number): void {
  const isArray = Array.isArray(value);
  const names = isArray ? value : keysOf(value);
  if (names.length > 0 && level >= MAX_STORED_DEPTH)
    throw new CommandError(15, `the document is nested more than ${MAX_STORED_DEPTH} levels deep`);
  for (const each of names) {
    const child = isArray ? each : value[each as string];
    if (Array.isArray(child) || isDoc(child)) look(child, level + 1);
  }
}
