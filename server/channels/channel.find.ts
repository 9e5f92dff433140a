import type { Context } from '../context.ts';
import { gather } from '../db/gather.ts';
import type { ChannelDoc } from './channel.model.ts';

type Server = Pick<Context, 'models'>;

/** Every channel of a hook, as it is now: channels of one app share theirs. */
export const channelsOfHook = gather<Server, string, ChannelDoc[]>(async ({ models }, hookIds) => {
  const channels = await models.channels.find({ hookId: { $in: hookIds } }).lean<ChannelDoc[]>();
  return hookIds.map((hookId) => channels.filter((channel) => channel.hookId === hookId));
});

/** A channel as it is now. */
export const channelById = gather<Server, string, ChannelDoc | null>(async ({ models }, ids) => {
  const channels = await models.channels.find({ _id: { $in: ids } }).lean<ChannelDoc[]>();
  const byId = new Map(channels.map((channel) => [channel._id, channel]));
  return ids.map((id) => byId.get(id) ?? null);
});
