import type { QueryFilter } from 'mongoose';
import type { HistoryKind } from '../../shared/history.ts';
import type { Context } from '../context.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { presentMessage } from '../messages/message.presenter.ts';
import { beyond, comparePlaces, type Direction, orderOf } from './history.place.ts';
import type { Found, HistoryQuestion, HistorySource } from './history.source.ts';

const rank = 0;
const kinds = ['message', 'note', 'call', 'event'] as const satisfies readonly HistoryKind[];
const fields = { at: 'at', own: ['providerOrder', 'seq', '_id'] } as const;

/**
 * Conversations asked in one query: MongoDB merges this many stretches of an index in their order; of more it would read all that is
 * in them, and sort it.
 */
const together = 200;

/** No message carries its customer: what all conversations have beyond a place, merged. */
export const messages: HistorySource = {
  rank,
  kinds,
  async page(ctx, question, { bound, direction, limit }) {
    const wanted = kinds.filter((kind) => question.kinds.has(kind));
    const filter: QueryFilter<MessageDoc> = {
      ...(wanted.length < kinds.length && { kind: { $in: wanted } }),
      ...(question.channelId && { channelId: question.channelId }),
      ...beyond(bound, direction, fields),
    };
    if (question.has)
      return (await matching(ctx, question, { filter, bound, direction, limit })).map(foundOf);
    return (await window(ctx, question.conversationIds, { filter, direction, limit })).map(foundOf);
  },
};

function foundOf(message: MessageDoc): Found {
  return {
    at: message.at,
    own: [message.providerOrder, message.seq, message._id],
    entry: {
      kind: message.kind,
      id: message._id,
      at: message.at.toISOString(),
      message: presentMessage(message),
    },
  };
}

async function window(
  ctx: Context,
  ids: readonly string[],
  options: { filter: QueryFilter<MessageDoc>; direction: Direction; limit: number },
): Promise<MessageDoc[]> {
  const { filter, direction, limit } = options;
  const asked: Promise<MessageDoc[]>[] = [];
  for (let from = 0; from < ids.length; from += together)
    asked.push(
      ctx.models.messages
        .find({ conversationId: { $in: ids.slice(from, from + together) }, ...filter })
        .sort(orderOf(direction, fields))
        .limit(limit)
        .lean<MessageDoc[]>()
        .exec(),
    );
  const groups = await Promise.all(asked);
  const all = groups.length === 1 ? (groups[0] ?? []) : groups.flat().sort(compareMessages);
  if (groups.length > 1 && direction === 'older') all.reverse();
  return all.slice(0, limit);
}

function compareMessages(a: MessageDoc, b: MessageDoc): number {
  return (
    comparePlaces({ at: a.at, rank }, { at: b.at, rank }) ||
    compare(a.providerOrder, b.providerOrder) ||
    a.seq - b.seq ||
    compare(a._id, b._id)
  );
}

/** As the database orders text: by its bytes. */
const compare = (a: string, b: string) => (a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b)));

/** Messages read to find those that have the words; few match, so the steps are wide. */
const step = 500;

/** Those among them that have the words, from one end to the other: one customer's history is short enough to be read. */
async function matching(
  ctx: Context,
  question: HistoryQuestion,
  options: {
    filter: QueryFilter<MessageDoc>;
    bound: Parameters<HistorySource['page']>[2]['bound'];
    direction: Direction;
    limit: number;
  },
): Promise<MessageDoc[]> {
  const { direction, limit } = options;
  const found: MessageDoc[] = [];
  let filter = options.filter;
  for (;;) {
    const some = await window(ctx, question.conversationIds, { filter, direction, limit: step });
    for (const message of some) {
      if (message.deletedAt || !question.has?.(textOf(message))) continue;
      found.push(message);
      if (found.length === limit) return found;
    }
    const last = some.at(-1);
    if (!last || some.length < step) return found;
    filter = {
      ...options.filter,
      ...beyond({ at: last.at, own: [last.providerOrder, last.seq, last._id] }, direction, fields),
    };
  }
}

/** What of a message can be searched: its words, a letter's subject, the names of its files. */
function textOf({ text, letter, attachments }: MessageDoc): string {
  return [letter?.subject ?? '', text, ...attachments.map(({ name }) => name)].join('\n');
}
