import type { mongo } from 'mongoose';
import type { CustomerDoc, IdentityDoc } from '../../customers/customer.model.ts';
import { customerTokens } from '../../customers/customer.tokens.ts';
import type { Log } from '../../log.ts';
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
    await oweMessages(database, log);
    await renewTokens(database, log);
  },
};

type Database = NonNullable<Parameters<Migration['run']>[0]['db']>;

async function oweMessages(database: Database, log: Log): Promise<void> {
  const messages = database.collection<{ _id: string; kind: string; todo?: string[] }>('messages');
  await inBatches(messages, { kind: 1, todo: 1 }, async (some, done) => {
    const ids = some.flatMap((one) => (one.kind === 'event' || one.todo ? [] : [one._id]));
    if (ids.length) await messages.updateMany({ _id: { $in: ids } }, { $set: { todo: ['search'] } });
    if (done % 100_000 === 0) log.info({ done }, 'messages are made known to search');
  });
}

/** Customers are found by parts of their numbers from now on. */
async function renewTokens(database: Database, log: Log): Promise<void> {
  const customers = database.collection<Pick<CustomerDoc, '_id' | 'name' | 'tokens'>>('customers');
  const identities = database.collection<IdentityDoc>('identities');
  await inBatches(customers, { name: 1, tokens: 1 }, async (some, done) => {
    const theirs = await identities
      .find({ customerId: { $in: some.map(({ _id }) => _id) } })
      .sort({ _id: 1 })
      .toArray();
    const of = new Map<string, IdentityDoc[]>();
    for (const identity of theirs)
      of.set(identity.customerId, [...(of.get(identity.customerId) ?? []), identity]);
    await customers.bulkWrite(
      some.map(({ _id, name }) => ({
        updateOne: { filter: { _id }, update: { $set: { tokens: customerTokens(name, of.get(_id) ?? []) } } },
      })),
      { ordered: false },
    );
    if (done % 50_000 === 0) log.info({ done }, 'customers are made known to search');
  });
}

type Collection<Doc extends { _id: string }> = mongo.Collection<Doc>;

/** All of a collection in the order of its ids; what changes meanwhile changes by the new program's rules. */
async function inBatches<Doc extends { _id: string }>(
  collection: Collection<Doc>,
  projection: Record<string, 1>,
  work: (some: Doc[], done: number) => Promise<void>,
): Promise<void> {
  for (let after = '', done = 0; ; ) {
    const some = (await collection
      .find({ _id: { $gt: after } } as never, { projection })
      .sort({ _id: 1 })
      .limit(batch)
      .toArray()) as Doc[];
    const last = some.at(-1);
    if (!last) return;
    after = last._id;
    done += some.length;
    await work(some, done);
  }
}
