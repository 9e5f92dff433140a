import type { Context } from '../context.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { commit } from '../messages/commit.ts';
import type { ImportDoc } from './import.model.ts';
import { Pace } from './import.pace.ts';
import { Progress, rest, turn } from './import.progress.ts';
import { batchesOf, mintCids, openTable } from './import.table.ts';
import { applyWithin } from './row.apply.ts';
import type { Unit } from './row.lines.ts';

/** Rows a commit, to begin with, and the rest after, as a part of the time it took. */
const size = 20;
const restShare = 1;

/**
 * Brings a table in, some rows a commit. How far it came is written in the very same commit: killed at any moment it goes on after the
 * last row that was brought in, and none is brought in twice.
 */
export async function runTable(ctx: Context, doc: ImportDoc, signal: AbortSignal): Promise<void> {
  const { mapping, _id: importId } = doc;
  if (!mapping) throw new Error(`Import ${importId} has no mapping.`);
  const progress = new Progress(ctx, importId);
  const options = { importId, kind: doc.kind, mapping };
  const pace = new Pace(size, restShare);
  let from = doc.position;
  for await (const batch of batchesOf(await openTable(ctx, doc, from), { ...options, pace })) {
    if (signal.aborted) return;
    const upTo = batch.at(-1)?.upTo ?? from;
    const { value: going, ms } = await ctx.background.turn(() => step(ctx, doc, { batch, from, upTo }));
    if (!going) return;
    from = upTo;
    progress.say();
    await rest(pace.after(ms), signal);
  }
  await turn(ctx, importId, {
    from: ['running'],
    set: { state: 'done', endedAt: ctx.now(), rows: from, position: from },
  });
}

/** @returns false when it is not to go on: it was paused, or somebody else is at it */
async function step(
  ctx: Context,
  doc: ImportDoc,
  { batch, from, upTo }: { batch: Unit[]; from: number; upTo: number },
): Promise<boolean> {
  const { _id: importId, kind, mapping, byUserId } = doc;
  if (!mapping) return false;
  const cids = await freeCids(ctx, batch.length);
  return commit(ctx, async (tx) => {
    const going = await tx.models.imports
      .findOne({ _id: importId, state: 'running', position: from }, { _id: 1 }, { session: tx.session })
      .lean();
    if (!going) return false;
    const { counts, noted, customers } = await applyWithin(tx, batch, {
      importId,
      kind,
      mapping,
      byUserId,
      cids,
    });
    const written = await tx.models.imports.updateOne(
      { _id: importId, state: 'running', position: from },
      {
        $set: { position: upTo },
        $inc: {
          version: 1,
          'result.made': counts.made,
          'result.updated': counts.updated,
          'result.skipped': counts.skipped,
          'result.failed': counts.failed,
          'result.customers': customers,
          ...(noted && { 'result.noted': noted }),
        },
      },
      { session: tx.session },
    );
    if (!written.matchedCount) throw new Error(`Import ${importId} changed within its own commit.`);
    return true;
  });
}

/** Numbers that nobody has: of as many customers as a table makes, some would else meet one who is there. */
async function freeCids(ctx: Context, count: number): Promise<string[]> {
  for (;;) {
    const cids = [...new Set(mintCids(ctx, count))];
    const taken = await ctx.models.customers
      .find({ _id: { $in: cids } }, { _id: 1 })
      .lean<Pick<CustomerDoc, '_id'>[]>()
      .exec();
    if (cids.length === count && !taken.length) return cids;
  }
}
