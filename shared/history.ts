import * as z from 'zod/mini';
import type { Conversation } from './conversation.ts';
import type { Identity, ProofKind } from './customer.ts';
import type { Message } from './message.ts';
import type { EditSource } from './profile.ts';
import type { CustomerRecord } from './record.ts';

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

export interface HistoryMerge {
  survivorId: string;
  mergedId: string;
  /** As they were called when they were merged. */
  survivorName: string;
  mergedName: string;
  byUserId: string | null;
  proof: ProofKind;
  reason: string;
}

/** An identity of theirs was proven, or added. */
export type HistoryVerification = Pick<Identity, 'id' | 'kind' | 'display' | 'proof'>;

export type HistoryEntry =
  | (Entry<'message' | 'note' | 'call' | 'event'> & { message: Message })
  | (Entry<'purchase' | 'service'> & { record: CustomerRecord })
  | (Entry<'merge'> & { merge: HistoryMerge })
  | (Entry<'edit'> & { edit: HistoryEdit })
  | (Entry<'verification'> & { verification: HistoryVerification });

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
}

/** `?kinds=message,purchase`: absent or empty are all. */
export const HistoryKinds = z.array(z.enum(historyKinds));
