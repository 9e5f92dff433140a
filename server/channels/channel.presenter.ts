import {
  type Channel,
  type ChannelDetails,
  type ChannelHealth,
  defaultRouting,
} from '../../shared/channel.ts';
import type { ChannelDoc } from './channel.model.ts';

export function presentChannel(channel: ChannelDoc): Channel {
  return {
    id: channel._id,
    connector: channel.connector,
    name: channel.name,
    state: channel.state,
  };
}

/** For administrators. A secret that is set is `true`, never its value. */
export function presentChannelDetails(
  channel: ChannelDoc,
  options: { health: ChannelHealth; hookUrl: string },
): ChannelDetails {
  return {
    ...presentChannel(channel),
    settings: channel.settings,
    secrets: Object.fromEntries(Object.keys(channel.secrets).map((key) => [key, true])),
    hookUrl: options.hookUrl,
    pausedReason: channel.pausedReason,
    pausedCode: channel.pausedCode ?? null,
    routing: channel.routing ?? defaultRouting,
    createdAt: channel.createdAt.toISOString(),
    health: options.health,
  };
}
