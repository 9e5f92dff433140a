import * as z from 'zod/mini';
import { ContactPoint } from './customer-list.ts';
import { FieldId } from './field.ts';

/** What can be wrong with a customer's data. The client has a sentence for each, and what mends it. */
export const qualityProblems = [
  /** The name is only a number or an address. */
  'nameIsAddress',
  /** The name is a stand-in: "test", «مشتری». */
  'namePlaceholder',
  /** The name has no letters. */
  'nameWithoutLetters',
  'badNationalCode',
  /** It is to come, or nobody lives who was born then. */
  'badBirthday',
  'badMobile',
  /** A landline stands where a mobile should. */
  'landlineAsMobile',
  'badEmail',
  /** The domain cannot receive mail, or is a well-known one mistyped. */
  'badEmailDomain',
  /** Something sent there came back, or the customer blocked us. */
  'unreachable',
  /** No way to write to them at all. */
  'noWayToReach',
  /** Was not confirmed for long. */
  'staleAddress',
  'staleCity',
  'staleJob',
  /** The same of a custom field that has `staleMonths`. */
  'staleField',
  /** A mobile that nobody ever wrote from, kept for long. */
  'silentMobile',
] as const;
export type QualityProblem = (typeof qualityProblems)[number];

/** Fields of a record that completeness can count, beside the custom fields an administrator flags. */
export const completenessFields = [
  'name',
  'mobile',
  'emailAddress',
  'nationalCode',
  'birthday',
  'city',
  'address',
  'job',
  'language',
  'consent',
] as const;
export type CompletenessField = (typeof completenessFields)[number];

/** A field that a record can lack: one of these, or a custom field by its id. */
export const MissingField = z.union([z.enum(completenessFields), FieldId]);
export type MissingField = z.infer<typeof MissingField>;

/** How much each counts, and after how many months what was not confirmed is stale. 0: it does not count, or never is. */
export const QualitySettings = z.object({
  weights: z.record(z.enum(completenessFields), z.int().check(z.gte(0), z.lte(100))),
  staleMonths: z.object({
    address: z.int().check(z.gte(0), z.lte(120)),
    city: z.int().check(z.gte(0), z.lte(120)),
    job: z.int().check(z.gte(0), z.lte(120)),
    mobile: z.int().check(z.gte(0), z.lte(120)),
  }),
});
export type QualitySettings = z.infer<typeof QualitySettings>;

export const defaultQualitySettings: QualitySettings = {
  weights: {
    name: 20,
    mobile: 20,
    emailAddress: 15,
    nationalCode: 10,
    birthday: 5,
    city: 10,
    address: 5,
    job: 5,
    language: 5,
    consent: 5,
  },
  staleMonths: { address: 24, city: 24, job: 24, mobile: 18 },
};

/** What exactly is wrong: where it is kept and what stands there. */
export const QualityNote = z.object({
  problem: z.enum(qualityProblems),
  /** `name`, `profile:city`, an identity's id, or a custom field's id. */
  field: z.string(),
  /** Of a custom field as it is kept; several choices with commas between. */
  value: z.string(),
  /** What would be right, where that can be told. */
  suggestion: z.nullable(z.string()),
  /** Of what is stale: when it was last confirmed. */
  since: z.nullable(z.string()),
});
export type QualityNote = z.infer<typeof QualityNote>;

/** A customer with a problem, or who lacks a field, as the board lists them. */
export const QualityRow = z.object({
  /** The CID. */
  customerId: z.string(),
  name: z.string(),
  notes: z.array(QualityNote),
  /** 0 to 100. */
  completeness: z.number(),
  lastInboundAt: z.nullable(z.string()),
  /** The last contact, whoever wrote. */
  lastAt: z.string(),
  /** The way they were reached by last, as the list of customers shows it; null: none is known. */
  contact: z.nullable(ContactPoint),
});
export type QualityRow = z.infer<typeof QualityRow>;

export const QualityRows = z.object({ rows: z.array(QualityRow), next: z.nullable(z.string()) });
export type QualityRows = z.infer<typeof QualityRows>;

/** Of all customers the viewer can see. */
export const QualityBoard = z.object({
  customers: z.number(),
  problems: z.array(z.object({ problem: z.enum(qualityProblems), count: z.number() })),
  /** Customers by completeness, ten steps of ten points; the last takes 100 too. */
  completeness: z.array(z.number()),
  /** Mean completeness, 0 to 100. */
  mean: z.number(),
  /** The fields that most records lack, the commonest first: each a `MissingField`. */
  missing: z.array(z.object({ field: z.string(), count: z.number() })),
  /** When it was counted. */
  at: z.string(),
});
export type QualityBoard = z.infer<typeof QualityBoard>;

/** `field`: the custom field of which it is said, of `staleField`; absent: all that are stale. */
export const QualityIgnore = z.object({ ignored: z.boolean(), field: z.optional(FieldId) });
export type QualityIgnore = z.infer<typeof QualityIgnore>;
