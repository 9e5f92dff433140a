import * as z from 'zod/mini';
import { TemplateUse } from './post.ts';
import { Currency } from './record.ts';
import type { Aspect } from './sentiment.ts';

/** What a thing costs us, in the smallest unit of its currency. */
export const Cost = z.object({ amount: z.int().check(z.minimum(0), z.maximum(9e15)), currency: Currency });
export type Cost = z.infer<typeof Cost>;

export const rewardKinds = ['points', 'coupon', 'message'] as const;
export type RewardKind = (typeof rewardKinds)[number];

/** `waiting`: above the limit, somebody has to approve. `undone`: taken back, by an entry of its own in the ledger. */
export const rewardStates = ['waiting', 'given', 'refused', 'undone'] as const;
export type RewardState = (typeof rewardStates)[number];

/**
 * Why nothing was said. `unfit`: the channel cannot carry these words. `giverGone`: whoever gave it may not write any more.
 */
export const notSentReasons = [
  'optedOut',
  'noWay',
  'windowClosed',
  'channelUnavailable',
  'unfit',
  'giverGone',
  'other',
] as const;
export type NotSentReason = (typeof notSentReasons)[number];

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
  /** Why nothing was said to them although something was to be. */
  notSent: z.nullable(z.enum(notSentReasons)),
});
export type Reward = z.infer<typeof Reward>;

/** POST /api/rewards. `id` is minted by the client: a resend gives nothing twice. */
export const RewardGive = z.object({
  id: z.uuid(),
  customerId: z.string().check(z.maxLength(20)),
  kind: z.enum(rewardKinds),
  points: z.number().check(z.int(), z.minimum(0), z.maximum(1_000_000_000)),
  /** Of a coupon at least what its list says; null: that. */
  cost: z.nullable(Cost),
  couponListId: z.optional(z.string().check(z.maxLength(64))),
  /** Sent where the person is reached now, as they prefer, with {name}, {points}, {code}; empty: nothing is sent, or the template. */
  text: z.string().check(z.maxLength(2000)),
  /** In place of the text: one of a channel of theirs; the same places may stand in its values. */
  template: z.optional(TemplateUse),
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

/** What one person gave another in so many days counts together against the limits. */
export const limitDays = 30;

/** What somebody gave a customer in the last thirty days without anybody's approval. */
export interface Given {
  points: number;
  costs: Cost[];
}

/** What may be given to one person in thirty days without anybody's approval. */
export interface RewardLimits {
  approveAbove: number;
  approveCostAbove: Cost;
}

/** Does it wait for somebody else? Pure: the dialog says before what the server does. */
export function needsApproval(
  worth: { points: number; cost: Cost | null },
  before: Given,
  limits: RewardLimits,
): boolean {
  if (worth.points > 0 && before.points + worth.points > limits.approveAbove) return true;
  const { cost } = worth;
  if (!cost || cost.amount === 0) return false;
  const limit = limits.approveCostAbove;
  if (cost.currency !== limit.currency) return true;
  const spent = before.costs.find(({ currency }) => currency === limit.currency)?.amount ?? 0;
  return spent + cost.amount > limit.amount;
}

/** GET /api/rewards?customerId=&state=&after= : newest first. */
export interface RewardPage {
  rewards: Reward[];
  next: string | null;
  /** Of one customer: what the viewer gave them already that counts against the limits. Null of all. */
  given: Given | null;
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
  /** Whoever may not approve rewards says both, above zero: their own coupons are held against them. */
  points: z.number().check(z.int(), z.minimum(0), z.maximum(1_000_000_000)),
  cost: z.nullable(Cost),
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

/**
 * GET /api/reports/advocates?from=&to=&channelId=&product= : the rows of each picture, which are also its table and its CSV
 * (&format=csv&table=…). Of one channel, of one product: all but the rewards.
 */
export interface AdvocateReport {
  from: string;
  to: string;
  /** Those named in the time, whichever is asked for. */
  products: string[];
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
  /** What of it is praised and complained of; `product` null where none is named. */
  byAspect: { aspect: Aspect; product: string | null; positive: number; negative: number }[];
  /** Words with and against us, day by day (`YYYY-MM-DD`). */
  said: { at: string; positive: number; negative: number }[];
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
export const reportTables = ['byChannel', 'byProduct', 'byAspect', 'said', 'reach', 'rewards'] as const;
