import { type ConnectorContext, ConnectorError, type ListenHost } from '../connector.ts';
import { pollMs, reads } from './config.ts';
import { clausesFor, type FeedName, feedNames, page, queriesOf } from './feeds.ts';
import { compareIds, idAt, newerOf, timeOf } from './ids.ts';
import { id, type Json, list, object, text } from './json.ts';
import {
  afterPage,
  askPast,
  beginPast,
  isLookedFor,
  noPast,
  owedPast,
  type Past,
  withoutToken,
} from './listen.past.ts';
import {
  afterRound,
  blank,
  type Cursor,
  type Pace,
  paceAfter,
  paceAfterFailure,
  readCursor,
  type Stand,
} from './listen.state.ts';

/** Our own posts are looked for less often: they are here already unless somebody wrote them elsewhere. */
const slowness: Record<FeedName, number> = { dm_events: 1, mentions: 1, tweets: 5, search: 1 };

/** The past of new searches takes its turn beside the feeds. */
type Turn = FeedName | 'past';

interface Listening {
  host: ListenHost;
  context: ConnectorContext;
  cursor: Cursor;
  pace: Map<Turn, Pace>;
  /** Rounds of more than one page that go on. */
  behind: Set<FeedName>;
  /** What is searched for and X was never asked of the past. */
  owed: string[];
}

/**
 * Asks for direct messages, mentions, our own posts and what the saved searches look for, each as often as X's limits allow; and once,
 * for each new search, for the last week. Pages come newest first: a feed's mark moves when a round has come down to where the last one
 * began, and the page that comes next is kept, so that a listener that dies in the middle of thirty days goes on there.
 */
export async function listen(host: ListenHost, context: ConnectorContext): Promise<void> {
  let cursor = readCursor(await host.loadCursor());
  if (!cursor) {
    // A minute's grace for X's clock.
    cursor = { begin: context.now().getTime() - 60_000, feeds: {}, past: noPast };
    await host.saveCursor(cursor);
  }
  const listening: Listening = { host, context, cursor, pace: new Map(), behind: new Set(), owed: [] };
  while (!host.signal.aborted) {
    const woken = await rest(listening);
    for (const name of turnsOf(listening)) {
      if (host.signal.aborted) return;
      if (mayAsk(listening, name, woken)) await ask(listening, name);
    }
  }
}

function turnsOf({ context: { settings }, cursor, owed }: Listening): Turn[] {
  const feeds = feedNames.filter((name) => {
    if (name === 'dm_events') return reads(settings, 'directMessages');
    return reads(settings, name === 'search' ? 'search' : 'mentions');
  });
  const past = feeds.includes('search') && (owed.length > 0 || cursor.past.round !== null);
  return past ? [...feeds, 'past'] : feeds;
}

/** @returns whether something said that there is something to fetch, before the time was over */
async function rest(listening: Listening): Promise<boolean> {
  const { host, context, pace } = listening;
  const now = context.now().getTime();
  const dues = turnsOf(listening).map((name) => pace.get(name)?.due ?? now);
  // With everything switched off there is nothing to do but to stay.
  const wait = (dues.length > 0 ? Math.min(...dues) : now + 60_000) - now;
  if (wait <= 0) return false;
  await host.wake(wait);
  return context.now().getTime() < now + wait;
}

function mayAsk({ context, pace }: Listening, name: Turn, woken: boolean): boolean {
  const known = pace.get(name);
  const now = context.now().getTime();
  if (!known) return true;
  return now >= known.notBefore && (woken || now >= known.due);
}

async function ask(listening: Listening, name: Turn): Promise<void> {
  const { host, context, pace } = listening;
  try {
    await (name === 'past' ? stepBack(listening) : step(listening, name));
    host.succeeded();
  } catch (error) {
    if (host.signal.aborted) return;
    // Keys that are refused are the host's business: it pauses the channel and tells somebody. So is what could not be stored.
    if (!(error instanceof ConnectorError)) throw error;
    if (error.class === 'auth' && error.code.startsWith('401')) throw error;
    host.failing(failureOf(error, name));
    const before = pace.get(name) ?? { notBefore: 0, due: 0, failures: 0 };
    const now = context.now().getTime();
    pace.set(name, paceAfterFailure(before, { now, ...(error.retryAt ? { retryAt: error.retryAt } : {}) }));
    forgetPage(listening, name, error);
  }
}

/** What an access level does not include is refused for good; the other feeds go on. */
function failureOf(error: ConnectorError, name: Turn): ConnectorError {
  if (error.class !== 'permanent' && error.class !== 'auth') return error;
  return new ConnectorError({
    class: 'retryable',
    code: error.code,
    message: `X does not let “${feedTitles[name]}” be read: ${error.message} Switch it off, or change the app’s access level.`,
  });
}

const feedTitles: Record<Turn, string> = {
  dm_events: 'direct messages',
  mentions: 'mentions',
  tweets: 'own posts',
  search: 'saved searches',
  past: 'the last week of saved searches',
};

/** A page's mark that X no longer knows is dropped: the round begins again, and what is known is not stored twice. */
function forgetPage({ cursor }: Listening, name: Turn, error: ConnectorError): void {
  if (error.class !== 'permanent') return;
  const stand = cursor.feeds[name];
  if (name === 'past') cursor.past = withoutToken(cursor.past);
  else if (stand?.round?.token) cursor.feeds[name] = { ...stand, round: null };
}

/** What the searches ask now; of what they never asked before the past is owed. */
async function queriesNow(listening: Listening): Promise<string[]> {
  const { host, context, cursor } = listening;
  const clauses = clausesFor(await host.searches(), context);
  const { past, owed } = owedPast(cursor.past, clauses);
  listening.owed = owed;
  await wentBack(listening, past);
  return queriesOf(clauses, context);
}

/** One page of the last week of searches that are new. */
async function stepBack(listening: Listening): Promise<void> {
  const { host, context, cursor, pace } = listening;
  const { begin, past } = cursor;
  const round = past.round ?? beginPast(listening.owed, context);
  const { data, limit } = await askPast(round, { context, signal: host.signal });
  const { settings } = context;
  const found = list(data.data).filter((item) => isLookedFor(item, data, { begin, settings }));
  await store(host, 'search', { ...data, data: found });
  if (!past.round) listening.owed = [];
  await wentBack(listening, afterPage(past, round, data));
  // Half of what X allows is left to what is said now.
  const half = limit && { ...limit, remaining: Math.floor(limit.remaining / 2) };
  pace.set('past', paceAfter(half, { now: context.now().getTime(), every: 0 }));
}

async function wentBack({ host, cursor }: Listening, past: Past): Promise<void> {
  if (JSON.stringify(past) === JSON.stringify(cursor.past)) return;
  cursor.past = past;
  await host.saveCursor(cursor);
}

/** One page of one feed. */
async function step(listening: Listening, name: FeedName): Promise<void> {
  const { host, context, cursor, pace } = listening;
  const stand = cursor.feeds[name] ?? blank;
  const parts = name === 'search' ? await queriesNow(listening) : [''];
  const every = pollMs(context.settings) * slowness[name];
  const now = () => context.now().getTime();
  const round = stand.round ?? { newest: null, part: 0, token: null };
  const query = parts[round.part];
  if (query === undefined) {
    // Nothing is looked for: for a search that is made later the past is asked for by itself.
    if (parts.length === 0) cursor.feeds[name] = { since: idAt(context.now()), newest: null, round: null };
    else await moved(listening, name, afterRound({ ...stand, round }));
    pace.set(name, { notBefore: now(), due: now() + every, failures: 0 });
    return;
  }
  const { data, limit } = await page(
    name,
    { since: stand.since, begin: new Date(cursor.begin), token: round.token, query },
    { context, signal: host.signal },
  );
  const items = list(data.data);
  const fresh = items.filter((item) => isNew(item, stand, cursor));
  await store(host, name, { ...data, data: fresh });
  // Once a page reaches what is known or too old, there is nothing beyond it.
  const token =
    fresh.length < items.length || items.length === 0 ? null : text(object(data.meta)?.next_token);
  const newest = fresh.reduce<string | null>((best, item) => newerOf(best, id(item.id)), round.newest);
  const part = token ? round.part : round.part + 1;
  const done = !token && part >= parts.length;
  await moved(
    listening,
    name,
    done
      ? afterRound({ ...stand, round: { newest, part, token: null } })
      : { ...stand, round: { newest, part, token } },
  );
  if (token) listening.behind.add(name);
  else listening.behind.delete(name);
  // How much is left X does not say.
  host.catchingUp(listening.behind.size > 0 ? null : 0);
  const next = paceAfter(limit, { now: now(), every });
  pace.set(name, done ? next : { ...next, due: next.notBefore });
}

/** The mark is saved before anything else is asked. */
async function moved({ host, cursor }: Listening, name: FeedName, stand: Stand): Promise<void> {
  const before = JSON.stringify(cursor.feeds[name] ?? blank);
  cursor.feeds[name] = stand;
  if (JSON.stringify(stand) !== before) await host.saveCursor(cursor);
}

function isNew(item: Json, { since }: Stand, { begin }: Cursor): boolean {
  const own = id(item.id);
  if (!own) return true;
  if (since !== null && compareIds(own, since) <= 0) return false;
  const at = timeOf(own);
  return at === null || at.getTime() >= begin;
}

async function store(host: ListenHost, name: FeedName, answer: Json): Promise<void> {
  if (list(answer.data).length === 0) return;
  try {
    await host.ingest({
      path: `/${name}`,
      method: 'GET',
      body: new TextEncoder().encode(JSON.stringify(answer)),
    });
  } catch (cause) {
    // Not an error of X's: the listener ends, and its successor asks for the same page again.
    throw new Error('What was fetched could not be stored.', { cause });
  }
}
