import type { mongo } from 'mongoose';
import type { Migration } from './index.ts';

/** What each collection is asked, beside its `_id`. */
const shape: Record<string, mongo.IndexDescription[]> = {
  duplicates: [
    // The queue, the surest first; and the pairs of one customer.
    { key: { state: 1, score: -1, _id: 1 } },
    { key: { customerIds: 1 } },
  ],
  comparesDue: [{ key: { at: -1 } }],
  ignored: [{ key: { customerId: 1 } }],
  qualitySettings: [],
  facts: [
    { key: { dupKeys: 1 } },
    { key: { problems: 1, _id: 1 } },
    // What becomes stale one day, by that day.
    { key: { staleAt: 1 }, partialFilterExpression: { staleAt: { $gt: new Date(0) } } },
  ],
};

/** Duplicates and the quality of data. Facts are derived anew by an earlier step, and with them what these need. */
export const duplicates: Migration = {
  id: '008-duplicates',
  async run(db) {
    const database = db.db;
    if (!database) throw new Error('The connection has no database.');
    const existing = new Set(
      (await database.listCollections({}, { nameOnly: true }).toArray()).map((entry) => entry.name),
    );
    for (const [name, indexes] of Object.entries(shape)) {
      if (!existing.has(name)) await database.createCollection(name);
      if (indexes.length) await database.collection(name).createIndexes(indexes);
    }
  },
};
