import type { Viewer } from '../../shared/access.ts';
import type { HistoryEntry, HistoryKind } from '../../shared/history.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { CustomerDoc } from './customer.model.ts';
import type { Bound, Direction } from './history.place.ts';

/** Whose history is read, and what of it. */
export interface HistoryQuestion {
  /** Who asks. */
  viewer: Viewer;
  customer: CustomerDoc;
  /** Their conversations that the viewer may see. */
  conversations: readonly Pick<ConversationDoc, '_id' | 'createdAt' | 'newestAt'>[];
  kinds: ReadonlySet<HistoryKind>;
  channelId: string | null;
  /** Says of a text whether it has what was asked for; null: everything is shown. */
  has: ((text: string) => boolean) | null;
}

export interface Found {
  at: Date;
  /** Its place among what its source has of the same time. */
  own: readonly (string | number)[];
  entry: HistoryEntry;
}

/**
 * One kind of thing that hangs on a customer. Whatever else is to be in the history is one more of these.
 */
export interface HistorySource {
  /** Orders sources within one moment, forward in time; never changed once cursors are out. */
  rank: number;
  kinds: readonly HistoryKind[];
  /** What lies beyond `bound`, nearest first; null: from the end. At most `limit`; fewer means that there is no more. */
  page(
    ctx: Context,
    question: HistoryQuestion,
    options: { bound: Bound | null; direction: Direction; limit: number },
  ): Promise<Found[]>;
}
