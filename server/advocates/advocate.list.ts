import type { QueryFilter } from 'mongoose';
import { may, type Viewer } from '../../shared/access.ts';
import {
  type AdvocateKind,
  type AdvocatePage,
  type AdvocateSort,
  type AdvocateStage,
  advocateStages,
} from '../../shared/advocate.ts';
import { normalise } from '../../shared/text/normalise.ts';
import type { Context } from '../context.ts';
import { invalid } from '../http/validate.ts';
import { literal } from '../segments/segment.query.ts';
import { queryOfRule } from '../segments/segment.rule.ts';
import { ruleOfSegment } from '../segments/segment.service.ts';
import { mayNot } from '../users/user.create.ts';
import type { AdvocateDoc } from './advocate.model.ts';
import { presentAdvocate } from './advocate.presenter.ts';
import { visibleAdvocates } from './advocate.visible.ts';

export interface AdvocateAsk {
  stage: AdvocateStage | null;
  kind: AdvocateKind | null;
  channelId: string | null;
  product: string | null;
  sort: AdvocateSort;
  q: string;
  segmentId: string | null;
  after: string | null;
  limit: number;
}

/** What each order goes by, and which way. */
const orders = {
  order: { path: 'order', way: 1 },
  score: { path: 'score', way: -1 },
  rising: { path: 'change', way: -1 },
  falling: { path: 'change', way: 1 },
  reach: { path: 'reach', way: -1 },
  lastAt: { path: 'lastAt', way: -1 },
} as const satisfies Record<AdvocateSort, { path: keyof AdvocateDoc; way: 1 | -1 }>;

type Query = QueryFilter<AdvocateDoc>;

/** Windows that are looked through for those of a segment: more than that say that they go on. */
const mostWindows = 20;
const perWindow = 200;

/** One keyset window of the board, of those whom the viewer may see. @throws AppError forbidden; notFound: no such segment; invalid */
export async function listAdvocates(ctx: Context, viewer: Viewer, ask: AdvocateAsk): Promise<AdvocatePage> {
  if (!may(viewer, 'advocate.read')) throw mayNot('see advocates');
  const listed: Query = { listed: true };
  // Critics are on the board for whoever asks for them.
  const there: Query = ask.kind === 'detractor' ? { gone: false } : listed;
  const matching = all(there, visibleAdvocates(viewer), asked(ask));
  const query = all(matching, ask.stage ? ({ stage: ask.stage } as Query) : {});
  const [window, counts] = await Promise.all([
    ask.segmentId === null
      ? windowOf(ctx, { query, ask, after: ask.after, limit: ask.limit })
      : windowOfSegment(ctx, viewer, { query, ask, segmentId: ask.segmentId }),
    // Who is in a segment is known of those who were looked through: their number would be that of the windows.
    ask.segmentId === null ? countsOf(ctx, all(matching, moving(ask.sort))) : null,
  ]);
  return { advocates: window.docs.map((doc) => presentAdvocate(doc)), next: window.next, counts };
}

/** Whose score went the way that is asked for: the others are behind them, and are not shown. */
const moving = (sort: AdvocateSort): Query =>
  (sort === 'rising' ? { change: { $gt: 0 } } : sort === 'falling' ? { change: { $lt: 0 } } : {}) as Query;

/** All that is asked for but the stage. */
function asked({ kind, channelId, product, q }: AdvocateAsk): Query {
  const words = normalise(q);
  return {
    ...(kind && { kinds: kind }),
    ...(channelId && { channelIds: channelId }),
    ...(product && { products: product }),
    ...(words && { nameText: { $regex: literal(words) } }),
  } as Query;
}

const all = (...parts: Query[]): Query => {
  const some = parts.filter((part) => Object.keys(part).length);
  return (some.length > 1 ? { $and: some } : (some[0] ?? {})) as Query;
};

interface Window {
  docs: AdvocateDoc[];
  next: string | null;
}

async function windowOf(
  ctx: Context,
  options: { query: Query; ask: AdvocateAsk; after: string | null; limit: number },
): Promise<Window> {
  const { path, way } = orders[options.ask.sort];
  const found = await ctx.models.advocates
    .find(all(options.query, options.after === null ? {} : beyond(options.after, options.ask.sort)))
    .sort({ [path]: way, _id: way })
    .limit(options.limit + 1)
    .lean<AdvocateDoc[]>()
    .exec();
  const docs = found.slice(0, options.limit);
  const last = docs.at(-1);
  return { docs, next: found.length > docs.length && last ? cursorOf(last, options.ask.sort) : null };
}

/** Advocates are few among customers: they are read in their order, and those kept who are in the segment. */
async function windowOfSegment(
  ctx: Context,
  viewer: Viewer,
  options: { query: Query; ask: AdvocateAsk; segmentId: string },
): Promise<Window> {
  const { ask } = options;
  const rule = await queryOfRule(ctx, await ruleOfSegment(ctx, viewer, options.segmentId));
  const docs: AdvocateDoc[] = [];
  let after = ask.after;
  for (let n = 0; n < mostWindows; n += 1) {
    const window = await windowOf(ctx, { query: options.query, ask, after, limit: perWindow });
    const inside = await ctx.models.facts
      .find({ $and: [{ _id: { $in: window.docs.map(({ _id }) => _id) } }, rule] } as never, { _id: 1 })
      .lean<{ _id: string }[]>()
      .exec();
    const ids = new Set(inside.map(({ _id }) => _id));
    docs.push(...window.docs.filter(({ _id }) => ids.has(_id)));
    after = window.next;
    if (after === null || docs.length > ask.limit) break;
  }
  const page = docs.slice(0, ask.limit);
  const last = page.at(-1);
  const more = docs.length > page.length;
  return { docs: page, next: more && last ? cursorOf(last, ask.sort) : after };
}

async function countsOf(ctx: Context, query: Query): Promise<Record<AdvocateStage, number>> {
  const rows = await ctx.models.advocates.aggregate<{ _id: AdvocateStage; count: number }>([
    { $match: query },
    { $group: { _id: '$stage', count: { $sum: 1 } } },
  ]);
  return Object.fromEntries(
    advocateStages.map((stage) => [stage, rows.find(({ _id }) => _id === stage)?.count ?? 0]),
  ) as Record<AdvocateStage, number>;
}

function cursorOf(doc: AdvocateDoc, sort: AdvocateSort): string {
  const value = doc[orders[sort].path];
  return Buffer.from(
    JSON.stringify([value instanceof Date ? value.getTime() : value, doc._id, sort]),
  ).toString('base64url');
}

function beyond(cursor: string, sort: AdvocateSort): Query {
  const { path, way } = orders[sort];
  const [said, id, of] = read(cursor);
  const value = sort === 'lastAt' && typeof said === 'number' ? new Date(said) : said;
  const fits = sort === 'order' ? typeof said === 'string' : typeof said === 'number' || said === null;
  if (!fits || typeof id !== 'string' || of !== sort)
    throw invalid({ after: 'This is no cursor of this list.' });
  const past = way === 1 ? '$gt' : '$lt';
  // Who never was heard comes last: behind null there is nobody but the others of null.
  if (value === null) return { [path]: null, _id: { [past]: id } } as Query;
  return {
    $or: [
      { [path]: { [past]: value } },
      { [path]: value, _id: { [past]: id } },
      ...(sort === 'lastAt' ? [{ [path]: null }] : []),
    ],
  } as Query;
}

function read(cursor: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
