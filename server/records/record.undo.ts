import { AppError } from '../../shared/errors.ts';
import { referrersDue } from '../advocates/advocate.due.ts';
import type { EditDoc } from '../customers/edit.model.ts';
import { editedRecords, type Writer } from '../customers/edit.write.ts';
import { factsDueOf } from '../customers/facts.due.ts';
import { Again, type Tx } from '../messages/commit.ts';
import type { RecordDoc } from './record.model.ts';
import { replaceRecords } from './record.put.ts';

/**
 * Takes back what was done with one record, by another edit: it says again what it said, is there again, or goes.
 * @throws AppError 409 stateChanged when somebody wrote it since
 */
export async function undoRecordEdit(tx: Tx, options: { edit: EditDoc; writer: Writer }): Promise<void> {
  const { edit } = options;
  const { session, models } = tx;
  const before = edit.before as RecordDoc | null;
  const after = edit.after as RecordDoc | null;
  const writer = { ...options.writer, undoes: edit._id };
  const id = (before ?? after)?._id ?? '';
  const now = await models.records.findById(id, null, { session }).lean<RecordDoc>();
  if ((now?.version ?? null) !== (after?.version ?? null))
    throw new AppError({
      code: 'conflict',
      reason: 'stateChanged',
      message: 'This record has been written again since.',
    });
  const version = (now ?? before)?.version ?? 0;
  const back = before && { ...before, version: version + 1, updatedAt: tx.ctx.now() };
  if (back && now) await replaceRecords(tx, [{ record: back, before: now }]);
  else if (back) await models.records.insertMany([{ ...back, todo: ['search'] }], { session, lean: true });
  else {
    const gone = await models.records.deleteOne({ _id: id, version }, { session });
    if (!gone.deletedCount) throw new Again(`record ${id} changed`);
  }
  if (!(back && now)) await referrersDue(tx, [(back ?? now)?.referralCode]);
  await editedRecords(tx, { ...writer, changes: [{ before: now, after: back }] });
  await factsDueOf(
    tx,
    [now, back].flatMap((record) => (record ? [record.customerId] : [])),
  );
}
