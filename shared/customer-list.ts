import * as z from 'zod/mini';
import { identityKinds } from './customer.ts';

/** The orders of the list: by name; the newest activity, the most spent, the least complete and the newest customer first. */
export const customerSorts = ['name', 'lastAt', 'spent', 'completeness', 'createdAt'] as const;
export type CustomerSort = (typeof customerSorts)[number];

/** How somebody can be reached or is known, as a list shows it: masked where it must not show it whole. */
export const ContactPoint = z.object({
  kind: z.enum(identityKinds),
  display: z.string(),
  verified: z.boolean(),
});
export type ContactPoint = z.infer<typeof ContactPoint>;

export const CustomerRow = z.object({
  /** The CID. */
  id: z.string(),
  name: z.string(),
  /** At most three. */
  contacts: z.array(ContactPoint),
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
