import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { visitorKeyOf } from './visitor.find.ts';
import type { VisitorDoc } from './visitor.model.ts';
import { isVisitor } from './visitor.number.ts';

/** A server that has sockets of a visitor says so again well before this is over. */
const onlineMs = 60_000;

type Who = Pick<VisitorDoc, '_id' | 'identityId'>;

/** These have a page of their site open. Whoever looks at their conversations hears of it if it is news. */
export async function sayOnline(ctx: Context, ...visitors: Who[]): Promise<void> {
  const now = ctx.now();
  const ids = visitors.map(({ _id }) => _id);
  const news = await ctx.models.visitors
    .find({ _id: { $in: ids }, onlineUntil: { $lt: now } }, { identityId: 1 })
    .lean<Who[]>()
    .exec();
  await ctx.models.visitors
    .updateMany(
      { _id: { $in: ids } },
      { $max: { onlineUntil: new Date(now.getTime() + onlineMs), lastSeenAt: now } },
    )
    .exec();
  for (const visitor of news) await tell(ctx, visitor);
}

/** Their last window on this server was closed; a server with another says that they are there within seconds. */
export async function sayOffline(ctx: Context, visitor: Who): Promise<void> {
  const now = ctx.now();
  await ctx.models.visitors
    .updateOne({ _id: visitor._id }, { $set: { onlineUntil: now, lastSeenAt: now } })
    .exec();
  await tell(ctx, visitor);
}

async function tell(ctx: Context, { identityId }: Who): Promise<void> {
  const identity = await ctx.models.identities.findById(identityId).lean<IdentityDoc>().exec();
  const customer =
    identity && (await ctx.models.customers.findById(identity.customerId).lean<CustomerDoc>().exec());
  if (customer?.active.main) ctx.bus.emit('customer.online', { conversationId: customer.active.main });
}

export interface Visit {
  online: boolean;
  page: { url: string; title: string } | null;
}

/** Is the visitor to whom this conversation would be answered at the page now, and at which? Null: no visitor is in it. */
export async function visitOf(ctx: Context, conversationId: string): Promise<Visit | null> {
  const conversation = await ctx.models.conversations
    .findById(conversationId, { replyTarget: 1 })
    .lean<Pick<ConversationDoc, 'replyTarget'>>()
    .exec();
  const identityId = conversation?.replyTarget?.identityId ?? null;
  const key = isVisitor(identityId) ? visitorKeyOf(identityId) : null;
  const visitor = key ? await ctx.models.visitors.findById(key).lean<VisitorDoc>().exec() : null;
  return visitor && { online: visitor.onlineUntil > ctx.now(), page: visitor.page };
}
