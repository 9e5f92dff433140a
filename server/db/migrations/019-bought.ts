import type { Migration } from './index.ts';

/** Stands for all customers; the facts' worker knows it. */
const everybody = '*';

/** Facts tell what was bought and what was done for somebody, and segments ask it: everybody is due. Done again harmlessly. */
export const bought: Migration = {
  id: '019-bought',
  async run(db) {
    await db
      .collection('facts')
      .createIndexes([
        { key: { 'bought.names': 1 } },
        { key: { 'bought.codes': 1 } },
        { key: { 'services.names': 1 } },
      ]);
    // From the first again, where an earlier rebuild is under way: those it has done know nothing of this.
    await db
      .collection<{ _id: string; due: number; at: Date; after: string }>('factsDue')
      .updateOne(
        { _id: everybody },
        { $inc: { due: 1 }, $set: { at: new Date(0), after: '' } },
        { upsert: true },
      );
  },
};
