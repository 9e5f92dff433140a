import type { ImportState } from '../../shared/import.ts';
import type { Context } from '../context.ts';
import type { ImportDoc } from './import.model.ts';

/** Clients hear of an import that works this often. */
const sayEveryMs = 1_000;

/** Says that an import came further, not oftener than people read. */
export class Progress {
  private readonly ctx: Context;
  private readonly importId: string;
  private said = 0;

  constructor(ctx: Context, importId: string) {
    this.ctx = ctx;
    this.importId = importId;
  }

  say(): void {
    const now = performance.now();
    if (now - this.said < sayEveryMs) return;
    this.said = now;
    this.ctx.bus.emit('import.changed', { importId: this.importId });
  }
}

/**
 * @param options.by only while this is its mapping: whoever tries it by another one has nothing to say of it
 * @returns the import as it is then; null when it was in none of these states
 */
export async function turn(
  ctx: Context,
  importId: string,
  options: { from: readonly ImportState[]; by?: ImportDoc['mapping']; set: Partial<ImportDoc> },
): Promise<ImportDoc | null> {
  const after = await ctx.models.imports
    .findOneAndUpdate(
      {
        _id: importId,
        state: { $in: [...options.from] },
        ...(options.by !== undefined && { mapping: options.by }),
      },
      { $set: options.set, $inc: { version: 1 } },
      { returnDocument: 'after' },
    )
    .lean<ImportDoc>()
    .exec();
  if (after) ctx.bus.emit('import.changed', { importId });
  return after;
}

/** Between two batches: whoever waits for the database or for this process comes first. */
export function rest(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
