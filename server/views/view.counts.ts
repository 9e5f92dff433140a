import type { QueryFilter } from 'mongoose';
import type { Viewer } from '../../shared/access.ts';
import { countCeiling, type ViewCounts } from '../../shared/conversation.ts';
import { builtInFilters, builtInViews, teamFilter, type ViewFilter } from '../../shared/view.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { visibleTo } from '../conversations/conversation.visible.ts';
import { both, countQuery, viewQuery } from '../conversations/view.ts';
import type { TeamDoc } from '../teams/team.model.ts';
import { isSharedWith, sharedWithViewer } from './view.access.ts';
import type { SavedViewDoc } from './view.model.ts';

type Server = Pick<Context, 'models'>;

/** Everything the viewer's rail counts: built-in views, their teams, the saved views they see. */
export async function countViews(ctx: Server, viewer: Viewer): Promise<ViewCounts> {
  const [views, teams] = await Promise.all([
    ctx.models.views.find(sharedWithViewer(viewer)).lean<SavedViewDoc[]>().exec(),
    liveTeams(ctx, viewer.teamIds),
  ]);
  return countsOf(new Tally(ctx, viewer), viewer, { views, teams });
}

/**
 * The same for many viewers who see the same channels, with few queries: what is each person's own in one for all, and any question
 * that two of them share only once.
 */
export async function countViewsOf(
  ctx: Server,
  members: readonly Viewer[],
  lists: { views: readonly SavedViewDoc[]; teams: ReadonlySet<string> },
): Promise<Map<string, ViewCounts>> {
  const [someone] = members;
  if (!someone) return new Map();
  const tally = new Tally(ctx, someone);
  const ids = members.map((member) => member.id);
  await Promise.all([tally.ofEach('mine', 'assigneeId', ids), tally.ofEach('mentions', 'mentionedIds', ids)]);
  const counted = await Promise.all(
    members.map(async (member) => [member.id, await countsOf(tally, member, lists)] as const),
  );
  return new Map(counted);
}

export async function liveTeams(ctx: Server, ids?: readonly string[]): Promise<Set<string>> {
  if (ids?.length === 0) return new Set();
  const teams = await ctx.models.teams
    .find({ archived: false, ...(ids && { _id: { $in: [...ids] } }) }, { _id: 1 })
    .lean<Pick<TeamDoc, '_id'>[]>()
    .exec();
  return new Set(teams.map((team) => team._id));
}

async function countsOf(
  tally: Tally,
  viewer: Viewer,
  lists: { views: readonly SavedViewDoc[]; teams: ReadonlySet<string> },
): Promise<ViewCounts> {
  const filters: [string, ViewFilter][] = [
    ...builtInViews.map((view): [string, ViewFilter] => [view, builtInFilters[view]]),
    ...viewer.teamIds
      .filter((id) => lists.teams.has(id))
      .map((id): [string, ViewFilter] => [`team:${id}`, teamFilter(id)]),
    ...lists.views
      .filter((view) => isSharedWith(viewer, view))
      .map((view): [string, ViewFilter] => [`saved:${view._id}`, view.filter]),
  ];
  const counted = await Promise.all(
    filters.map(async ([key, filter]) => [key, await tally.count(filter, viewer)] as const),
  );
  return Object.fromEntries(counted) as ViewCounts;
}

/** Counts of one moment, for viewers of one set of channels: no question is asked twice. */
class Tally {
  private readonly ctx: Server;
  private readonly visible: QueryFilter<ConversationDoc>;
  private readonly asked = new Map<string, Promise<number>>();

  constructor(ctx: Server, someone: Viewer) {
    this.ctx = ctx;
    this.visible = visibleTo(someone);
  }

  count(filter: ViewFilter, viewer: Viewer): Promise<number> {
    const query = viewQuery(filter, viewer);
    const words = JSON.stringify(query);
    const known = this.asked.get(words);
    if (known) return known;
    const counting = countQuery(this.ctx, both(query, this.visible));
    this.asked.set(words, counting);
    return counting;
  }

  /** A view that asks for the viewer by one field, for all of them at once. */
  async ofEach(
    view: 'mine' | 'mentions',
    field: 'assigneeId' | 'mentionedIds',
    userIds: readonly string[],
  ): Promise<void> {
    const theirs = { $in: [...userIds] };
    const rows = await this.ctx.models.conversations
      .aggregate<{ _id: string; count: number }>([
        {
          $match: {
            ...viewQuery(builtInFilters[view], { id: '', teamIds: [] }),
            [field]: theirs,
            ...this.visible,
          },
        },
        ...(field === 'mentionedIds' ? [{ $unwind: '$mentionedIds' }, { $match: { [field]: theirs } }] : []),
        { $group: { _id: `$${field}`, count: { $sum: 1 } } },
      ])
      .exec();
    const found = new Map(rows.map((row) => [row._id, Math.min(row.count, countCeiling)]));
    for (const id of userIds) {
      const words = JSON.stringify(viewQuery(builtInFilters[view], { id, teamIds: [] }));
      this.asked.set(words, Promise.resolve(found.get(id) ?? 0));
    }
  }
}
