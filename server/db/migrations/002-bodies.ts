import type { Migration } from './index.ts';

/** Whole bodies of messages: found by their message's id alone. */
export const bodies: Migration = {
  id: '002-bodies',
  async run(db) {
    const database = db.db;
    if (!database) throw new Error('The connection has no database.');
    const existing = await database.listCollections({ name: 'bodies' }, { nameOnly: true }).toArray();
    if (!existing.length) await database.createCollection('bodies');
  },
};
