import type { InboundEvent } from '../../connectors/connector.ts';
import { mintCid } from '../../shared/text/cid.ts';
import type { Context } from '../context.ts';
import { factsDue } from '../customers/facts.due.ts';
import { meetIdentity } from '../customers/identity.ts';
import { Again } from './commit.ts';
import { clamped } from './intake.find.ts';
import { type Arrival, done, type Step } from './intake.step.ts';
import { orderKey } from './order.ts';

/** Whether somebody can still be written to; the newest word wins, and their own messages are such words too. */
export function reachStep(
  ctx: Context,
  arrival: Arrival,
  event: Extract<InboundEvent, { type: 'reachability' }>,
): Step {
  const order = orderKey(clamped(event.at, arrival.inbound.receivedAt), event.order);
  const cid = mintCid(ctx.random);
  return async (tx) => {
    const { session } = tx;
    const { identity, customer } = await meetIdentity(tx, {
      sender: event.sender,
      channelId: arrival.channel._id,
      threadKey: '',
      cid,
      at: null,
      now: arrival.inbound.receivedAt,
    });
    if (identity.reachOrder >= order) return done;
    const changes = identity.unreachable === event.reachable;
    await tx.models.identities.updateOne(
      { _id: identity._id },
      { $set: { reachOrder: order, unreachable: !event.reachable } },
      { session },
    );
    if (!changes) return done;
    const written = await tx.models.customers.updateOne(
      { _id: customer._id, version: customer.version },
      { $inc: { version: 1 } },
      { session },
    );
    if (!written.matchedCount) throw new Again(`customer ${customer._id} changed`);
    await factsDue(tx, customer._id);
    tx.emit('customer.changed', { customerId: customer._id });
    return done;
  };
}
