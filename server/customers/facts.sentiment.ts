import type { MessageFrom } from './facts.activity.ts';
import type { FactsSentiment } from './facts.model.ts';

/** Messages older than this say nothing of how they feel today. */
const countedMs = 90 * 86_400_000;

/**
 * How they wrote to us: their newest message that says anything, and how many of each mood are among the newest that are at most 90 days
 * old. Pure. @returns `staleAt`: when the oldest of those is too old; null when there is none
 */
export function sentimentFacts(
  messages: readonly MessageFrom[],
  now: Date,
): { sentiment: FactsSentiment; staleAt: Date | null } {
  const said = messages.flatMap(({ direction, at, sentiment }) =>
    direction === 'in' && sentiment ? [{ at: at.getTime(), label: sentiment.label }] : [],
  );
  const counted = said.filter(({ at }) => at > now.getTime() - countedMs);
  const count = (label: FactsSentiment['last']) => counted.filter((one) => one.label === label).length;
  const last = said.reduce<(typeof said)[number] | null>(
    (newest, one) => (!newest || one.at >= newest.at ? one : newest),
    null,
  );
  return {
    sentiment: {
      last: last?.label ?? '',
      positive: count('positive'),
      neutral: count('neutral'),
      negative: count('negative'),
    },
    staleAt: counted.length ? new Date(Math.min(...counted.map(({ at }) => at)) + countedMs) : null,
  };
}

/** The earlier of two times at which facts become stale; the beginning of time is never. */
export function staleAtOf(one: Date, other: Date | null): Date {
  if (!other) return one;
  return one.getTime() === 0 || other < one ? other : one;
}
