import { type ListenAsk, mentionStates } from '../../../shared/listening.ts';
import { sentimentLabels } from '../../../shared/sentiment.ts';

export const ranges = ['day', 'week', 'month', 'all'] as const;
export type ListenRange = (typeof ranges)[number];
export const sources = ['mention', 'comment', 'message'] as const;

const dayMs = 24 * 3_600_000;
const lengths = { day: dayMs, week: 7 * dayMs, month: 30 * dayMs };

/** What a page of listening is asked, as its address says it: it can be kept and passed on. */
export interface ListenFilter {
  search: string | null;
  label: (typeof sentimentLabels)[number] | null;
  source: (typeof sources)[number] | null;
  state: (typeof mentionStates)[number] | null;
  channel: string | null;
  hashtag: string | null;
  author: string | null;
  range: ListenRange | null;
  /** ISO; both of them in place of a range. */
  from: string | null;
  to: string | null;
}

export const noFilter: ListenFilter = {
  search: null,
  label: null,
  source: null,
  state: null,
  channel: null,
  hashtag: null,
  author: null,
  range: null,
  from: null,
  to: null,
};

const oneOf = <T extends string>(all: readonly T[], given: string | null): T | null =>
  all.find((each) => each === given) ?? null;
const moment = (given: string | null) =>
  given !== null && Number.isFinite(Date.parse(given)) ? new Date(given).toISOString() : null;

/** What is no filter in an address is left out. */
export function filterIn(search: string): ListenFilter {
  const given = new URLSearchParams(search);
  const [from, to] = [moment(given.get('from')), moment(given.get('to'))];
  const exact = from !== null && to !== null && from < to;
  return {
    search: given.get('search') || null,
    label: oneOf(sentimentLabels, given.get('label')),
    source: oneOf(sources, given.get('source')),
    state: oneOf(mentionStates, given.get('state')),
    channel: given.get('channel') || null,
    hashtag: given.get('hashtag') || null,
    author: given.get('author') || null,
    range: exact ? null : oneOf(ranges, given.get('range')),
    from: exact ? from : null,
    to: exact ? to : null,
  };
}

export function addressOf(path: string, filter: Partial<ListenFilter>): string {
  const words = new URLSearchParams(
    Object.entries(filter).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
  return words.size > 0 ? `${path}?${words}` : path;
}

/** How many things are asked for. */
export function filtersOf(filter: ListenFilter): number {
  const { from: _, ...counted } = filter;
  return Object.values(counted).filter((value) => value !== null).length;
}

/**
 * As the server is asked. A range is of now, so it is worked out anew with every asking.
 * @param usual the range where none is chosen
 */
export function askOf(filter: ListenFilter, { now, usual }: { now: number; usual: ListenRange }): ListenAsk {
  const { search, label, source, state, channel, hashtag, author, from, to } = filter;
  const range = from === null ? (filter.range ?? usual) : 'all';
  return {
    ...(search && { searchId: search }),
    ...(label && { label }),
    ...(source && { source }),
    ...(state && { state }),
    ...(channel && { channelId: channel }),
    ...(hashtag && { hashtag }),
    ...(author && { authorId: author }),
    ...(range !== 'all' && { from: new Date(now - lengths[range]).toISOString() }),
    ...(from && to && { from, to }),
  };
}
