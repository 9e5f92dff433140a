import { decode, getField, numberOf } from '../../server/db/embedded/bson/values.ts';
import { backup, openExisting } from '../../server/db/embedded/store/backup.ts';
import { Catalog } from '../../server/db/embedded/store/catalog.ts';
import { compact } from '../../server/db/embedded/store/compact.ts';
import type { Store } from '../../server/db/embedded/store/store.ts';
import { verify } from '../../server/db/embedded/store/verify.ts';
import { readRange } from '../../server/db/embedded/store/view.ts';
import { checkBalances } from './engine-books.ts';
import { nothingFound, type Stored } from './engine-ledger.ts';

/**
 * What is done to a data folder in a process of its own, so that it can be killed: `check DIR [LEAST TRANSFERS]`,
 * `backup DIR TARGET`, `compact DIR`. Prints one line of JSON, the faults.
 */
const [deed = '', dir = '', target = ''] = process.argv.slice(2);

/** All documents of one collection straight from the file, numbers as JavaScript's. */
function all(store: Store, name: string): Stored[] {
  const collection = new Catalog(store).get('chaos', name);
  if (!collection) return [];
  return readRange(collection.docs, { limit: Number.MAX_SAFE_INTEGER }).map(({ value }) => {
    const doc = decode(value);
    const plain = Object.keys(doc).map((field) => {
      const content = getField(doc, field);
      return [field, numberOf(content) ?? content];
    });
    return Object.fromEntries(plain) as Stored;
  });
}

/** Indexes against documents, and every transfer against the balances: as a moment of the load must be, whole. */
async function check(): Promise<string[]> {
  const store = openExisting(dir);
  const { faults } = verify(store, () => {});
  const finding = nothingFound();
  const transfers = all(store, 'transfers');
  checkBalances(all(store, 'accounts'), transfers, finding);
  if (transfers.length < Number(target || 0))
    finding.faults.push(`it holds ${transfers.length} transfers, ${target} were acknowledged before`);
  await store.close();
  return [...faults, ...finding.faults];
}

async function main(): Promise<string[]> {
  if (deed === 'check') return check();
  if (deed === 'compact') {
    await compact(dir, () => {});
    return [];
  }
  if (deed === 'backup') {
    await backup(dir, target);
    return [];
  }
  throw new Error(`engine-deed knows no '${deed}'`);
}

main().then(
  (faults) => {
    console.log(JSON.stringify(faults));
    process.exit(0);
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
