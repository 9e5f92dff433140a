import type { QueryFilter } from 'mongoose';
import type { Viewer } from '../../shared/access.ts';
import type { TimelinePage } from '../../shared/conversation.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { presentConversation } from '../conversations/conversation.presenter.ts';
import { visibleTo } from '../conversations/conversation.visible.ts';
import { readableCustomer } from '../customers/customer.service.ts';
import { invalid } from '../http/validate.ts';
import type { MessageDoc } from './message.model.ts';
import { presentMessage } from './message.presenter.ts';

export type TimelineEdge =
  | { at: 'newest' }
  | { at: 'before' | 'after'; cursor: string }
  | { at: 'around'; messageId: string };

const forward = { at: 1, providerOrder: 1, seq: 1 } as const;
const backward = { at: -1, providerOrder: -1, seq: -1 } as const;

/**
 * One window of everything said with a customer, all conversations the viewer can see in one stream, oldest first. Headers are read
 * before messages, so that no message is newer than the client can tell.
 */
export async function timeline(
  ctx: Context,
  viewer: Viewer,
  options: { customerId: string; edge: TimelineEdge; limit: number },
): Promise<TimelinePage> {
  const customer = await readableCustomer(ctx, viewer, options.customerId);
  const conversations = await ctx.models.conversations
    .find({ customerId: customer._id, ...visibleTo(viewer) })
    .lean<ConversationDoc[]>()
    .exec();
  const window = await read(ctx, {
    ids: conversations.map((conversation) => conversation._id),
    edge: options.edge,
    limit: options.limit,
  });
  const met = new Set(window.messages.map((message) => message.conversationId));
  const first = window.messages[0];
  const last = window.messages.at(-1);
  return {
    customerId: customer._id,
    headers: conversations.filter((conversation) => met.has(conversation._id)).map(presentConversation),
    messages: window.messages.map(presentMessage),
    before: window.older && first ? cursorOf(first, window.messages) : null,
    after: window.newer && last ? cursorOf(last, window.messages) : null,
  };
}

interface Window {
  messages: MessageDoc[];
  /** There is something beyond either end. */
  older: boolean;
  newer: boolean;
}

async function read(
  ctx: Context,
  options: { ids: string[]; edge: TimelineEdge; limit: number },
): Promise<Window> {
  const { ids, edge, limit } = options;
  const fetch = (
    filter: QueryFilter<MessageDoc>,
    direction: typeof forward | typeof backward,
    count: number,
  ) =>
    ctx.models.messages
      .find({ conversationId: { $in: ids }, ...filter })
      .sort(direction)
      .limit(count + 1)
      .lean<MessageDoc[]>()
      .exec();
  switch (edge.at) {
    case 'newest': {
      const found = await fetch({}, backward, limit);
      return { messages: found.slice(0, limit).reverse(), older: found.length > limit, newer: false };
    }
    case 'before': {
      const found = await fetch(from(edge.cursor, 'before'), backward, limit);
      return { messages: found.slice(0, limit).reverse(), older: found.length > limit, newer: true };
    }
    case 'after': {
      const found = await fetch(from(edge.cursor, 'after'), forward, limit);
      return { messages: found.slice(0, limit), older: true, newer: found.length > limit };
    }
    case 'around': {
      const middle = await ctx.models.messages.findById(edge.messageId).lean<MessageDoc>().exec();
      if (!middle || !ids.includes(middle.conversationId))
        throw new AppError({ code: 'notFound', message: 'There is no such message here.' });
      const half = Math.max(1, Math.floor((limit - 1) / 2));
      const cursor = cursorOf(middle, [middle]);
      const [before, after] = await Promise.all([
        fetch(from(cursor, 'before'), backward, half),
        fetch(from(cursor, 'after'), forward, half),
      ]);
      // Of messages with the very same place both sides have a copy.
      const earlier = before.slice(0, half).reverse();
      const known = new Set(earlier.map((message) => message._id));
      const later = after.slice(0, half).filter((message) => !known.has(message._id));
      return {
        messages: [...earlier, middle, ...later],
        older: before.length > half,
        newer: after.length > half,
      };
    }
  }
}

type Place = Pick<MessageDoc, 'at' | 'providerOrder' | 'seq'>;

const samePlace = (a: Place, b: Place) =>
  a.at.getTime() === b.at.getTime() && a.providerOrder === b.providerOrder && a.seq === b.seq;

/** A place in the order, and which messages of that very place the window already has: two conversations may share one. */
function cursorOf(edge: Place, window: MessageDoc[]): string {
  const had = window.filter((message) => samePlace(message, edge)).map((message) => message._id);
  return Buffer.from(
    JSON.stringify([edge.at.getTime(), edge.providerOrder, edge.seq, ...had.slice(0, 20)]),
  ).toString('base64url');
}

function from(cursor: string, side: 'before' | 'after'): QueryFilter<MessageDoc> {
  const { at, providerOrder, seq, had } = placeOf(cursor, side);
  // The plain bound on `at` is what the index uses; the rest decides within its edge.
  const within =
    side === 'before'
      ? [
          { at: { $lt: at } },
          { at, providerOrder: { $lt: providerOrder } },
          { at, providerOrder, seq: { $lte: seq } },
        ]
      : [
          { at: { $gt: at } },
          { at, providerOrder: { $gt: providerOrder } },
          { at, providerOrder, seq: { $gte: seq } },
        ];
  return {
    at: side === 'before' ? { $lte: at } : { $gte: at },
    $or: within,
    ...(had.length ? { _id: { $nin: had } } : {}),
  };
}

function placeOf(cursor: string, name: string): Place & { had: string[] } {
  let parts: unknown = null;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    // Answered below, with everything else that is no cursor.
  }
  if (Array.isArray(parts)) {
    const [at, providerOrder, seq, ...had] = parts as unknown[];
    if (
      typeof at === 'number' &&
      Number.isFinite(at) &&
      typeof providerOrder === 'string' &&
      typeof seq === 'number' &&
      had.every((id) => typeof id === 'string')
    )
      return { at: new Date(at), providerOrder, seq, had: had as string[] };
  }
  throw invalid({ [name]: 'This is no cursor of this timeline.' });
}
