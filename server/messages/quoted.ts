import type { Context } from '../context.ts';
import { keyParts } from '../db/key.ts';

/**
 * The provider's id of a message that a reply quotes.
 * @returns null when it has none: the reply then goes out as a plain message
 */
export async function quotedExternalId(ctx: Context, messageId: string): Promise<string | null> {
  const message = await ctx.models.messages
    .findById(messageId, { delivery: 1, externalId: 1 }, { lean: true })
    .exec();
  if (!message) return null;
  if (message.externalId) return message.externalId;
  if (message.delivery) return message.delivery.pieces[0]?.externalIds[0] ?? null;
  const part = await ctx.models.parts
    .findOne({ messageId }, { _id: 1 }, { lean: true })
    .sort({ _id: 1 })
    .exec();
  return (part && keyParts(part._id)?.at(-1)) ?? null;
}
