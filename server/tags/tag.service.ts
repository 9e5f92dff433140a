import type * as z from 'zod/mini';
import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import { type Tag, type TagCreate, type TagUpdate, tagColours } from '../../shared/tag.ts';
import type { Context } from '../context.ts';
import { bearerOf, nameTaken, takeName } from '../db/name.ts';
import { commit } from '../messages/commit.ts';
import { mayNot } from '../users/user.create.ts';
import type { TagDoc } from './tag.model.ts';

export function presentTag(tag: TagDoc): Tag {
  return { id: tag._id, name: tag.name, colour: tag.colour, archived: tag.archived };
}

/** Archived ones too: they are still shown where they are. */
export async function listTags(ctx: Context, viewer: Viewer): Promise<Tag[]> {
  if (!may(viewer, 'conversation.read')) throw mayNot('see tags');
  const tags = await ctx.models.tags.find({}).sort({ createdAt: 1, _id: 1 }).lean<TagDoc[]>().exec();
  return tags.map(presentTag);
}

/** A name that exists, in whatever spelling, answers with its tag: back from the archive if it was there. */
export async function createTag(
  ctx: Context,
  viewer: Viewer,
  form: z.output<typeof TagCreate>,
): Promise<Tag> {
  if (!may(viewer, 'tag.create')) throw mayNot('make tags');
  const minted = {
    id: ctx.uuid(),
    colour: form.colour ?? tagColours[Math.floor(ctx.random() * tagColours.length)] ?? 'grey',
  };
  const { tag, news } = await commit(ctx, async (tx) => {
    const { session } = tx;
    const bearer = await bearerOf(tx, 'tag', form.name);
    const known = bearer && (await tx.models.tags.findById(bearer, null, { session }).lean<TagDoc>());
    if (known && !known.archived) return { tag: known, news: false };
    if (known) {
      await tx.models.tags.updateOne({ _id: known._id }, { $set: { archived: false } }, { session });
      return { tag: { ...known, archived: false }, news: true };
    }
    const tag: TagDoc = {
      _id: minted.id,
      name: form.name,
      colour: minted.colour,
      archived: false,
      createdAt: ctx.now(),
    };
    await takeName(tx, { kind: 'tag', name: tag.name, of: tag._id });
    await tx.models.tags.insertMany([tag], { session });
    return { tag, news: true };
  });
  if (news) ctx.bus.emit('lists.changed', { list: 'tags', userId: null });
  return presentTag(tag);
}

/** @throws AppError forbidden, notFound; invalid duplicateName */
export async function updateTag(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; change: z.output<typeof TagUpdate> },
): Promise<Tag> {
  if (!may(viewer, 'tag.manage')) throw mayNot('manage tags');
  const { id, change } = options;
  const tag = await commit(ctx, async (tx) => {
    const { session } = tx;
    const before = await tx.models.tags.findById(id, null, { session }).lean<TagDoc>();
    if (!before) throw new AppError({ code: 'notFound', message: 'There is no such tag.' });
    if (
      change.name !== undefined &&
      !(await takeName(tx, { kind: 'tag', name: change.name, of: id, before: before.name }))
    )
      throw nameTaken('tag');
    await tx.models.tags.updateOne({ _id: id }, { $set: change }, { session });
    return { ...before, ...change };
  });
  ctx.bus.emit('lists.changed', { list: 'tags', userId: null });
  return presentTag(tag);
}
