import * as z from 'zod/mini';
import { CustomerSummary, Identity, proofKinds } from './customer.ts';

/** Whose value a field keeps: the survivor's (whose page the agent is on), or the other's. */
export const mergeSides = ['survivor', 'other'] as const;
export type MergeSide = (typeof mergeSides)[number];

/** Field (`name`, `birthday`, `fields.f1a2b3c4`, …) → whose value is kept. What is left out keeps what the preview had chosen. */
const Winners = z.record(z.string().check(z.maxLength(60)), z.enum(mergeSides));

/** An agent says that two customers are one person. */
export const CustomerMerge = z.object({
  otherId: z.string().check(z.maxLength(20)),
  reason: z.string().check(z.trim(), z.minLength(1), z.maxLength(300)),
  winners: z._default(Winners, {}),
});
export type CustomerMerge = z.infer<typeof CustomerMerge>;

export const CustomerUnmerge = z.object({ linkId: z.string().check(z.maxLength(60)) });
export type CustomerUnmerge = z.infer<typeof CustomerUnmerge>;

/** What a careful person would look at before they merge these two. */
export const mergeWarnings = [
  /** Each has a national code, and they differ. */
  'nationalCodes',
  /** Each has a number of the organisation's own, and they differ. */
  'customerNumbers',
  'birthdays',
  /** An address of one of them is blocked. */
  'blocked',
  /** Both have an active conversation: the older goes on in the newer. */
  'bothActive',
  /** They were one before, and somebody took that back. */
  'separatedBefore',
] as const;
export type MergeWarning = (typeof mergeWarnings)[number];

/** One field of two customers, side by side. */
export const MergeField = z.object({
  field: z.string(),
  survivor: z.unknown(),
  other: z.unknown(),
  /** `both`: a list, whose entries are put together; there is nothing to choose. */
  chosen: z.enum([...mergeSides, 'both']),
  differs: z.boolean(),
});
export type MergeField = z.infer<typeof MergeField>;

const MergeParty = z.extend(CustomerSummary, {
  createdAt: z.string(),
  identities: z.array(Identity),
  conversations: z.number(),
  /** Their active conversation. */
  activeId: z.nullable(z.string()),
});

export const MergePreview = z.object({
  survivor: MergeParty,
  other: MergeParty,
  fields: z.array(MergeField),
  /** What becomes of their active conversations: `ends` goes on in `stays`. */
  active: z.object({ staysId: z.nullable(z.string()), endsId: z.nullable(z.string()) }),
  warnings: z.array(z.enum(mergeWarnings)),
});
export type MergePreview = z.infer<typeof MergePreview>;

/** A merge that holds, as the journal has it: it can be taken back at any later time, in any order with others. */
export const MergeEntry = z.object({
  linkId: z.string(),
  /** Who it was merged into, then. */
  survivorId: z.string(),
  /** Who comes back when it is taken back. */
  merged: z.object({ id: z.string(), name: z.string() }),
  at: z.string(),
  /** A user's id; null: a proof made it. */
  byUserId: z.nullable(z.string()),
  proof: z.enum(proofKinds),
  identityId: z.nullable(z.string()),
  reason: z.string(),
  /** How many addresses go back with them, and how many conversations. */
  identities: z.number(),
  conversations: z.number(),
});
export type MergeEntry = z.infer<typeof MergeEntry>;

export const MergeEntries = z.object({ merges: z.array(MergeEntry) });
