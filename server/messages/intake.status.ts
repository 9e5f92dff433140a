import type { InboundEvent } from '../../connectors/connector.ts';
import { higherState } from '../../shared/message.ts';
import type { Context } from '../context.ts';
import { applyPieceState, undeliveredChange } from './delivery.ts';
import { aboutPart, clamped, findAbout } from './intake.find.ts';
import { type Arrival, done, type Step } from './intake.step.ts';
import type { DeliveryDoc } from './message.model.ts';

/** A word about one provider id: within its attempt the highest wins; about an earlier attempt it touches the part only. */
export function statusStep(
  _ctx: Context,
  arrival: Arrival,
  event: Extract<InboundEvent, { type: 'status' }>,
): Step {
  const id = aboutPart(arrival, event);
  const at = clamped(event.at, arrival.inbound.receivedAt);
  const error: DeliveryDoc['error'] = event.error ? { class: 'permanent', ...event.error } : null;
  return async (tx) => {
    const found = await findAbout(tx, id);
    if (!found) return { state: 'parked', waitsFor: id };
    const { part, message, conversation } = found;
    const state = part.state ? higherState(part.state, event.state) : event.state;
    const delivery =
      message.delivery && part.piece !== null && part.attempt !== null
        ? applyPieceState(message.delivery, {
            piece: part.piece,
            attempt: part.attempt,
            state: event.state,
            at,
            error,
          })
        : null;
    if (delivery && message.delivery) {
      const undelivered = undeliveredChange(message.delivery, delivery);
      await tx.raise(conversation, undelivered ? { inc: { undelivered } } : {});
    }
    if (state !== part.state)
      await tx.models.parts.updateOne({ _id: id }, { $set: { state } }, { session: tx.session });
    if (delivery) await tx.change(message, { set: { delivery } });
    return done;
  };
}
