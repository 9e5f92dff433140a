/**
 * What ails a channel, so that somebody has to see to it: it paused itself, its listener fails, its permission at the provider is over or
 * ends within a week, or it has been silent for longer than it should be. What somebody paused is not ill.
 */
export const illnesses = ['paused', 'failing', 'expired', 'expiring', 'silent'] as const;
export type Illness = (typeof illnesses)[number];

/** Before the end of a permission, in milliseconds. */
const warned = 7 * 86_400_000;

/** Whether a channel's permission at its provider is over at a moment, or soon will be. Both are ms since 1970. */
export function expiryOf(expiresAt: number | null, now: number): 'over' | 'soon' | null {
  if (expiresAt === null) return null;
  const left = expiresAt - now;
  return left <= 0 ? 'over' : left <= warned ? 'soon' : null;
}

/** The worst that ails a channel now; null: nothing does. One rule for the mark that all see and for the page of their health. */
export function illnessOf(
  channel: {
    state: 'connected' | 'paused' | 'archived';
    /** It paused itself. */
    pausedReason: string | null;
    listening: 'notNeeded' | 'listening' | 'stopped' | 'failing';
    /** Ms since 1970; null: never, or nobody says. */
    expiresAt: number | null;
    silent: boolean;
  },
  now: number,
): Illness | null {
  if (channel.state === 'archived') return null;
  if (channel.state === 'paused') return channel.pausedReason ? 'paused' : null;
  const end = expiryOf(channel.expiresAt, now);
  if (end === 'over') return 'expired';
  // One that has stopped is between two servers, or between two tries.
  if (channel.listening === 'failing') return 'failing';
  if (end === 'soon') return 'expiring';
  return channel.silent ? 'silent' : null;
}
