import type { InboundMessage } from '../../connectors/connector.ts';
import { channelById } from '../channels/channel.find.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { connectorOf } from '../channels/runtime.ts';
import type { Context } from '../context.ts';
import { eventLine } from '../conversations/conversation.line.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { key } from '../db/key.ts';
import { commit, type Tx } from '../messages/commit.ts';
import { idFrom } from '../messages/intake.history.ts';
import { messageSteps } from '../messages/intake.message.ts';
import { followed } from '../messages/intake.place.ts';
import type { Arrival } from '../messages/intake.step.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { aboutOthers } from './about-others.ts';
import { writeHits } from './hit.write.ts';
import { hourShift } from './hour.ts';
import { authorOf, sourceOfMention } from './listen.source.ts';
import { change } from './mention.intake.ts';
import { messageFrom } from './mention.message.ts';
import type { MentionDoc } from './mention.model.ts';
import { owedToListening } from './mention.owed.ts';

/** So many of an author's earlier words come along. */
const mostEarlier = 50;

/** With what an author's words came who spoke to us in that conversation. */
export const alongWith = (conversationId: string) => key('along', conversationId);

/**
 * Makes a message of a mention that a person or a rule (`byUserId: null`) asked for, the way any message comes in: its author is a customer
 * from now on, and the message waits for the team. Once it is one, nothing happens.
 */
export async function bringAsked(ctx: Context, mention: MentionDoc, byUserId: string | null): Promise<void> {
  await bring(ctx, mention, { broughtBy: mention._id, byUserId });
}

/**
 * The author's earlier words on the same channel come into that conversation, as history, at their own times; and a line says how many
 * came. What is not about us stays where it is. Interrupted at any point it goes on where it was: the line and the end of it are one commit.
 */
export async function bringEarlier(ctx: Context, askedId: string): Promise<void> {
  const asked = await ctx.models.mentions.findById(askedId).lean<MentionDoc>().exec();
  if (!asked?.bringing) return;
  const { conversationId, addressed } = asked.bringing;
  const broughtBy = addressed ? alongWith(conversationId) : askedId;
  const earlier = await ctx.models.mentions
    .find({
      authorId: asked.authorId,
      channelId: asked.channelId,
      at: { $lte: asked.at },
      messageId: null,
      deletedAt: null,
      // Whether it is about us is not known yet: what looks at it sees to it then.
      ...(addressed && { todo: { $nin: [owedToListening] } }),
    })
    .sort({ at: -1 })
    .limit(mostEarlier)
    .lean<MentionDoc[]>();
  const others = await aboutOthers(
    ctx,
    earlier.map(({ _id }) => _id),
  );
  for (const mention of earlier.reverse())
    if (!others.has(mention._id)) await bring(ctx, mention, { broughtBy, into: conversationId });
  await sayHowMany(ctx, askedId);
}

/** What addressing us made due, and what a server that died left undone. */
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
  if (unfinished.length) ctx.bus.emit('hits.changed', { searchIds: [] });
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
  options: { broughtBy: string; byUserId?: string | null; into?: string },
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
  options: { broughtBy: string; byUserId?: string | null; shift: number },
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
      // It is wanted.
      restored: true,
    },
    ...(of.into !== undefined && { into: of.into }),
    fence: 0,
    channel: of.channel,
    connector: connectorOf(ctx, of.channel),
  };
}

function messageOf(mention: MentionDoc): InboundMessage {
  return { ...messageFrom(mention), at: mention.atEstimated ? mention.receivedAt : mention.at };
}

async function sayHowMany(ctx: Context, askedId: string): Promise<void> {
  const lineId = ctx.uuid();
  await commit(ctx, async (tx) => {
    const { session } = tx;
    const asked = await tx.models.mentions.findById(askedId, null, { session }).lean<MentionDoc>();
    if (!asked?.bringing) return;
    const { conversationId, byUserId, addressed } = asked.bringing;
    const { authorId, channelId } = asked;
    const broughtBy = addressed ? alongWith(conversationId) : askedId;
    const count = await tx.models.mentions
      .countDocuments({ authorId, channelId, broughtBy }, { session })
      .exec();
    // However many times words come along with one conversation, one line says how many in all.
    const id = addressed ? idFrom(key(broughtBy, authorId, channelId)) : lineId;
    if (count) await writeLine(tx, { id, conversationId, count, byUserId });
    await change(tx, asked, { bringing: null }, { heard: false });
  });
}

async function writeLine(
  tx: Tx,
  line: { id: string; conversationId: string; count: number; byUserId: string | null },
): Promise<void> {
  const { id, count, byUserId } = line;
  const known = await tx.models.messages.findById(id, null, { session: tx.session }).lean<MessageDoc>();
  if (known?.event?.data['count'] === count) return;
  const conversation = known
    ? await tx.models.conversations
        .findById(known.conversationId, null, { session: tx.session })
        .lean<ConversationDoc>()
    : await followed(tx, line.conversationId);
  if (!conversation) return;
  await tx.raise(conversation, { messages: known ? 0 : 1 });
  const event = { type: 'mentionsCame' as const, data: { count } };
  if (known) await tx.change(known, { set: { event } });
  else
    await tx.insert([
      eventLine({ ...event, id, conversationId: conversation._id, at: tx.ctx.now(), authorId: byUserId }),
    ]);
}
