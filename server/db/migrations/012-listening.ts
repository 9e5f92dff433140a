import type { mongo } from 'mongoose';
import type { Migration } from './index.ts';

/** What is still to be looked at by the saved searches. */
const owed: mongo.IndexDescription = {
  name: 'toListen',
  key: { at: 1, direction: 1 },
  partialFilterExpression: { todo: 'listen' },
};

/** What is said in public, what saved searches find in it, and how often. Done again harmlessly. */
const shape: Record<string, mongo.IndexDescription[]> = {
  authors: [],
  mentions: [
    { ...owed, key: { at: 1 } },
    // A search that looks back, newest first.
    { key: { at: -1, _id: -1 } },
    // What an author said on a channel; what hangs on a post; the mention that a message was.
    { key: { authorId: 1, channelId: 1, at: -1 } },
    { key: { postId: 1, at: -1, _id: -1 } },
    { key: { messageId: 1 } },
    // A conversation that was made of one, and is not whole yet.
    {
      name: 'bringing',
      key: { receivedAt: 1 },
      partialFilterExpression: { 'bringing.conversationId': { $exists: true } },
    },
  ],
  savedSearches: [],
  hits: [
    { key: { searchId: 1, at: -1, _id: -1 } },
    // The stream of one author, one hashtag, one state.
    { key: { searchId: 1, authorId: 1, at: -1 } },
    { key: { searchId: 1, hashtags: 1, at: -1 } },
    { key: { searchId: 1, state: 1, at: -1 } },
    { key: { searchId: 1, verdict: 1, at: -1 } },
    { key: { sourceId: 1 } },
  ],
  hitHours: [{ key: { searchId: 1, hour: -1 } }],
  spikes: [{ key: { hour: -1, _id: -1 } }, { key: { endedAt: 1, hour: -1 } }],
  messages: [
    owed,
    // A search that looks back over what customers wrote, newest first.
    { name: 'heard', key: { at: -1, _id: -1 }, partialFilterExpression: { direction: 'in' } },
  ],
};

export const listening: Migration = {
  id: '012-listening',
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
