import {
  type Channel,
  type ChannelDetails,
  type ChannelHealth,
  defaultRouting,
} from '../../shared/channel.ts';
import type { ChannelDoc, ChannelHealthDoc } from './channel.model.ts';
import { storedIllness } from './illness.ts';

/** @param about what is kept of its health, and the time; without it, what ails it is not told */
export function presentChannel(
  channel: ChannelDoc,
  about?: { health: ChannelHealthDoc | null | undefined; now: Date },
): Channel {
  const ill = about && storedIllness(channel, about.health, about.now);
  return {
    id: channel._id,
    connector: channel.connector,
    name: channel.name,
    state: channel.state,
    ...(ill ? { ill } : {}),
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
