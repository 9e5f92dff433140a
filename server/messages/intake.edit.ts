import type { InboundEvent } from '../../connectors/connector.ts';
import { previewAfterChange } from '../conversations/conversation.header.ts';
import { editMention } from '../listening/mention.change.ts';
import { forgetLabels } from '../sentiment/label.ts';
import { productsOf } from '../sentiment/products.ts';
import { sentimentOf } from '../sentiment/sentiment.ts';
import { aboutPart, clamped, findAbout } from './intake.find.ts';
import { type Arrival, done, type Step } from './intake.step.ts';
import { cleanText } from './intake.text.ts';
import { orderKey } from './order.ts';

/** The newest edit by (time, provider order) wins; what was deleted stays deleted. */
export function editStep(arrival: Arrival, event: Extract<InboundEvent, { type: 'edit' }>): Step {
  const part = aboutPart(arrival, event);
  const { receivedAt } = arrival.inbound;
  const at = clamped(event.at, receivedAt);
  const order = orderKey(at, event.order);
  return async (tx) => {
    const found = await findAbout(tx, part);
    if (!found) {
      const mention = { text: event.text, at: at ?? receivedAt, order };
      return (await editMention(tx, part, mention)) ? done : { state: 'parked', waitsFor: [part] };
    }
    const { message, conversation } = found;
    if (message.deletedAt || (message.editOrder && message.editOrder >= order)) return done;
    const text = cleanText(event.text);
    // What an agent said of it was of other words.
    const sentiment =
      message.direction === 'in' ? sentimentOf(text, { products: await productsOf(tx.ctx) }) : null;
    const set = { text, sentiment, editedAt: at ?? receivedAt, editOrder: order };
    await tx.raise(conversation, { set: previewAfterChange(conversation, { ...message, ...set }) });
    await tx.change(message, { set });
    if (message.sentiment?.by === 'agent') await forgetLabels(tx, [message._id]);
    return done;
  };
}
