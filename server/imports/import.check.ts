import { maxImportRows } from '../../shared/import.ts';
import type { Context } from '../context.ts';
import { key } from '../db/key.ts';
import { contentOf, says } from '../records/record.put.ts';
import type { ImportDoc, ImportRowDoc } from './import.model.ts';
import { Pace } from './import.pace.ts';
import { Progress, rest, turn } from './import.progress.ts';
import { batchesOf, openTable } from './import.table.ts';
import { noteOf, outcomeOf } from './row.apply.ts';
import { Foreseen } from './row.foreseen.ts';
import type { Unit } from './row.lines.ts';
import { type Plan, planOf } from './row.plan.ts';

/** Rows looked at together, to begin with, and the rest after, as a part of the time they took. */
const size = 30;
const restShare = 1.5;

/** More wrong rows than this nobody reads; the count has them all. */
export const mostErrors = 10_000;

/**
 * Reads and tries every row of a table, and writes nothing but what is wrong with it. Begun again, it begins at the first row; it ends
 * where it is when the mapping becomes another, and is begun by that one.
 */
export async function checkTable(ctx: Context, doc: ImportDoc, signal: AbortSignal): Promise<void> {
  const { mapping, _id: importId } = doc;
  if (!mapping) throw new Error(`Import ${importId} has no mapping.`);
  await ctx.models.importRows.deleteMany({ importId, phase: 'check' }).exec();
  const check = { made: 0, updated: 0, skipped: 0, failed: 0, customers: 0 };
  const progress = new Progress(ctx, importId);
  const options = { importId, kind: doc.kind, mapping, foreseen: new Foreseen() };
  const pace = new Pace(size, restShare);
  let rows = 0;
  let errors = 0;
  let noted = 0;
  /** @returns false when it is not to go on: the mapping became another, or there are too many rows */
  const tryBatch = async (batch: readonly Unit[]): Promise<boolean> => {
    const plans = await planOf(ctx.models, batch, options);
    const wrong: ImportRowDoc[] = [];
    for (const plan of plans) {
      const outcome = outcomeOf(plan, isSame(plan));
      check[outcome] += 1;
      if (plan.make && outcome === 'made') check.customers += 1;
      if (outcome === 'failed' && ++errors <= mostErrors)
        wrong.push({
          _id: key(importId, 'check', plan.unit.row),
          importId,
          phase: 'check',
          row: plan.unit.row,
          outcome,
          problems: plan.problems,
          deeds: [],
        });
      const note = noteOf(plan, { importId, phase: 'check' });
      if (note) noted += 1;
      if (note && noted <= mostErrors) wrong.push(note);
    }
    if (wrong.length) await ctx.models.importRows.insertMany(wrong, { lean: true });
    rows = batch.at(-1)?.upTo ?? rows;
    if (rows > maxImportRows) {
      const error = `The table has more than ${maxImportRows.toLocaleString('en')} rows. Bring it in as several.`;
      await turn(ctx, importId, { from: ['checking'], by: mapping, set: { state: 'failed', error } });
      return false;
    }
    const going = await ctx.models.imports
      .updateOne(
        { _id: importId, state: 'checking', mapping },
        { $set: { position: rows }, $inc: { version: 1 } },
      )
      .exec();
    if (going.matchedCount > 0) return true;
    // Deleted or begun anew meanwhile, it has no such rows.
    await ctx.models.importRows.deleteMany({ _id: { $in: wrong.map(({ _id }) => _id) } }).exec();
    return false;
  };
  for await (const batch of batchesOf(await openTable(ctx, doc, 0), { ...options, pace })) {
    if (signal.aborted) return;
    const { value: going, ms } = await ctx.background.turn(() => tryBatch(batch));
    if (!going) return;
    progress.say();
    await rest(pace.after(ms), signal);
  }
  const set = {
    state: 'checked',
    position: 0,
    rows,
    check: { ...check, ...(noted && { noted }) },
  } as const;
  await turn(ctx, importId, { from: ['checking'], by: mapping, set });
}

/** The record says all of it already. */
function isSame({ said, before }: Plan): boolean {
  return Boolean(
    said &&
      before &&
      says(before) === says({ ...before, ...contentOf(said.put), customerId: before.customerId }),
  );
}
