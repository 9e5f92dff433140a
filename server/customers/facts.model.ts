import { type Connection, Schema } from 'mongoose';
import type { IdentityKind } from '../../shared/customer.ts';
import type { ChannelKind } from '../../shared/profile.ts';
import type { QualityNote } from '../../shared/quality.ts';
import type { SentimentLabel } from '../../shared/sentiment.ts';
import { options } from '../db/schema.ts';
import type { Sign } from '../duplicates/facts.keys.ts';

/** What somebody is worth, from purchases that were neither cancelled nor returned. */
export interface FactsValues {
  /** Integer, rials. */
  spent: number;
  /** …of it in the last 90 days, and in the last 365. */
  spent90: number;
  spent365: number;
  purchases: number;
  firstPurchaseAt: Date | null;
  lastPurchaseAt: Date | null;
}

/** What things are called, each once, the newest first, 200 at most. */
export interface FactsNames {
  /** Normalised, as segments ask them… */
  names: string[];
  /** …and in the same order as they were written last. */
  written: string[];
  /** Those of the last 365 days, normalised. */
  lately: string[];
}

/** What they bought: items of purchases that were neither cancelled nor returned. */
export interface FactsBought extends FactsNames {
  /** The organisation's own numbers of those, normalised. */
  codes: string[];
}

/** What was done for them: titles and items of services that were not cancelled. */
export interface FactsServices extends FactsNames {
  count: number;
  firstAt: Date | null;
  lastAt: Date | null;
}

/** What went between us, over all conversations. */
export interface FactsActivity {
  /** When we first met. */
  firstAt: Date;
  /** The newest message either way, or when we first met. */
  lastAt: Date;
  lastInboundAt: Date | null;
  lastOutboundAt: Date | null;
  conversations: number;
  /** Channels of those conversations: who may see this customer. None: a customer nobody has spoken with. */
  channelIds: string[];
}

/** How they write to us. */
export interface FactsSentiment {
  /** Of their newest message that says anything; '' when none does. */
  last: SentimentLabel | '';
  /** Of their newest messages, those of the last 90 days. */
  positive: number;
  neutral: number;
  negative: number;
}

/** What they do on one kind of channel: messages among the newest, answers to us among those. */
export interface LearntFacts {
  kind: ChannelKind;
  messages: number;
  replies: number;
  lastAt: Date;
}

/** What segments ask of a profile. Texts are normalised; what people read is on the customer's document. */
export interface FactsProfile {
  city: string;
  address: string;
  job: string;
  language: string;
  birthday: Date | null;
  /** The channel they want to be written to on, chosen or else learnt; '' when neither. */
  channel: string;
  /** By the field's id: text normalised, dates as Date, several choices as an array. */
  fields: Record<string, string | number | boolean | Date | string[]>;
  tagIds: string[];
  companyIds: string[];
  /** Kinds of channels they agreed to hear from us on, and those they took that back for. */
  granted: IdentityKind[];
  withdrawn: IdentityKind[];
}

/**
 * What lists, segments, quality and duplicates are asked of: one document a survivor, derived from everything by one worker. Whoever
 * was merged into another has none.
 */
export interface FactsDoc {
  /** The CID. */
  _id: string;
  /** Raised by each derivation: one that stalled does not write over a later one. */
  rev: number;
  /** The customer's version it was derived at. */
  customerVersion: number;
  name: string;
  /** The name as lists sort it, by the alphabet. */
  nameKey: string;
  /** …and normalised, as segments ask it. */
  nameText: string;
  /** Comparable forms of the name. */
  nameKeys: string[];
  /** Kinds of identities they have; those that are proven by more than somebody's word; those that can be written to. */
  identityKinds: IdentityKind[];
  provenKinds: IdentityKind[];
  reachableKinds: IdentityKind[];
  /** Channels that what they do tells for, the most telling first. */
  learnt: LearntFacts[];
  values: FactsValues;
  bought: FactsBought;
  services: FactsServices;
  activity: FactsActivity;
  sentiment: FactsSentiment;
  profile: FactsProfile;
  /** 0 to 100, and what to ask for next, most telling first. */
  completeness: { score: number; missing: string[] };
  /** Codes of what is wrong with their data. */
  problems: string[];
  /** …and what exactly, with where it stands. */
  notes: QualityNote[];
  /** When something of it becomes stale; the beginning of time when nothing will. */
  staleAt: Date;
  /** Keys under which similar customers meet. */
  dupKeys: string[];
  /** What those keys are of. */
  signs: Sign[];
  /** A number out of 0 to 9,999 given by the CID: a range of it is a fair sample. */
  sample: number;
  createdAt: Date;
  updatedAt: Date;
}

/** Stands among the due for every customer: the worker makes each of them due, a batch at a time. No CID. */
export const everybody = '*';

/** Whose facts are to be derived anew. Apart from the facts, so that a change writes next to nothing. */
export interface FactsDueDoc {
  /** The CID, of a survivor or of one merged into another. */
  _id: string;
  /** How often it was said: struck off by its value, so that what is said meanwhile stays. */
  due: number;
  /** The newest first: a rebuild of all, dated long ago, keeps nobody waiting. */
  at: Date;
  /** Of `everybody`: up to which CID they were made due. */
  after?: string;
}

const mixed = { type: Schema.Types.Mixed, required: true } as const;

const facts = new Schema<FactsDoc>(
  {
    _id: { type: String, required: true },
    rev: { type: Number, required: true },
    customerVersion: { type: Number, required: true },
    name: { type: String, required: true },
    nameKey: { type: String, default: '' },
    nameText: { type: String, default: '' },
    learnt: { type: [Schema.Types.Mixed], required: true } as never,
    nameKeys: { type: [String], required: true },
    identityKinds: { type: [String], required: true },
    provenKinds: { type: [String], required: true },
    reachableKinds: { type: [String], required: true },
    values: mixed as never,
    bought: { type: Schema.Types.Mixed, default: undefined } as never,
    services: { type: Schema.Types.Mixed, default: undefined } as never,
    activity: mixed as never,
    sentiment: { type: Schema.Types.Mixed, default: undefined } as never,
    profile: mixed as never,
    completeness: mixed as never,
    problems: { type: [String], required: true },
    notes: { type: [Schema.Types.Mixed], required: true } as never,
    staleAt: { type: Date, required: true },
    dupKeys: { type: [String], required: true },
    signs: { type: [Schema.Types.Mixed], required: true } as never,
    sample: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  options('facts'),
);

const factsDue = new Schema<FactsDueDoc>(
  {
    _id: { type: String, required: true },
    due: { type: Number, required: true },
    at: { type: Date, required: true },
    after: String,
  },
  options('factsDue'),
);

export const factsModel = (db: Connection) => db.model<FactsDoc>('Facts', facts);
export const factsDueModel = (db: Connection) => db.model<FactsDueDoc>('FactsDue', factsDue);
