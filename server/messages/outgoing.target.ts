import type { Target } from '../../shared/message.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { connectorOf } from '../channels/runtime.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { mustBeRoutedHere } from '../conversations/conversation.route.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { isPostThread } from '../posts/post.id.ts';
import type { Tx } from './commit.ts';
import type { MessageDoc } from './message.model.ts';
import { badTarget, connectedChannel, firstThread, invalid, mustReach } from './outgoing.ts';

/** A target that a message may be written to. */
export interface Checked {
  channel: ChannelDoc;
  identity: IdentityDoc;
  threadKey: string;
  /** Of an answer in public: the post it stands under. */
  postId: string | null;
  /** Of a private message that answers something said in public: that. */
  handsOver: Quoted | null;
}

type Quoted = Pick<
  MessageDoc,
  '_id' | 'conversationId' | 'visibility' | 'direction' | 'identityId' | 'threadKey' | 'postId'
>;

/**
 * The exact target of a reply, checked: an identity of the conversation's customer, a channel that reaches it and can say it that way, a
 * thread that the customer really has there, a quoted message of this conversation. An empty thread begins the first one.
 */
export async function checkTarget(
  tx: Tx,
  options: { conversation: ConversationDoc; target: Target },
): Promise<Checked> {
  const { conversation, target } = options;
  const { session, models, ctx } = tx;
  const channel = await connectedChannel(tx, target.channelId);
  mustSaySo(tx, channel, target);
  const identity = await models.identities.findById(target.identityId, null, { session }).lean<IdentityDoc>();
  if (identity?.customerId !== conversation.customerId)
    throw badTarget('That address is not one of this customer’s.');
  const inPublic = target.visibility === 'public';
  mustReach(ctx, channel, identity, { inPublic });
  const quoted = target.inReplyTo ? await quotedMessage(tx, { conversation, target }) : null;

  const first = firstThread(ctx, { channel, identity, conversationId: conversation._id });
  const threadKey = target.threadKey || first;
  await mustBeRoutedHere(tx, { conversation, target: { ...target, threadKey } });
  const met = inPublic || threadKey !== first ? await theirs(tx, { conversation, target }) : null;
  if (!met && (inPublic || threadKey !== first))
    throw badTarget('That thread is none of this customer’s here.');
  if (inPublic && quoted && quoted.threadKey !== threadKey)
    throw invalid('target.inReplyTo', 'What is answered in public must be under the same post.');
  return {
    channel,
    identity,
    threadKey,
    postId: inPublic ? (met?.postId ?? null) : null,
    handsOver:
      !inPublic && quoted?.visibility === 'public' ? handedOver(tx, { channel, target, quoted }) : null,
  };
}

/** @throws AppError 422 with the field, when this channel cannot say it before all, or only to one */
function mustSaySo(tx: Tx, channel: ChannelDoc, target: Target): void {
  const visibility = target.visibility ?? 'private';
  const can = connectorOf(tx.ctx, channel).manifest.capabilities.visibility;
  if (!can.length)
    throw invalid('target.visibility', `Nothing can be sent on the channel “${channel.name}”.`);
  if (!can.includes(visibility))
    throw invalid(
      'target.visibility',
      visibility === 'public'
        ? `On the channel “${channel.name}” nothing can be said in public.`
        : `On the channel “${channel.name}” nothing can be said in private.`,
    );
  if (isPostThread(target.threadKey) && visibility !== 'public')
    throw invalid(
      'target.visibility',
      'This thread is public: answer it in public, or leave the thread empty to write in private.',
    );
}

/** Of this conversation; what was said in public may be of an earlier case of the same customer. */
async function quotedMessage(
  tx: Tx,
  { conversation, target }: { conversation: ConversationDoc; target: Target },
): Promise<Quoted> {
  const { session, models } = tx;
  const { channelId, inReplyTo } = target;
  const quoted = await models.messages
    .findOne({ _id: inReplyTo, channelId, kind: 'message' }, null, { session })
    .lean<MessageDoc>();
  const here = quoted?.conversationId === conversation._id;
  const inPublic = quoted?.visibility === 'public';
  if (
    quoted &&
    (here || (inPublic && (await customerOf(tx, quoted.conversationId)) === conversation.customerId))
  )
    return quoted;
  throw badTarget('The quoted message is not one of this conversation on that channel.');
}

async function customerOf(tx: Tx, conversationId: string): Promise<string | null> {
  const conversation = await tx.models.conversations
    .findById(conversationId, { customerId: 1 }, { session: tx.session })
    .lean<Pick<ConversationDoc, 'customerId'>>();
  return conversation?.customerId ?? null;
}

function handedOver(tx: Tx, of: { channel: ChannelDoc; target: Target; quoted: Quoted }): Quoted {
  const { channel, target, quoted } = of;
  if (!connectorOf(tx.ctx, channel).manifest.capabilities.handOver)
    throw invalid(
      'target.inReplyTo',
      `On the channel “${channel.name}” what was said in public cannot be answered in private.`,
    );
  if (quoted.direction !== 'in' || quoted.identityId !== target.identityId)
    throw invalid('target.inReplyTo', 'Only whoever said it in public can be answered in private.');
  return quoted;
}

/** A message of theirs in this thread: of this conversation, or of an earlier case of the customer's. */
async function theirs(
  tx: Tx,
  of: { conversation: ConversationDoc; target: Target },
): Promise<Pick<MessageDoc, 'postId'> | null> {
  const { session, models } = tx;
  const { conversation, target } = of;
  const { channelId, identityId, threadKey } = target;
  const said = {
    channelId,
    identityId,
    threadKey,
    ...(target.visibility === 'public' && { visibility: 'public' as const }),
  };
  const here = await models.messages
    .findOne({ conversationId: conversation._id, ...said }, { postId: 1 }, { session })
    .lean<Pick<MessageDoc, 'postId'>>();
  if (here) return here;
  const others = await models.conversations
    .find({ customerId: conversation.customerId }, { _id: 1 }, { session })
    .lean<Pick<ConversationDoc, '_id'>[]>();
  return models.messages
    .findOne({ conversationId: { $in: others.map(({ _id }) => _id) }, ...said }, { postId: 1 }, { session })
    .lean<Pick<MessageDoc, 'postId'>>();
}
