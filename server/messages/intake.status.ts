import type { InboundEvent } from '../../connectors/connector.ts';
import { higherState } from '../../shared/message.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { reached } from '../customers/identity.ts';
import type { Tx } from './commit.ts';
import { applyPieceState, undeliveredChange } from './delivery.ts';
import { aboutPart, clamped, type Found, findAbout } from './intake.find.ts';
import { type Arrival, done, type Step } from './intake.step.ts';
import type { DeliveryDoc } from './message.model.ts';
import { markReach } from './reach.ts';
import { withMarks } from './watermark.ts';

type Status = Extract<InboundEvent, { type: 'status' }>;

/** A word about one provider id: within its attempt the highest wins; about an earlier attempt it touches the part only. */
export function statusStep(arrival: Arrival, event: Status): Step {
  const id = aboutPart(arrival, event);
  return async (tx) => {
    const found = await findAbout(tx, id);
    if (!found) return { state: 'parked', waitsFor: [id] };
    const { part, message, conversation } = found;
    // What somebody wrote to us has no fate: whoever reports one has the id from a mail of theirs, and says it of another.
    if (message.direction === 'in')
      return { state: 'ignored', reason: 'Status: it is about a message that came in.' };
    const about = await whoItIsAbout(tx, event, found);
    // What became of a copy says no more of the message than that it left.
    const said = about === 'copy' ? 'sent' : event.state;
    const state = part.state ? higherState(part.state, said) : said;
    const heard =
      message.delivery && part.piece !== null && part.attempt !== null
        ? applyPieceState(message.delivery, {
            piece: part.piece,
            attempt: part.attempt,
            ...wordOf(arrival, event, about),
          })
        : null;
    const delivery = heard && (await withMarks(tx, message, heard));
    const copies = (message.letter?.cc.length ?? 0) + (message.letter?.bcc.length ?? 0);
    // Whom a report does not name may be one of several.
    const named = event.recipient !== undefined || copies === 0;
    if (about === 'customer' && named && message.identityId && event.error?.unreachable)
      await markReach(tx, { identityId: message.identityId, unreachable: true });
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

/** Of a message to several: is it about the customer, about the one it was forwarded to, or about a copy? */
async function whoItIsAbout(
  tx: Tx,
  event: Status,
  { message }: Found,
): Promise<'customer' | 'forward' | 'copy'> {
  const { recipient } = event;
  if (message.letter?.forward) {
    const to = message.letter.to.map((one) => one.address);
    return !recipient || to.includes(recipient) ? 'forward' : 'copy';
  }
  if (!recipient || !message.identityId) return 'customer';
  const identity = await tx.models.identities
    .findById(message.identityId, null, { session: tx.session })
    .lean<IdentityDoc>();
  return !identity || reached(identity).value === recipient ? 'customer' : 'copy';
}

function wordOf(arrival: Arrival, event: Status, about: Awaited<ReturnType<typeof whoItIsAbout>>) {
  const at = clamped(event.at, arrival.inbound.receivedAt);
  if (about === 'copy') {
    const back = `A copy did not reach ${event.recipient}: ${event.error?.message ?? 'it came back.'}`;
    return { state: 'sent' as const, at, ...(event.state === 'failed' ? { warning: back } : {}) };
  }
  const error: DeliveryDoc['error'] = event.error
    ? { class: 'permanent', code: event.error.code, message: event.error.message }
    : null;
  return { state: event.state, at, error };
}
