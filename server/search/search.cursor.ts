import { AppError } from '../../shared/errors.ts';
import type { Place } from './search.candidates.ts';

export const cursorOf = ({ t, n }: Place): string => `${t.toString(36)}.${n.toString(36)}`;

/** @throws AppError invalid */
export function placeAfter(cursor: string | null): Place | null {
  if (cursor === null) return null;
  const [, t, n] = /^([0-9a-z]{1,10})\.([0-9a-z]{1,10})$/.exec(cursor) ?? [];
  if (t === undefined || n === undefined)
    throw new AppError({
      code: 'invalid',
      message: 'This is no place in a search: give `next` as the page before it had it.',
      fields: { after: 'no cursor' },
    });
  return { t: Number.parseInt(t, 36), n: Number.parseInt(n, 36) };
}
