import type { InboundEvent } from '../../connectors/connector.ts';
import { meetAuthor } from '../listening/author.ts';
import { postStep } from '../posts/post.intake.ts';
import { clamped } from './intake.find.ts';
import type { Arrival, Step } from './intake.step.ts';

/** What an event says of the public post it hangs on and of who spoke there, before the event's own step; null when it is not public. */
export function publicStep(arrival: Arrival, event: InboundEvent): Step | null {
  // A deed of before the channel was connected changes nothing of today.
  if (arrival.inbound.history && event.type !== 'message') return null;
  if (event.type === 'mention' || event.type === 'post') return postStep(arrival, event);
  if (event.type !== 'message' || event.visibility !== 'public') return null;
  const post = postStep(arrival, event);
  const { sender, direction } = event;
  const { receivedAt } = arrival.inbound;
  const at = clamped(event.at, receivedAt) ?? receivedAt;
  const { connector } = arrival.channel;
  return async (tx) => {
    if (direction === 'in') await meetAuthor(tx, { sender, connector, at });
    return post ? post(tx) : { state: 'ignored' };
  };
}
