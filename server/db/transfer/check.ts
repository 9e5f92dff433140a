import { createHash } from 'node:crypto';
import { inventory, type Listed, sameIndex } from './inventory.ts';
import { showId } from './raw.ts';
import { documentsOf } from './reading.ts';
import type { Side } from './side.ts';

export interface Checked {
  documents: number;
  /** SHA-256 over the documents' bytes in the order of `_id`, the same on both sides. */
  sha256: string;
}

interface Pair {
  from: Side;
  to: Side;
  of: Pick<Listed, 'db' | 'name' | 'ns'>;
  onDone(count: number): Promise<void> | void;
}

/** Reads a collection on both sides and compares every byte and the count. Throws a sentence that names the first difference. */
export async function checkContent({ from, to, of, onDone }: Pair): Promise<Checked> {
  const hash = createHash('sha256');
  const other = documentsOf(to, of);
  let documents = 0;
  const wrong = (what: string) =>
    new Error(
      `${of.ns} is not the same on both sides: ${what}. If somebody writes to ${from.address.name} or ${to.address.name}, let that stop; then start the same command again: it copies what differs`,
    );
  try {
    for await (const raw of documentsOf(from, of)) {
      const { value: there, done } = await other.next();
      if (done || !there)
        throw wrong(
          `after ${documents} documents, that with the _id ${showId(raw)} is missing at ${to.address.name}`,
        );
      if (!raw.equals(there))
        throw wrong(
          `document ${documents + 1} in the order of _id is ${showId(raw)} here and ${showId(there)} there, or its content differs`,
        );
      hash.update(raw);
      await onDone(++documents);
    }
    const { value: surplus } = await other.next();
    if (surplus) throw wrong(`${to.address.name} has one more, with the _id ${showId(surplus)}`);
  } finally {
    await other.return();
  }
  return { documents, sha256: hash.digest('hex') };
}

/** Compares the lists of collections and indexes of a database. */
export async function checkShape(to: Side, db: string, wanted: readonly Listed[]): Promise<void> {
  const there = new Map((await inventory(to, db)).map((one) => [one.name, one]));
  for (const one of wanted) {
    const found = there.get(one.name);
    if (!found) throw new Error(`the collection ${one.ns} is missing at ${to.address.name}`);
    there.delete(one.name);
    const missing = one.indexes.find((spec) => !found.indexes.some((other) => sameIndex(spec, other)));
    if (missing)
      throw new Error(
        `${one.ns} at ${to.address.name} lacks the index ${String(missing['name'])}, or has it otherwise`,
      );
    if (found.indexes.length !== one.indexes.length)
      throw new Error(
        `${one.ns} at ${to.address.name} has ${found.indexes.length} indexes beside that of _id, and should have ${one.indexes.length}`,
      );
  }
  const [surplus] = there.keys();
  if (surplus !== undefined)
    throw new Error(`${to.address.name} has a collection that was not copied: ${db}.${surplus}`);
}
