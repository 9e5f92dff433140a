import * as z from 'zod/mini';
import { AppError } from '../../shared/errors.ts';
import { type ChannelKind, channelKinds } from '../../shared/profile.ts';
import { SegmentRule } from '../../shared/segment.ts';
import { ViewFilter } from '../../shared/view.ts';
import type { TimelineEdge } from '../messages/timeline.ts';

// zod/mini comes without words for what is wrong; forms need them.
z.config(z.locales.en());

/**
 * What came over the wire, as what it should be.
 * @throws AppError invalid, with a sentence for each wrong field
 */
export function parse<S extends z.ZodMiniType>(schema: S, value: unknown): z.output<S> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  throw invalid(
    Object.fromEntries(result.error.issues.map((issue) => [issue.path.join('.') || 'body', issue.message])),
  );
}

/** @param fields path → sentence */
export function invalid(fields: Record<string, string>): AppError {
  const [first] = Object.entries(fields);
  return new AppError({
    code: 'invalid',
    message: first ? `${first[0]}: ${first[1]}` : 'The request is not valid.',
    fields,
  });
}

/** A whole number out of a query string, within bounds; `fallback` when it is absent. */
export const whole = (options: { min: number; max: number; fallback: number }) =>
  z.pipe(
    z.optional(z.string()),
    z.transform((text, ctx) => {
      if (text === undefined) return options.fallback;
      const number = Number(text);
      if (/^\d{1,15}$/.test(text) && number >= options.min && number <= options.max) return number;
      ctx.issues.push({
        code: 'custom',
        message: `Must be a whole number from ${options.min} to ${options.max}`,
        input: text,
      });
      return z.NEVER;
    }),
  );

/** An id or cursor out of a query string. */
export const word = z.string().check(z.minLength(1), z.maxLength(700));

/** `?ids=a,b`: ids of ours hold no comma. */
export const idsQuery = z.pipe(
  z.string().check(z.minLength(1), z.maxLength(40_000)),
  z.transform((text) => [...new Set(text.split(',').filter((id) => id))]),
);

const json = z.transform((text: string, ctx): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    ctx.issues.push({ code: 'custom', message: 'Must be JSON', input: text });
    return z.NEVER;
  }
});
const longest = z.string().check(z.maxLength(10_000));

/** `?filter=` as JSON: a filter of a list that nobody has saved. */
export const filterQuery = z.optional(z.pipe(longest, z.pipe(json, ViewFilter)));

/** The same of customers: a rule as segments have it. */
export const ruleQuery = z.optional(z.pipe(longest, z.pipe(json, SegmentRule)));

/** A kind of channel out of a path. @throws AppError invalid */
export function channelKind(text: string): ChannelKind {
  const kind = channelKinds.find((one) => one === text);
  if (!kind) throw invalid({ kind: `Must be one of ${channelKinds.join(', ')}` });
  return kind;
}

/** `?before=`, `?after=` or `?around=`, at most one of them, and `?limit=`. */
export const timelineQuery = z.pipe(
  z.object({
    before: z.optional(word),
    after: z.optional(word),
    around: z.optional(word),
    limit: whole({ min: 1, max: 100, fallback: 50 }),
  }),
  z.transform(({ before, after, around, limit }, ctx): { edge: TimelineEdge; limit: number } => {
    const edges: TimelineEdge[] = [
      ...(before ? [{ at: 'before' as const, cursor: before }] : []),
      ...(after ? [{ at: 'after' as const, cursor: after }] : []),
      ...(around ? [{ at: 'around' as const, id: around }] : []),
    ];
    if (edges.length > 1) {
      ctx.issues.push({ code: 'custom', message: 'Give one of before, after and around', input: edges });
      return z.NEVER;
    }
    return { edge: edges[0] ?? { at: 'newest' }, limit };
  }),
);
