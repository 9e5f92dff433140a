import type { InboundEvent } from '../../connectors/connector.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { identityId } from '../customers/identity.ts';
import { type Arrival, done, type Step } from './intake.step.ts';

/** Older than this, nobody is typing any more. */
const freshMs = 10_000;

/** Told to who is looking, and never stored. */
export function typingStep(arrival: Arrival, event: Extract<InboundEvent, { type: 'typing' }>): Step {
  const _id = identityId(event.sender);
  return async (tx) => {
    if (tx.ctx.now().getTime() - arrival.inbound.receivedAt.getTime() > freshMs) return done;
    const { session } = tx;
    const identity = await tx.models.identities.findById(_id, null, { session }).lean<IdentityDoc>();
    if (!identity) return done;
    const customer = await tx.models.customers
      .findById(identity.customerId, null, { session })
      .lean<CustomerDoc>();
    if (customer?.active.main) tx.emit('customer.typing', { conversationId: customer.active.main });
    return done;
  };
}
