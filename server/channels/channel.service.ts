import type * as z from 'zod/mini';
import { canUseChannel, may, type Viewer } from '../../shared/access.ts';
import type { Channel, ChannelCreate, ChannelDetails, ChannelUpdate, Routing } from '../../shared/channel.ts';
import type { Manifest } from '../../shared/connector.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { invalid } from '../http/validate.ts';
import { mayNot } from '../users/user.create.ts';
import type { ChannelDoc, ChannelHealthDoc } from './channel.model.ts';
import { presentChannel, presentChannelDetails } from './channel.presenter.ts';
import { noteChecked } from './expiry.ts';
import { channelHealth } from './health.ts';
import { hookUrl, mintHookId } from './hook.ts';
import { checkHours } from './hours.ts';
import { channelSettings, connectorContext, connectorOf, secretPlace } from './runtime.ts';
import { readSettings } from './settings.ts';

export function listConnectors(ctx: Context, viewer: Viewer): Manifest[] {
  if (!may(viewer, 'channel.read')) throw mayNot('see channels');
  return Object.values(ctx.connectors).map((connector) => connector.manifest);
}

/** The channels a viewer may use, as everyone sees them. Archived ones too: the history names them. */
export async function usableChannels(ctx: Context, viewer: Viewer): Promise<Channel[]> {
  if (!may(viewer, 'channel.read')) throw mayNot('see channels');
  const [channels, kept] = await Promise.all([
    allChannels(ctx),
    ctx.models.channelHealth.find({}).lean<ChannelHealthDoc[]>().exec(),
  ]);
  const health = new Map(kept.map((one) => [one._id, one]));
  const now = ctx.now();
  return channels
    .filter((channel) => canUseChannel(viewer, channel._id))
    .map((channel) => presentChannel(channel, { health: health.get(channel._id), now }));
}

export async function listChannels(ctx: Context, viewer: Viewer): Promise<ChannelDetails[]> {
  if (!may(viewer, 'channel.manage')) throw mayNot('manage channels');
  const health = await channelHealth(ctx);
  return (await allChannels(ctx)).map((channel) =>
    presentChannelDetails(channel, { health: health(channel._id), hookUrl: hookUrl(ctx, channel) }),
  );
}

/** Stored once its credentials are good; its listener starts by itself. */
export async function createChannel(
  ctx: Context,
  viewer: Viewer,
  form: z.output<typeof ChannelCreate>,
): Promise<ChannelDetails> {
  if (!may(viewer, 'channel.manage')) throw mayNot('manage channels');
  if (!Object.hasOwn(ctx.connectors, form.connector))
    throw invalid({ connector: `There is no connector "${form.connector}".` });
  const id = ctx.uuid();
  const { manifest } = connectorOf(ctx, form);
  const { settings, secrets } = readSettings(manifest, form.settings, { kept: [] });
  const channel: ChannelDoc = {
    _id: id,
    connector: form.connector,
    name: form.name,
    state: 'connected',
    pausedReason: null,
    settings,
    secrets: sealed(ctx, id, secrets),
    hookId: mintHookId(),
    accountRef: '',
    createdAt: ctx.now(),
  };
  channel.accountRef = connectorOf(ctx, channel).accountRef(channelSettings(ctx, channel));
  await requireUnused(ctx, channel);
  const checked = await connectorOf(ctx, channel).check(connectorContext(ctx, channel));
  await ctx.models.channels.insertMany([channel]);
  await noteChecked(ctx, id, checked);
  ctx.bus.emit('channel.changed', { channelId: id });
  return details(ctx, channel);
}

/**
 * Changes a channel. Settings are laid over what is stored, an absent secret stays. A channel belongs to one account for good:
 * another account is another channel, or its history would be told of the wrong one.
 */
export async function updateChannel(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; change: z.output<typeof ChannelUpdate> },
): Promise<ChannelDetails> {
  if (!may(viewer, 'channel.manage')) throw mayNot('manage channels');
  const { id, change } = options;
  const before = await findChannel(ctx, id);
  const after: ChannelDoc = { ...before };
  if (change.name !== undefined) after.name = change.name;
  if (change.routing) after.routing = await checkedRouting(ctx, change.routing, before.routing);
  if (change.rotateHook) after.hookId = mintHookId();
  if (change.state !== undefined && change.state !== before.state) {
    after.state = change.state;
    after.pausedReason = null;
    after.pausedCode = null;
    if (before.state === 'archived' && change.state === 'connected') await requireUnused(ctx, after);
  }
  if (change.settings) {
    const connector = connectorOf(ctx, before);
    const read = readSettings(connector.manifest, change.settings, {
      kept: Object.keys(before.secrets),
      before: before.settings,
    });
    after.settings = read.settings;
    after.secrets = { ...before.secrets, ...sealed(ctx, id, read.secrets) };
    if (connector.accountRef(channelSettings(ctx, after)) !== before.accountRef)
      throw wrongAccount(
        'otherAccount',
        'These settings belong to another account. Make a new channel for it and archive this one.',
      );
  }
  const comesToLife = after.state === 'connected' && before.state !== 'connected';
  if (comesToLife) after.connectedAt = ctx.now();
  const checked =
    after.state === 'connected' && (change.settings || comesToLife)
      ? await connectorOf(ctx, after).check(connectorContext(ctx, after))
      : null;
  const { _id, createdAt: _createdAt, ...set } = after;
  await ctx.models.channels.updateOne({ _id }, { $set: set }).exec();
  if (checked) await noteChecked(ctx, id, checked);
  if (comesToLife || change.settings)
    await ctx.models.channelHealth
      .updateOne({ _id }, { $set: { lastError: null, heldUntil: null, silentSince: null } })
      .exec();
  ctx.bus.emit('channel.changed', { channelId: id });
  return details(ctx, after);
}

/** @throws AppError invalid, with the field */
async function checkedRouting(ctx: Context, routing: Routing, before?: Routing): Promise<Routing> {
  checkHours(routing.hours);
  const { teamId } = routing;
  if (
    teamId !== null &&
    teamId !== before?.teamId &&
    !(await ctx.models.teams.exists({ _id: teamId, archived: false }))
  )
    throw invalid({ 'routing.teamId': 'There is no such team, or it is archived.' });
  return routing;
}

export async function findChannel(ctx: Pick<Context, 'models'>, id: string): Promise<ChannelDoc> {
  const channel = await ctx.models.channels.findById(id).lean<ChannelDoc>().exec();
  if (!channel) throw new AppError({ code: 'notFound', message: 'There is no such channel.' });
  return channel;
}

export function allChannels(ctx: Pick<Context, 'models'>): Promise<ChannelDoc[]> {
  return ctx.models.channels.find({}).sort({ createdAt: 1 }).lean<ChannelDoc[]>().exec();
}

function sealed(ctx: Context, channelId: string, secrets: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secrets).map(([key, value]) => [
      key,
      ctx.secrets.seal(value, secretPlace(channelId, key)),
    ]),
  );
}

/** Two channels of one account would fetch the same messages twice. */
async function requireUnused(ctx: Context, channel: ChannelDoc): Promise<void> {
  const other = await ctx.models.channels
    .findOne({
      _id: { $ne: channel._id },
      connector: channel.connector,
      accountRef: channel.accountRef,
      state: { $ne: 'archived' },
    })
    .lean<ChannelDoc>()
    .exec();
  if (other) throw wrongAccount('accountInUse', `This account is connected already, as "${other.name}".`);
}

function wrongAccount(reason: 'otherAccount' | 'accountInUse', message: string): AppError {
  return new AppError({ code: 'invalid', reason, message, fields: { settings: message } });
}

async function details(ctx: Context, channel: ChannelDoc): Promise<ChannelDetails> {
  const health = await channelHealth(ctx);
  return presentChannelDetails(channel, { health: health(channel._id), hookUrl: hookUrl(ctx, channel) });
}
