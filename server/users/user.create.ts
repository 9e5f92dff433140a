import type * as z from 'zod/mini';
import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import { defaultPreferences, type UserCreate } from '../../shared/user.ts';
import type { Context } from '../context.ts';
import { invalid } from '../http/validate.ts';
import { commit } from '../messages/commit.ts';
import { findOrganisation } from './organisation.ts';
import { hashPassword } from './password.ts';
import type { OrganisationDoc, UserDoc } from './user.model.ts';

export function mayNot(what: string): AppError {
  return new AppError({ code: 'forbidden', message: `You may not ${what}.` });
}

export async function createUser(
  ctx: Context,
  viewer: Viewer,
  form: z.output<typeof UserCreate>,
): Promise<UserDoc> {
  if (!may(viewer, 'user.manage')) throw mayNot('manage users');
  await requireChannels(ctx, form.channelIds);
  await requireTeams(ctx, form.teamIds);
  await requireExtension(ctx, form.extension);
  const organisation = await findOrganisation(ctx);
  const passwordHash = await hashPassword(form.password);
  return insertUser(ctx, {
    user: {
      _id: ctx.uuid(),
      name: form.name,
      email: form.email,
      role: form.role,
      channelIds: form.channelIds,
      teamIds: form.teamIds ?? [],
      ...(form.extension && { extension: form.extension }),
      active: true,
      preferences: {
        ...defaultPreferences,
        ...(organisation && {
          language: organisation.language,
          calendar: organisation.calendar,
          timeZone: organisation.timeZone,
        }),
      },
      touched: 0,
      createdAt: ctx.now(),
      lastSeenAt: null,
    },
    passwordHash,
  });
}

/** A user with the login that makes the address theirs alone. */
export async function insertUser(
  ctx: Context,
  options: { user: UserDoc; passwordHash: string; organisation?: OrganisationDoc },
): Promise<UserDoc> {
  const { user, passwordHash, organisation } = options;
  try {
    await commit(ctx, async ({ models, session }) => {
      if (organisation) await models.organisation.insertMany([organisation], { session });
      await models.logins.insertMany([{ _id: user.email, userId: user._id, passwordHash }], { session });
      await models.users.insertMany([user], { session });
    });
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    if (code === 11000 && /collection: \S+\.logins\b/.test(String(message)))
      throw invalid({ email: 'This address is in use already.' });
    throw error;
  }
  return user;
}

export async function requireChannels(ctx: Context, channelIds: 'all' | string[] | undefined): Promise<void> {
  if (!channelIds || channelIds === 'all') return;
  const known = await ctx.models.channels
    .find({ _id: { $in: channelIds } }, { _id: 1 })
    .lean()
    .exec();
  const unknown = channelIds.filter((id) => !known.some((channel) => channel._id === id));
  if (unknown.length) throw invalid({ channelIds: `There is no channel ${unknown.join(', ')}.` });
}

/** One telephone rings on one table: of two who have the same extension nobody could say who spoke. */
export async function requireExtension(
  ctx: Context,
  extension: string | undefined,
  userId?: string,
): Promise<void> {
  if (!extension) return;
  const other = await ctx.models.users
    .findOne({ extension, active: true, ...(userId && { _id: { $ne: userId } }) }, { name: 1 })
    .lean<Pick<UserDoc, 'name'>>()
    .exec();
  if (other) throw invalid({ extension: `This extension is ${other.name}’s.` });
}

export async function requireTeams(ctx: Context, teamIds: readonly string[] | undefined): Promise<void> {
  if (!teamIds?.length) return;
  const known = await ctx.models.teams
    .find({ _id: { $in: [...teamIds] } }, { _id: 1 })
    .lean()
    .exec();
  const unknown = teamIds.filter((id) => !known.some((team) => team._id === id));
  if (unknown.length) throw invalid({ teamIds: `There is no team ${unknown.join(', ')}.` });
}
