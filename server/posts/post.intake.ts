import type { InboundAttachment, InboundEvent, InboundPost } from '../../connectors/connector.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../messages/commit.ts';
import { clamped } from '../messages/intake.find.ts';
import type { Arrival, Step } from '../messages/intake.step.ts';
import { cleanText } from '../messages/intake.text.ts';
import { orderKey } from '../messages/order.ts';
import { postIdOf } from './post.id.ts';
import type { PostDoc, PostPicture } from './post.model.ts';
import { claimStep } from './post.ours.ts';
import { heard, type PostWord } from './post.words.ts';

const mostPictures = 10;
/** What a comment says of its post is as good as any other comment's of the same minute. */
const coarseMs = 60_000;

type Public = Extract<InboundEvent, { type: 'message' | 'mention' | 'post' }>;

/**
 * What an event says of the post it hangs on, as a commit of its own before the event's: many customers write under one post, and none of
 * their commits may wait for another's. So a post is there before anything that names it, and whoever says nothing new of it only reads it.
 * @returns null when the event names no post
 */
export function postStep(ctx: Context, arrival: Arrival, event: Public): Step | null {
  const { post } = event;
  if (!post) return null;
  const _id = postIdOf(arrival.channel._id, post);
  const word = wordOf(arrival, event, post);
  return async (tx) => {
    const { orphans, unclaimed } = await hear(tx, { _id, word, connector: arrival.channel.connector });
    // Whether the event is taken in is for the event's own step to say.
    return { state: 'ignored', orphans, ...(unclaimed && { follows: [claimStep(ctx, _id)] }) };
  };
}

function wordOf(arrival: Arrival, event: Public, post: InboundPost): PostWord {
  const { receivedAt, _id: inboundId } = arrival.inbound;
  const at = clamped(event.at, receivedAt);
  const said = at && event.type !== 'post' ? new Date(Math.floor(at.getTime() / coarseMs) * coarseMs) : at;
  const picture = ({ name, type, ref }: InboundAttachment): PostPicture => ({
    name: cleanText(name).slice(0, 200),
    type,
    ref,
    inboundId,
  });
  return {
    channelId: arrival.channel._id,
    order: orderKey(said, ''),
    words: {
      ...(post.author && {
        author: {
          handle: cleanText(post.author.handle).slice(0, 200),
          name: cleanText(post.author.name ?? '').slice(0, 200),
          ours: post.author.ours,
        },
      }),
      ...(post.text !== undefined && { text: cleanText(post.text) }),
      ...(post.url !== undefined && { url: webAddress(post.url) }),
      ...(post.pictures && { pictures: post.pictures.slice(0, mostPictures).map(picture) }),
    },
    publishedAt: clamped(post.at ?? null, receivedAt),
    deletedAt: event.type === 'post' && event.deleted ? (at ?? receivedAt) : null,
  };
}

/** Shown as a link, so it is one to the web or none. */
export function webAddress(url: string): string | null {
  try {
    const { protocol } = new URL(url);
    return (protocol === 'https:' || protocol === 'http:') && url.length <= 2000 ? url : null;
  } catch {
    return null;
  }
}

interface Heard {
  /** Stored pictures that are nobody's after the commit. */
  orphans: string[];
  /** Comments that came before it was known to be ours are still to be taken in. */
  unclaimed: boolean;
}

async function hear(tx: Tx, of: { _id: string; word: PostWord; connector: string }): Promise<Heard> {
  const { _id, word, connector } = of;
  const { posts } = tx.models;
  const known = await posts.findById(_id, null, { session: tx.session }).lean<PostDoc>();
  const blank: PostDoc = {
    _id,
    connector,
    channelIds: [],
    author: null,
    text: '',
    url: null,
    pictures: [],
    at: null,
    deletedAt: null,
    orders: {},
    fetched: [],
  };
  const next = heard(known ?? blank, word);
  if (!next) return { orphans: [], unclaimed: known?.unclaimed === true };
  // Of a post that was not there before nothing can have come before.
  if (known && !known.author?.ours && next.author?.ours) next.unclaimed = true;
  if (known) {
    const { _id: _same, ...set } = next;
    await posts.updateOne({ _id }, { $set: set }, { session: tx.session });
  } else await posts.insertMany([next], { session: tx.session, lean: true });
  tx.emit('post.changed', { postId: _id });
  const kept = new Set(next.fetched.map((one) => one.fileId));
  const before = known?.fetched ?? [];
  return {
    orphans: before.flatMap(({ fileId }) => (fileId && !kept.has(fileId) ? [fileId] : [])),
    unclaimed: next.unclaimed === true,
  };
}
