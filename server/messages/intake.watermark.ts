import type { InboundEvent } from '../../connectors/connector.ts';
import type { DeliveryState } from '../../shared/message.ts';
import { mintCid } from '../../shared/text/cid.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { identityId, meetIdentity } from '../customers/identity.ts';
import type { Tx } from './commit.ts';
import { clamped } from './intake.find.ts';
import { type Arrival, done, type Step } from './intake.step.ts';
import type { MessageDoc } from './message.model.ts';
import { type Marks, marked } from './watermark.ts';

type Watermark = Extract<InboundEvent, { type: 'watermark' }>;

/** More are not looked at again: what is older has long been marked by an earlier one. */
const mostMessages = 500;

/**
 * Whatever was sent to somebody up to a moment is delivered, or read: kept with the identity, so that what turns out later to have left
 * before it is raised too; then the messages, one conversation a commit.
 */
export function watermarkSteps(ctx: Context, arrival: Arrival, event: Watermark): Step[] {
  const upTo = clamped(event.upTo, arrival.inbound.receivedAt);
  if (!upTo) return [async () => ({ state: 'ignored', reason: 'Watermark: it does not say up to when.' })];
  const about = { identityId: identityId(event.sender), channelId: arrival.channel._id };
  const cid = mintCid(ctx.random);
  return [
    async (tx) => {
      await meetIdentity(tx, {
        sender: event.sender,
        channelId: about.channelId,
        threadKey: '',
        cid,
        at: null,
        now: arrival.inbound.receivedAt,
      });
      await tx.models.identities.updateOne(
        { _id: about.identityId },
        { $max: { [`marks.${about.channelId}.${event.state}`]: upTo } },
        { session: tx.session },
      );
      await meetUnderWay(tx, { ...about, upTo });
      return done;
    },
    async (tx) => {
      const found = await changing(tx, { ...about, state: event.state, upTo });
      const [first] = found;
      if (!first) return done;
      const { conversationId } = first.message;
      await tx.raise(await conversationOf(tx, conversationId), {});
      for (const { message, delivery } of found)
        if (message.conversationId === conversationId) await tx.change(message, { set: { delivery } });
      return { ...done, again: found.some(({ message }) => message.conversationId !== conversationId) };
    },
  ];
}

interface About {
  identityId: string;
  channelId: string;
  upTo: Date;
}

/** What becomes of a call that is under way is written with its conversation: writing that here makes one of the two see the other. */
async function meetUnderWay(tx: Tx, { identityId, channelId, upTo }: About): Promise<void> {
  const underWay = await tx.models.messages
    .find(
      { identityId, channelId, 'delivery.state': { $in: ['sending', 'unknown'] }, at: { $lte: upTo } },
      { conversationId: 1 },
      { session: tx.session },
    )
    .limit(mostMessages)
    .lean<Pick<MessageDoc, 'conversationId'>[]>();
  for (const id of new Set(underWay.map((message) => message.conversationId)))
    await tx.raise(await conversationOf(tx, id), {});
}

async function changing(tx: Tx, about: About & { state: Watermark['state'] }) {
  const { identityId, channelId, state, upTo } = about;
  const lower: DeliveryState[] = state === 'read' ? ['sent', 'delivered'] : ['sent'];
  const sent = await tx.models.messages
    .find({ identityId, channelId, 'delivery.state': { $in: lower }, at: { $lte: upTo } }, null, {
      session: tx.session,
    })
    .sort({ at: -1 })
    .limit(mostMessages)
    .lean<MessageDoc[]>();
  const marks: Marks = { [state]: upTo };
  return sent.flatMap((message) => {
    const delivery = message.delivery && marked(message.delivery, marks, message.at);
    return delivery ? [{ message, delivery }] : [];
  });
}

async function conversationOf(tx: Tx, id: string): Promise<ConversationDoc> {
  const conversation = await tx.models.conversations
    .findById(id, null, { session: tx.session })
    .lean<ConversationDoc>();
  if (!conversation) throw new Error(`Messages are of conversation ${id}, which does not exist.`);
  return conversation;
}
