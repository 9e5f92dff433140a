import * as z from 'zod/mini';
import { Amount, Currency } from './record.ts';

export const rewardKinds = ['points', 'coupon', 'message'] as const;
export type RewardKind = (typeof rewardKinds)[number];

/** `waiting`: above the limit, somebody has to approve. `undone`: taken back, by an entry of its own in the ledger. */
export const rewardStates = ['waiting', 'given', 'refused', 'undone'] as const;
export type RewardState = (typeof rewardStates)[number];

/** One line of the ledger: never changed but for its state, never deleted. */
export const Reward = z.object({
  id: z.string(),
  customerId: z.string(),
  customerName: z.string(),
  kind: z.enum(rewardKinds),
  /** Points given; of a coupon or message what it is worth in points, for the limit. */
  points: z.number(),
  /** What it costs us; null where nothing was said. */
  cost: z.nullable(z.object({ amount: z.number(), currency: z.string() })),
  /** Of a coupon: the list and the code that was taken from it. */
  coupon: z.nullable(z.object({ listId: z.string(), listName: z.string(), code: z.string() })),
  /** The message that told them, where one was sent. */
  messageId: z.nullable(z.string()),
  reason: z.string(),
  state: z.enum(rewardStates),
  at: z.string(),
  byUserId: z.string(),
  decidedAt: z.nullable(z.string()),
  decidedByUserId: z.nullable(z.string()),
  /** Points of the customer after this line; null while waiting or refused. */
  balance: z.nullable(z.number()),
  /** The line that this one takes back. */
  undoes: z.nullable(z.string()),
  /** Why nothing was said to them although something was to be: a sentence. */
  notSent: z.nullable(z.string()),
});
export type Reward = z.infer<typeof Reward>;

/** POST /api/rewards. `id` is minted by the client: a resend gives nothing twice. */
export const RewardGive = z.object({
  id: z.uuid(),
  customerId: z.string().check(z.maxLength(20)),
  kind: z.enum(rewardKinds),
  points: z.number().check(z.int(), z.minimum(0), z.maximum(1_000_000_000)),
  cost: z.nullable(z.object({ amount: Amount, currency: Currency })),
  couponListId: z.optional(z.string().check(z.maxLength(64))),
  /** Sent on the person's preferred channel, with {name}, {points}, {code}; empty: nothing is sent. */
  text: z.string().check(z.maxLength(2000)),
  reason: z.string().check(z.trim(), z.minLength(1), z.maxLength(300)),
});
export type RewardGive = z.infer<typeof RewardGive>;
const englishPoints = new Intl.NumberFormat('en-US');
const persianPoints = new Intl.NumberFormat('fa-IR');

/** The words for somebody with what stands in their places; a number is written as the rest of the sentence is. A name that looks like a place is none. */
export function rewardPlaces(
  text: string,
  of: { name: string; points: number; code: string },
): Readonly<Record<string, string>> {
  const format = /\p{Script=Arabic}/u.test(text) ? persianPoints : englishPoints;
  return { name: of.name, points: format.format(of.points), code: of.code };
}

/** POST /api/rewards/:id/decide, by whoever has `reward.approve` and did not ask for it themselves. */
export const RewardDecide = z.object({
  approve: z.boolean(),
  reason: z.optional(z.string().check(z.maxLength(300))),
});
export type RewardDecide = z.infer<typeof RewardDecide>;
/** POST /api/rewards/:id/undo: by who gave it, or whoever may approve. A code goes back to its list only if it was never sent. */

/** GET /api/rewards?customerId=&state=&after= : newest first. */

export interface RewardPage {
  rewards: Reward[];
  next: string | null;
}

const codes = z
  .array(z.string().check(z.trim(), z.minLength(1), z.maxLength(60), z.regex(/^\S+$/)))
  .check(z.minLength(1), z.maxLength(10_000));

/** Codes to be given away, each once. */
export const CouponList = z.object({
  id: z.string(),
  name: z.string(),
  /** What one is worth, in points, for the limit. */
  points: z.number(),
  cost: z.nullable(z.object({ amount: z.number(), currency: z.string() })),
  expiresAt: z.nullable(z.string()),
  left: z.number(),
  given: z.number(),
  archived: z.boolean(),
});
export type CouponList = z.infer<typeof CouponList>;
export const CouponListCreate = z.object({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(80)),
  points: z.number().check(z.int(), z.minimum(0), z.maximum(1_000_000_000)),
  cost: z.nullable(z.object({ amount: Amount, currency: Currency })),
  expiresAt: z.nullable(z.iso.datetime()),
  /** One a line in the form; each at most 60 characters, no spaces, none twice. */
  codes,
});
export type CouponListCreate = z.infer<typeof CouponListCreate>;
/** POST /api/coupon-lists/:id/codes */
export const CouponCodes = z.object({ codes });
/** POST /api/coupon-lists/:id/codes adds; PATCH archives or renames. */
export const CouponListUpdate = z.partial(
  z.object({ name: z.string().check(z.trim(), z.minLength(1), z.maxLength(80)), archived: z.boolean() }),
);
export type CouponListUpdate = z.infer<typeof CouponListUpdate>;

/** A code by which a customer brings others; a purchase that names it is measured to them. */
export const Referral = z.object({
  code: z.string(),
  customerId: z.string(),
  createdAt: z.string(),
  purchases: z.number(),
  revenue: z.array(z.object({ amount: z.number(), currency: z.string() })),
});
export type Referral = z.infer<typeof Referral>;

/** GET /api/reports/advocates?from=&to= : the rows of each picture, which are also its table and its CSV (&format=csv&table=…). */
export interface AdvocateReport {
  from: string;
  to: string;
  byChannel: {
    channelId: string;
    name: string;
    advocates: number;
    influencers: number;
    helpers: number;
    reach: number;
    positive: number;
  }[];
  byProduct: { product: string; advocates: number; positive: number; negative: number }[];
  reach: { at: string; reach: number; voices: number }[];
  rewards: {
    kind: RewardKind;
    given: number;
    points: number;
    cost: { amount: number; currency: string }[];
    /** What those who were rewarded did in the thirty days after: words of praise, help, referrals, and what they brought. */
    praise: number;
    help: number;
    referred: number;
    revenue: { amount: number; currency: string }[];
  }[];
}
export const reportTables = ['byChannel', 'byProduct', 'reach', 'rewards'] as const;
