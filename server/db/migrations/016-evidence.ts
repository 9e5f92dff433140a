import type { Migration } from './index.ts';

/** What strangers say is evidence too, and a score's past is derived with it: both are owed anew. Done again harmlessly. */
export const evidence: Migration = {
  id: '016-evidence',
  async run(db) {
    await db
      .collection('mentions')
      .updateMany({ messageId: null, deletedAt: null }, { $addToSet: { todo: 'advocate' as never } });
    await db
      .collection('advocates')
      .updateMany({ trend: { $exists: false } }, { $set: { trend: [], day: '' }, $unset: { days: '' } });
  },
};
