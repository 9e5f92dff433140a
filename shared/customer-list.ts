import * as z from 'zod/mini';
import { identityKinds } from './customer.ts';

/** The orders of the list: by name; the newest activity, the most spent, the least complete and the newest customer first. */
export const customerSorts = ['name', 'lastAt', 'spent', 'completeness', 'createdAt'] as const;
export type CustomerSort = (typeof customerSorts)[number];

export const CustomerRow = z.object({
  /** The CID. */
  id: z.string(),
  name: z.string(),
  /** How they can be reached or are known, at most three, masked where a list must not show them whole. */
  contacts: z.array(z.object({ kind: z.enum(identityKinds), display: z.string(), verified: z.boolean() })),
  city: z.string(),
  language: z.string(),
  tagIds: z.array(z.string()),
  companies: z.array(z.object({ id: z.string(), name: z.string() })),
  /** In rials. */
  spent: z.number(),
  purchases: z.number(),
  lastAt: z.string(),
  lastInboundAt: z.nullable(z.string()),
  conversations: z.number(),
  completeness: z.number(),
  problems: z.array(z.string()),
  createdAt: z.string(),
});
export type CustomerRow = z.infer<typeof CustomerRow>;

export const CustomerPage = z.object({
  customers: z.array(CustomerRow),
  next: z.nullable(z.string()),
});
export type CustomerPage = z.infer<typeof CustomerPage>;
