import type * as z from 'zod/mini';
import { may, type Viewer } from '../../shared/access.ts';
import {
  type CannedReply,
  type CannedReplyCreate,
  type CannedReplyUpdate,
  unknownVariables,
} from '../../shared/canned.ts';
import { AppError } from '../../shared/errors.ts';
import { normalise } from '../../shared/text/normalise.ts';
import type { Context } from '../context.ts';
import { takeName } from '../db/name.ts';
import { invalid } from '../http/validate.ts';
import { commit, type Tx } from '../messages/commit.ts';
import { mayNot } from '../users/user.create.ts';
import { isSharedWith, keptSharing, presentSharing, sharedWithViewer } from '../views/view.access.ts';
import { mayShareWith } from '../views/view.share.ts';
import type { CannedDoc } from './canned.model.ts';

function presentCanned(reply: CannedDoc): CannedReply {
  return {
    id: reply._id,
    folder: [...reply.folder],
    title: reply.title,
    shortcut: reply.shortcut,
    text: reply.text,
    ownerId: reply.ownerId,
    sharedWith: presentSharing(reply.sharedWith),
    used: reply.used,
    usedAt: reply.usedAt?.toISOString() ?? null,
    updatedAt: reply.updatedAt.toISOString(),
  };
}

/** All the viewer may use. */
export async function listCanned(ctx: Context, viewer: Viewer): Promise<CannedReply[]> {
  if (!may(viewer, 'conversation.write')) throw mayNot('use canned replies');
  const replies = await ctx.models.canned
    .find(sharedWithViewer(viewer))
    .sort({ createdAt: 1, _id: 1 })
    .lean<CannedDoc[]>()
    .exec();
  return replies.map(presentCanned);
}

/** @throws AppError forbidden; invalid: an unknown variable, a shortcut that is taken (duplicateName) */
export async function createCanned(
  ctx: Context,
  viewer: Viewer,
  form: z.output<typeof CannedReplyCreate>,
): Promise<CannedReply> {
  if (!may(viewer, 'canned.write')) throw mayNot('write canned replies');
  requireVariables(form.text);
  await mayShareWith(ctx, viewer, { sharedWith: form.sharedWith });
  const now = ctx.now();
  const reply: CannedDoc = {
    ...form,
    _id: ctx.uuid(),
    ownerId: viewer.id,
    sharedWith: keptSharing(form.sharedWith),
    used: 0,
    usedAt: null,
    createdAt: now,
    updatedAt: now,
  };
  await commit(ctx, async (tx) => {
    await takeShortcut(tx, viewer, reply);
    await tx.models.canned.insertMany([reply], { session: tx.session });
  });
  announce(ctx, [reply]);
  return presentCanned(reply);
}

/** @throws AppError forbidden for another's; notFound; invalid */
export async function updateCanned(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; change: z.output<typeof CannedReplyUpdate> },
): Promise<CannedReply> {
  const { sharedWith, ...change } = options.change;
  if (change.text !== undefined) requireVariables(change.text);
  const known = await ownCanned(ctx, viewer, options.id);
  if (sharedWith !== undefined)
    await mayShareWith(ctx, viewer, { sharedWith, before: presentSharing(known.sharedWith) });
  const { before, after } = await commit(ctx, async (tx) => {
    const before = await tx.models.canned
      .findById(options.id, null, { session: tx.session })
      .lean<CannedDoc>();
    if (!before) throw noCanned();
    const set = {
      ...change,
      ...(sharedWith !== undefined && { sharedWith: keptSharing(sharedWith) }),
      updatedAt: ctx.now(),
    };
    const after = { ...before, ...set } as CannedDoc;
    await takeShortcut(tx, viewer, after, before);
    await tx.models.canned.updateOne({ _id: before._id }, { $set: set }, { session: tx.session });
    return { before, after };
  });
  announce(ctx, [before, after]);
  return presentCanned(after);
}

/** One that is gone already is gone. @throws AppError forbidden for another's */
export async function deleteCanned(ctx: Context, viewer: Viewer, id: string): Promise<void> {
  const known = await ownCanned(ctx, viewer, id).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'notFound') return null;
    throw error;
  });
  if (!known) return;
  await commit(ctx, async (tx) => {
    const { session } = tx;
    await tx.models.canned.deleteOne({ _id: id }, { session });
    await tx.models.names.deleteMany({ of: id }, { session });
  });
  announce(ctx, [known]);
}

/** It was inserted once more: the picker's order. Told to nobody; lists have it when they are asked for again. */
export async function usedCanned(ctx: Context, viewer: Viewer, id: string): Promise<void> {
  if (!may(viewer, 'conversation.write')) throw mayNot('use canned replies');
  const written = await ctx.models.canned
    .updateOne({ _id: id, ...sharedWithViewer(viewer) }, { $inc: { used: 1 }, $max: { usedAt: ctx.now() } })
    .exec();
  if (!written.matchedCount) throw noCanned();
}

async function ownCanned(ctx: Context, viewer: Viewer, id: string): Promise<CannedDoc> {
  if (!may(viewer, 'canned.write')) throw mayNot('change canned replies');
  const reply = await ctx.models.canned.findById(id).lean<CannedDoc>().exec();
  const manages = may(viewer, 'canned.manage') && reply?.sharedWith !== 'nobody';
  if (reply && (reply.ownerId === viewer.id || manages)) return reply;
  if (reply && isSharedWith(viewer, reply)) throw mayNot('change a canned reply of somebody else');
  throw noCanned();
}

/**
 * A shortcut stands for one reply within those who share it, and is not one its writer can see elsewhere. (Another person's private
 * reply may bear the same: saying so would tell of it.)
 */
async function takeShortcut(tx: Tx, viewer: Viewer, reply: CannedDoc, before?: CannedDoc): Promise<void> {
  const { session } = tx;
  const same = before && before.sharedWith === reply.sharedWith && before.shortcut === reply.shortcut;
  if (same) return;
  if (before) await tx.models.names.deleteMany({ of: before._id }, { session });
  if (!reply.shortcut) return;
  const seen = await tx.models.canned
    .find({ _id: { $ne: reply._id }, ...sharedWithViewer(viewer) }, { shortcut: 1 }, { session })
    .lean<Pick<CannedDoc, 'shortcut'>[]>();
  const scope = reply.sharedWith === 'nobody' ? reply.ownerId : reply.sharedWith;
  const free =
    !seen.some((other) => normalise(other.shortcut) === normalise(reply.shortcut)) &&
    (await takeName(tx, { kind: `canned ${scope}`, name: reply.shortcut, of: reply._id }));
  if (free) return;
  const message = `“/${reply.shortcut}” stands for another reply already.`;
  throw new AppError({
    code: 'invalid',
    reason: 'duplicateName',
    message,
    fields: { shortcut: message },
  });
}

function requireVariables(text: string): void {
  const unknown = [...new Set(unknownVariables(text))];
  if (unknown.length)
    throw invalid({ text: `There is no variable ${unknown.map((name) => `{{${name}}}`).join(', ')}.` });
}

function noCanned(): AppError {
  return new AppError({ code: 'notFound', message: 'There is no such canned reply.' });
}

function announce(ctx: Context, replies: CannedDoc[]): void {
  const alone = replies.every((reply) => reply.sharedWith === 'nobody');
  ctx.bus.emit('lists.changed', { list: 'canned', userId: alone ? (replies[0]?.ownerId ?? null) : null });
}
