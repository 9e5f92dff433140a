import { weightedLength } from '../../shared/text/weighted.ts';
import { compareIds, timeOf } from './ids.ts';
import { parseQuery } from './simulator.query.ts';
import { includesOf, includesOfDirects, latest, newDirect, newPost } from './simulator.shapes.ts';
import type { SimulatedPost, World } from './simulator.world.ts';

export type Answer = { status: number; body: unknown };

export const ok = (body: unknown, status = 200): Answer => ({ status, body });

/** X's way to refuse: problem details (RFC 9457). */
export function problem(status: number, detail: string, extra: Record<string, unknown> = {}): Answer {
  const titles: Record<number, string> = {
    400: 'Invalid Request',
    401: 'Unauthorized',
    403: 'Forbidden',
    404: 'Not Found Error',
    429: 'Too Many Requests',
    503: 'Service Unavailable',
  };
  return {
    status,
    body: { title: titles[status] ?? 'Error', detail, type: 'about:blank', status, ...extra },
  };
}

/** What may be asked for (docs.x.com/x-api, the methods' references): anything else is refused. */
const allowed: Record<string, string> = {
  'dm_event.fields':
    'attachments,created_at,dm_conversation_id,entities,event_type,id,participant_ids,referenced_tweets,sender_id,text',
  'tweet.fields':
    'article,attachments,author_id,card_uri,community_id,context_annotations,conversation_id,created_at,display_text_range,edit_controls,edit_history_tweet_ids,entities,geo,id,in_reply_to_user_id,lang,media_metadata,note_tweet,possibly_sensitive,public_metrics,referenced_tweets,reply_settings,scopes,source,suggested_source_links,text,withheld',
  'user.fields':
    'affiliation,created_at,description,entities,id,is_identity_verified,location,most_recent_tweet_id,name,parody,pinned_tweet_id,profile_banner_url,profile_image_url,protected,public_metrics,receives_your_dm,subscription,subscription_type,url,username,verified,verified_followers_count,verified_type,withheld',
  'media.fields':
    'alt_text,duration_ms,height,media_key,preview_image_url,public_metrics,type,url,variants,width',
  event_types: 'MessageCreate,ParticipantsJoin,ParticipantsLeave',
  exclude: 'replies,retweets',
};
const expansions: Record<string, string> = {
  dm_events: 'attachments.media_keys,participant_ids,referenced_tweets.id,sender_id',
  posts:
    'article.cover_media,article.media_entities,attachments.media_keys,attachments.media_source_tweet,attachments.poll_ids,author_id,edit_history_tweet_ids,entities.mentions.username,geo.place_id,in_reply_to_user_id,entities.note.mentions.username,referenced_tweets.id,referenced_tweets.id.attachments.media_keys,referenced_tweets.id.author_id',
};
const plain = new Set(['max_results', 'pagination_token', 'next_token', 'since_id', 'start_time', 'query']);

function unknownParameter(query: URLSearchParams, expansionsOf: 'dm_events' | 'posts'): Answer | null {
  for (const [name, value] of query) {
    if (plain.has(name)) continue;
    const known = name === 'expansions' ? expansions[expansionsOf] : allowed[name];
    const wrong =
      known === undefined ? name : value.split(',').find((one) => !known.split(',').includes(one));
    if (wrong !== undefined)
      return problem(400, 'One or more parameters to your request was invalid.', {
        errors: [
          {
            parameters: { [name]: [value] },
            message: `The \`${name}\` query parameter value [${wrong}] is not valid`,
          },
        ],
        type: 'https://api.twitter.com/2/problems/invalid-request',
      });
  }
  return null;
}

/** Of a list, newest first, one page; its mark is the last id on it. */
function cut<T>(
  all: readonly T[],
  query: URLSearchParams,
  idOf: (one: T) => string,
): { items: T[]; meta: Record<string, unknown> } {
  const most = Math.min(100, Math.max(1, Number(query.get('max_results')) || 10));
  const mark = query.get('pagination_token') ?? query.get('next_token');
  const before = mark ? Buffer.from(mark, 'base64url').toString() : null;
  const rest = before ? all.filter((one) => compareIds(idOf(one), before) < 0) : all;
  const items = rest.slice(0, most);
  const last = items.at(-1);
  const more = rest.length > items.length && last !== undefined;
  return {
    items,
    meta: {
      result_count: items.length,
      ...(items[0] ? { newest_id: idOf(items[0]) } : {}),
      ...(last ? { oldest_id: idOf(last) } : {}),
      ...(more ? { next_token: Buffer.from(idOf(last)).toString('base64url') } : {}),
    },
  };
}

const monthMs = 30 * 24 * 3_600_000;
const weekMs = 7 * 24 * 3_600_000;

export function dmEvents(world: World, query: URLSearchParams, now: Date): Answer {
  const wrong = unknownParameter(query, 'dm_events');
  if (wrong) return wrong;
  const all = world.directs
    .filter((direct) => now.getTime() - direct.at.getTime() < monthMs)
    .sort((a, b) => compareIds(b.id, a.id));
  const { items, meta } = cut(all, query, (direct) => direct.id);
  if (items.length === 0) return ok({ meta });
  return ok({ data: items.map((one) => newDirect(one, world)), includes: includesOfDirects(items), meta });
}

export function timeline(
  world: World,
  which: (post: SimulatedPost) => boolean,
  query: URLSearchParams,
): Answer {
  const wrong = unknownParameter(query, 'posts');
  if (wrong) return wrong;
  const since = query.get('since_id');
  const start = query.get('start_time');
  const found = [...world.posts.values()]
    .filter(
      (post) =>
        !post.deleted &&
        which(post) &&
        (!since || compareIds(latest(post), since) > 0) &&
        (!start || post.at.getTime() >= Date.parse(start)),
    )
    .sort((a, b) => compareIds(latest(b), latest(a)));
  const { items, meta } = cut(found, query, latest);
  if (items.length === 0) return ok({ meta });
  return ok({ data: items.map((one) => newPost(one, world)), includes: includesOf(items, world), meta });
}

export function onePost(world: World, id: string, query: URLSearchParams): Answer {
  const wrong = unknownParameter(query, 'posts');
  if (wrong) return wrong;
  const post = world.find(id);
  if (post) return ok({ data: newPost(post, world), includes: includesOf([post], world) });
  // Said with 200, as X does.
  return ok({ errors: [{ title: 'Not Found Error', detail: `Could not find tweet with id: [${id}].` }] });
}

/** Back to seven days ago and no further. */
export function search(world: World, query: URLSearchParams, now: Date): Answer {
  const asked = query.get('query') ?? '';
  const invalid = (message: string) =>
    problem(400, message, { type: 'https://api.twitter.com/2/problems/invalid-request' });
  if (asked.length === 0 || asked.length > 512)
    return invalid('The query is empty or longer than 512 characters.');
  const since = query.get('since_id');
  const start = query.get('start_time');
  const from = since ? timeOf(since) : start ? new Date(start) : now;
  if (!from || now.getTime() - from.getTime() > weekMs)
    return invalid('since_id and start_time must lie within the last seven days.');
  try {
    const test = parseQuery(asked);
    return timeline(
      world,
      (post) => test({ text: post.said, author: post.author.username, repost: post.repostOf !== null }),
      query,
    );
  } catch (error) {
    return invalid(`There were errors processing your request: ${(error as Error).message}`);
  }
}

export function tooLong(text: string): boolean {
  return weightedLength(text) > 280;
}
