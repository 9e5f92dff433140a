import type { Channel, ChannelDetails } from '../../../shared/channel.ts';
import { expiryOf as endOf, illnessOf } from '../../../shared/illness.ts';

/** How a channel does, in a word: what its chip and its row say. */
export type Condition = 'good' | 'attention' | 'paused' | 'archived';

export function expiryOf(expiresAt: string | null, now: number): 'over' | 'soon' | null {
  return endOf(expiresAt === null ? null : Date.parse(expiresAt), now);
}

/** How many channels somebody has to see to, among those that one may use. */
export const illCount = (channels: Iterable<Pick<Channel, 'ill'>>): number =>
  [...channels].filter(({ ill }) => ill !== undefined).length;

export function conditionOf(
  channel: Pick<ChannelDetails, 'state' | 'pausedReason' | 'health'>,
  now = Date.now(),
): Condition {
  if (channel.state === 'archived') return 'archived';
  const { listening, inboundFailed, outboundFailed, lastError, lastInAt, lastOutAt, silentSince, expiresAt } =
    channel.health;
  const { state, pausedReason } = channel;
  const end = expiresAt === null ? null : Date.parse(expiresAt);
  if (illnessOf({ state, pausedReason, listening, expiresAt: end, silent: silentSince !== null }, now))
    return 'attention';
  if (state === 'paused') return 'paused';
  if (listening === 'stopped') return 'attention';
  if (inboundFailed > 0 || outboundFailed > 0) return 'attention';
  // An error is over once something went through after it.
  if (lastError && ![lastInAt, lastOutAt].some((at) => at !== null && at > lastError.at)) return 'attention';
  return 'good';
}
