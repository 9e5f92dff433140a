import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { sessionChannels } from './site.ts';
import { isVisitor } from './visitor.number.ts';
import { authorNames } from './visitor.presenter.ts';

/** What a visitor is told of the team beside its words: that somebody writes, and that theirs were read. @returns ends it */
export function followTeam(
  ctx: Context,
  tell: {
    typing(identityId: string, author: string): void;
    read(identityId: string, event: { seq: number; at: string }): void;
  },
): () => void {
  const fault = (error: unknown) => ctx.log.warn({ err: error }, 'a visitor was not told what the team does');
  const stops = [
    ctx.bus.on('agent.typing', ({ conversationId, userId }) => {
      void (async () => {
        const conversation = await targetOf(ctx, conversationId);
        const identityId = conversation?.replyTarget?.identityId ?? null;
        const author = isVisitor(identityId) && (await authorNames(ctx, [userId])).get(userId);
        if (identityId && author) tell.typing(identityId, author);
      })().catch(fault);
    }),
    ctx.bus.on('read.changed', ({ conversationId, seq }) => {
      void teamRead(ctx, { conversationId, seq })
        .then((read) => {
          for (const { identityId, ...event } of read) tell.read(identityId, event);
        })
        .catch(fault);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function targetOf(ctx: Context, id: string) {
  return ctx.models.conversations
    .findById(id, { replyTarget: 1 })
    .lean<Pick<ConversationDoc, 'replyTarget'>>()
    .exec();
}

/**
 * An agent has read a conversation up to here: the visitors in it whose words are among that, each with the number of the newest of
 * them. Written to the visitor's identity, newest-wins.
 */
export async function teamRead(
  ctx: Context,
  read: { conversationId: string; seq: number },
): Promise<{ identityId: string; seq: number; at: string }[]> {
  const newest = await ctx.models.messages
    .find({
      conversationId: read.conversationId,
      seq: { $lte: read.seq },
      channelId: { $in: await visitorChannelsOf(ctx, read.conversationId) },
      direction: 'in',
    })
    .sort({ seq: -1 })
    .limit(atOnce)
    .lean<MessageDoc[]>()
    .exec();
  const told: { identityId: string; seq: number; at: string }[] = [];
  for (const message of newest) {
    const { identityId, visitorSeq } = message;
    if (!identityId || !visitorSeq || told.some((one) => one.identityId === identityId)) continue;
    await ctx.models.identities.updateOne({ _id: identityId }, { $max: { teamReadAt: message.at } }).exec();
    told.push({ identityId, seq: visitorSeq, at: message.at.toISOString() });
  }
  return told;
}

/** More than one visitor is in a conversation only where customers were linked. */
const atOnce = 20;

async function visitorChannelsOf(ctx: Context, conversationId: string): Promise<string[]> {
  const conversation = await ctx.models.conversations
    .findById(conversationId, { channelIds: 1 })
    .lean<Pick<ConversationDoc, 'channelIds'>>()
    .exec();
  const channels = conversation ? await sessionChannels(ctx) : [];
  return channels.map(({ _id }) => _id).filter((id) => conversation?.channelIds.includes(id));
}
