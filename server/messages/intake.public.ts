import type { InboundEvent, InboundMessage } from '../../connectors/connector.ts';
import type { Context } from '../context.ts';
import { meetAuthor } from '../listening/author.ts';
import { postIdOf } from '../posts/post.id.ts';
import { postStep, webAddress } from '../posts/post.intake.ts';
import type { NewMessage } from './commit.ts';
import { clamped } from './intake.find.ts';
import type { Incoming } from './intake.message.ts';
import type { Arrival, Step } from './intake.step.ts';
import { partId } from './parts.ts';

/** What an event says of the public post it hangs on and of who speaks, before the event's own step; null when that is nothing. */
export function publicStep(ctx: Context, arrival: Arrival, event: InboundEvent): Step | null {
  // A deed of before the channel was connected changes nothing of today.
  if (arrival.inbound.history && event.type !== 'message') return null;
  if (event.type === 'mention' || event.type === 'post') return postStep(ctx, arrival, event);
  if (event.type !== 'message') return null;
  if (event.visibility !== 'public') return reachStep(arrival, event);
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

/** Some platforms say how many follow somebody only when they write to us alone: it is kept for when they speak aloud. */
function reachStep({ inbound, channel }: Arrival, event: InboundMessage): Step | null {
  const { sender, direction } = event;
  if (direction !== 'in' || sender.reach === undefined) return null;
  const at = clamped(event.at, inbound.receivedAt) ?? inbound.receivedAt;
  return async (tx) => {
    await meetAuthor(tx, { sender, connector: channel.connector, at });
    return { state: 'ignored' };
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
