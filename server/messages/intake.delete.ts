import type { InboundEvent } from '../../connectors/connector.ts';
import { previewAfterChange } from '../conversations/conversation.header.ts';
import { deleteMention } from '../listening/mention.change.ts';
import { removeBody } from './body.ts';
import { Again, type Tx } from './commit.ts';
import { aboutPart, clamped, findAbout } from './intake.find.ts';
import { type Arrival, done, type Step } from './intake.step.ts';
import type { MessageDoc, PartDoc } from './message.model.ts';
import { findParts } from './parts.ts';
import { forgetWords } from './words.forget.ts';

/** What is left of a message whose sender took it back: that it was there. */
export const redacted: Pick<
  MessageDoc,
  | 'text'
  | 'attachments'
  | 'reactions'
  | 'editedAt'
  | 'editOrder'
  | 'letter'
  | 'hasWhole'
  | 'sentiment'
  | 'url'
> = {
  text: '',
  url: null,
  sentiment: null,
  letter: null,
  hasWhole: false,
  attachments: [],
  reactions: [],
  editedAt: null,
  editOrder: null,
};

/** A tombstone in the part, which a late original cannot revive; the message, if it is here, is redacted. */
export function deleteStep(arrival: Arrival, event: Extract<InboundEvent, { type: 'delete' }>): Step {
  const id = aboutPart(arrival, event);
  const at = clamped(event.at, arrival.inbound.receivedAt) ?? arrival.inbound.receivedAt;
  return async (tx) => {
    const { session } = tx;
    const found = await findAbout(tx, id);
    if (!found) {
      await deleteMention(tx, id, at);
      const [known] = await findParts(tx, [id]);
      if (known?.deletedAt) return done;
      const nothing: Omit<PartDoc, '_id' | 'deletedAt' | 'touched'> = {
        messageId: null,
        piece: null,
        attempt: null,
        state: null,
        waiting: [],
      };
      await tx.models.parts.updateOne(
        { _id: id },
        { $set: { deletedAt: at }, $inc: { touched: 1 }, $setOnInsert: nothing },
        { session, upsert: true },
      );
      return done;
    }
    const { message, conversation, part } = found;
    if (part.deletedAt && message.deletedAt) return done;
    const set = { ...redacted, deletedAt: message.deletedAt ?? at };
    await tx.raise(conversation, { set: previewAfterChange(conversation, { ...message, ...set }) });
    const written = await tx.models.parts.updateOne(
      { _id: id, messageId: message._id },
      { $set: { deletedAt: at } },
      { session },
    );
    if (!written.matchedCount) throw new Again(`part ${id} changed`);
    await tx.change(message, { set });
    await forgetWords(tx, [message._id, id, ...(await mentionsOf(tx, message))]);
    const files = message.attachments.flatMap((attachment) => attachment.fileId ?? []);
    return { state: 'done', orphans: [...files, ...(await removeBody(tx, message._id))] };
  };
}

/** What it was before it was a message to us: only what is public can have been one. */
async function mentionsOf(tx: Tx, message: Pick<MessageDoc, '_id' | 'visibility'>): Promise<string[]> {
  if (message.visibility !== 'public') return [];
  const found = await tx.models.mentions
    .find({ messageId: message._id }, { _id: 1 }, { session: tx.session })
    .lean<{ _id: string }[]>();
  return found.map(({ _id }) => _id);
}
