import type { mongo } from 'mongoose';
import type { Migration } from './index.ts';

/** What each collection is asked, beside its `_id`. */
const shape: Record<string, mongo.IndexDescription[]> = {
  facts: [
    // The orders that the list of customers has.
    { key: { nameKey: 1, _id: 1 } },
    { key: { 'activity.lastAt': -1, _id: -1 } },
    { key: { 'values.spent': -1, _id: -1 } },
    { key: { 'completeness.score': 1, _id: 1 } },
    { key: { createdAt: -1, _id: -1 } },
    // What narrows a segment most, and the sample that stands for all.
    { key: { sample: 1 } },
    { key: { 'profile.tagIds': 1 } },
    { key: { 'profile.companyIds': 1 } },
  ],
  // The newest first.
  factsDue: [{ key: { at: -1 } }],
  fields: [],
  companies: [{ key: { nameKey: 1, _id: 1 } }, { key: { domains: 1 } }],
  segments: [],
  edits: [{ key: { customerId: 1, at: -1, _id: -1 } }],
  consents: [{ key: { customerId: 1 } }],
};

/** Stands for all customers; the facts' worker knows it. */
const everybody = '*';

/** Facts of customers, and what a profile is made of. Everybody who is there already is due. Done again harmlessly. */
export const facts: Migration = {
  id: '005-facts',
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
    await database
      .collection<{ _id: string; due: number; at: Date }>('factsDue')
      .updateOne({ _id: everybody }, { $setOnInsert: { due: 1, at: new Date(0) } }, { upsert: true });
  },
};
