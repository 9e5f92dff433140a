import type { mongo } from 'mongoose';
import type { Migration } from './index.ts';

/** Collections of the desk; what must be unique among them is an `_id` of `names`. */
const collections = ['names', 'teams', 'tags', 'views', 'canned'];

/** Entries only of conversations that have one: most have none. */
const first = { $gt: '' };

/** What views are asked by, newest first within each, and where a split or a team looks up what hangs on it. */
const indexes: Record<string, mongo.IndexDescription[]> = {
  conversations: [
    {
      name: 'mentioned',
      key: { mentionedIds: 1, status: 1, lastAt: -1, _id: -1 },
      partialFilterExpression: { mentionedIds: first },
    },
    {
      name: 'tagged',
      key: { tagIds: 1, status: 1, lastAt: -1, _id: -1 },
      partialFilterExpression: { tagIds: first },
    },
    {
      name: 'ofTeam',
      key: { teamId: 1, status: 1, lastAt: -1, _id: -1 },
      partialFilterExpression: { teamId: first },
    },
  ],
  routes: [{ key: { conversationId: 1 } }],
  reads: [{ key: { conversationId: 1 } }],
  users: [{ key: { teamIds: 1 } }],
};

/** What was stored before there was any of it, so that a query finds the same as the contract's `matches`. */
const defaults: Record<string, Record<string, unknown>> = {
  conversations: {
    teamId: null,
    priority: 'normal',
    tagIds: [],
    mentionedIds: [],
    splitFromId: null,
    spam: null,
  },
  users: { teamIds: [] },
};

/** Teams, tags, saved views and canned replies. Every step is done again harmlessly. */
export const desk: Migration = {
  id: '003-desk',
  async run(db) {
    const database = db.db;
    if (!database) throw new Error('The connection has no database.');
    const existing = new Set(
      (await database.listCollections({}, { nameOnly: true }).toArray()).map((entry) => entry.name),
    );
    for (const name of collections) if (!existing.has(name)) await database.createCollection(name);
    for (const [name, wanted] of Object.entries(indexes))
      await database.collection(name).createIndexes(wanted);
    for (const [name, fields] of Object.entries(defaults))
      for (const [field, value] of Object.entries(fields))
        await database
          .collection(name)
          .updateMany({ [field]: { $exists: false } }, { $set: { [field]: value } });
  },
};
