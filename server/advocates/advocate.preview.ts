import { may, type Viewer } from '../../shared/access.ts';
import {
  type AdvocatePreview,
  type AdvocateSettings,
  type AdvocateWeights,
  scoreOf,
} from '../../shared/advocate.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { mayNot } from '../users/user.create.ts';
import type { AdvocateDoc } from './advocate.model.ts';
import { advocateSettings } from './advocate.settings.ts';
import { visibleAdvocates } from './advocate.visible.ts';

export function readAdvocateSettings(ctx: Context, viewer: Viewer): Promise<AdvocateSettings> {
  if (!may(viewer, 'advocate.read')) throw mayNot('see how advocates are found');
  return advocateSettings(ctx);
}

/**
 * Scores are derived anew after it, in the background.
 * @throws AppError forbidden; invalid: all weights are nothing, or a team that is not there
 */
export async function changeAdvocateSettings(
  ctx: Context,
  viewer: Viewer,
  settings: AdvocateSettings,
): Promise<AdvocateSettings> {
  if (!may(viewer, 'advocate.manage')) throw mayNot('decide how advocates are found');
  mustWeigh(settings.weights);
  const teamId = settings.supportTeamId;
  if (teamId !== null && !(await ctx.models.teams.exists({ _id: teamId, archived: false }).exec()))
    throw wrong('supportTeamId', 'Choose a team that is not archived.');
  // What is worth more than the limit is approved by others: whoever must ask them does not move it.
  const before = await advocateSettings(ctx);
  const moved = limitsMoved(before, settings);
  if (moved.length && !may(viewer, 'reward.approve'))
    throw new AppError({
      code: 'forbidden',
      message: 'Only who may approve rewards changes from which worth or cost on they need it.',
      fields: Object.fromEntries(moved.map((field) => [field, 'This is for those who approve rewards.'])),
    });
  await ctx.models.advocateSettings
    .updateOne({ _id: 'settings' }, { $set: settings }, { upsert: true })
    .exec();
  // Of no day: the worker derives each of them anew.
  await ctx.models.advocates.updateMany({ gone: false }, { $set: { day: '' } }).exec();
  ctx.bus.emit('advocates.due', {});
  ctx.bus.emit('lists.changed', { list: 'advocates', userId: null });
  return advocateSettings(ctx);
}

function limitsMoved(before: AdvocateSettings, after: AdvocateSettings): string[] {
  const [was, is] = [before.approveCostAbove, after.approveCostAbove];
  return [
    ...(before.approveAbove === after.approveAbove ? [] : ['approveAbove']),
    ...(was.amount === is.amount && was.currency === is.currency ? [] : ['approveCostAbove']),
  ];
}

/** More than these are not compared: what comes after them is far from the first twenty. */
const mostCompared = 5_000;
const shown = 20;

/** Who would stand first under other weights. Nothing is changed. @throws AppError forbidden, invalid */
export async function previewWeights(
  ctx: Context,
  viewer: Viewer,
  weights: AdvocateWeights,
): Promise<AdvocatePreview> {
  if (!may(viewer, 'advocate.manage')) throw mayNot('decide how advocates are found');
  mustWeigh(weights);
  const found = await ctx.models.advocates
    .find({ listed: true, ...visibleAdvocates(viewer) }, { name: 1, score: 1, parts: 1 })
    .sort({ score: -1, _id: -1 })
    .limit(mostCompared)
    .lean<Pick<AdvocateDoc, '_id' | 'name' | 'score' | 'parts'>[]>()
    .exec();
  const rows = found
    .map((doc, index) => ({
      customerId: doc._id,
      name: doc.name,
      score: doc.score,
      newScore: scoreOf(doc.parts, weights),
      place: index + 1,
    }))
    .sort((a, b) => b.newScore - a.newScore || a.place - b.place)
    .slice(0, shown);
  return { rows: rows.map((row, index) => ({ ...row, newPlace: index + 1 })) };
}

function mustWeigh(weights: AdvocateWeights): void {
  if (Object.values(weights).every((weight) => weight === 0))
    throw wrong('weights', 'Give at least one part some weight.');
}

const wrong = (field: string, message: string) =>
  new AppError({ code: 'invalid', message, fields: { [field]: message } });
