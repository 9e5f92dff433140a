import * as z from 'zod/mini';
import { type HistoryKind, historyKinds } from '../../shared/history.ts';
import { findIn, readQuery } from '../../shared/text/find.ts';
import { invalid, whole, word } from '../http/validate.ts';
import type { HistoryEdge, HistoryOptions } from './history.ts';

const isKind = (text: string): text is HistoryKind => (historyKinds as readonly string[]).includes(text);
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `?kinds=message,purchase` */
const kinds = z.pipe(
  z.optional(z.string().check(z.maxLength(200))),
  z.transform((text, ctx): HistoryKind[] => {
    const words = (text ?? '').split(',').filter(Boolean);
    const wrong = words.find((one) => !isKind(one));
    if (wrong === undefined) return words.filter(isKind);
    ctx.issues.push({
      code: 'custom',
      message: `There is no '${wrong.slice(0, 30)}' in a history; there are ${historyKinds.join(', ')}`,
      input: text,
    });
    return z.NEVER;
  }),
);

/** `?before=`, `?after=` or `?around=` (a time as ISO 8601 with its offset, or a message's id), at most one of them. */
export const historyQuery = z.pipe(
  z.object({
    before: z.optional(word),
    after: z.optional(word),
    around: z.optional(word),
    limit: whole({ min: 1, max: 100, fallback: 50 }),
    kinds,
    channelId: z.optional(word),
    q: z.optional(z.string().check(z.trim(), z.maxLength(200))),
  }),
  z.transform(({ before, after, around, limit, channelId, q, kinds: wanted }, ctx): HistoryQuery => {
    const edges: HistoryEdge[] = [
      ...(before ? [{ at: 'before' as const, cursor: before }] : []),
      ...(after ? [{ at: 'after' as const, cursor: after }] : []),
    ];
    if (around) {
      const time = new Date(around);
      if (uuid.test(around)) edges.push({ at: 'around', messageId: around });
      else if (/^\d{4}-\d\d-\d\d(T.+)?$/.test(around) && !Number.isNaN(time.getTime()))
        edges.push({ at: 'around', time });
      else {
        ctx.issues.push({
          code: 'custom',
          path: ['around'],
          message: 'Must be a time such as 2024-03-20T00:00:00+03:30, or the id of a message',
          input: around,
        });
        return z.NEVER;
      }
    }
    if (edges.length > 1) {
      ctx.issues.push({ code: 'custom', message: 'Give one of before, after and around', input: edges });
      return z.NEVER;
    }
    return {
      edge: edges[0] ?? { at: 'newest' },
      limit,
      kinds: wanted,
      channelId: channelId ?? null,
      q: q || null,
    };
  }),
);

export type HistoryQuery = Pick<HistoryOptions, 'edge' | 'limit' | 'kinds' | 'channelId'> & {
  q: string | null;
};

/**
 * Says of a text whether it has these words, in whatever spelling.
 * @throws AppError invalid when there is no word in them
 */
export function matcherOf(q: string): (text: string) => boolean {
  const query = readQuery(q);
  if (!query.units.length) throw invalid({ q: 'There is no word in this; give letters or digits' });
  return (text) => findIn(query, text) !== null;
}
