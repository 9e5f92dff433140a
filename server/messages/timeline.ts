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
  /** A message; or a conversation, for the place where it begins. */
  | { at: 'around'; id: string };

/** As on screen, and by id where two conversations share a place: every message has one place of its own. */
const forward = { at: 1, providerOrder: 1, seq: 1, _id: 1 } as const;
const backward = { at: -1, providerOrder: -1, seq: -1, _id: -1 } as const;

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
    before: window.older && first ? cursorOf(first) : null,
    after: window.newer && last ? cursorOf(last) : null,
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
      const middle = ids.includes(edge.id)
        ? await ctx.models.messages
            .findOne({ conversationId: edge.id })
            .sort(forward)
            .lean<MessageDoc>()
            .exec()
        : await ctx.models.messages.findById(edge.id).lean<MessageDoc>().exec();
      if (!middle || !ids.includes(middle.conversationId))
        throw new AppError({ code: 'notFound', message: 'There is no such message here.' });
      const half = Math.max(1, Math.floor((limit - 1) / 2));
      const cursor = cursorOf(middle);
      const [before, after] = await Promise.all([
        fetch(from(cursor, 'before'), backward, half),
        fetch(from(cursor, 'after'), forward, half),
      ]);
      const earlier = before.slice(0, half).reverse();
      const later = after.slice(0, half);
      return {
        messages: [...earlier, middle, ...later],
        older: before.length > half,
        newer: after.length > half,
      };
    }
  }
}

type Place = Pick<MessageDoc, 'at' | 'providerOrder' | 'seq' | '_id'>;

function cursorOf({ at, providerOrder, seq, _id }: Place): string {
  return Buffer.from(JSON.stringify([at.getTime(), providerOrder, seq, _id])).toString('base64url');
}

/** What lies beyond a place. The plain bound on `at` is what the index uses; the rest decides within its edge. */
function from(cursor: string, side: 'before' | 'after'): QueryFilter<MessageDoc> {
  const { at, providerOrder, seq, _id } = placeOf(cursor, side);
  const beyond = side === 'before' ? '$lt' : '$gt';
  return {
    at: side === 'before' ? { $lte: at } : { $gte: at },
    $or: [
      { at: { [beyond]: at } },
      { at, providerOrder: { [beyond]: providerOrder } },
      { at, providerOrder, seq: { [beyond]: seq } },
      { at, providerOrder, seq, _id: { [beyond]: _id } },
    ],
  };
}

function placeOf(cursor: string, name: string): Place {
  let parts: unknown = null;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    // Answered below, with everything else that is no cursor.
  }
  if (Array.isArray(parts)) {
    const [at, providerOrder, seq, _id] = parts as unknown[];
    if (
      typeof at === 'number' &&
      !Number.isNaN(new Date(at).getTime()) &&
      typeof providerOrder === 'string' &&
      typeof seq === 'number' &&
      typeof _id === 'string'
    )
      return { at: new Date(at), providerOrder, seq, _id };
  }
  throw invalid({ [name]: 'This is no cursor of this timeline.' });
}
