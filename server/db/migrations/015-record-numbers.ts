import type { Collection } from 'mongoose';
import { asciiDigits } from '../../../shared/text/normalise.ts';
import { key } from '../key.ts';
import type { Migration } from './index.ts';

interface Numbered {
  _id: string;
  kind: string;
  customerId: string;
  externalId: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
  todo?: string[];
  searchNo?: number;
}

interface Row {
  _id: string;
  deeds: { did: string; id: string }[];
}

const otherDigits = '[\\u0660-\\u0669\\u06F0-\\u06F9]';

/**
 * One number, one record: a number that was typed in Persian or Arabic digits is kept in ASCII ones, as every other is. Of two records
 * that turn out to be one, what was said later holds. Done again harmlessly.
 */
export const recordNumbers: Migration = {
  id: '015-record-numbers',
  async run(db) {
    const records = db.collection<Numbered>('records');
    const due = db.collection<{ _id: string; due: number; at: Date }>('factsDue');
    const said = { externalId: { $regex: otherDigits } };
    for await (const record of records.find(said).sort({ _id: 1 })) {
      const was = await moved(records as never, record);
      for (const id of new Set([record.customerId, was ?? record.customerId]))
        await due.updateOne({ _id: id }, { $inc: { due: 1 }, $max: { at: new Date() } }, { upsert: true });
      await records.deleteOne({ _id: record._id });
    }
    const rows = db.collection<Row>('importRows');
    for await (const row of rows.find({ 'deeds.id': { $regex: `^own:.*${otherDigits}` } }).sort({ _id: 1 }))
      await rows.updateOne(
        { _id: row._id },
        {
          $set: {
            deeds: row.deeds.map((deed) =>
              deed.did === 'record' ? { ...deed, id: asciiDigits(deed.id) } : deed,
            ),
          },
        },
      );
  },
};

/** @returns whose the record was that has the number already */
async function moved(records: Collection<Numbered>, record: Numbered): Promise<string | null> {
  const { todo: _todo, searchNo: _searchNo, ...rest } = record;
  const externalId = asciiDigits(record.externalId).trim();
  const _id = key('own', record.kind, externalId);
  const there = await records.findOne({ _id });
  if (!there) {
    await records.insertOne({ ...rest, _id, externalId, todo: ['search'] });
    return null;
  }
  const isIt = there.version === record.version && there.updatedAt.getTime() === record.updatedAt.getTime();
  // What was interrupted between its two writes is done with the first.
  if (isIt) return null;
  const { _id: _old, ...later } = record.updatedAt > there.updatedAt ? rest : there;
  const { searchNo: _no, todo: _late, ...content } = later as Partial<Numbered>;
  await records.updateOne(
    { _id },
    {
      $set: {
        ...content,
        externalId,
        version: Math.max(there.version, record.version) + 1,
        createdAt: new Date(Math.min(there.createdAt.getTime(), record.createdAt.getTime())),
        todo: ['search'],
      },
    },
  );
  return there.customerId;
}
