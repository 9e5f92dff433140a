import { AppError } from '../../shared/errors.ts';
import type { VisitorMessages } from '../../shared/visitor.ts';
import type { Context } from '../context.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import type { VisitorDoc } from './visitor.model.ts';
import { presentAllForVisitor } from './visitor.presenter.ts';

const page = 50;
const changesAtOnce = 100;

export type VisitorEdge = { at: 'newest' } | { at: 'after'; seq: number } | { at: 'before'; id: string };

type Own = Pick<VisitorDoc, 'identityId' | 'channelId' | 'visitorId'>;

/** What a visitor may see, and not a message more: every look at messages for them begins with this. */
export const shownTo = ({ identityId, channelId }: Pick<VisitorDoc, 'identityId' | 'channelId'>) => ({
  identityId,
  visitorSeq: { $gt: 0 },
  channelId,
  kind: 'message' as const,
});

/**
 * One window of what a visitor may see. The number is read first: what is written meanwhile has a higher one, and is asked for next.
 * @throws AppError notFound when `before` names none of their messages
 */
export async function visitorMessages(
  ctx: Context,
  visitor: Own,
  edge: VisitorEdge,
): Promise<VisitorMessages> {
  const identity = await ctx.models.identities
    .findById(visitor.identityId, { visitorSeq: 1, teamReadAt: 1 })
    .lean<Pick<IdentityDoc, 'visitorSeq' | 'teamReadAt'>>()
    .exec();
  const seq = identity?.visitorSeq ?? 0;
  const { messages, more } = await (edge.at === 'after'
    ? changed(ctx, visitor, edge.seq)
    : older(ctx, visitor, edge));
  return {
    messages: await presentAllForVisitor(ctx, identity, messages),
    // A page of changes that is not the last one ends where it ends.
    seq: edge.at === 'after' && more ? (messages.at(-1)?.visitorSeq ?? seq) : seq,
    more,
    readAt: identity?.teamReadAt?.toISOString() ?? null,
  };
}

interface Window {
  messages: MessageDoc[];
  more: boolean;
}

/** What changed since, in the order in which it did. */
async function changed(ctx: Context, visitor: Own, after: number): Promise<Window> {
  const found = await ctx.models.messages
    .find({ ...shownTo(visitor), $and: [{ visitorSeq: { $gt: after } }] })
    .sort({ visitorSeq: 1 })
    .limit(changesAtOnce + 1)
    .lean<MessageDoc[]>()
    .exec();
  return { messages: found.slice(0, changesAtOnce), more: found.length > changesAtOnce };
}

async function older(
  ctx: Context,
  visitor: Own,
  edge: Exclude<VisitorEdge, { at: 'after' }>,
): Promise<Window> {
  const from = edge.at === 'before' ? await named(ctx, visitor, edge.id) : null;
  const found = await ctx.models.messages
    .find({
      ...shownTo(visitor),
      ...(from ? { $or: [{ at: { $lt: from.at } }, { at: from.at, _id: { $lt: from._id } }] } : {}),
    })
    .sort({ at: -1, _id: -1 })
    .limit(page + 1)
    .lean<MessageDoc[]>()
    .exec();
  return { messages: found.slice(0, page).reverse(), more: found.length > page };
}

/** Their own message by the id their widget minted, the team's by its own. */
async function named(ctx: Context, visitor: Own, id: string): Promise<MessageDoc> {
  const message = await ctx.models.messages
    .findOne({
      ...shownTo(visitor),
      $or: [
        { direction: 'in', externalId: `${visitor.visitorId}/${id}` },
        { direction: 'out', _id: id },
      ],
    })
    .lean<MessageDoc>()
    .exec();
  if (!message) throw new AppError({ code: 'notFound', message: 'There is no such message.' });
  return message;
}
