import type { Viewer } from '../../shared/access.ts';
import { AppError } from '../../shared/errors.ts';
import type { Sentiment, SentimentLabel } from '../../shared/sentiment.ts';
import type { Context } from '../context.ts';
import { accessConversation } from '../conversations/conversation.access.ts';
import { previewAfterChange } from '../conversations/conversation.header.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { factsDue } from '../customers/facts.due.ts';
import { commit } from '../messages/commit.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { keepLabel } from './label.ts';
import { productsOf } from './products.ts';
import { sentimentOf } from './sentiment.ts';

/**
 * A person's word for how a message is meant, kept for training; `null` gives it back to the model, the undo. The same word again changes
 * nothing.
 *
 * @throws AppError notFound when there is no such message of a customer's here; invalid when there is nothing to tell a mood by
 */
export async function correctSentiment(
  ctx: Context,
  viewer: Viewer,
  options: { conversationId: string; messageId: string; label: SentimentLabel | null },
): Promise<MessageDoc> {
  const { conversationId, messageId, label } = options;
  await accessConversation(ctx, viewer, { conversationId, permission: 'conversation.write' });
  const products = await productsOf(ctx);
  return commit(ctx, async (tx) => {
    const { session, models } = tx;
    // One after the other: a transaction's commands may not run at once.
    const message = await models.messages
      .findOne({ _id: messageId, conversationId, direction: 'in', deletedAt: null }, null, { session })
      .lean<MessageDoc>();
    const conversation = await models.conversations
      .findById(conversationId, null, { session })
      .lean<ConversationDoc>();
    if (!message || !conversation)
      throw new AppError({ code: 'notFound', message: 'There is no such message of a customer here.' });
    const guessed = sentimentOf(message.text, { products });
    if (!guessed)
      throw new AppError({ code: 'invalid', message: 'There is nothing in this message to tell a mood by.' });
    const before = message.sentiment ?? null;
    const sentiment = label === null ? guessed : worded(guessed, label, viewer.id);
    if (before && before.by === sentiment.by && before.label === sentiment.label) return message;
    await tx.raise(conversation, { set: previewAfterChange(conversation, { ...message, sentiment }) });
    const after = await tx.change(message, { set: { sentiment } });
    await factsDue(tx, conversation.customerId);
    await keepLabel(tx, { id: messageId, text: message.text, label, byUserId: viewer.id });
    return after;
  });
}

/**
 * What the model found it by stays; how it is meant is the person's. Of what it is about, that is said too where the model heard all of
 * it in one tone; where it heard praise of one and blame of another, each stays as it was.
 */
export function worded(guessed: Sentiment, label: SentimentLabel, byUserId: string): Sentiment {
  const score = { positive: 1, neutral: 0, negative: -1 }[label];
  const inOneTone = new Set(guessed.about.map((one) => one.label)).size === 1;
  const about = inOneTone ? guessed.about.map((one) => ({ ...one, label })) : guessed.about;
  return { ...guessed, label, score, confidence: 1, about, by: 'agent', byUserId };
}
