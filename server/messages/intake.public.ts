import type { InboundEvent } from '../../connectors/connector.ts';
import type { Context } from '../context.ts';
import { meetAuthor } from '../listening/author.ts';
import { postIdOf } from '../posts/post.id.ts';
import { postStep, webAddress } from '../posts/post.intake.ts';
import type { NewMessage } from './commit.ts';
import { clamped } from './intake.find.ts';
import type { Incoming } from './intake.message.ts';
import type { Arrival, Step } from './intake.step.ts';
import { partId } from './parts.ts';

/** What an event says of the public post it hangs on and of who spoke there, before the event's own step; null when it is not public. */
export function publicStep(ctx: Context, arrival: Arrival, event: InboundEvent): Step | null {
  // A deed of before the channel was connected changes nothing of today.
  if (arrival.inbound.history && event.type !== 'message') return null;
  if (event.type === 'mention' || event.type === 'post') return postStep(ctx, arrival, event);
  if (event.type !== 'message' || event.visibility !== 'public') return null;
  const post = postStep(ctx, arrival, event);
  const { sender, direction } = event;
  const { receivedAt } = arrival.inbound;
  const at = clamped(event.at, receivedAt) ?? receivedAt;
  const { connector } = arrival.channel;
  return async (tx) => {
    if (direction === 'in') await meetAuthor(tx, { sender, connector, at });
    return post ? post(tx) : { state: 'ignored' };
  };
}

/** Where it hangs, what it answers there, and where all can see it. */
export function publicWords({
  event,
  arrival,
  scope,
}: Pick<Incoming, 'event' | 'arrival' | 'scope'>): Pick<NewMessage, 'postId' | 'answers' | 'url' | 'closed'> {
  const { visibility, post, inReplyTo, url } = event;
  if (visibility !== 'public') return {};
  return {
    ...(post && { postId: postIdOf(arrival.channel._id, post) }),
    ...(inReplyTo && { answers: partId(scope, inReplyTo) }),
    ...(url && { url: webAddress(url) }),
    ...(post?.closed && { closed: true as const }),
  };
}
