import type { ChannelDetails } from '../../../shared/channel.ts';

/** How a channel does, in a word: what its chip and its row say. */
export type Condition = 'good' | 'attention' | 'paused' | 'archived';

/** Milliseconds before its end from which a channel's permission is spoken of. */
const warned = 7 * 86_400_000;

/** Whether a channel's permission at its provider is over at a moment (ms since 1970), or soon will be. */
export function expiryOf(expiresAt: string | null, now: number): 'over' | 'soon' | null {
  if (expiresAt === null) return null;
  const left = Date.parse(expiresAt) - now;
  return left <= 0 ? 'over' : left <= warned ? 'soon' : null;
}

export function conditionOf(
  channel: Pick<ChannelDetails, 'state' | 'pausedReason' | 'health'>,
  now = Date.now(),
): Condition {
  if (channel.state === 'archived') return 'archived';
  // Paused by itself (its access was lost): nobody chose that, so somebody has to see to it.
  if (channel.state === 'paused') return channel.pausedReason ? 'attention' : 'paused';
  const { listening, inboundFailed, outboundFailed, lastError, lastInAt, lastOutAt, silentSince, expiresAt } =
    channel.health;
  if (listening === 'failing' || listening === 'stopped' || silentSince) return 'attention';
  if (expiryOf(expiresAt, now)) return 'attention';
  if (inboundFailed > 0 || outboundFailed > 0) return 'attention';
  // An error is over once something went through after it.
  if (lastError && ![lastInAt, lastOutAt].some((at) => at !== null && at > lastError.at)) return 'attention';
  return 'good';
}
