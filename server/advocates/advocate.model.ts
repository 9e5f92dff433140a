import { type Connection, Schema } from 'mongoose';
import type { AdvocateKind, AdvocateSettings, AdvocateStage, ScorePart } from '../../shared/advocate.ts';
import { options } from '../db/schema.ts';

/** Parts that rest on somebody's own words; `criticism` is no part of the score: it tells detractors. */
export const wordParts = ['praise', 'recommendation', 'testimonial', 'help', 'criticism'] as const;
export type WordPart = (typeof wordParts)[number];

/** One thing that somebody said and what it counts for. Gone when they took it back, or when it is heard otherwise. */
export interface EvidenceDoc {
  /** key(customerId, part, sourceId); of a stranger key('', part, sourceId) */
  _id: string;
  /** Whose identity said it, apart from any merge: read through a survivor's members. Null: a stranger, who is no customer yet. */
  customerId: string | null;
  part: WordPart;
  source: 'message' | 'mention';
  sourceId: string;
  /** The identity that said it. */
  authorId: string;
  channelId: string;
  conversationId: string | null;
  postId: string | null;
  url: string | null;
  /** Everybody can read it. */
  public: boolean;
  at: Date;
  /** The sentence that counts. */
  excerpt: string;
  /** Before its part is saturated. */
  weight: number;
  /** Products it speaks of, as the organisation writes them. */
  products: string[];
}

/**
 * One document a survivor of whom there is something to say. What is derived is written by one worker alone; stage, place, owner and task
 * are people's. Of somebody merged into another it stays, `gone`, with the place they had.
 */
export interface AdvocateDoc {
  /** The CID. */
  _id: string;
  /** Raised by each derivation: one that stalled does not write over a later one. */
  rev: number;
  gone: boolean;
  /** Shown on the board: see `isListed`. */
  listed: boolean;
  name: string;
  /** Normalised, as it is searched. */
  nameText: string;
  kinds: AdvocateKind[];
  score: number;
  parts: Record<ScorePart, number>;
  /** What each part's evidence weighs together, before it is saturated. */
  sums: Record<ScorePart, number>;
  counts: Record<ScorePart, number>;
  /** The scores of thirty days, the oldest first, the last is of `day`. */
  trend: number[];
  /** The day that it was last derived on, `YYYY-MM-DD` of UTC; '' when it must be anew. */
  day: string;
  /** Against seven days ago. */
  change: number;
  /** Followers; −1 where no platform says. */
  reach: number;
  /** Channels that their evidence is from. */
  channelIds: string[];
  /** Channels of their conversations: who may see them. None: everybody. */
  seenOn: string[];
  /** Their identities that speak in public, as far as their mentions were heard. */
  authorIds: string[];
  products: string[];
  lastAt: Date | null;
  optedOut: boolean;
  consent: 'unknown' | 'asked' | 'given' | 'refused';
  points: number;
  referralCode: string | null;
  /** Of purchases in which their code was named; `revenue` is each currency's sum. */
  referred: { purchases: number; revenue: { amount: number; currency: string }[] };

  stage: AdvocateStage;
  /** The stage they fell silent in; they come back to it by themselves. */
  dormantFrom: AdvocateStage | null;
  order: string;
  ownerId: string | null;
  nextTask: { text: string; due: Date | null } | null;
  /** Raised by whatever changes one of these. */
  version: number;
  createdAt: Date;
}

/** On the board is who speaks for us, or whom somebody gave a place; who only speaks against us is support's, and asked for by their kind. */
export const isListed = ({
  kinds,
  stage,
  ownerId,
}: Pick<AdvocateDoc, 'kinds' | 'stage' | 'ownerId'>): boolean =>
  kinds.some((kind) => kind !== 'detractor') || stage !== 'discovered' || ownerId !== null;

/** Of whom the score is to be derived anew. */
export interface AdvocateDueDoc {
  /** The CID. */
  _id: string;
  /** How often it was said: struck off by its value. */
  due: number;
  at: Date;
}

/** One document, `_id: 'settings'`; absent until somebody changes what is usual. */
export interface AdvocateSettingsDoc extends AdvocateSettings {
  _id: 'settings';
}

export interface ReferralCodeDoc {
  /** The code, as `referralCodeOf` spells it. */
  _id: string;
  /** Whose it is; read through the survivor's members. */
  customerId: string;
  createdAt: Date;
  byUserId: string;
}

/** Somebody with reach spoke against us: once an author and day. */
export interface DetractorDoc {
  /** key(authorId, day) */
  _id: string;
  authorId: string;
  source: EvidenceDoc['source'];
  sourceId: string;
  channelId: string;
  conversationId: string | null;
  reach: number;
  at: Date;
}

const text = { type: String, required: true } as const;
const date = { type: Date, required: true } as const;
const number = { type: Number, required: true } as const;
const texts = { type: [String], required: true } as const;
const mixed = { type: Schema.Types.Mixed, required: true } as const;
const maybe = { type: Schema.Types.Mixed, default: null } as const;

const evidence = new Schema<EvidenceDoc>(
  {
    _id: text,
    customerId: { type: String, default: null },
    part: text,
    source: text,
    sourceId: text,
    authorId: text,
    channelId: text,
    conversationId: { type: String, default: null },
    postId: { type: String, default: null },
    url: { type: String, default: null },
    public: { type: Boolean, required: true },
    at: date,
    excerpt: { type: String, default: '' },
    weight: number,
    products: texts,
  },
  options('evidence'),
);

const advocate = new Schema<AdvocateDoc>(
  {
    _id: text,
    rev: number,
    gone: { type: Boolean, required: true },
    listed: { type: Boolean, required: true },
    name: { type: String, default: '' },
    nameText: { type: String, default: '' },
    kinds: texts,
    score: number,
    parts: mixed as never,
    sums: mixed as never,
    counts: mixed as never,
    trend: { type: [Number], required: true },
    day: { type: String, default: '' },
    change: number,
    reach: number,
    channelIds: texts,
    seenOn: texts,
    authorIds: texts,
    products: texts,
    lastAt: { type: Date, default: null },
    optedOut: { type: Boolean, required: true },
    consent: text,
    points: number,
    referralCode: { type: String, default: null },
    referred: mixed as never,
    stage: text,
    dormantFrom: { type: String, default: null },
    order: text,
    ownerId: { type: String, default: null },
    nextTask: maybe as never,
    version: number,
    createdAt: date,
  },
  options('advocates'),
);

const due = new Schema<AdvocateDueDoc>({ _id: text, due: number, at: date }, options('advocatesDue'));

const settings = new Schema<AdvocateSettingsDoc>(
  {
    _id: { type: String, required: true } as never,
    weights: mixed as never,
    influencerReach: number,
    advocateScore: number,
    dormantDays: number,
    detractorReach: number,
    supportTeamId: { type: String, default: null },
    approveAbove: number,
    approveCostAbove: mixed as never,
  },
  options('advocateSettings'),
);

const referralCode = new Schema<ReferralCodeDoc>(
  { _id: text, customerId: text, createdAt: date, byUserId: text },
  options('referralCodes'),
);

const detractor = new Schema<DetractorDoc>(
  {
    _id: text,
    authorId: text,
    source: text,
    sourceId: text,
    channelId: text,
    conversationId: { type: String, default: null },
    reach: number,
    at: date,
  },
  options('detractors'),
);

export const evidenceModel = (db: Connection) => db.model<EvidenceDoc>('Evidence', evidence);
export const advocateModel = (db: Connection) => db.model<AdvocateDoc>('Advocate', advocate);
export const advocateDueModel = (db: Connection) => db.model<AdvocateDueDoc>('AdvocateDue', due);
export const advocateSettingsModel = (db: Connection) =>
  db.model<AdvocateSettingsDoc>('AdvocateSettings', settings);
export const referralCodeModel = (db: Connection) => db.model<ReferralCodeDoc>('ReferralCode', referralCode);
export const detractorModel = (db: Connection) => db.model<DetractorDoc>('Detractor', detractor);
