import * as z from 'zod/mini';
import { CustomerSummary, Identity } from './customer.ts';

/** What search finds, each kind in a group of its own. */
export const searchKinds = ['customers', 'messages', 'records'] as const;
export type SearchKind = (typeof searchKinds)[number];

/** `[start, end)` in UTF-16 units of the text it belongs to, in order, none touching another: marked without any HTML. */
export const TextRange = z.tuple([z.number(), z.number()]);
export type TextRange = z.infer<typeof TextRange>;

/** A text with what was found in it. */
export const Marked = z.object({ text: z.string(), highlights: z.array(TextRange) });
export type Marked = z.infer<typeof Marked>;

/** A piece of a longer text around the first find. */
export const Snippet = z.extend(Marked, {
  /** Where it begins in the whole text. */
  start: z.number(),
  /** There is more before and after it. */
  cutBefore: z.boolean(),
  cutAfter: z.boolean(),
});
export type Snippet = z.infer<typeof Snippet>;

export const FoundCustomer = z.extend(CustomerSummary, {
  identities: z.array(Identity),
  /** The active conversation the viewer can see, else the newest one; null for a customer who has none. */
  conversationId: z.nullable(z.string()),
  /** In `name`. */
  nameHighlights: z.array(TextRange),
  /** In the `display` of the identity of that id; identities without a find are not among them. */
  identityHighlights: z.array(z.object({ identityId: z.string(), highlights: z.array(TextRange) })),
});
export type FoundCustomer = z.infer<typeof FoundCustomer>;

export const FoundMessage = z.object({
  id: z.string(),
  conversationId: z.string(),
  customer: CustomerSummary,
  kind: z.string(),
  direction: z.enum(['in', 'out', 'none']),
  channelId: z.nullable(z.string()),
  authorId: z.nullable(z.string()),
  at: z.string(),
  seq: z.number(),
  /** Its conversation was put away as spam, or its writer is blocked: only when asked for. */
  unwanted: z.boolean(),
  /** Of the message's text; of an empty text when the find is elsewhere. */
  snippet: Snippet,
  /** In the whole of the message's text. */
  highlights: z.array(TextRange),
  /** A letter's subject, where it has one. */
  subject: z.nullable(Marked),
  /** Files whose names were found. */
  files: z.array(Marked),
});
export type FoundMessage = z.infer<typeof FoundMessage>;

export const FoundRecord = z.object({
  id: z.string(),
  kind: z.string(),
  /** The organisation's own number of it. */
  externalId: Marked,
  title: Marked,
  at: z.string(),
  amount: z.nullable(z.number()),
  currency: z.nullable(z.string()),
  /** Whose it is now: the survivor of every merge. */
  customer: CustomerSummary,
});
export type FoundRecord = z.infer<typeof FoundRecord>;

const group = <T extends z.ZodMiniType>(entry: T) =>
  z.object({
    found: z.array(entry),
    /** For `after`, with this kind alone; null when there is no more. */
    next: z.nullable(z.string()),
    /** Of customers: there are others, whom only a longer search finds. */
    more: z.optional(z.boolean()),
  });

/** `GET /api/search`: the kinds that were asked for and may be read. */
export const SearchPage = z.object({
  query: z.string(),
  customers: z.optional(group(FoundCustomer)),
  messages: z.optional(group(FoundMessage)),
  records: z.optional(group(FoundRecord)),
  /** Milliseconds the server took. */
  took: z.number(),
});
export type SearchPage = z.infer<typeof SearchPage>;
