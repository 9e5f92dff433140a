import type { Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import { neverRunStates } from '../../shared/import.ts';
import type { Context } from '../context.ts';
import type { ImportDoc } from './import.model.ts';
import { presentImport } from './import.presenter.ts';
import { find, mustImport } from './import.service.ts';

/**
 * Deletes a table that nobody ran, with what its dry run came to. A dry run that is under way ends. Killed in its midst, it leaves an
 * import that can be deleted again.
 * @throws AppError conflict, reason stateChanged, once rows of it were brought in
 */
export async function removeImport(ctx: Context, viewer: Viewer, id: string): Promise<void> {
  mustImport(viewer);
  const { fileId } = await find(ctx, id);
  const { models } = ctx;
  const stopped = await models.imports
    .updateOne(
      { _id: id, state: { $in: [...neverRunStates] }, result: null },
      { $set: { state: 'uploaded', mapping: null, check: null }, $inc: { version: 1 } },
    )
    .exec();
  if (!stopped.matchedCount) throw wasRun(await find(ctx, id));
  if (fileId) await ctx.files.remove(fileId);
  await models.importRows.deleteMany({ importId: id }).exec();
  await models.imports.deleteOne({ _id: id, result: null }).exec();
  ctx.bus.emit('import.changed', { importId: id });
}

function wasRun(doc: ImportDoc): AppError {
  return new AppError({
    code: 'conflict',
    reason: 'stateChanged',
    message: `This import is ${doc.state}: only a table of which nothing was brought in can be deleted. What it brought can be taken back.`,
    data: { import: presentImport(doc) },
  });
}
