import type { InboundEvent } from '../../connectors/connector.ts';
import { mintCid } from '../../shared/text/cid.ts';
import type { Context } from '../context.ts';
import { identityId, meetIdentity } from '../customers/identity.ts';
import { aboutPart, clamped, findAbout } from './intake.find.ts';
import { type Arrival, done, type Step } from './intake.step.ts';
import { orderKey } from './order.ts';

const maxEmoji = 20;

/** All reactions of one sender to one message: the newest word wins, and an empty one takes them back. */
export function reactionStep(
  ctx: Context,
  arrival: Arrival,
  event: Extract<InboundEvent, { type: 'reaction' }>,
): Step {
  const part = aboutPart(arrival, event);
  const by = identityId(event.sender);
  const at = clamped(event.at, arrival.inbound.receivedAt);
  const order = orderKey(at, event.order);
  const cid = mintCid(ctx.random);
  return async (tx) => {
    const found = await findAbout(tx, part);
    if (!found) return { state: 'parked', waitsFor: [part] };
    const { message, conversation } = found;
    const known = message.reactions.find((reaction) => reaction.by === by);
    if (message.deletedAt || (known && known.order >= order)) return done;
    await meetIdentity(tx, {
      sender: event.sender,
      channelId: arrival.channel._id,
      threadKey: message.threadKey ?? '',
      cid,
      at,
      now: arrival.inbound.receivedAt,
    });
    await tx.raise(conversation, {});
    const reactions = [
      ...message.reactions.filter((reaction) => reaction.by !== by),
      { by, emoji: event.emoji.slice(0, maxEmoji), order },
    ].sort((a, b) => (a.by < b.by ? -1 : 1));
    await tx.change(message, { set: { reactions } });
    return done;
  };
}
