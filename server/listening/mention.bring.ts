import type { InboundMessage } from '../../connectors/connector.ts';
import { channelById } from '../channels/channel.find.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { connectorOf } from '../channels/runtime.ts';
import type { Context } from '../context.ts';
import { eventLine } from '../conversations/conversation.line.ts';
import { key } from '../db/key.ts';
import { commit, type Tx } from '../messages/commit.ts';
import { messageSteps } from '../messages/intake.message.ts';
import { followed } from '../messages/intake.place.ts';
import type { Arrival } from '../messages/intake.step.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { anySearch } from './hit.model.ts';
import { writeHits } from './hit.write.ts';
import { hourShift } from './hour.ts';
import { authorOf, sourceOfMention } from './listen.source.ts';
import { change } from './mention.intake.ts';
import type { MentionDoc } from './mention.model.ts';

/** So many of an author's earlier words come along. */
const mostEarlier = 50;

/**
 * Makes a message of a mention that a person asked for, the way any message comes in: its author is a customer from now on, and the
 * message waits for the team. Once it is one, nothing happens.
 */
export async function bringAsked(ctx: Context, mention: MentionDoc, byUserId: string): Promise<void> {
  await bring(ctx, mention, { broughtBy: mention._id, byUserId });
}

/**
 * The author's earlier words on the same channel come into that conversation, as history, at their own times; and a line says how many
 * came. Interrupted at any point it goes on where it was: the line and the end of it are one commit.
 */
export async function bringEarlier(ctx: Context, askedId: string): Promise<void> {
  const asked = await ctx.models.mentions.findById(askedId).lean<MentionDoc>().exec();
  if (!asked?.bringing) return;
  const { conversationId } = asked.bringing;
  const earlier = await ctx.models.mentions
    .find({
      authorId: asked.authorId,
      channelId: asked.channelId,
      at: { $lte: asked.at },
      messageId: null,
      deletedAt: null,
    })
    .sort({ at: -1 })
    .limit(mostEarlier)
    .lean<MentionDoc[]>();
  const away = await taughtAway(ctx, earlier);
  for (const mention of earlier.reverse())
    if (!away.has(mention._id)) await bring(ctx, mention, { broughtBy: askedId, into: conversationId });
  await sayHowMany(ctx, askedId);
}

/** What a server that died left undone. */
export async function bringOwed(ctx: Context): Promise<void> {
  const unfinished = await ctx.models.mentions
    .find({ 'bringing.conversationId': { $exists: true } }, { _id: 1 })
    .sort({ receivedAt: 1 })
    .limit(10)
    .lean<Pick<MentionDoc, '_id'>[]>();
  for (const { _id } of unfinished)
    await bringEarlier(ctx, _id).catch((error: unknown) =>
      ctx.log.warn({ err: error, mention: _id }, 'earlier words did not come along'),
    );
}

export async function sweepBringing(ctx: Context): Promise<boolean> {
  return Boolean(
    await ctx.models.mentions
      .findOne({ 'bringing.conversationId': { $exists: true } }, { _id: 1 })
      .sort({ receivedAt: 1 })
      .lean(),
  );
}

/** How many messages came of mentions with this one, itself included. */
export function countBrought(ctx: Context, asked: MentionDoc): Promise<number> {
  return ctx.models.mentions
    .countDocuments({ authorId: asked.authorId, channelId: asked.channelId, broughtBy: asked._id })
    .exec();
}

async function bring(
  ctx: Context,
  mention: MentionDoc,
  options: { broughtBy: string; byUserId?: string; into?: string },
): Promise<void> {
  const channel = await channelById(ctx, mention.channelId);
  if (!channel)
    throw new Error(`Mention ${mention._id} is of channel ${mention.channelId}, which does not exist.`);
  const shift = await hourShift(ctx);
  const { steps } = await messageSteps(
    ctx,
    arrivalOf(ctx, mention, { channel, into: options.into }),
    messageOf(mention),
  );
  await commit(ctx, async (tx) => {
    const before = await tx.models.mentions
      .findById(mention._id, null, { session: tx.session })
      .lean<MentionDoc>();
    if (!before || before.messageId || before.deletedAt) return;
    for (const step of steps) await step(tx);
    await came(tx, mention._id, { ...options, shift });
  });
}

/** In the commit that made it a message. */
async function came(
  tx: Tx,
  id: string,
  options: { broughtBy: string; byUserId?: string; shift: number },
): Promise<void> {
  const { session } = tx;
  const mention = await tx.models.mentions.findById(id, null, { session }).lean<MentionDoc>();
  if (!mention?.messageId) throw new Error(`Mention ${id} was taken in, and no message came of it.`);
  const message = await tx.models.messages
    .findById(mention.messageId, { conversationId: 1 }, { session })
    .lean<Pick<MessageDoc, 'conversationId'>>();
  const { broughtBy, byUserId } = options;
  const set: Partial<MentionDoc> = {
    broughtBy,
    ...(byUserId !== undefined &&
      message && { bringing: { conversationId: message.conversationId, byUserId } }),
  };
  await change(tx, mention, set, { heard: false });
  await writeHits(tx, sourceOfMention({ ...mention, ...set }, await authorOf(tx, mention.authorId)), {
    shift: options.shift,
  });
}

function arrivalOf(
  ctx: Context,
  mention: MentionDoc,
  of: { channel: ChannelDoc; into: string | undefined },
): Arrival {
  return {
    inbound: {
      _id: mention.inboundId,
      receivedAt: of.into === undefined ? ctx.now() : mention.receivedAt,
      parkedAt: null,
      history: of.into !== undefined,
      // A person wants it.
      restored: true,
    },
    ...(of.into !== undefined && { into: of.into }),
    fence: 0,
    channel: of.channel,
    connector: connectorOf(ctx, of.channel),
  };
}

function messageOf(mention: MentionDoc): InboundMessage {
  const { url, post, inReplyTo } = mention;
  return {
    type: 'message',
    externalIds: [mention.externalId],
    scope: mention.scope,
    direction: 'in',
    sender: mention.sender,
    threadKey: mention.threadKey,
    at: mention.atEstimated ? mention.receivedAt : mention.at,
    providerOrder: '',
    text: mention.text,
    attachments: mention.attachments,
    visibility: 'public',
    ...(post && { post }),
    ...(url && { url }),
    ...(inReplyTo && { inReplyTo }),
  };
}

/** What was said not to be about us stays where it is. */
async function taughtAway(ctx: Context, mentions: readonly MentionDoc[]): Promise<Set<string>> {
  const rows = await ctx.models.hits
    .find({ _id: { $in: mentions.map(({ _id }) => key(anySearch, _id)) }, state: 'notUs' }, { sourceId: 1 })
    .lean<{ sourceId: string }[]>();
  return new Set(rows.map(({ sourceId }) => sourceId));
}

async function sayHowMany(ctx: Context, askedId: string): Promise<void> {
  const lineId = ctx.uuid();
  await commit(ctx, async (tx) => {
    const { session } = tx;
    const asked = await tx.models.mentions.findById(askedId, null, { session }).lean<MentionDoc>();
    if (!asked?.bringing) return;
    const { conversationId, byUserId } = asked.bringing;
    const count = await tx.models.mentions
      .countDocuments(
        { authorId: asked.authorId, channelId: asked.channelId, broughtBy: askedId },
        { session },
      )
      .exec();
    const conversation = await followed(tx, conversationId);
    if (conversation) {
      await tx.raise(conversation, { messages: 1 });
      await tx.insert([
        eventLine({
          id: lineId,
          conversationId: conversation._id,
          at: tx.ctx.now(),
          type: 'mentionsCame',
          data: { count },
          authorId: byUserId,
        }),
      ]);
    }
    await change(tx, asked, { bringing: null }, { heard: false });
  });
}
