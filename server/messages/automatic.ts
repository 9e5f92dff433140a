import { AppError } from '../../shared/errors.ts';
import { isOpen } from '../channels/hours.ts';
import { headerAfter } from '../conversations/conversation.header.ts';
import { blankMessage } from '../conversations/conversation.line.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { Met } from '../customers/identity.ts';
import { touchLane } from '../lanes/lane.touch.ts';
import type { NewMessage, Tx } from './commit.ts';
import { newDelivery } from './delivery.ts';
import type { Arrival } from './intake.step.ts';
import { readyLetter } from './letter.ts';
import { mustReach, piecesFor } from './outgoing.ts';

/** What is older when it comes is not greeted any more. */
const freshMs = 3_600_000;
/** Nobody is greeted twice within this time, whatever they write to. */
const onceMs = 12 * 3_600_000;

/**
 * The channel's automatic reply to a message that began a conversation, written with it and sent through the reply's own lane. It answers
 * nothing: who waits for the team goes on waiting. Two robots cannot talk to each other by it: what says that it is automatic begins no
 * conversation, what answers this one begins none either, and a customer is greeted once in twelve hours.
 */
export async function automaticReply(
  tx: Tx,
  options: { id: string; arrival: Arrival; met: Met; begun: ConversationDoc; message: NewMessage },
): Promise<void> {
  const { id, arrival, met, begun, message } = options;
  const { channel } = arrival;
  const { ctx } = tx;
  const now = ctx.now();
  const text = words(arrival, now);
  const greeted = met.customer.autoRepliedAt;
  if (
    !text ||
    channel.state !== 'connected' ||
    arrival.inbound.restored ||
    message.imported ||
    // Who did not write must not be answered.
    message.letter?.check === 'fail' ||
    now.getTime() - message.at.getTime() > freshMs ||
    (greeted && now.getTime() - greeted.getTime() < onceMs) ||
    met.identity.unreachable
  )
    return;
  const ready = await readied(tx, { ...options, text });
  if (!ready) return;
  // It stands beneath what it answers, whatever order the provider gives that within its moment.
  const at = new Date(Math.max(now.getTime(), message.at.getTime() + 1));
  const reply: NewMessage = {
    ...blankMessage({ id, conversationId: begun._id, at }),
    direction: 'out',
    channelId: channel._id,
    identityId: met.identity._id,
    threadKey: message.threadKey,
    visibility: 'private',
    automatic: true,
    text,
    letter: ready.letter?.shown ?? null,
    delivery: newDelivery(ready.pieces, now),
  };
  const { seq, messageCount } = begun;
  await tx.amend(begun._id, {
    ...headerAfter(begun, [reply], { firstSeq: seq + 1 }),
    seq: seq + 1,
    messageCount: messageCount + 1,
  });
  await tx.models.customers.updateOne(
    { _id: met.customer._id },
    { $set: { autoRepliedAt: now } },
    { session: tx.session },
  );
  await tx.insert([reply]);
  await touchLane(tx, { conversationId: begun._id, channelId: channel._id });
}

function words({ channel }: Arrival, now: Date): string {
  const { routing } = channel;
  if (!routing) return '';
  return (isOpen(routing.hours, now) ? routing.autoReply.open : routing.autoReply.closed).trim();
}

/** A text that the channel cannot carry keeps no message from coming in: the log says so, and nothing is sent. */
async function readied(
  tx: Tx,
  options: { arrival: Arrival; met: Met; begun: ConversationDoc; message: NewMessage; text: string },
) {
  const { arrival, met, begun, message, text } = options;
  const { channel } = arrival;
  const { identity } = met;
  const threadKey = message.threadKey ?? '';
  try {
    mustReach(tx.ctx, channel, identity);
    const letter = await readyLetter(tx, {
      conversation: begun,
      channel,
      identity,
      threadKey,
      create: { text },
    });
    const pieces = piecesFor(tx.ctx, {
      channel,
      identity,
      text,
      threadKey,
      files: [],
      letter: letter?.outbound,
    });
    return { letter, pieces };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    tx.ctx.log.warn({ channelId: channel._id, err: error }, 'the automatic reply could not be made');
    return null;
  }
}
