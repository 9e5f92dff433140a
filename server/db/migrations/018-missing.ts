import type { Migration } from './index.ts';

/** Whoever lacks a field is listed by it; and no custom field becomes stale until somebody says so. Done again harmlessly. */
export const missing: Migration = {
  id: '018-missing',
  async run(db) {
    await db.collection('facts').createIndexes([{ key: { 'completeness.missing': 1, _id: 1 } }]);
    await db
      .collection('fields')
      .updateMany({ staleMonths: { $exists: false } }, { $set: { staleMonths: 0 } });
  },
};
