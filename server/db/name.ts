import { AppError } from '../../shared/errors.ts';
import { normalise } from '../../shared/text/normalise.ts';
import type { Tx } from '../messages/commit.ts';
import { key } from './key.ts';
import type { NameDoc } from './name.model.ts';

/** The `_id` under which a name is taken: two spellings that people read as one are one. */
export function nameId(kind: string, name: string): string {
  return key(kind, normalise(name));
}

/** Who bears this name already, or null. */
export async function bearerOf(tx: Tx, kind: string, name: string): Promise<string | null> {
  const found = await tx.models.names
    .findById(nameId(kind, name), null, { session: tx.session })
    .lean<NameDoc>();
  return found?.of ?? null;
}

/**
 * Gives a thing a name, and lets its former one go. Two at once for one name conflict on the document.
 * @returns false when another thing bears it
 */
export async function takeName(
  tx: Tx,
  options: { kind: string; name: string; of: string; before?: string },
): Promise<boolean> {
  const { kind, name, of, before } = options;
  const wanted = nameId(kind, name);
  const former = before === undefined ? null : nameId(kind, before);
  if (wanted === former) return true;
  const bearer = await bearerOf(tx, kind, name);
  if (bearer !== null && bearer !== of) return false;
  if (bearer === null) await tx.models.names.insertMany([{ _id: wanted, of }], { session: tx.session });
  if (former) await tx.models.names.deleteOne({ _id: former, of }, { session: tx.session });
  return true;
}

/** @param what the kind of thing, in words: “team” */
export function nameTaken(what: string): AppError {
  const message = `There is a ${what} of this name already.`;
  return new AppError({ code: 'invalid', reason: 'duplicateName', message, fields: { name: message } });
}
