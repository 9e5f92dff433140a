import type { mongo } from 'mongoose';
import type { Migration } from './index.ts';

/** What each collection is asked, beside its `_id`. */
const shape: Record<string, mongo.IndexDescription[]> = {
  // A customer's, newest first.
  records: [
    { key: { customerId: 1, at: -1, _id: -1 } },
    // What the search has still to take in, and where it has what.
    { name: 'toSearch', key: { at: 1 }, partialFilterExpression: { todo: 'search' } },
    { name: 'searchNo', key: { searchNo: 1 }, partialFilterExpression: { searchNo: { $gt: 0 } } },
  ],
  imports: [{ key: { createdAt: -1, _id: -1 } }, { key: { state: 1 } }],
  // What failed, in the order of the file; what is to be taken back, from the last on.
  importRows: [{ key: { importId: 1, phase: 1, outcome: 1, row: 1 } }],
};

/** Purchases, services, and tables that are brought in. Every step is done again harmlessly. */
export const records: Migration = {
  id: '007-records',
  async run(db) {
    const database = db.db;
    if (!database) throw new Error('The connection has no database.');
    const existing = new Set(
      (await database.listCollections({}, { nameOnly: true }).toArray()).map((entry) => entry.name),
    );
    for (const [name, indexes] of Object.entries(shape)) {
      if (!existing.has(name)) await database.createCollection(name);
      await database.collection(name).createIndexes(indexes);
    }
  },
};
