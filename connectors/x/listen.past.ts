import { createHash } from 'node:crypto';
import type { ConnectorContext, RawRequest, Settings } from '../connector.ts';
import type { Answer } from './client.ts';
import { page, queriesOf, searchReaches } from './feeds.ts';
import { timeOf } from './ids.ts';
import { inbound } from './inbound.ts';
import { id, type Json, list, object, text } from './json.ts';
import { split } from './split.ts';

/** What was said before somebody began to search for it. */
export interface Past {
  /** Marks of what is searched for now, of which the past was read. */
  read: string[];
  /** The round that goes on. */
  round: Round | null;
}

export interface Round {
  queries: string[];
  /** What the queries ask, by its marks. */
  marks: string[];
  /** Unix milliseconds. */
  from: number;
  part: number;
  /** Pages of this part that were read, and which comes next. */
  pages: number;
  token: string | null;
}

export const noPast: Past = { read: [], round: null };

/** Of each query so many pages of a hundred, the newest first: a common word has more posts in a week than a quota allows. */
const mostPages = 10;

const markOf = (clause: string): string =>
  createHash('sha256').update(clause).digest('base64url').slice(0, 16);

/**
 * What is searched for and was never asked of X's last week; and the past without what is not searched for any more, so that a search
 * that is taken up again looks back again.
 */
export function owedPast(past: Past, clauses: readonly string[]): { past: Past; owed: string[] } {
  const now = new Set(clauses.map(markOf));
  const round = past.round?.marks.some((mark) => now.has(mark)) ? past.round : null;
  const read = past.read.filter((mark) => now.has(mark));
  const known = new Set([...read, ...(round?.marks ?? [])]);
  return { past: { read, round }, owed: clauses.filter((clause) => !known.has(markOf(clause))) };
}

/** A round goes as far back as the search of X does. */
export function beginPast(owed: readonly string[], context: ConnectorContext): Round {
  return {
    queries: queriesOf(owed, context),
    marks: owed.map(markOf),
    from: context.now().getTime() - searchReaches,
    part: 0,
    pages: 0,
    token: null,
  };
}

/** The next page of a round. */
export function askPast(
  round: Round,
  given: { context: ConnectorContext; signal: AbortSignal },
): Promise<Answer> {
  const begin = new Date(round.from);
  const query = round.queries[round.part] ?? '';
  return page('search', { since: null, begin, token: round.token, query }, given);
}

/** Where the past stands after a page. */
export function afterPage(past: Past, round: Round, answer: Json): Past {
  const next = list(answer.data).length > 0 ? text(object(answer.meta)?.next_token) : null;
  const pages = round.pages + 1;
  if (next && pages < mostPages) return { ...past, round: { ...round, pages, token: next } };
  const part = round.part + 1;
  if (part < round.queries.length) return { ...past, round: { ...round, part, pages: 0, token: null } };
  return { read: [...new Set([...past.read, ...round.marks])], round: null };
}

/** What was said to us before the channel began is none of its business; what was said of us is what is looked for. */
export function isLookedFor(
  item: Json,
  answer: Json,
  { begin, settings }: { begin: number; settings: Settings },
): boolean {
  const own = id(item.id);
  const at = own ? timeOf(own) : null;
  if (at !== null && at.getTime() >= begin) return true;
  const body = new TextEncoder().encode(JSON.stringify({ ...answer, data: [item] }));
  const raw: RawRequest = { source: 'listen', method: 'GET', path: '/', query: {}, headers: {}, body };
  try {
    return split(raw, settings).events.some((event) =>
      inbound(event, settings).some(({ type }) => type === 'mention'),
    );
  } catch {
    // Nobody can read it, and nobody waits for it.
    return false;
  }
}

/** A page's mark that X no longer knows is dropped: the query begins again. */
export function withoutToken(past: Past): Past {
  return past.round?.token ? { ...past, round: { ...past.round, pages: 0, token: null } } : past;
}
