import { equalValues } from '../embedded/bson/order.ts';
import { type Doc, decode } from '../embedded/bson/values.ts';
import { at, type Side } from './side.ts';

/** A collection as its server tells it. */
export interface Listed {
  db: string;
  name: string;
  ns: string;
  /** `collection`, `view` or `timeseries`. */
  type: string;
  options: Doc;
  /** Its indexes beside that of `_id`. */
  indexes: Doc[];
}

/** The collection in which a transfer that is not finished keeps its state, one in each database at the target. */
export const STATE = 'yekja.transfer';

/** What every server keeps for itself. */
const OWN_DATABASES = new Set(['admin', 'config', 'local']);

export const isOwn = (db: string) => OWN_DATABASES.has(db);

/** Names of a server's databases, its own left out. */
export async function databasesOf(side: Side): Promise<string[]> {
  const { databases } = await at(side, undefined, () =>
    side.client.db('admin').command({ listDatabases: 1, nameOnly: true }),
  );
  return (databases as { name: string }[])
    .map(({ name }) => name)
    .filter((name) => !isOwn(name))
    .sort();
}

/** Collections and views of a database in the order of their names; what the server made for itself is left out. */
export async function collectionsOf(side: Side, db: string): Promise<Omit<Listed, 'indexes'>[]> {
  const found = await at(side, db, () =>
    side.client.db(db).listCollections({}, { nameOnly: false }).toArray(),
  );
  return found
    .filter(({ name }) => !name.startsWith('system.') && name !== STATE)
    .map((one) => ({
      db,
      name: one.name,
      ns: `${db}.${one.name}`,
      type: one.type ?? 'collection',
      options: (one as { options?: Doc }).options ?? {},
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Specifications of a collection's indexes, types and order of fields kept; that of `_id` is left out. */
export async function indexesOf(
  side: Side,
  { db, name, ns }: Pick<Listed, 'db' | 'name' | 'ns'>,
): Promise<Doc[]> {
  const raw = await at(side, ns, () =>
    side.client.db(db).collection(name).listIndexes({ raw: true }).toArray(),
  );
  return (raw as unknown as Uint8Array[])
    .map((bytes) => decode(bytes))
    .filter((spec) => spec['name'] !== '_id_');
}

/** A whole database with its indexes. */
export async function inventory(side: Side, db: string): Promise<Listed[]> {
  const list: Listed[] = [];
  for (const one of await collectionsOf(side, db))
    list.push({ ...one, indexes: one.type === 'view' ? [] : await indexesOf(side, one) });
  return list;
}

/** Fields of a specification that say nothing about what the index is. */
const IDLE_FIELDS = new Set(['v', 'ns', 'background']);

/** What makes an index: its specification without what says nothing. */
function essence(spec: Doc): Doc {
  const kept = Object.entries(spec).filter(([field, value]) => !IDLE_FIELDS.has(field) && value !== false);
  return Object.fromEntries(kept);
}

/** Whether two specifications make the same index. */
export function sameIndex(a: Doc, b: Doc): boolean {
  const [one, other] = [essence(a), essence(b)];
  const fields = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...fields].every((field) => equalValues(one[field] ?? null, other[field] ?? null));
}

export const expires = (spec: Doc) => spec['expireAfterSeconds'] !== undefined;
