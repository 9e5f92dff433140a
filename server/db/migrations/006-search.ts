import type { mongo } from 'mongoose';
import type { Migration } from './index.ts';

/** What the index is still to hear of, and where a number of the index leads. */
const owed: mongo.IndexDescription = {
  name: 'toSearch',
  key: { at: 1 },
  partialFilterExpression: { todo: 'search' },
};
const numbered: mongo.IndexDescription = {
  name: 'searchNo',
  key: { searchNo: 1 },
  partialFilterExpression: { searchNo: { $gt: 0 } },
};

const shape: Record<string, mongo.IndexDescription[]> = {
  searchState: [],
  searchTails: [],
  searchBlocks: [],
  messages: [owed, numbered],
  conversations: [{ ...owed, key: { lastAt: 1 } }],
};

/** Written at once: small enough that nobody waits for it. */
const batch = 1_000;

/**
 * The index that search asks. What was said before there was one is owed to it, by batches, and goes in afterwards, while the
 * program runs. Begun again, it goes on with those that are not owed yet.
 */
export const search: Migration = {
  id: '006-search',
  async run(db, log) {
    const database = db.db;
    if (!database) throw new Error('The connection has no database.');
    const existing = new Set(
      (await database.listCollections({}, { nameOnly: true }).toArray()).map((entry) => entry.name),
    );
    for (const [name, indexes] of Object.entries(shape)) {
      if (!existing.has(name)) await database.createCollection(name);
      if (indexes.length) await database.collection(name).createIndexes(indexes);
    }
    const messages = database.collection<{ _id: string; kind: string; todo?: string[] }>('messages');
    for (let after = '', done = 0; ; ) {
      const some = await messages
        .find({ _id: { $gt: after } }, { projection: { kind: 1, todo: 1 } })
        .sort({ _id: 1 })
        .limit(batch)
        .toArray();
      const last = some.at(-1);
      if (!last) return;
      after = last._id;
      const ids = some.flatMap((one) => (one.kind === 'event' || one.todo ? [] : [one._id]));
      if (ids.length) await messages.updateMany({ _id: { $in: ids } }, { $set: { todo: ['search'] } });
      done += some.length;
      if (done % 100_000 === 0) log.info({ done }, 'messages are made known to search');
    }
  },
};
