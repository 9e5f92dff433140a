import { type ConnectorContext, ConnectorError, type ListenHost } from '../connector.ts';
import { graph } from './client.ts';
import type { Face } from './face.ts';
import { encode, type Json, list, object, text } from './json.ts';

const minute = 60_000;
/** Percent of what Meta allows beyond which catching up waits: answers to customers come first. */
const nearlyUsed = 90;
const batch = 50;

/** Older posts are not looked at again, nor more than these: 200. */
export const postsBackMs = 90 * 24 * 60 * minute;
export const postsPerPage = 50;
export const postPages = 4;

/** Something public as its webhook would have brought it, and when it was said. */
export interface Missed {
  at: Date;
  change: Record<string, unknown>;
}

/** One look at what was said in public since the last. */
export interface PublicPass {
  account: string;
  /** Unix milliseconds. What was said before has been fetched, or is none of the channel's business. */
  from: number;
  now: number;
  /** What the last pass remembered: comments by post. */
  seen: Readonly<Record<string, number>>;
  /** An edge of the Graph API, page by page, the newest first. @throws ConnectorError */
  pages(path: string, query: Readonly<Record<string, string>>, most?: number): AsyncGenerator<Json[]>;
  /** Stores it, the oldest first. */
  bring(missed: Missed[]): Promise<void>;
  /** Meta did not say who wrote something: it cannot be brought. */
  unsigned(): void;
}

/** Reads what is public of one platform. @returns what the next pass should remember */
export type PublicReader = (pass: PublicPass) => Promise<Record<string, number>>;

/**
 * Catches up with what was said in public: it gets the keys of its webhooks, so what those brought is known.
 * @returns what to remember, and a complaint that should not keep the rest from coming
 */
export async function readPublic(
  face: Face,
  about: {
    read: PublicReader;
    host: ListenHost;
    context: ConnectorContext;
    from: number;
    seen: Readonly<Record<string, number>>;
  },
): Promise<{ seen: Readonly<Record<string, number>>; complaint: ConnectorError | null; whole: boolean }> {
  const { read, host, context, from, seen } = about;
  const account = face.accountOf(context.settings);
  let unsigned = 0;
  try {
    const remembered = await read({
      account,
      from,
      now: context.now().getTime(),
      seen,
      pages: pager(context, host.signal),
      bring: (missed) => ingest(face, { host, account, missed }),
      unsigned: () => {
        unsigned += 1;
      },
    });
    return { seen: remembered, complaint: unsigned > 0 ? noAuthor(face, unsigned) : null, whole: true };
  } catch (error) {
    // A permission that was never granted is no reason to hear nothing else.
    if (error instanceof ConnectorError && error.class === 'permanent')
      return { seen, complaint: error, whole: false };
    throw error;
  }
}

function noAuthor(face: Face, n: number): ConnectorError {
  const permission = face.id === 'messenger' ? 'pages_read_user_content' : 'instagram_manage_comments';
  return new ConnectorError({
    class: 'permanent',
    code: 'noAuthor',
    message: `${face.name} does not say who wrote ${n} comments or posts that came while this server was away; they cannot be brought. Does the access token have the permission ${permission}?`,
  });
}

function pager(context: ConnectorContext, signal: AbortSignal): PublicPass['pages'] {
  let used = 0;
  return async function* (path, query, most = Number.POSITIVE_INFINITY) {
    let after: string | null = null;
    for (let page = 0; page < most && !signal.aborted; page += 1) {
      if (used >= nearlyUsed)
        throw new ConnectorError({
          class: 'rateLimited',
          code: 'nearlyUsed',
          message: `Meta’s limit of calls is used by ${used} percent; catching up waits.`,
          retryAt: new Date(context.now().getTime() + 10 * minute),
        });
      const { body, usage }: { body: Json; usage: number } = await graph(context, {
        path,
        query: { ...query, ...(after ? { after } : {}) },
        signal,
      });
      used = usage;
      yield list(body.data);
      after = nextOf(body);
      if (!after) return;
    }
  };
}

async function ingest(
  face: Face,
  about: { host: ListenHost; account: string; missed: Missed[] },
): Promise<void> {
  const { host, account } = about;
  const missed = about.missed.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  for (let n = 0; n < missed.length; n += batch) {
    // Some webhooks tell when something was said by the time of their entry alone.
    const entry = missed
      .slice(n, n + batch)
      .map(({ at, change }) => ({ id: account, time: at.getTime(), changes: [change] }));
    try {
      await host.ingest({ path: '/public', method: 'POST', body: encode({ object: face.object, entry }) });
    } catch (cause) {
      // Not an error of Meta's: the listener ends, and its successor asks for the same again.
      throw new Error('What was fetched could not be stored.', { cause });
    }
  }
}

/** Where the next page begins; null on the last. */
export function nextOf(page: Json): string | null {
  const paging = object(page.paging);
  return paging?.next === undefined ? null : text(object(paging.cursors)?.after);
}
