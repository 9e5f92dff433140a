import type { TwitterApiv2 } from 'twitter-api-v2';
import type { ConnectorContext } from '../connector.ts';
import { type Answer, call } from './client.ts';
import { accountRef, handleOf } from './config.ts';
import { timeOf } from './ids.ts';

export const feedNames = ['dm_events', 'mentions', 'tweets', 'search'] as const;
export type FeedName = (typeof feedNames)[number];

/** What a page is asked for. */
export interface Ask {
  /** Only what is newer; null: from `begin` on. */
  since: string | null;
  begin: Date;
  /** Of the page after the last one. */
  token: string | null;
  /** Of the search. */
  query?: string;
}

const userFields = 'id,name,username,public_metrics';
const mediaFields = 'media_key,type,url,preview_image_url,variants,width,height,duration_ms';

const ofPosts = {
  'tweet.fields':
    'id,text,author_id,created_at,conversation_id,in_reply_to_user_id,referenced_tweets,entities,attachments,edit_history_tweet_ids,note_tweet,lang',
  'user.fields': userFields,
  'media.fields': mediaFields,
  expansions:
    'author_id,in_reply_to_user_id,referenced_tweets.id,referenced_tweets.id.author_id,attachments.media_keys,entities.mentions.username',
};

/** One post with what it hangs on. */
export async function single(
  id: string,
  given: { context: ConnectorContext; signal: AbortSignal },
): Promise<Answer> {
  const get = (v2: TwitterApiv2) =>
    v2.get('tweets/:id', { ...ofPosts }, { params: { id }, fullResponse: true });
  return call(given.context, get, { effect: false, signal: given.signal });
}

const ofDirect = {
  'dm_event.fields':
    'id,text,event_type,created_at,dm_conversation_id,sender_id,attachments,referenced_tweets,entities',
  'user.fields': userFields,
  'media.fields': mediaFields,
  event_types: 'MessageCreate',
  expansions: 'sender_id,participant_ids,attachments.media_keys',
};

/** The search looks back no further than a week; a little less, so that clocks may differ. */
export const searchReaches = (7 * 24 - 1) * 3_600_000;

/** One page, newest first, as all of these methods give it. */
export async function page(
  name: FeedName,
  ask: Ask,
  given: { context: ConnectorContext; signal: AbortSignal },
): Promise<Answer> {
  const { context, signal } = given;
  const account = accountRef(context.settings);
  const options = { effect: false, signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]) };
  const get = (path: string, query: Record<string, string>, params: Record<string, string> = {}) =>
    call(context, (v2) => v2.get(path, query, { params, fullResponse: true }), options);
  switch (name) {
    // It knows no `since_id`: whoever reads it stops where it was.
    case 'dm_events':
      return get('dm_events', { ...ofDirect, max_results: '100', ...next(ask, 'pagination_token') });
    case 'mentions':
    case 'tweets':
      return get(
        `users/:id/${name}`,
        {
          ...ofPosts,
          max_results: '100',
          ...(name === 'tweets' ? { exclude: 'retweets' } : {}),
          ...from(ask),
          ...next(ask, 'pagination_token'),
        },
        { id: account },
      );
    case 'search':
      return get('tweets/search/recent', {
        ...ofPosts,
        max_results: '100',
        query: ask.query ?? '',
        ...within(ask, context.now()),
        ...next(ask, 'next_token'),
      });
  }
}

const next = ({ token }: Ask, name: string): Record<string, string> => (token ? { [name]: token } : {});

/** X wants whole seconds. */
const iso = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;

function from({ since, begin }: Ask): Record<string, string> {
  return since ? { since_id: since } : { start_time: iso(begin) };
}

/** What lies outside the reach of the search, by id or by time, is refused instead of cut. */
function within(ask: Ask, now: Date): Record<string, string> {
  const earliest = new Date(now.getTime() - searchReaches);
  const at = ask.since ? (timeOf(ask.since) ?? earliest) : ask.begin;
  return at < earliest ? { start_time: iso(earliest) } : from(ask);
}

/** Longest query of the search for self-served access. */
const longestQuery = 512;

type Handle = Pick<ConnectorContext, 'settings'>;

/** Our own posts and mere repetitions are left out. */
const restOf = ({ settings }: Handle): string => ` -is:retweet -from:${handleOf(settings)}`;
const roomOf = (context: Handle): number => longestQuery - restOf(context).length - 2;

/**
 * What each search looks for: one or several clauses of a query, each once. It is asked roughly: which search has found what is decided
 * at home.
 */
export function clausesFor(
  searches: readonly { terms: readonly string[]; exclude: readonly string[] }[],
  context: Handle,
): string[] {
  return [...new Set(searches.flatMap((search) => clausesOf(search, roomOf(context))))];
}

/** As few queries as hold all these clauses. */
export function queriesOf(clauses: readonly string[], context: Handle): string[] {
  const rest = restOf(context);
  const room = roomOf(context);
  const queries: string[] = [];
  let open = '';
  for (const clause of clauses) {
    const joined = open ? `${open} OR ${clause}` : clause;
    if (joined.length <= room) {
      open = joined;
      continue;
    }
    queries.push(open);
    open = clause;
  }
  if (open) queries.push(open);
  return queries.map((query) => `(${query})${rest}`);
}

/** `("a b" OR c) -d`; too many terms are several. What does not fit is left to be sorted out at home. */
function clausesOf(search: { terms: readonly string[]; exclude: readonly string[] }, room: number): string[] {
  const terms = search.terms.map(quoted).filter((term) => term.length > 0 && term.length <= room / 2);
  let without = '';
  for (const word of search.exclude.map(quoted)) {
    const longer = `${without} -${word}`;
    if (word && longer.length <= room / 3) without = longer;
  }
  const clauses: string[] = [];
  let open: string[] = [];
  const close = () => {
    if (open.length > 0) clauses.push(`${open.length > 1 ? `(${open.join(' OR ')})` : open[0]}${without}`);
    open = [];
  };
  for (const term of terms) {
    if ([...open, term].join(' OR ').length + without.length + 2 > room) close();
    open.push(term);
  }
  close();
  return without ? clauses.map((clause) => `(${clause})`) : clauses;
}

/** Nothing that somebody typed becomes an operator: everything is a phrase, but for plain tags and handles. */
function quoted(term: string): string {
  const clean = term
    .replace(/["\\\p{Cc}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (!clean) return '';
  return /^[#@][\p{L}\p{N}_]+$/u.test(clean) ? clean : `"${clean}"`;
}
