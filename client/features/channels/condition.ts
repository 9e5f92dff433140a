import type { ChannelDetails } from '../../../shared/channel.ts';

/** How a channel does, in a word: what its chip and its row say. */
export type Condition = 'good' | 'attention' | 'paused' | 'archived';

export function conditionOf(channel: Pick<ChannelDetails, 'state' | 'pausedReason' | 'health'>): Condition {
  if (channel.state === 'archived') return 'archived';
  // Paused by itself (its access was lost): nobody chose that, so somebody has to see to it.
  if (channel.state === 'paused') return channel.pausedReason ? 'attention' : 'paused';
  const { listening, inboundFailed, outboundFailed, lastError, lastInAt, lastOutAt, silentSince } =
    channel.health;
  if (listening === 'failing' || listening === 'stopped' || silentSince) return 'attention';
  if (inboundFailed > 0 || outboundFailed > 0) return 'attention';
  // An error is over once something went through after it.
  if (lastError && ![lastInAt, lastOutAt].some((at) => at !== null && at > lastError.at)) return 'attention';
  return 'good';
}
