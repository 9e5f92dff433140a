import type { InboundEvent } from '../../connectors/connector.ts';
import { postStep } from '../posts/post.intake.ts';
import type { Arrival, Step } from './intake.step.ts';

/** What an event says of the public post it hangs on; null when it says nothing of one. */
export function publicStep(arrival: Arrival, event: InboundEvent): Step | null {
  // A deed of before the channel was connected changes nothing of today.
  if (arrival.inbound.history && event.type !== 'message') return null;
  return event.type === 'message' || event.type === 'mention' || event.type === 'post'
    ? postStep(arrival, event)
    : null;
}
