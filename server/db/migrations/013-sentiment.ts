import type { Migration } from './index.ts';

/** Stands for all customers; the facts' worker knows it. */
const everybody = '*';

/** What people said of moods, to train with; facts tell of moods from now on. Done again harmlessly. */
export const sentiment: Migration = {
  id: '013-sentiment',
  async run(db) {
    const database = db.db;
    if (!database) throw new Error('The connection has no database.');
    const existing = await database
      .listCollections({ name: 'sentimentLabels' }, { nameOnly: true })
      .toArray();
    if (!existing.length) await database.createCollection('sentimentLabels');
    // The newest purchases, for the names of what is bought.
    await database.collection('records').createIndexes([{ key: { kind: 1, at: -1 } }]);
    await database
      .collection<{ _id: string; due: number; at: Date }>('factsDue')
      .updateOne({ _id: everybody }, { $setOnInsert: { due: 1, at: new Date(0) } }, { upsert: true });
  },
};
