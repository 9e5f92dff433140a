import type { Migration } from './index.ts';

/** Visitors of the web chat: what each may see, in their own order, and who owes them an answer. Done again harmlessly. */
export const visitors: Migration = {
  id: '004-visitors',
  async run(db) {
    const database = db.db;
    if (!database) throw new Error('The connection has no database.');
    const existing = await database.listCollections({ name: 'visitors' }, { nameOnly: true }).toArray();
    if (!existing.length) await database.createCollection('visitors');
    await database.collection('visitors').createIndexes([
      // Contacts that are not yet their customer's.
      { key: { contactDue: 1 }, partialFilterExpression: { contactDue: true } },
    ]);
    // A message has a number there from the moment its visitor may see it.
    const seen = { visitorSeq: { $gt: 0 } };
    await database.collection('messages').createIndexes([
      { name: 'visitorSeq', key: { identityId: 1, visitorSeq: 1 }, partialFilterExpression: seen },
      { name: 'visitorAt', key: { identityId: 1, at: 1, _id: 1 }, partialFilterExpression: seen },
    ]);
    // Uploads that no message took.
    await database.collection('files').createIndexes([{ key: { authorId: 1, createdAt: 1 } }]);
  },
};
