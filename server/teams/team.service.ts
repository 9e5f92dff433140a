import type * as z from 'zod/mini';
import { may, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Team, TeamCreate, TeamUpdate } from '../../shared/team.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import type { Context } from '../context.ts';
import { nameTaken, takeName } from '../db/name.ts';
import { invalid } from '../http/validate.ts';
import { commit, type Tx } from '../messages/commit.ts';
import { mayNot } from '../users/user.create.ts';
import type { UserDoc } from '../users/user.model.ts';
import type { TeamDoc } from './team.model.ts';
import { presentTeam } from './team.presenter.ts';

/** Archived ones too: the history names them. */
export async function listTeams(ctx: Context, viewer: Viewer): Promise<Team[]> {
  if (!may(viewer, 'user.read')) throw mayNot('see teams');
  const teams = await ctx.models.teams.find({}).sort({ createdAt: 1, _id: 1 }).lean<TeamDoc[]>().exec();
  return teams.map(presentTeam);
}

/** @throws AppError forbidden; invalid, with the field (duplicateName for a name that is taken) */
export async function createTeam(
  ctx: Context,
  viewer: Viewer,
  form: z.output<typeof TeamCreate>,
): Promise<Team> {
  if (!may(viewer, 'team.manage')) throw mayNot('manage teams');
  const team: TeamDoc = {
    _id: ctx.uuid(),
    name: form.name,
    archived: false,
    touched: 0,
    createdAt: ctx.now(),
  };
  const changed = await commit(ctx, async (tx) => {
    if (!(await takeName(tx, { kind: 'team', name: team.name, of: team._id }))) throw nameTaken('team');
    await tx.models.teams.insertMany([team], { session: tx.session });
    return setMembers(tx, team._id, form.memberIds);
  });
  announce(ctx, changed);
  return presentTeam(team);
}

/** @throws AppError forbidden, notFound; invalid, with the field; 409 inUse for one that a channel routes to */
export async function updateTeam(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; change: z.output<typeof TeamUpdate> },
): Promise<Team> {
  if (!may(viewer, 'team.manage')) throw mayNot('manage teams');
  const { memberIds, ...change } = options.change;
  if (change.archived) await mustBeUnused(ctx, options.id);
  const { team, changed } = await commit(ctx, async (tx) => {
    const before = await tx.models.teams.findById(options.id, null, { session: tx.session }).lean<TeamDoc>();
    if (!before) throw new AppError({ code: 'notFound', message: 'There is no such team.' });
    if (
      change.name !== undefined &&
      !(await takeName(tx, { kind: 'team', name: change.name, of: before._id, before: before.name }))
    )
      throw nameTaken('team');
    await tx.models.teams.updateOne(
      { _id: before._id },
      { $set: change, $inc: { touched: 1 } },
      { session: tx.session },
    );
    const changed = memberIds ? await setMembers(tx, before._id, memberIds) : [];
    return { team: { ...before, ...change }, changed };
  });
  announce(ctx, changed);
  return presentTeam(team);
}

/** @throws AppError 409 inUse while a channel gives its new conversations to it */
async function mustBeUnused(ctx: Context, teamId: string): Promise<void> {
  const channel = await ctx.models.channels
    .findOne({ 'routing.teamId': teamId, state: { $ne: 'archived' } }, { name: 1 })
    .lean<Pick<ChannelDoc, 'name'>>()
    .exec();
  if (channel)
    throw new AppError({
      code: 'conflict',
      reason: 'inUse',
      message: `The channel “${channel.name}” gives its new conversations to this team: choose another there first.`,
    });
}

/** Members are kept with the users. @returns whose teams are now others */
async function setMembers(tx: Tx, teamId: string, memberIds: readonly string[]): Promise<string[]> {
  const { session, models } = tx;
  const wanted = [...new Set(memberIds)];
  const users = await models.users
    .find({ $or: [{ _id: { $in: wanted } }, { teamIds: teamId }] }, { teamIds: 1 }, { session })
    .lean<Pick<UserDoc, '_id' | 'teamIds'>[]>();
  const unknown = wanted.filter((id) => !users.some((user) => user._id === id));
  if (unknown.length) throw invalid({ memberIds: `There is no user ${unknown.join(', ')}.` });
  const changed = users.filter((user) => wanted.includes(user._id) !== user.teamIds.includes(teamId));
  for (const user of changed) {
    const teamIds = wanted.includes(user._id)
      ? [...user.teamIds, teamId]
      : user.teamIds.filter((id) => id !== teamId);
    await models.users.updateOne({ _id: user._id }, { $set: { teamIds }, $inc: { touched: 1 } }, { session });
  }
  return changed.map((user) => user._id);
}

function announce(ctx: Context, userIds: readonly string[]): void {
  ctx.bus.emit('lists.changed', { list: 'teams', userId: null });
  for (const userId of userIds) ctx.bus.emit('user.changed', { userId });
}
