import * as z from 'zod/mini';
import type { Conversation } from './conversation.ts';
import type { Identity, ProofKind } from './customer.ts';
import type { Message } from './message.ts';
import type { EditSource } from './profile.ts';
import type { CustomerRecord } from './record.ts';
import type { Reward } from './reward.ts';

/** Everything that ever happened with a customer, in one stream. */
export const historyKinds = [
  'message',
  'note',
  'call',
  /** A line of a conversation: begun, assigned, resolved… */
  'event',
  'purchase',
  'service',
  'merge',
  'edit',
  'verification',
  /** A line of the ledger of rewards. */
  'reward',
  /** They were asked whether their words may be quoted, or answered. */
  'testimonial',
] as const;
export type HistoryKind = (typeof historyKinds)[number];

interface Entry<K extends HistoryKind> {
  kind: K;
  /** Unique in the stream. */
  id: string;
  /** ISO; the stream is ordered by it. */
  at: string;
}

/** Who changed what. */
export interface HistoryEdit {
  field: string;
  before: unknown;
  after: unknown;
  by: EditSource;
  byUserId: string | null;
  /** The edit that it took back. */
  undoes: string | null;
}

/** A merge, or its undo: each stands at its own time. */
export interface HistoryMerge {
  /** This is when it was taken back, and by whom. */
  undone: boolean;
  /** Empty, as is the name, of somebody whom the viewer may not see. */
  survivorId: string;
  mergedId: string;
  /** As they were called when they were merged. */
  survivorName: string;
  mergedName: string;
  byUserId: string | null;
  proof: ProofKind;
  reason: string;
}

/** An identity of theirs was proven, or added, and whose word it is. */
export type HistoryVerification = Pick<Identity, 'id' | 'kind' | 'display' | 'proof' | 'source' | 'reason'>;

/** A quote, and what became of it then. */
export interface HistoryTestimonial {
  quote: string;
  state: 'asked' | 'given' | 'refused' | 'withdrawn';
  /** `link`: they did it themselves. */
  by: 'link' | 'agent';
  byUserId: string | null;
  reason: string;
}

export type HistoryEntry =
  | (Entry<'message' | 'note' | 'call' | 'event'> & { message: Message })
  | (Entry<'purchase' | 'service'> & { record: CustomerRecord })
  | (Entry<'merge'> & { merge: HistoryMerge })
  | (Entry<'edit'> & { edit: HistoryEdit })
  | (Entry<'verification'> & { verification: HistoryVerification })
  | (Entry<'reward'> & { reward: Reward })
  | (Entry<'testimonial'> & { testimonial: HistoryTestimonial });

/** One window, newest first, of what this viewer may see. */
export interface HistoryPage {
  customerId: string;
  entries: HistoryEntry[];
  /** Of the conversations that entries are of. */
  headers: Conversation[];
  /** Pass as `?before=` for what is older; null at the beginning. */
  before: string | null;
  /** Pass as `?after=` for what is newer; null at the newest. */
  after: string | null;
  /**
   * The newest entry here that is a minute older than the first: what comes in late by the clocks of providers still comes after it.
   * `cursor` is for `?after=`, `newer` how many entries here are newer than it. Null when all of these are of one minute.
   */
  settled: { cursor: string; newer: number } | null;
}

/** `?kinds=message,purchase`: absent or empty are all. */
export const HistoryKinds = z.array(z.enum(historyKinds));
