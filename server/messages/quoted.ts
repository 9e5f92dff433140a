import type { Context } from '../context.ts';
import { keyParts } from '../db/key.ts';
import type { MessageDoc } from './message.model.ts';

/**
 * The provider's id of a message that a reply quotes.
 * @returns null when it has none: the reply then goes out as a plain message
 */
export async function quotedExternalId(ctx: Context, messageId: string): Promise<string | null> {
  return (await quotedMessage(ctx, messageId)).externalId;
}

/** The same, and whether it was said in public: what answers that in private is a hand-over. */
export async function quotedMessage(
  ctx: Context,
  messageId: string,
): Promise<{ externalId: string | null; inPublic: boolean }> {
  const message = await ctx.models.messages
    .findById(messageId, { delivery: 1, externalId: 1, visibility: 1 }, { lean: true })
    .exec();
  if (!message) return { externalId: null, inPublic: false };
  return {
    externalId: await idOf(ctx, message as Quoted),
    inPublic: message.visibility === 'public',
  };
}

type Quoted = Pick<MessageDoc, '_id' | 'delivery' | 'externalId'>;

async function idOf(ctx: Context, message: Quoted): Promise<string | null> {
  if (message.externalId) return message.externalId;
  if (message.delivery) return message.delivery.pieces[0]?.externalIds[0] ?? null;
  const part = await ctx.models.parts
    .findOne({ messageId: message._id }, { _id: 1 }, { lean: true })
    .sort({ _id: 1 })
    .exec();
  return (part && keyParts(part._id)?.at(-1)) ?? null;
}
