import type { Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import { type HistoryKind, type HistoryPage, historyKinds } from '../../shared/history.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { presentConversation } from '../conversations/conversation.presenter.ts';
import { visibleOn } from '../conversations/conversation.visible.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { readableCustomer } from './customer.service.ts';
import { rewards, testimonials } from './history.advocates.ts';
import { edits } from './history.edits.ts';
import { records, verifications } from './history.hanging.ts';
import { merges } from './history.merges.ts';
import { messages } from './history.messages.ts';
import { boundOf, comparePlaces, cursorOf, type Direction, type Place, placeOf } from './history.place.ts';
import type { Found, HistoryQuestion, HistorySource } from './history.source.ts';

/** All that is in a history: what is to be in it tomorrow is one more line. */
const sources: readonly HistorySource[] = [
  messages,
  records,
  merges,
  edits,
  verifications,
  rewards,
  testimonials,
];

export type HistoryEdge =
  | { at: 'newest' }
  | { at: 'before' | 'after'; cursor: string }
  /** A moment, or a message's id: as much on either side of it. */
  | { at: 'around'; time: Date }
  | { at: 'around'; messageId: string };

export interface HistoryOptions {
  customerId: string;
  edge: HistoryEdge;
  limit: number;
  /** Empty: every kind. */
  kinds: readonly HistoryKind[];
  /** Only what was said over this channel. */
  channelId: string | null;
  /** Says of a text whether it has the words that were asked for. */
  has: ((text: string) => boolean) | null;
}

/**
 * One window of everything that ever happened with a customer, newest first: a merge of what each source has beyond one place. What is
 * of a conversation is seen by whoever may see that conversation, and what hangs on the customer by whoever may see the customer.
 * @throws AppError forbidden, notFound, invalid
 */
export async function history(ctx: Context, viewer: Viewer, options: HistoryOptions): Promise<HistoryPage> {
  const customer = await readableCustomer(ctx, viewer, options.customerId);
  const conversations = await ctx.models.conversations
    .find(
      { customerId: customer._id, ...visibleOn(viewer, options.channelId) },
      { createdAt: 1, newestAt: 1 },
    )
    .lean<HistoryQuestion['conversations'][number][]>()
    .exec();
  const question: HistoryQuestion = {
    viewer,
    customer,
    conversations,
    kinds: new Set(options.kinds.length ? options.kinds : historyKinds),
    channelId: options.channelId,
    has: options.has,
  };
  const { found, older, newer } = await windowOf(ctx, question, options);
  const first = found[0];
  const last = found.at(-1);
  return {
    customerId: customer._id,
    entries: found.map(({ entry }) => entry),
    headers: await headersOf(ctx, found),
    before: older && last ? cursorOf(last) : null,
    after: newer && first ? cursorOf(first) : null,
    settled: settledOf(found),
  };
}

/** Within this of the newest, in ms, something may still come in beneath it: providers tell whole seconds, and tell late. */
const settling = 60_000;

function settledOf(found: readonly Merged[]): HistoryPage['settled'] {
  const newest = found[0]?.at.getTime() ?? 0;
  const newer = found.findIndex(({ at }) => at.getTime() <= newest - settling);
  const place = found[newer];
  return place ? { cursor: cursorOf(place), newer } : null;
}

interface Window {
  /** Newest first. */
  found: Merged[];
  /** There is something beyond either end. */
  older: boolean;
  newer: boolean;
}

async function windowOf(
  ctx: Context,
  question: HistoryQuestion,
  { edge, limit }: Pick<HistoryOptions, 'edge' | 'limit'>,
): Promise<Window> {
  const read = (place: Place | null, direction: Direction, most: number) =>
    merged(ctx, question, { place, direction, limit: most + 1 });
  switch (edge.at) {
    case 'newest': {
      const found = await read(null, 'older', limit);
      return { found: found.slice(0, limit), older: found.length > limit, newer: false };
    }
    case 'before': {
      const found = await read(placeOf(edge.cursor, 'before'), 'older', limit);
      return { found: found.slice(0, limit), older: found.length > limit, newer: true };
    }
    case 'after': {
      const found = await read(placeOf(edge.cursor, 'after'), 'newer', limit);
      return { found: found.slice(0, limit).reverse(), older: true, newer: found.length > limit };
    }
    case 'around': {
      // Between everything before that moment and everything at it: no source has this rank.
      const time = 'time' in edge ? edge.time : await timeOf(ctx, question, edge.messageId);
      const place: Place = { at: time, rank: -1, own: [] };
      const half = Math.max(1, Math.floor(limit / 2));
      const [older, newer] = await Promise.all([read(place, 'older', half), read(place, 'newer', half)]);
      return {
        found: [...newer.slice(0, half).reverse(), ...older.slice(0, half)],
        older: older.length > half,
        newer: newer.length > half,
      };
    }
  }
}

async function timeOf(ctx: Context, question: HistoryQuestion, messageId: string): Promise<Date> {
  const message = await ctx.models.messages
    .findById(messageId, { at: 1, conversationId: 1 })
    .lean<Pick<MessageDoc, 'at' | 'conversationId'>>()
    .exec();
  if (!message || !question.conversations.some(({ _id }) => _id === message.conversationId))
    throw new AppError({ code: 'notFound', message: 'There is no such message here.' });
  return message.at;
}

type Merged = Found & Place;

/** The nearest of all sources, in order. */
async function merged(
  ctx: Context,
  question: HistoryQuestion,
  { place, direction, limit }: { place: Place | null; direction: Direction; limit: number },
): Promise<Merged[]> {
  const asked = sources.filter((source) => source.kinds.some((kind) => question.kinds.has(kind)));
  const lists = await Promise.all(
    asked.map(async (source): Promise<Merged[]> => {
      const bound = place && boundOf(place, source.rank, direction);
      const found = await source.page(ctx, question, { bound, direction, limit });
      return found.map((one) => ({ ...one, rank: source.rank }));
    }),
  );
  const sign = direction === 'older' ? -1 : 1;
  // Each list is in order, and sorting keeps the order of equals.
  return lists
    .flat()
    .sort((a, b) => sign * comparePlaces(a, b))
    .slice(0, limit);
}

/** Of the conversations that were met. */
async function headersOf(ctx: Context, found: readonly Found[]): Promise<HistoryPage['headers']> {
  const ids = new Set(
    found.flatMap(({ entry }) => ('message' in entry ? [entry.message.conversationId] : [])),
  );
  if (!ids.size) return [];
  const conversations = await ctx.models.conversations
    .find({ _id: { $in: [...ids] } })
    .lean<ConversationDoc[]>()
    .exec();
  return conversations.map(presentConversation);
}
