import { AppError } from '../../shared/errors.ts';
import type { ImportState } from '../../shared/import.ts';
import type { Context } from '../context.ts';
import { key } from '../db/key.ts';
import { withLease } from '../jobs/leases.ts';
import { Contended } from '../messages/commit.ts';
import { checkTable } from './import.check.ts';
import type { ImportDoc } from './import.model.ts';
import { turn } from './import.progress.ts';
import { runTable } from './import.run.ts';
import { undoTable } from './import.undo.ts';

/** States in which something is to be done. */
const working = ['checking', 'running', 'undoing'] as const satisfies readonly ImportState[];

/** How long the table itself is kept. */
const keptMs = 30 * 86_400_000;

const works: Record<(typeof working)[number], typeof checkTable> = {
  checking: checkTable,
  running: runTable,
  undoing: undoTable,
};

/** Works on imports, each on one server at a time and one after the other. */
export function startImports(ctx: Context, signal: AbortSignal): () => void {
  ctx.queue.work('import', 1, (id) => workImport(ctx, id, signal), { leaseMs: ctx.leaseMs });
  return () => undefined;
}

/** Wakes the worker for what nobody woke it for: a server that was killed, one that is new. */
export async function sweepImports(ctx: Context): Promise<void> {
  const found = await ctx.models.imports
    .find({ state: { $in: [...working] } }, { _id: 1 })
    .lean<Pick<ImportDoc, '_id'>[]>()
    .exec();
  for (const { _id } of found) ctx.queue.wake('import', _id);
  await forgetTables(ctx);
}

/** Tables are full of people: what became of them is kept, they themselves only as long as somebody may still want to run them. */
async function forgetTables(ctx: Context): Promise<void> {
  const { imports } = ctx.models;
  const old = await imports
    .find(
      {
        createdAt: { $lte: new Date(ctx.now().getTime() - keptMs) },
        state: { $in: ['uploaded', 'checked', 'done', 'undone', 'failed'] },
        fileId: { $ne: '' },
      },
      { fileId: 1 },
    )
    .limit(10)
    .lean<Pick<ImportDoc, '_id' | 'fileId'>[]>()
    .exec();
  for (const { _id, fileId } of old) {
    await ctx.files.remove(fileId);
    await imports.updateOne({ _id, fileId }, { $set: { fileId: '' } }).exec();
  }
}

/** Until it is done, was paused, or another server has it. */
export async function workImport(ctx: Context, importId: string, signal: AbortSignal): Promise<void> {
  await withLease(ctx, key('import', importId), {
    signal,
    work: async (held) => {
      const doc = await ctx.models.imports.findById(importId).lean<ImportDoc>().exec();
      const state = working.find((one) => one === doc?.state);
      if (!doc || !state) return;
      try {
        await works[state](ctx, doc, held);
      } catch (error) {
        // Too many wrote the same at once: the sweep begins it again where it was.
        if (error instanceof Contended || held.aborted) throw error;
        const message = error instanceof AppError ? error.message : 'Something went wrong on our side.';
        const failed = await turn(ctx, importId, {
          from: [state],
          set: { state: 'failed', error: message, endedAt: ctx.now() },
        });
        // Deleted or stopped meanwhile, it cannot go on and need not.
        if (failed) ctx.log.error({ err: error, importId }, 'an import failed');
      }
    },
  });
}
