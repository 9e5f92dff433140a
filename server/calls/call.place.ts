import type { Sender } from '../../connectors/connector.ts';
import { setActive } from '../conversations/conversation.active.ts';
import { blankConversation } from '../conversations/conversation.header.ts';
import { eventLine } from '../conversations/conversation.line.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { identityId, type Met, meetIdentity } from '../customers/identity.ts';
import type { NewMessage, Tx } from '../messages/commit.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { awake, comesBackBy, headerWithCall } from './call.header.ts';

/**
 * The one at the other end. A number that is known is only looked up: no message comes by a call, so that where its owner is written to
 * stays as it was, and whose number it is can be feigned, so that a call proves nothing.
 */
export async function meetCaller(
  tx: Tx,
  options: { sender: Sender; channelId: string; cid: string; now: Date },
): Promise<Met> {
  const { models, session } = tx;
  const identity = await models.identities
    .findOneAndUpdate(
      { _id: identityId(options.sender) },
      { $inc: { touched: 1 } },
      { session, returnDocument: 'after' },
    )
    .lean<IdentityDoc>();
  if (!identity) return meetIdentity(tx, { ...options, threadKey: '', at: null });
  const customer = await models.customers
    .findById(identity.customerId, null, { session })
    .lean<CustomerDoc>();
  if (!customer)
    throw new Error(
      `Identity ${identity._id} belongs to customer ${identity.customerId}, who does not exist.`,
    );
  return { identity, customer };
}

/** Writes a call into the conversation it belongs to, or begins one with it. */
export async function enterCall(
  tx: Tx,
  options: {
    message: NewMessage;
    customer: CustomerDoc;
    conversation: ConversationDoc | null;
    /** Found by its route: not the customer's main one. */
    routed: boolean;
    home: string;
    lineId: string;
    begins: Pick<ConversationDoc, 'teamId' | 'assigneeId'>;
    at: Date;
  },
): Promise<MessageDoc> {
  const { message, customer, conversation } = options;
  if (!conversation) {
    const blank = {
      ...blankConversation({
        id: message.conversationId,
        customerId: customer._id,
        homeCustomerId: options.home,
        at: options.at,
      }),
      ...options.begins,
      lastAt: message.at,
    };
    await setActive(tx, customer, blank._id);
    await tx.begin({ ...blank, ...headerWithCall(blank, [message], { firstSeq: 1 }) }, 1);
    const [written] = await tx.insert([message]);
    return written as MessageDoc;
  }
  const by = comesBackBy(conversation, message.call);
  const messages = by ? [backLine(conversation, { id: options.lineId, by, message }), message] : [message];
  if (by === 'reopened' && !options.routed) await setActive(tx, customer, conversation._id);
  await tx.raise(conversation, {
    set: {
      ...headerWithCall(conversation, messages, { firstSeq: conversation.seq + 1 }),
      ...(by ? awake : {}),
    },
    messages: messages.length,
  });
  return (await tx.insert(messages)).at(-1) as MessageDoc;
}

export function backLine(
  conversation: Pick<ConversationDoc, '_id' | 'newestAt'>,
  line: { id: string; by: 'woken' | 'reopened'; message: Pick<NewMessage, 'at' | 'receivedAt'> },
): NewMessage {
  const { at, receivedAt } = line.message;
  return {
    ...eventLine({
      id: line.id,
      conversationId: conversation._id,
      at: new Date(Math.max(conversation.newestAt.getTime(), at.getTime())),
      type: line.by,
      data: { by: 'message' },
      authorId: null,
    }),
    receivedAt,
  };
}
