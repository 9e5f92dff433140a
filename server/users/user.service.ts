import type * as z from 'zod/mini';
import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { PasswordChange, ProfileUpdate, SignIn, UserUpdate } from '../../shared/user.ts';
import type { Context } from '../context.ts';
import { endSessions, type SignedIn } from '../http/session.ts';
import { invalid } from '../http/validate.ts';
import { commit } from '../messages/commit.ts';
import { hashPassword, passwordIs } from './password.ts';
import type { Throttles } from './throttle.ts';
import { mayNot, requireChannels, requireExtension, requireTeams } from './user.create.ts';
import type { LoginDoc, UserDoc } from './user.model.ts';

/** @param options.place where the attempt comes from: the caller's address */
export async function signIn(
  ctx: Context,
  form: z.output<typeof SignIn>,
  options: { throttles: Throttles; place: string },
): Promise<UserDoc> {
  const { signIn: perAddress, signInPlace } = options.throttles;
  const attempt = `${form.email} ${options.place}`;
  await signInPlace.attempt(options.place);
  await perAddress.attempt(attempt);
  const login = await ctx.models.logins.findById(form.email).lean<LoginDoc>().exec();
  const right = await passwordIs(login?.passwordHash ?? null, form.password);
  const user = login && right ? await ctx.models.users.findById(login.userId).lean<UserDoc>().exec() : null;
  if (!user?.active)
    throw new AppError({
      code: 'unauthenticated',
      reason: 'badCredentials',
      message: 'The email or the password is wrong.',
    });
  await perAddress.forget(attempt);
  return user;
}

export async function listUsers(ctx: Context, viewer: Viewer): Promise<UserDoc[]> {
  if (!may(viewer, 'user.read')) throw mayNot('read users');
  return ctx.models.users.find({}).sort({ createdAt: 1 }).lean<UserDoc[]>().exec();
}

/**
 * A change of role, activity or password ends the user's sessions; other channels only their view of them. The last
 * administrator stays one.
 */
export async function updateUser(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; change: z.output<typeof UserUpdate> },
): Promise<UserDoc> {
  if (!may(viewer, 'user.manage')) throw mayNot('manage users');
  const { password, ...change } = options.change;
  await requireChannels(ctx, change.channelIds);
  await requireTeams(ctx, change.teamIds);
  await requireExtension(ctx, change.extension, options.id);
  const passwordHash = password === undefined ? null : await hashPassword(password);
  const { before, after } = await commit(ctx, async ({ models, session }) => {
    const before = await models.users.findById(options.id).session(session).lean<UserDoc>().exec();
    if (!before) throw new AppError({ code: 'notFound', message: 'There is no such user.' });
    const after = { ...before, ...change };
    const wasAdministrator = before.role === 'administrator' && before.active;
    if (wasAdministrator && !(after.role === 'administrator' && after.active)) {
      // Two who give it up at once must not both find the other: each touches the one who is to stay.
      const other = await models.users
        .findOneAndUpdate(
          { _id: { $ne: before._id }, role: 'administrator', active: true },
          { $inc: { touched: 1 } },
          { session, sort: { _id: 1 } },
        )
        .exec();
      if (!other)
        throw new AppError({
          code: 'conflict',
          reason: 'lastAdministrator',
          message: 'This is the last administrator. Make another one first.',
        });
    }
    await models.users
      .updateOne({ _id: before._id }, { $set: change, $inc: { touched: 1 } }, { session })
      .exec();
    if (passwordHash)
      await models.logins.updateOne({ userId: before._id }, { $set: { passwordHash } }, { session }).exec();
    return { before, after };
  });
  if (passwordHash || after.role !== before.role || !after.active) await endSessions(ctx, before._id);
  else ctx.bus.emit('user.changed', { userId: before._id });
  return after;
}

export async function updateProfile(
  ctx: Context,
  me: SignedIn,
  change: z.output<typeof ProfileUpdate>,
): Promise<UserDoc> {
  if (change.preferences?.timeZone !== undefined && !isTimeZone(change.preferences.timeZone))
    throw invalid({ 'preferences.timeZone': 'There is no such time zone.' });
  const set = {
    ...(change.name !== undefined && { name: change.name }),
    ...(change.preferences && { preferences: { ...me.user.preferences, ...change.preferences } }),
  };
  await ctx.models.users.updateOne({ _id: me.user._id }, { $set: set }).exec();
  return { ...me.user, ...set };
}

export async function changePassword(
  ctx: Context,
  me: SignedIn,
  options: { form: z.output<typeof PasswordChange>; throttles: Throttles },
): Promise<void> {
  const { form, throttles } = options;
  await throttles.password.attempt(me.user._id);
  const login = await ctx.models.logins.findById(me.user.email).lean<LoginDoc>().exec();
  if (!(await passwordIs(login?.passwordHash ?? null, form.current)))
    throw invalid({ current: 'This is not the current password.' });
  await throttles.password.forget(me.user._id);
  const passwordHash = await hashPassword(form.next);
  await ctx.models.logins.updateOne({ _id: me.user.email }, { $set: { passwordHash } }).exec();
  await endSessions(ctx, me.user._id, { except: me.sessionId });
}

/** From the terminal alone. @returns false when nobody has this address */
export async function resetPassword(
  ctx: Pick<Context, 'models' | 'bus'>,
  email: string,
  password: string,
): Promise<boolean> {
  const passwordHash = await hashPassword(password);
  const login = await ctx.models.logins
    .findOneAndUpdate({ _id: email }, { $set: { passwordHash } })
    .lean<LoginDoc>()
    .exec();
  if (!login) return false;
  await ctx.models.users.updateOne({ _id: login.userId }, { $set: { active: true } }).exec();
  await endSessions(ctx, login.userId);
  return true;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
