import { firstBirthday } from '../../../shared/profile.ts';
import type { Migration } from './index.ts';

const atOnce = 1_000;

/**
 * Birthdays that cannot be are told from now on, and what is dated ahead is nobody's last purchase: whoever has such a one is due. Done
 * again harmlessly.
 */
export const dates: Migration = {
  id: '021-dates',
  async run(db) {
    const at = new Date();
    const today = at.toISOString().slice(0, 10);
    const born = db.collection<{ _id: string }>('customers').find(
      {
        $or: [
          { 'profile.birthday': { $gt: today } },
          { 'profile.birthday': { $gt: '', $lt: firstBirthday } },
        ],
      },
      { projection: { _id: 1 } },
    );
    const ahead = db
      .collection<{ _id: string }>('facts')
      .find(
        { $or: [{ 'values.lastPurchaseAt': { $gt: at } }, { 'services.lastAt': { $gt: at } }] },
        { projection: { _id: 1 } },
      );
    const found = async function* () {
      yield* born;
      yield* ahead;
    };
    let ids: string[] = [];
    const tell = async () => {
      if (!ids.length) return;
      await db.collection<{ _id: string; due: number; at: Date }>('factsDue').bulkWrite(
        ids.map((_id) => ({
          updateOne: { filter: { _id }, update: { $inc: { due: 1 }, $max: { at } }, upsert: true },
        })),
        { ordered: false },
      );
      ids = [];
    };
    for await (const { _id } of found()) {
      ids.push(_id);
      if (ids.length === atOnce) await tell();
    }
    await tell();
  },
};
