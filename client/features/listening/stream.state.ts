import type { Hit, HitPage } from '../../../shared/listening.ts';

/** What stands in the list, and what would stand above it. */
export interface Stream {
  /** Newest first; nothing comes in between under somebody's hand. */
  hits: readonly Hit[];
  /** Of the page after the last of them; null: there is none. */
  next: string | null;
  /** Came since, and are not shown yet. */
  fresh: readonly Hit[];
}

const before = (a: Pick<Hit, 'id' | 'at'>, b: Pick<Hit, 'id' | 'at'>) =>
  a.at === b.at ? a.id > b.id : a.at > b.at;

/** As it is first shown, or shown anew. */
export const streamOf = ({ hits, next }: HitPage): Stream => ({ hits, next, fresh: [] });

/**
 * The newest were asked for again: what is shown takes on what changed of it and loses what no longer belongs there, and what is not
 * shown waits. Beyond what was asked for, everything stays.
 */
export function refreshed(stream: Stream, page: HitPage): Stream {
  if (stream.hits.length === 0) return streamOf(page);
  const shown = new Set(stream.hits.map(({ id }) => id));
  const now = new Map(page.hits.map((hit) => [hit.id, hit]));
  const last = page.next === null ? null : page.hits.at(-1);
  // Where what was asked for ends: what stands below it was not.
  const asked = (hit: Hit) => !last || !before(last, hit);
  const kept = stream.hits.flatMap((hit) => {
    const next = now.get(hit.id);
    return next ? [next] : asked(hit) ? [] : [hit];
  });
  const end = stream.hits.at(-1);
  const unknown = page.hits.filter(({ id }) => !shown.has(id));
  const fresh = unknown.filter((hit) => end && before(hit, end));
  // Below the last one nothing moves; where more follows, it is of a page that nobody asked for yet.
  const below = stream.next === null ? unknown.filter((hit) => end && !before(hit, end)) : [];
  return {
    hits: [...kept, ...below],
    next: stream.next ?? (below.length > 0 ? page.next : null),
    fresh,
  };
}

/** The next page; what of it stands above already is not shown twice. */
export function continued(stream: Stream, page: HitPage): Stream {
  const shown = new Set(stream.hits.map(({ id }) => id));
  return {
    ...stream,
    hits: [...stream.hits, ...page.hits.filter(({ id }) => !shown.has(id))],
    next: page.next,
  };
}

/** One of them as it is now. */
export function replaced(stream: Stream, hit: Hit): Stream {
  const put = (some: readonly Hit[]) => some.map((each) => (each.id === hit.id ? hit : each));
  return { ...stream, hits: put(stream.hits), fresh: put(stream.fresh) };
}

/** One that does not belong there any more, or that belongs there again. */
export const without = (stream: Stream, id: string): Stream => ({
  ...stream,
  hits: stream.hits.filter((hit) => hit.id !== id),
});

export function withAgain(stream: Stream, hit: Hit): Stream {
  const rest = without(stream, hit.id).hits;
  const at = rest.findIndex((each) => before(hit, each));
  const place = at === -1 ? rest.length : at;
  return { ...stream, hits: [...rest.slice(0, place), hit, ...rest.slice(place)] };
}
