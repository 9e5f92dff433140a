import type { mongo } from 'mongoose';
import type { Migration } from './index.ts';

/** What each collection is asked, beside its `_id`. */
const shape: Record<string, mongo.IndexDescription[]> = {
  posts: [],
  messages: [
    // What was said under a post, the newest first.
    {
      name: 'underPost',
      key: { postId: 1, at: -1, _id: -1 },
      partialFilterExpression: { postId: { $exists: true } },
    },
    // What was sent to somebody and may still be said to be delivered or read.
    {
      name: 'toIdentity',
      key: { identityId: 1, channelId: 1, 'delivery.state': 1, at: 1 },
      partialFilterExpression: { 'delivery.state': { $exists: true } },
    },
  ],
};

/** Public posts. Every step is done again harmlessly. */
export const posts: Migration = {
  id: '010-posts',
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
