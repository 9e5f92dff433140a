import { type Connection, Schema } from 'mongoose';
import type { TemplateUse } from '../../shared/post.ts';
import type { Cost, NotSentReason, RewardKind, RewardState } from '../../shared/reward.ts';
import { options } from '../db/schema.ts';

/** One line of the ledger. Nothing but its state, its decision and what became of its message ever changes. */
export interface RewardDoc {
  /** UUID, minted by the client; of an undo key('undo', id). */
  _id: string;
  /** Who got it, as they were then: read through a survivor's members. */
  customerId: string;
  kind: RewardKind;
  /** Of an undo below zero. */
  points: number;
  cost: Cost | null;
  coupon: { listId: string; listName: string; code: string } | null;
  /** The list that a code will be taken from; null of what is no coupon. */
  listId: string | null;
  /** Said to them, with its places not filled yet; '' nothing. */
  text: string;
  /** Said in place of the text; its values have their places too. Missing of lines from before there were any. */
  template?: TemplateUse | null;
  /** What is said leaves under this id, so that it leaves once. */
  messageId: string | null;
  /** `due`: still to be handed to the reply's path. `sending`: somebody does. `refused`: it was not taken there, and why. */
  sending: {
    state: 'none' | 'due' | 'sending' | 'sent' | 'refused';
    error: string;
    reason?: NotSentReason;
  };
  reason: string;
  state: RewardState;
  at: Date;
  byUserId: string;
  decidedAt: Date | null;
  decidedByUserId: string | null;
  decisionReason: string;
  balance: number | null;
  /** The line that this one takes back. */
  undoes: string | null;
}

/** Points of one customer, as born: of a survivor the members' are added up. Equals what their lines say. */
export interface BalanceDoc {
  /** The CID. */
  _id: string;
  points: number;
}

export interface CouponListDoc {
  _id: string;
  name: string;
  points: number;
  cost: Cost | null;
  expiresAt: Date | null;
  archived: boolean;
  createdAt: Date;
  byUserId: string;
}

/** A code that can be given away once, whichever list it came in. */
export interface CouponCodeDoc {
  /** key(code) */
  _id: string;
  listId: string;
  code: string;
  /** Its place in the list: the first free one is given. */
  place: number;
  /** The reward that took it; '' while it is free. */
  rewardId: string;
}

const text = { type: String, required: true } as const;
const number = { type: Number, required: true } as const;
const date = { type: Date, required: true } as const;
const maybe = { type: Schema.Types.Mixed, default: null } as const;

const reward = new Schema<RewardDoc>(
  {
    _id: text,
    customerId: text,
    kind: text,
    points: number,
    cost: maybe as never,
    coupon: maybe as never,
    listId: { type: String, default: null },
    text: { type: String, default: '' },
    template: maybe as never,
    messageId: { type: String, default: null },
    sending: { type: Schema.Types.Mixed, required: true } as never,
    reason: { type: String, default: '' },
    state: text,
    at: date,
    byUserId: text,
    decidedAt: { type: Date, default: null },
    decidedByUserId: { type: String, default: null },
    decisionReason: { type: String, default: '' },
    balance: { type: Number, default: null },
    undoes: { type: String, default: null },
  },
  options('rewards'),
);

const balance = new Schema<BalanceDoc>({ _id: text, points: number }, options('rewardBalances'));

const list = new Schema<CouponListDoc>(
  {
    _id: text,
    name: text,
    points: number,
    cost: maybe as never,
    expiresAt: { type: Date, default: null },
    archived: { type: Boolean, required: true },
    createdAt: date,
    byUserId: text,
  },
  options('couponLists'),
);

const code = new Schema<CouponCodeDoc>(
  { _id: text, listId: text, code: text, place: number, rewardId: { type: String, default: '' } },
  options('couponCodes'),
);

export const rewardModel = (db: Connection) => db.model<RewardDoc>('Reward', reward);
export const balanceModel = (db: Connection) => db.model<BalanceDoc>('RewardBalance', balance);
export const couponListModel = (db: Connection) => db.model<CouponListDoc>('CouponList', list);
export const couponCodeModel = (db: Connection) => db.model<CouponCodeDoc>('CouponCode', code);
