import * as z from 'zod/mini';
import { asciiDigits } from './text/normalise.ts';

/** What a customer bought, and what was done for them. */
export const recordKinds = ['purchase', 'service'] as const;
export type RecordKind = (typeof recordKinds)[number];

/** `cancelled` and `returned` count for nothing in what a customer spent. */
export const recordStatuses = ['open', 'done', 'cancelled', 'returned'] as const;
export type RecordStatus = (typeof recordStatuses)[number];

/** Currencies whose smallest unit is not a hundredth (ISO 4217): how many decimals they have. */
const decimals: Readonly<Record<string, number>> = {
  IRR: 0,
  JPY: 0,
  KRW: 0,
  VND: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  OMR: 3,
  TND: 3,
};

/** Decimals of an amount in this currency: an amount is kept as an integer of its smallest unit. */
export function decimalsOf(currency: string): number {
  return decimals[currency] ?? 2;
}

/** ISO 4217. Money of Iran is kept in rials, however it is shown. */
export const Currency = z.string().check(z.regex(/^[A-Z]{3}$/, 'Three capital letters: IRR, EUR'));

/** Whole, in the smallest unit of the currency; exact in JavaScript's numbers. */
export const Amount = z.int().check(z.minimum(-9e15), z.maximum(9e15));

const line = (most: number) => z.string().check(z.trim(), z.maxLength(most));

export const RecordItem = z.object({
  name: line(300),
  /** The organisation's own number of the product. */
  code: z._default(line(100), ''),
  quantity: z._default(z.number().check(z.minimum(0), z.maximum(1e9)), 1),
  /** Of the whole line, not of one piece. */
  amount: z._default(z.nullable(Amount), null),
});
export type RecordItem = z.infer<typeof RecordItem>;

export const mostItems = 200;

/** A purchase or a service, as everybody who may see its customer sees it. */
export const CustomerRecord = z.object({
  id: z.string(),
  kind: z.enum(recordKinds),
  /** Who owns it today. */
  customerId: z.string(),
  /** The organisation's own number of it; null where it has none. */
  externalId: z.nullable(z.string()),
  /** ISO. */
  at: z.string(),
  title: z.string(),
  amount: z.nullable(z.number()),
  currency: z.string(),
  items: z.array(RecordItem),
  status: z.enum(recordStatuses),
  /** The organisation's own word for where it stands. */
  statusText: z.string(),
  note: z.string(),
  /** Of a purchase: the code of whoever brought this customer, as `referralCodeOf` spells it; '' none. */
  referralCode: z.string(),
  /** Who wrote it last. */
  source: z.object({ by: z.enum(['agent', 'api', 'import']), id: z.string() }),
  /** Raised by one with every change; a resend of the same changes nothing. */
  version: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type CustomerRecord = z.infer<typeof CustomerRecord>;

/** A code as it is kept and compared: people write it in small letters, in Persian digits and with spaces or dashes. */
export function referralCodeOf(text: string): string {
  return asciiDigits(text)
    .toUpperCase()
    .replace(/[\s\u200B-\u200F-]/g, '');
}

/** '' for none. */
const ReferralCode = line(60);

/** Earlier than any organisation's books; what is dated before is of another calendar, or a slip. */
const firstYear = 1900;
/** What is planned may be dated ahead: so many years at most. */
const mostYearsAhead = 10;

/** What is wrong with when a record was; null: nothing. */
export function recordAtProblem(at: Date, now: Date): 'tooFarAhead' | 'tooLongAgo' | null {
  const latest = new Date(now);
  latest.setUTCFullYear(latest.getUTCFullYear() + mostYearsAhead);
  if (at > latest) return 'tooFarAhead';
  return at.getTime() < Date.UTC(firstYear, 0, 1) ? 'tooLongAgo' : null;
}

/** ISO, of the Gregorian calendar. */
const RecordAt = z.iso
  .datetime({ offset: true, abort: true })
  .check(
    z.refine(
      (text) => recordAtProblem(new Date(text), new Date()) === null,
      `Must be from ${firstYear} to ${mostYearsAhead} years ahead, by the Gregorian calendar`,
    ),
  );

/** What a record says. The same again is nothing; something else is an update. */
const said = {
  at: RecordAt,
  title: line(300).check(z.minLength(1)),
  amount: z._default(z.nullable(Amount), null),
  currency: z._default(Currency, 'IRR'),
  items: z._default(z.array(RecordItem).check(z.maxLength(mostItems)), []),
  status: z._default(z.enum(recordStatuses), 'done'),
  statusText: z._default(line(100), ''),
  note: z._default(line(2000), ''),
  referralCode: z._default(ReferralCode, ''),
};

/** The organisation's own number as it is kept and compared: people type it in the digits of their keyboard, programs in their own. */
export function externalIdOf(text: string): string {
  return asciiDigits(text).trim();
}

/** The organisation's own number of an order or a service. */
export const ExternalId = line(200).check(z.minLength(1), z.overwrite(externalIdOf));

export const RecordPut = z.object(said);
export type RecordPut = z.infer<typeof RecordPut>;

/** By hand, on a customer's page; with a number of the organisation's it is that very record from then on. */
export const RecordCreate = z.object({
  kind: z.enum(recordKinds),
  externalId: z._default(z.nullable(ExternalId), null),
  ...said,
});
export type RecordCreate = z.infer<typeof RecordCreate>;

/** `ifVersion`: as of which it was changed; a newer one answers 409 `stateChanged` with the record. */
export const RecordUpdate = z.object({
  ifVersion: z.int(),
  change: z.partial(
    z.object({
      at: RecordAt,
      title: line(300).check(z.minLength(1)),
      amount: z.nullable(Amount),
      currency: Currency,
      items: z.array(RecordItem).check(z.maxLength(mostItems)),
      status: z.enum(recordStatuses),
      statusText: line(100),
      note: line(2000),
      referralCode: ReferralCode,
    }),
  ),
});
export type RecordUpdate = z.infer<typeof RecordUpdate>;
