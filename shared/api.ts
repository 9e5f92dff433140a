import * as z from 'zod/mini';
import { Company } from './company.ts';
import { IdentitySource, identityKinds, proofKinds, statedKinds } from './customer.ts';
import { Field } from './field.ts';
import { CustomerChange, CustomerProfile } from './profile.ts';
import { CustomerRecord, ExternalId, RecordPut, recordKinds } from './record.ts';
import { Tag } from './tag.ts';

/** What programs of the organisation see at `/api/v1`: kept stable, and apart from what our own pages use. */
export const ApiIdentity = z.object({
  /** `kind:value`. */
  id: z.string(),
  kind: z.enum(identityKinds),
  value: z.string(),
  display: z.string(),
  proof: z.enum(proofKinds),
  verified: z.boolean(),
  provenAt: z.iso.datetime(),
  lastSeenAt: z.nullable(z.iso.datetime()),
  source: z.nullable(IdentitySource),
  unreachable: z.boolean(),
  blocked: z.boolean(),
});
export type ApiIdentity = z.infer<typeof ApiIdentity>;

export const ApiCustomer = z.object({
  /** The customer ID: ten digits, the last of which checks the others. */
  cid: z.string(),
  name: z.string(),
  /** Every CID that this customer is read under, their own included: those of customers merged into them. */
  members: z.array(z.string()),
  /** Raised with every change. */
  version: z.number(),
  createdAt: z.iso.datetime(),
  profile: CustomerProfile,
  identities: z.array(ApiIdentity),
});
export type ApiCustomer = z.infer<typeof ApiCustomer>;

export const ApiCustomerPage = z.object({
  customers: z.array(ApiCustomer),
  /** Give it as `after` for the next page; null at the end. */
  next: z.nullable(z.string()),
});

const cid = z.string().check(z.regex(/^[1-9]\d{9}$/, 'A CID has ten digits and begins with none of them 0'));
const cursor = z.string().check(z.minLength(1), z.maxLength(700));
const limit = z._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(100)), 50);

/** By an identity, or all of them in pages. */
export const ApiCustomerQuery = z
  .object({
    kind: z.optional(z.enum(identityKinds)),
    value: z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(320))),
    after: z.optional(cid),
    limit,
  })
  .check(
    z.refine((query) => (query.kind === undefined) === (query.value === undefined), {
      path: ['value'],
      error: 'Give kind and value together, or neither',
    }),
  );

export const ApiIdentityCreate = z.object({
  kind: z.enum(statedKinds),
  value: z.string().check(z.trim(), z.minLength(1), z.maxLength(320)),
});

export const ApiCustomerCreate = z.object({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(120)),
  identities: z._default(z.array(ApiIdentityCreate).check(z.maxLength(20)), []),
  profile: z._default(z.omit(CustomerChange, { name: true }), {}),
});
export type ApiCustomerCreate = z.infer<typeof ApiCustomerCreate>;

export const ApiCustomerUpdate = CustomerChange;

export const ApiIdentities = z.object({ identities: z.array(ApiIdentity) });
export const ApiFields = z.object({ fields: z.array(Field) });
export const ApiTags = z.object({ tags: z.array(Tag) });

/** All of them, archived ones too. */
export const ApiCompanyQuery = z.object({
  q: z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(120))),
  after: z.optional(cursor),
  limit,
});
export const ApiCompanyPage = z.object({ companies: z.array(Company), next: z.nullable(z.string()) });

export const ApiRecordQuery = z.object({
  kind: z.optional(z.enum(recordKinds)),
  after: z.optional(cursor),
  limit,
});
export const ApiRecordPage = z.object({ records: z.array(CustomerRecord), next: z.nullable(z.string()) });

export const ApiRecord = z.object({ record: CustomerRecord });

/** `outcome`: whether it was made, was changed, or said so already. */
export const ApiRecordAnswer = z.object({
  record: CustomerRecord,
  outcome: z.enum(['made', 'updated', 'same']),
});

/** At most 1,000 at once. */
export const ApiRecordBatch = z.object({
  records: z
    .array(z.extend(RecordPut, { kind: z.enum(recordKinds), cid, externalId: ExternalId }))
    .check(z.minLength(1), z.maxLength(1_000)),
});
export const ApiRecordBatchAnswer = z.object({ records: z.array(ApiRecordAnswer) });

/** The shape of every error. */
export const ApiError = z.object({
  code: z.enum([
    'unauthenticated',
    'forbidden',
    'notFound',
    'conflict',
    'tooLarge',
    'invalid',
    'tooMany',
    'internal',
    'unavailable',
  ]),
  reason: z.optional(z.string()),
  /** A sentence for a person. */
  message: z.string(),
  /** Path of a field → what is wrong with it. */
  fields: z.optional(z.record(z.string(), z.string())),
  data: z.optional(z.unknown()),
  errorId: z.optional(z.string()),
  /** Seconds to wait. */
  retryAfter: z.optional(z.number()),
});
