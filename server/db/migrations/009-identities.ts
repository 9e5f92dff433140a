import type { mongo } from 'mongoose';
import type { Migration } from './index.ts';

/** Codes that are sent to addresses, keys of the public API, and what it answered. Done again harmlessly. */
const shape: Record<string, mongo.IndexDescription[]> = {
  verifications: [
    // A customer's codes, newest first; how many went to one address, and in all, within the hour.
    { key: { customerId: 1, createdAt: -1 } },
    { key: { identityId: 1, createdAt: -1 } },
    { key: { createdAt: 1 } },
  ],
  apiKeys: [],
  // What is old is struck off.
  apiAnswers: [{ key: { at: 1 } }],
};

export const identities: Migration = {
  id: '009-identities',
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
