import type { mongo } from 'mongoose';
import type { Migration } from './index.ts';

/** What each collection is asked, beside its `_id`. */
const shape: Record<string, mongo.IndexDescription[]> = {
  evidence: [
    // A customer's, of one part, newest first; all of a time; of one message; of one conversation.
    { key: { customerId: 1, part: 1, at: -1, _id: -1 } },
    { key: { at: 1 } },
    { key: { sourceId: 1 } },
  ],
  advocates: [
    // The columns of the board, and the orders that the list has.
    { key: { stage: 1, order: 1, _id: 1 } },
    { key: { score: -1, _id: -1 } },
    { key: { change: -1, _id: -1 } },
    { key: { reach: -1, _id: -1 } },
    { key: { lastAt: -1, _id: -1 } },
    // What was not derived today.
    { key: { day: 1 } },
  ],
  advocatesDue: [{ key: { at: -1 } }],
  advocateSettings: [],
  referralCodes: [{ key: { customerId: 1 } }],
  detractors: [{ key: { at: 1 } }],
  testimonials: [{ key: { customerId: 1 } }, { key: { tokenHash: 1 } }, { key: { askedAt: -1, _id: -1 } }],
  rewards: [
    { key: { at: -1, _id: -1 } },
    { key: { customerId: 1, at: -1, _id: -1 } },
    { key: { state: 1, at: -1, _id: -1 } },
    { key: { 'sending.state': 1, at: 1 } },
  ],
  rewardBalances: [],
  couponLists: [{ key: { createdAt: -1, _id: -1 } }],
  couponCodes: [{ key: { listId: 1, rewardId: 1, place: 1 } }],
  // What the advocates' worker has still to hear; whose code was named.
  messages: [{ name: 'toAdvocates', key: { receivedAt: 1 }, partialFilterExpression: { todo: 'advocate' } }],
  mentions: [{ name: 'toAdvocates', key: { receivedAt: 1 }, partialFilterExpression: { todo: 'advocate' } }],
  records: [
    {
      name: 'referralCode',
      key: { referralCode: 1 },
      partialFilterExpression: { referralCode: { $gt: '' } },
    },
  ],
};

/** Advocates, rewards and testimonials. What was said before nobody has judged: there is nothing to derive yet. */
export const advocates: Migration = {
  id: '014-advocates',
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
