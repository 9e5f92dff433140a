import type * as z from 'zod/mini';
import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { SavedView, SavedViewCreate, SavedViewUpdate } from '../../shared/view.ts';
import type { Context } from '../context.ts';
import { mayNot } from '../users/user.create.ts';
import { keptSharing, presentSharing, sharedWithViewer } from './view.access.ts';
import type { SavedViewDoc } from './view.model.ts';
import { mayShareWith } from './view.share.ts';

/** More of one's own than this nobody finds anything in. */
const mostOwned = 100;

function presentView(view: SavedViewDoc): SavedView {
  return {
    id: view._id,
    name: view.name,
    filter: view.filter,
    ownerId: view.ownerId,
    sharedWith: presentSharing(view.sharedWith),
    createdAt: view.createdAt.toISOString(),
  };
}

/** Their own and those shared with them. */
export async function listViews(ctx: Context, viewer: Viewer): Promise<SavedView[]> {
  if (!may(viewer, 'conversation.read')) throw mayNot('see views');
  const views = await ctx.models.views
    .find(sharedWithViewer(viewer))
    .sort({ createdAt: 1, _id: 1 })
    .lean<SavedViewDoc[]>()
    .exec();
  return views.map(presentView);
}

/** @throws AppError forbidden; invalid */
export async function createView(
  ctx: Context,
  viewer: Viewer,
  form: z.output<typeof SavedViewCreate>,
): Promise<SavedView> {
  if (!may(viewer, 'canned.write')) throw mayNot('save views');
  await mayShareWith(ctx, viewer, { sharedWith: form.sharedWith });
  if ((await ctx.models.views.countDocuments({ ownerId: viewer.id }).exec()) >= mostOwned)
    throw new AppError({
      code: 'invalid',
      message: `One person keeps at most ${mostOwned} views. Delete one you no longer use.`,
    });
  const view: SavedViewDoc = {
    _id: ctx.uuid(),
    name: form.name,
    filter: form.filter,
    ownerId: viewer.id,
    sharedWith: keptSharing(form.sharedWith),
    createdAt: ctx.now(),
  };
  await ctx.models.views.insertMany([view]);
  announce(ctx, [view]);
  return presentView(view);
}

/** @throws AppError forbidden for another's; notFound for what they cannot see; invalid */
export async function updateView(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; change: z.output<typeof SavedViewUpdate> },
): Promise<SavedView> {
  const before = await ownView(ctx, viewer, options.id);
  const { sharedWith, ...change } = options.change;
  if (sharedWith !== undefined)
    await mayShareWith(ctx, viewer, { sharedWith, before: presentSharing(before.sharedWith) });
  const set = { ...change, ...(sharedWith !== undefined && { sharedWith: keptSharing(sharedWith) }) };
  await ctx.models.views.updateOne({ _id: before._id }, { $set: set }).exec();
  const after = { ...before, ...set } as SavedViewDoc;
  announce(ctx, [before, after]);
  return presentView(after);
}

/** One that is gone already is gone. @throws AppError forbidden for another's */
export async function deleteView(ctx: Context, viewer: Viewer, id: string): Promise<void> {
  const view = await ownView(ctx, viewer, id).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'notFound') return null;
    throw error;
  });
  if (!view) return;
  await ctx.models.views.deleteOne({ _id: id }).exec();
  announce(ctx, [view]);
}

/** Its owner's to change, and of a shared one also whoever manages what is everybody's. */
async function ownView(ctx: Context, viewer: Viewer, id: string): Promise<SavedViewDoc> {
  if (!may(viewer, 'canned.write')) throw mayNot('change views');
  const view = await ctx.models.views.findById(id).lean<SavedViewDoc>().exec();
  const manages = may(viewer, 'canned.manage') && view?.sharedWith !== 'nobody';
  if (view && (view.ownerId === viewer.id || manages)) return view;
  const seen =
    view && (view.sharedWith === 'everyone' || viewer.teamIds.includes(view.sharedWith)) ? view : null;
  if (seen) throw mayNot('change a view of somebody else');
  throw new AppError({ code: 'notFound', message: 'There is no such view.' });
}

/** Who had it and who has it now. What only its owner sees concerns nobody else. */
function announce(ctx: Context, views: SavedViewDoc[]): void {
  const alone = views.every((view) => view.sharedWith === 'nobody');
  ctx.bus.emit('lists.changed', { list: 'views', userId: alone ? (views[0]?.ownerId ?? null) : null });
}
