import type { Hit } from '../../shared/listening.ts';
import type { SentimentLabel } from '../../shared/sentiment.ts';
import { key } from '../db/key.ts';
import { hashtagsOf } from './hashtags.ts';
import { anySearch, type HitDoc, type HitHourDoc, type Verdict } from './hit.model.ts';
import { hourOf } from './hour.ts';
import { tellingWords } from './words.ts';

/** A thing that saved searches look at, as it is now. */
export interface Source {
  id: string;
  source: Hit['source'];
  channelId: string;
  connector: string;
  authorId: string;
  /** As searches know authors. */
  handle: string;
  reach: number | null;
  text: string;
  at: Date;
  postId: string | null;
  label: SentimentLabel | null;
  state: 'new' | 'done' | 'converted';
  deletedAt: Date | null;
}

/** What one search says of a source now. */
export interface Finding {
  matched: boolean;
  /** By what was learnt it is not about us: the words that say so. */
  away: string[] | null;
}

export interface Settled {
  put: HitDoc[];
  drop: string[];
  counts: CountChange[];
}

/** One hit more or less in one hour. */
export interface CountChange {
  searchId: string;
  hour: Date;
  channelId: string;
  source: Hit['source'];
  label: SentimentLabel;
  hashtags: readonly string[];
  by: 1 | -1;
}

/**
 * What the hits of one source are to be, and what that changes in the counts: the only place that decides it, for what is new, edited,
 * deleted, relabelled, taught away or brought back alike. Pure; settling twice changes nothing the second time.
 *
 * @param options.rows all hits of this source as they are, `anySearch` included
 * @param options.found what searches say now; of others their hits stay as they are
 * @param options.verdicts what a person says, by search
 */
export function settle(
  source: Source,
  options: {
    rows: readonly HitDoc[];
    found?: ReadonlyMap<string, Finding>;
    verdicts?: ReadonlyMap<string, Verdict>;
    shift: number;
  },
): Settled {
  const before = new Map(options.rows.map((row) => [row.searchId, row]));
  const about = aboutOf(source, options.rows, options.shift);
  const searchIds = new Set([...before.keys(), ...(options.found?.keys() ?? [])]);
  searchIds.delete(anySearch);
  const after: HitDoc[] = [];
  for (const searchId of [...searchIds].sort()) {
    const row = before.get(searchId);
    const found = options.found?.get(searchId);
    // What was taken back can be searched for no more: it was found, and stays so.
    const matched = found && !(source.deletedAt && row) ? found.matched : (row?.matched ?? false);
    const judged = verdictOf(row, { found, said: options.verdicts?.get(searchId) });
    const byPerson = judged.verdict === 'taught' || judged.verdict === 'kept';
    if (!matched && !byPerson) continue;
    after.push(rowOf({ searchId, source, about, matched, ...judged }));
  }
  const any = anyOf(source, about, after);
  if (any) after.push(any);
  return differences(before, after);
}

type About = Pick<HitDoc, 'hour' | 'hashtags' | 'words' | 'reach'>;

function aboutOf(source: Source, rows: readonly HitDoc[], shift: number): About {
  const known = rows.find((row) => row.at.getTime() === source.at.getTime());
  const hour = known?.hour ?? hourOf(source.at, shift);
  const reach = source.reach ?? known?.reach ?? null;
  return source.deletedAt
    ? { hour, reach, hashtags: [], words: [] }
    : { hour, reach, hashtags: hashtagsOf(source.text), words: tellingWords(source.text) };
}

function verdictOf(
  row: HitDoc | undefined,
  now: { found: Finding | undefined; said: Verdict | undefined },
): Pick<HitDoc, 'verdict' | 'because'> {
  if (now.said !== undefined) return { verdict: now.said, because: [] };
  // What was learnt judges what is new to a search, not what somebody has seen there already.
  if (!row?.matched && (row?.verdict ?? 'none') === 'none' && now.found?.matched && now.found.away)
    return { verdict: 'learnt', because: now.found.away };
  return { verdict: row?.verdict ?? 'none', because: row?.because ?? [] };
}

const isNotUs = (verdict: Verdict) => verdict === 'taught' || verdict === 'learnt';

function rowOf(of: {
  searchId: string;
  source: Source;
  about: About;
  matched: boolean;
  verdict: Verdict;
  because: string[];
}): HitDoc {
  const { searchId, source, about, matched, verdict, because } = of;
  const notUs = isNotUs(verdict);
  return {
    _id: key(searchId, source.id),
    searchId,
    sourceId: source.id,
    source: source.source,
    channelId: source.channelId,
    connector: source.connector,
    authorId: source.authorId,
    at: source.at,
    ...about,
    label: source.deletedAt ? null : source.label,
    postId: source.postId,
    searchIds: [],
    matched,
    verdict,
    because,
    state: notUs ? 'notUs' : source.state,
    deletedAt: source.deletedAt,
    counted: matched && !notUs && !source.deletedAt,
  };
}

/** It is not about us when every search that found it was told so. */
function anyOf(source: Source, about: About, rows: readonly HitDoc[]): HitDoc | null {
  const matched = rows.filter((row) => row.matched);
  if (!matched.length) return null;
  const learnt = matched.find((row) => row.verdict === 'learnt');
  const notUs = matched.every((row) => isNotUs(row.verdict));
  const verdict: Verdict = !notUs ? 'none' : learnt ? 'learnt' : 'taught';
  return {
    ...rowOf({
      searchId: anySearch,
      source,
      about,
      matched: true,
      verdict,
      because: notUs ? (learnt?.because ?? []) : [],
    }),
    searchIds: matched.map((row) => row.searchId),
  };
}

function differences(before: ReadonlyMap<string, HitDoc>, after: readonly HitDoc[]): Settled {
  const kept = new Set(after.map((row) => row.searchId));
  const put = after.filter((row) => !isSame(before.get(row.searchId), row));
  const gone = [...before.values()].filter((row) => !kept.has(row.searchId));
  return {
    put,
    drop: gone.map((row) => row._id),
    counts: [
      ...put.flatMap((row) => countChanges(before.get(row.searchId), row)),
      ...gone.flatMap((row) => countChanges(row, undefined)),
    ],
  };
}

function isSame(a: HitDoc | undefined, b: HitDoc): boolean {
  return a !== undefined && asText(a) === asText(b);
}

/** Fields by name, so that the order in which they are kept does not matter. */
function asText(row: HitDoc): string {
  return JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function countChanges(before: HitDoc | undefined, after: HitDoc | undefined): CountChange[] {
  const was = before?.counted ? changeOf(before, -1) : null;
  const is = after?.counted ? changeOf(after, 1) : null;
  if (was && is && JSON.stringify({ ...was, by: 1 }) === JSON.stringify(is)) return [];
  return [was, is].flatMap((one) => one ?? []);
}

/** What is counted of a hit; one that says nothing of how it feels is neutral. */
export function changeOf(row: HitDoc, by: 1 | -1): CountChange {
  const { searchId, hour, channelId, source, label, hashtags } = row;
  return { searchId, hour, channelId, source, label: label ?? 'neutral', hashtags, by };
}

export function hourId(searchId: string, hour: Date): string {
  return key(searchId, hour.toISOString());
}

/** Changes of counts as what is added to each hour's document: paths of `$inc`. Pure. */
export function increments(
  changes: readonly CountChange[],
): Map<string, { searchId: string; hour: Date; inc: Record<string, number> }> {
  const hours = new Map<string, { searchId: string; hour: Date; inc: Record<string, number> }>();
  for (const change of changes) {
    const { searchId, hour, channelId, source, label, by } = change;
    const id = hourId(searchId, hour);
    const into = hours.get(id) ?? { searchId, hour, inc: {} };
    hours.set(id, into);
    const add = (path: string) => {
      into.inc[path] = (into.inc[path] ?? 0) + by;
    };
    add('n');
    add(`of.${channelId}`);
    add(`by.${channelId}.${source}.${label}`);
    for (const tag of change.hashtags) add(`tags.${channelId}.${tag}.${label}`);
  }
  for (const [id, { inc }] of hours) {
    for (const [path, by] of Object.entries(inc)) if (by === 0) delete inc[path];
    if (!Object.keys(inc).length) hours.delete(id);
  }
  return hours;
}

/** What a hit adds to the counts, if it is counted. */
export const recountChanges = (row: HitDoc): CountChange[] => (row.counted ? [changeOf(row, 1)] : []);

/** What the hours' documents must say, by a count of the hits themselves. For tests, and for whoever doubts. */
export function recount(rows: readonly HitDoc[]): Map<string, Omit<HitHourDoc, '_id'>> {
  const hours = new Map<string, Omit<HitHourDoc, '_id'>>();
  for (const [id, { searchId, hour, inc }] of increments(rows.flatMap(recountChanges))) {
    const doc: Record<string, unknown> = { searchId, hour, n: 0, of: {}, by: {}, tags: {} };
    for (const [path, n] of Object.entries(inc)) set(doc, path.split('.'), n);
    hours.set(id, doc as unknown as Omit<HitHourDoc, '_id'>);
  }
  return hours;
}

function set(into: Record<string, unknown>, [first = '', ...rest]: string[], value: number): void {
  if (!rest.length) {
    into[first] = value;
    return;
  }
  if (!Object.hasOwn(into, first)) into[first] = {};
  set(into[first] as Record<string, unknown>, rest, value);
}
