import * as z from 'zod/mini';
import { TemplateUse } from './post.ts';
import { Cost, type Referral } from './reward.ts';

/** Parts of the score, each 0 to 100 before its weight. */
export const scoreParts = [
  'praise',
  'recommendation',
  'testimonial',
  'help',
  'reach',
  'purchases',
  'referrals',
  'recency',
] as const;
export type ScorePart = (typeof scoreParts)[number];

/** Apart from one another: who reaches many, who speaks well, who helps others. A person may be several, or none. */
export const advocateKinds = ['influencer', 'advocate', 'helper', 'detractor'] as const;
export type AdvocateKind = (typeof advocateKinds)[number];

export const advocateStages = ['discovered', 'contacted', 'engaged', 'ambassador', 'dormant'] as const;
export type AdvocateStage = (typeof advocateStages)[number];

const weight = z.number().check(z.int(), z.minimum(0), z.maximum(100));
export const AdvocateWeights = z.object({
  praise: weight,
  recommendation: weight,
  testimonial: weight,
  help: weight,
  reach: weight,
  purchases: weight,
  referrals: weight,
  recency: weight,
});
export type AdvocateWeights = z.infer<typeof AdvocateWeights>;
export const defaultWeights: AdvocateWeights = {
  praise: 20,
  recommendation: 20,
  testimonial: 10,
  help: 20,
  reach: 10,
  purchases: 5,
  referrals: 10,
  recency: 5,
};

/** The score of 0 to 100 that parts make under weights. Pure: the live preview on the page and the server agree. */
export function scoreOf(parts: Readonly<Record<ScorePart, number>>, weights: AdvocateWeights): number {
  const total = scoreParts.reduce((sum, part) => sum + weights[part], 0);
  if (total === 0) return 0;
  const sum = scoreParts.reduce((all, part) => all + parts[part] * weights[part], 0);
  return Math.round((sum / total) * 10) / 10;
}

/** One thing that a point of the score rests on, and where it can be seen. */
export const Evidence = z.object({
  part: z.enum(scoreParts),
  /** A message, a mention, a record (purchase), a referral. */
  source: z.enum(['message', 'mention', 'record', 'referral', 'author']),
  id: z.string(),
  conversationId: z.nullable(z.string()),
  postId: z.nullable(z.string()),
  url: z.nullable(z.string()),
  /** Of a purchase: in whose history it stands, where the viewer may open it. */
  customerId: z.nullable(z.string()),
  at: z.string(),
  /** The sentence, the purchase's title, the code. Empty where the viewer may not see it. */
  excerpt: z.string(),
  /** What it added to its part, 0 to 100. */
  points: z.number(),
});
export type Evidence = z.infer<typeof Evidence>;

export const Advocate = z.object({
  customerId: z.string(),
  name: z.string(),
  kinds: z.array(z.enum(advocateKinds)),
  stage: z.enum(advocateStages),
  score: z.number(),
  parts: z.record(z.enum(scoreParts), z.number()),
  /** One score a day of the last thirty, the oldest first. */
  trend: z.array(z.number()),
  /** Against seven days ago. */
  change: z.number(),
  reach: z.nullable(z.number()),
  channelIds: z.array(z.string()),
  /** What they spoke about most. */
  products: z.array(z.string()),
  lastAt: z.nullable(z.string()),
  /** They asked not to be written to at all: locked. */
  optedOut: z.boolean(),
  consent: z.enum(['unknown', 'asked', 'given', 'refused']),
  points: z.number(),
  referralCode: z.nullable(z.string()),
  ownerId: z.nullable(z.string()),
  nextTask: z.nullable(z.object({ text: z.string(), due: z.nullable(z.string()) })),
  /** Place within its column of the board. */
  order: z.string(),
  version: z.number(),
});
export type Advocate = z.infer<typeof Advocate>;

/** GET /api/advocates?stage=&kind=&channelId=&product=&sort=score|rising|falling|reach|lastAt&q=&segmentId=&after= */
export interface AdvocatePage {
  advocates: Advocate[];
  next: string | null;
  /** Of all who match but for the stage, by stage; null where a segment narrows them: nobody counted those. */
  counts: Record<AdvocateStage, number> | null;
}

export const advocateSorts = ['order', 'score', 'rising', 'falling', 'reach', 'lastAt'] as const;
export type AdvocateSort = (typeof advocateSorts)[number];

/** One window of what a score rests on, newest first. */
export interface EvidencePage {
  evidence: Evidence[];
  next: string | null;
}

/** What each part is worth in the score, and what it rests on. */
export interface AdvocateBreakdown {
  part: ScorePart;
  /** 0 to 100 before its weight. */
  value: number;
  weight: number;
  /** Of the score's points. They add up to it, but for rounding. */
  points: number;
  /** Things that it rests on. */
  count: number;
}

/** What was said against us: no part of the score. */
export type Criticism = Omit<Evidence, 'part' | 'points'>;

/** GET /api/advocates/:customerId */
export interface AdvocateDetail {
  advocate: Advocate;
  breakdown: AdvocateBreakdown[];
  /** Of all parts, the newest. */
  evidence: EvidencePage;
  /** The newest words against us, at most ten. */
  criticism: Criticism[];
  testimonials: Testimonial[];
  referral: Referral | null;
}

/** An address of theirs on a channel. */
export interface AdvocatePlace {
  identityId: string;
  channelId: string;
  /** The address as it is read. */
  display: string;
}

/**
 * GET /api/advocates/:customerId/way: where they would be written to now, in private. 409 optedOut; 409 windowClosed: on none of their
 * channels can anything be said now; 422 badTarget: nowhere.
 */
export interface AdvocateWay {
  /** Words of one's own go there; null: they can be said nowhere now, only a template can. */
  text: AdvocatePlace | null;
  /** A template goes there, at any time: one of that channel's. Null: none of theirs has templates. */
  template: AdvocatePlace | null;
  /** Preferred to `text`, and passed over because free text may not be sent there now. `closedAt` null: they never wrote there in private. */
  passed: (AdvocatePlace & { closedAt: string | null; templates: boolean })[];
  /** The language to write in: theirs where it is known, else the organisation's. */
  language: 'fa' | 'en';
}

/** POST /api/advocates/settings/preview: the first twenty under other weights, and where they stand today. */
export interface AdvocatePreview {
  rows: {
    customerId: string;
    name: string;
    score: number;
    newScore: number;
    /** From 1; null: not among the first five thousand. */
    place: number | null;
    newPlace: number;
  }[];
}

/** GET /api/advocates/summary?from=&to= */
export interface AdvocateSummary {
  active: number;
  reach: number;
  mentions: number;
  sentiment: { positive: number; neutral: number; negative: number };
  referred: { purchases: number; revenue: { amount: number; currency: string }[] };
  /** Each against the same length of time before. */
  before: { active: number; reach: number; mentions: number; purchases: number };
}

/** PATCH /api/advocates/:customerId. `version` is the one that was seen: a colleague's change meanwhile is 409 stateChanged. */
export const AdvocateUpdate = z.object({
  version: z.number(),
  stage: z.optional(z.enum(advocateStages)),
  /** The card that it comes to stand before in its column; null: last. */
  before: z.optional(z.nullable(z.string().check(z.maxLength(20)))),
  ownerId: z.optional(z.nullable(z.string().check(z.maxLength(64)))),
  nextTask: z.optional(
    z.nullable(
      z.object({
        text: z.string().check(z.trim(), z.minLength(1), z.maxLength(200)),
        due: z.nullable(z.iso.datetime()),
      }),
    ),
  ),
});
export type AdvocateUpdate = z.infer<typeof AdvocateUpdate>;

/** Of detractors: who is told, and from which reach on. */
export const AdvocateSettings = z.object({
  weights: AdvocateWeights,
  /** Followers from which on somebody is an influencer. */
  influencerReach: z.number().check(z.int(), z.minimum(1), z.maximum(1_000_000_000)),
  /** Score from which on somebody is an advocate, and days of silence after which they are dormant. */
  advocateScore: z.number().check(z.minimum(1), z.maximum(100)),
  dormantDays: z.number().check(z.int(), z.minimum(1), z.maximum(3650)),
  /** Followers from which on a negative word in public tells the support team. */
  detractorReach: z.number().check(z.int(), z.minimum(1), z.maximum(1_000_000_000)),
  supportTeamId: z.nullable(z.string().check(z.maxLength(64))),
  /** What one person gives another in thirty days and nobody approved: worth more in points, it waits for somebody who may approve. */
  approveAbove: z.number().check(z.int(), z.minimum(0), z.maximum(1_000_000_000)),
  /** The same of what it costs us. A cost in any other currency waits always: there is no rate by which it could be held against this. */
  approveCostAbove: Cost,
});
export type AdvocateSettings = z.infer<typeof AdvocateSettings>;

/** POST /api/advocates/testimonials: asks on the person's preferred channel, and records what they answer. */
export const TestimonialAsk = z.object({
  customerId: z.string().check(z.maxLength(20)),
  /** The words to be quoted: a message or a mention of theirs. */
  sourceId: z.string().check(z.maxLength(600)),
  /** `{link}` is where they say yes or no, `{name}` their name. Empty with a template. */
  text: z.string().check(z.trim(), z.maxLength(2000)),
  /** In place of the text: one of a channel of theirs; the same places may stand in its values. */
  template: z.optional(TemplateUse),
});
export type TestimonialAsk = z.infer<typeof TestimonialAsk>;
export const Testimonial = z.object({
  id: z.string(),
  customerId: z.string(),
  customerName: z.string(),
  sourceId: z.string(),
  quote: z.string(),
  state: z.enum(['asked', 'given', 'refused', 'withdrawn']),
  askedAt: z.string(),
  answeredAt: z.nullable(z.string()),
  /** How the answer came: by the link, or recorded by a colleague with a reason. */
  answeredBy: z.nullable(z.enum(['link', 'agent'])),
  reason: z.string(),
  byUserId: z.string(),
});
export type Testimonial = z.infer<typeof Testimonial>;
/** PATCH /api/advocates/testimonials/:id: a colleague records what was said otherwise. */
export const TestimonialAnswer = z.object({
  state: z.enum(['given', 'refused', 'withdrawn']),
  reason: z.string().check(z.trim(), z.minLength(1), z.maxLength(300)),
});
export type TestimonialAnswer = z.infer<typeof TestimonialAnswer>;
