import type * as z from 'zod/mini';
import { canUseChannel, type Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Hit, HitUpdate } from '../../shared/listening.ts';
import type { Sentiment, SentimentLabel } from '../../shared/sentiment.ts';
import type { Context } from '../context.ts';
import { commit } from '../messages/commit.ts';
import { worded } from '../sentiment/correct.ts';
import { keepLabel } from '../sentiment/label.ts';
import { getHit } from './hit.list.ts';
import { mustListen, noHit } from './hit.query.ts';
import { writeHits } from './hit.write.ts';
import { hourShift } from './hour.ts';
import { authorOf, messageIdOf, sourceOfMention } from './listen.source.ts';
import { correctMessage, sentimentOfMention } from './mention.feeling.ts';
import { change } from './mention.intake.ts';
import type { MentionDoc } from './mention.model.ts';

/**
 * Somebody has seen to it, or says how it was meant; `sentiment: null` gives that back to the model.
 * @throws AppError forbidden, notFound; conflict for the state of what is a message: it is seen to in its conversation
 */
export async function updateHit(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; update: z.output<typeof HitUpdate> },
): Promise<Hit> {
  const { id, update } = options;
  // Whoever may see it may say how it was meant.
  mustListen(viewer, 'listening.read', 'see what is said in public');
  if (update.state !== undefined) mustListen(viewer, 'listening.write', 'see to what is said in public');
  const found = await messageOf(ctx, viewer, id);
  const messageId = found.messageId ?? (await updateMention(ctx, viewer, { id, update }));
  if (messageId !== null) {
    if (update.state !== undefined)
      throw new AppError({
        code: 'conflict',
        message: 'It is a message of a conversation: it is seen to there.',
      });
    if (update.sentiment !== undefined)
      await correctMessage(ctx, viewer, { messageId, label: update.sentiment });
  }
  ctx.bus.emit('hits.changed', { searchIds: [] });
  return getHit(ctx, viewer, id);
}

/** @returns the message that the hit is of, or has become */
async function messageOf(ctx: Context, viewer: Viewer, id: string): Promise<{ messageId: string | null }> {
  const messageId = messageIdOf(id);
  if (messageId !== null) {
    await getHit(ctx, viewer, id);
    return { messageId };
  }
  const mention = await ctx.models.mentions.findById(id).lean<MentionDoc>().exec();
  if (!mention || !canUseChannel(viewer, mention.channelId)) throw noHit();
  return { messageId: mention.messageId };
}

/** @returns the message that it became meanwhile, and nothing was done; null: it is done */
async function updateMention(
  ctx: Context,
  viewer: Viewer,
  options: { id: string; update: z.output<typeof HitUpdate> },
): Promise<string | null> {
  const { state, sentiment: label } = options.update;
  const shift = await hourShift(ctx);
  return commit(ctx, async (tx) => {
    const { session } = tx;
    const mention = await tx.models.mentions.findById(options.id, null, { session }).lean<MentionDoc>();
    if (!mention) throw noHit();
    if (mention.messageId !== null) return mention.messageId;
    const set: Partial<MentionDoc> = {
      ...(state !== undefined && { state }),
      ...(label !== undefined &&
        !mention.deletedAt && {
          sentiment: await corrected(ctx, mention.text, { label, byUserId: viewer.id }),
        }),
    };
    await change(tx, mention, set, { heard: false });
    if (label !== undefined && !mention.deletedAt)
      await keepLabel(tx, { id: mention._id, text: mention.text, label, byUserId: viewer.id });
    const source = sourceOfMention({ ...mention, ...set }, await authorOf(tx, mention.authorId));
    await writeHits(tx, source, { shift });
    return null;
  });
}

/** As of a message: what the model found it by stays, how it is meant is the person's word; `null` gives it back to the model. */
async function corrected(
  ctx: Context,
  text: string,
  by: { label: SentimentLabel | null; byUserId: string },
): Promise<Sentiment | null> {
  const guessed = await sentimentOfMention(ctx, text);
  return by.label === null ? guessed : worded(guessed ?? nothing, by.label, by.byUserId);
}

/** A picture without words, of which a person says how it was meant. */
const nothing: Sentiment = {
  label: 'neutral',
  score: 0,
  confidence: 0,
  language: 'other',
  about: [],
  words: [],
  by: 'model',
  byUserId: null,
};
