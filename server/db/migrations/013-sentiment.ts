import type { Migration } from './index.ts';

/** What people said of moods, to train with. Done again harmlessly. */
export const sentiment: Migration = {
  id: '013-sentiment',
  async run(db) {
    const database = db.db;
    if (!database) throw new Error('The connection has no database.');
    const existing = await database
      .listCollections({ name: 'sentimentLabels' }, { nameOnly: true })
      .toArray();
    if (!existing.length) await database.createCollection('sentimentLabels');
  },
};
