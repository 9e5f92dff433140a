import * as z from 'zod/mini';
import { identityKinds } from './customer.ts';

/**
 * What can make two customers look like one person, the strongest first, and what speaks against it. The client has a sentence for each; `what` is what is alike,
 * as a person reads it.
 */
export const duplicateReasonKinds = [
  /** One says that a mobile, an address… is theirs which the other has proven. */
  'claimedIdentity',
  'sameNationalCode',
  'sameCustomerNumber',
  'sameUsername',
  /** One name on one platform: of one it is all that is known, or two accounts of ours met them. */
  'sameHandle',
  'sameMobile',
  'sameEmail',
  /** A letter that could not be proven came from an address that the other has proven. */
  'unprovenAddress',
  /** A visitor of the web chat left a number or an address which is the other's. */
  'leftContact',
  /** Both wrote from one browser. */
  'sameDevice',
  'samePostalAddress',
  'sameBirthday',
  'similarName',
  'sameCompany',
  'sameCity',
  /** What speaks against it; their weights are below 0. */
  'differentNationalCode',
  'differentName',
  'differentBirthday',
] as const;
export type DuplicateReasonKind = (typeof duplicateReasonKinds)[number];

export const DuplicateReason = z.object({
  kind: z.enum(duplicateReasonKinds),
  /** The number, address, city… that is alike, a national code covered but for its end; of names how they are alike: a `NameReason`. */
  what: z.string(),
  /** Points it adds to the score; below 0 where it speaks against. */
  weight: z.number(),
  /** Ids of the identities, claims and profile fields (`profile:city`) it rests on, the first customer's first. */
  evidence: z.array(z.string()),
});
export type DuplicateReason = z.infer<typeof DuplicateReason>;

export const duplicateStates = ['open', 'dismissed', 'merged'] as const;
export type DuplicateState = (typeof duplicateStates)[number];

/** One of the two, as the queue shows it. */
export const DuplicateSide = z.object({
  /** The CID. */
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
  identities: z.array(z.object({ id: z.string(), kind: z.enum(identityKinds), display: z.string() })),
  birthday: z.nullable(z.string()),
  city: z.nullable(z.string()),
  conversations: z.number(),
  purchases: z.number(),
  lastInboundAt: z.nullable(z.string()),
  /** 0 to 100. */
  completeness: z.number(),
});
export type DuplicateSide = z.infer<typeof DuplicateSide>;

/** Two customers who may be one person, with why. */
export const Duplicate = z.object({
  id: z.string(),
  state: z.enum(duplicateStates),
  /** 1 to 100: how sure it is. */
  score: z.number(),
  reasons: z.array(DuplicateReason),
  /** The one that would survive a merge by default (the older history) first. */
  customers: z.tuple([DuplicateSide, DuplicateSide]),
  foundAt: z.string(),
  decidedAt: z.nullable(z.string()),
  decidedByUserId: z.nullable(z.string()),
});
export type Duplicate = z.infer<typeof Duplicate>;

/** One window of the queue, the surest first. */
export const DuplicatePage = z.object({
  duplicates: z.array(Duplicate),
  next: z.nullable(z.string()),
  /** How many of this state the viewer can see; 1000 stands for 999+. */
  count: z.number(),
});
export type DuplicatePage = z.infer<typeof DuplicatePage>;

export const DuplicateCount = z.object({ count: z.number() });
