import { useQuery } from '@tanstack/react-query';
import type { ContactPoint, ContactPoints } from '../../../shared/contact-point.ts';
import { AppError } from '../../../shared/errors.ts';
import type { CustomerCatalog } from '../../i18n/customer-words.ts';
import type { Catalog } from '../../i18n/fa.ts';
import { useWorkspace } from '../../state/hooks.tsx';
import { errorText } from '../error-text.ts';

/** Hours begin and end while a page is open. */
const freshFor = 60_000;

/** Where a conversation with a customer can begin; asked again whenever something of them changed. */
export function useContactPoints(customerId: string, enabled = true) {
  const { calls } = useWorkspace();
  return useQuery({
    queryKey: ['customer', customerId, 'ways'],
    queryFn: () => calls.contactPoints(customerId),
    enabled,
    refetchInterval: freshFor,
  });
}

export const pointKey = ({ channelId, identityId }: Pick<ContactPoint, 'channelId' | 'identityId'>) =>
  `${channelId} ${identityId}`;

/**
 * The contact point that is taken: what was chosen while it is still there, else the preferred one; null: somebody has to
 * choose. What nothing can be said on is never taken. Pure.
 */
export function pointTaken(
  { points, preferred }: Pick<ContactPoints, 'points' | 'preferred'>,
  chosen: string | null,
): ContactPoint | null {
  const keyed = (key: string | null) =>
    points.find((point) => pointKey(point) === key && point.says !== 'nothing') ?? null;
  return keyed(chosen) ?? keyed(preferred && pointKey(preferred));
}

/** Why nothing began by itself, in words of this customer. */
export function refusalText(
  words: { t: Catalog; w: CustomerCatalog },
  error: unknown,
  points: number,
): string {
  const { t, w } = words;
  const reason = error instanceof AppError ? error.reason : undefined;
  if (reason === 'optedOut' || (reason === 'badTarget' && points > 0)) return w.writing.refused;
  if (reason === 'badTarget') return w.writing.none;
  if (reason === 'windowClosed') return w.writing.closed;
  return errorText(t, error);
}
