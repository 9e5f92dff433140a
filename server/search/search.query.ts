import * as z from 'zod/mini';
import { type SearchKind, searchKinds } from '../../shared/search.ts';
import { whole, word } from '../http/validate.ts';

const kindsQuery = z.pipe(
  z._default(z.string().check(z.maxLength(60)), searchKinds.join(',')),
  z.transform((text, ctx): SearchKind[] => {
    const kinds = text.split(',').filter(Boolean);
    const known = searchKinds.filter((kind) => kinds.includes(kind));
    if (known.length && known.length === new Set(kinds).size) return known;
    ctx.issues.push({ code: 'custom', message: `Must be some of ${searchKinds.join(', ')}`, input: text });
    return z.NEVER;
  }),
);
/** `?q=&kinds=&limit=&after=&spam=1` */
export const searchQuery = z.object({
  q: z._default(z.string().check(z.maxLength(200)), ''),
  kinds: kindsQuery,
  limit: whole({ min: 1, max: 50, fallback: 20 }),
  after: z.optional(word),
  spam: z.optional(z.enum(['0', '1'])),
});
