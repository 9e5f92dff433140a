import type { QueryFilter } from 'mongoose';
import type { HistoryKind } from '../../shared/history.ts';
import type { Context } from '../context.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { presentMessage } from '../messages/message.presenter.ts';
import { type Bound, beyond, comparePlaces, type Direction, orderOf } from './history.place.ts';
import type { Found, HistoryQuestion, HistorySource } from './history.source.ts';

const rank = 0;
const kinds = ['message', 'note', 'call', 'event'] as const satisfies readonly HistoryKind[];
const fields = { at: 'at', own: ['providerOrder', 'seq', '_id'] } as const;

/** The one that has them in this order: there is nothing to be weighed, a hundred times a page. */
const index = { conversationId: 1, ...orderOf('newer', fields) };

/** Conversations asked first: those that most likely have what is nearest to the place. */
const likely = 32;
/** The others asked in one query, each for the short stretch up to what was found there. */
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
    return (await window(ctx, question.conversations, { filter, bound, direction, limit })).map(foundOf);
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

/**
 * What some conversations have nearest to a place. A few of them are asked first; whatever the others have that is nearer still lies
 * between the place and the last of what was found, and mostly there is nothing: that is looked up, not read.
 */
async function window(
  ctx: Context,
  conversations: HistoryQuestion['conversations'],
  options: { filter: QueryFilter<MessageDoc>; bound: Bound | null; direction: Direction; limit: number },
): Promise<MessageDoc[]> {
  const { filter, direction, limit } = options;
  const ids = nearestFirst(conversations, options);
  let found: MessageDoc[] = [];
  for (let from = 0; from < ids.length; from += from ? together : likely) {
    const upTo = found.length >= limit ? found.at(-1)?.at : undefined;
    const more = await ctx.models.messages
      .find({
        $and: [
          { conversationId: { $in: ids.slice(from, from + (from ? together : likely)) }, ...filter },
          ...(upTo ? [{ at: direction === 'older' ? { $gte: upTo } : { $lte: upTo } }] : []),
        ],
      })
      .sort(orderOf(direction, fields))
      .hint(index)
      .limit(limit)
      .lean<MessageDoc[]>()
      .exec();
    if (!more.length) continue;
    const sign = direction === 'older' ? -1 : 1;
    found = [...found, ...more].sort((a, b) => sign * compareMessages(a, b)).slice(0, limit);
  }
  return found;
}

/** The last moment that a Date can tell. */
const endOfTime = 8.64e15;

/** By when conversations began and were last spoken in: a guess, which decides nothing but how much has to be looked up. */
function nearestFirst(
  conversations: HistoryQuestion['conversations'],
  { bound, direction }: { bound: Bound | null; direction: Direction },
): string[] {
  const sign = direction === 'older' ? 1 : -1;
  const place = bound?.at.getTime() ?? sign * endOfTime;
  /** How far from the place that end of a conversation is which is nearest to it; none for one that spans it. */
  const distance = ({ createdAt, newestAt }: (typeof conversations)[number]) => {
    const [near, far] = direction === 'older' ? [newestAt, createdAt] : [createdAt, newestAt];
    if (sign * (far.getTime() - place) > 0) return Number.MAX_VALUE;
    return Math.max(0, sign * (place - near.getTime()));
  };
  return conversations
    .map((one) => ({ id: one._id, distance: distance(one) }))
    .sort((a, b) => a.distance - b.distance)
    .map(({ id }) => id);
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
    bound: Bound | null;
    direction: Direction;
    limit: number;
  },
): Promise<MessageDoc[]> {
  const { direction, limit } = options;
  const found: MessageDoc[] = [];
  let { filter, bound } = options;
  for (;;) {
    const some = await window(ctx, question.conversations, { filter, bound, direction, limit: step });
    for (const message of some) {
      if (message.deletedAt || !question.has?.(textOf(message))) continue;
      found.push(message);
      if (found.length === limit) return found;
    }
    const last = some.at(-1);
    if (!last || some.length < step) return found;
    bound = { at: last.at, own: [last.providerOrder, last.seq, last._id] };
    filter = { ...options.filter, ...beyond(bound, direction, fields) };
  }
}

/** What of a message can be searched: its words, a letter's subject, the names of its files. */
function textOf({ text, letter, attachments }: MessageDoc): string {
  return [letter?.subject ?? '', text, ...attachments.map(({ name }) => name)].join('\n');
}
