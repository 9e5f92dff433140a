import * as z from 'zod/mini';
import { type Conversation, priorities } from './conversation.ts';

/** What every agent has; saved views, teams and channels stand beside them. */
export const builtInViews = ['mine', 'unassigned', 'mentions', 'unread', 'snoozed', 'all', 'spam'] as const;
export type BuiltInView = (typeof builtInViews)[number];

/** A built-in view, or `team:ID`, `saved:ID`. A channel narrows any of them. */
export type ViewKey = BuiltInView | `team:${string}` | `saved:${string}`;
export const ViewKey = z
  .string()
  .check(
    z.maxLength(80),
    z.regex(/^(mine|unassigned|mentions|unread|snoozed|all|spam|(team|saved):[\w-]{1,64})$/),
  );

const ids = z.array(z.string().check(z.minLength(1), z.maxLength(64))).check(z.maxLength(50));

/** A view as data: every part that is present must hold. One meaning for lists, counts and the client's own rows. */
export const ViewFilter = z.object({
  status: z.array(z.enum(['open', 'snoozed', 'resolved', 'spam'])).check(z.minLength(1)),
  /** 'me' is whoever looks; 'none' nobody. */
  assignee: z.optional(z.union([z.literal('me'), z.literal('none'), z.object({ anyOf: ids })])),
  /** Named in a note, and it is not struck off. */
  mentioned: z.optional(z.literal('me')),
  team: z.optional(z.union([z.literal('mine'), z.literal('none'), z.object({ anyOf: ids })])),
  /** At least one of them. */
  tags: z.optional(ids),
  priority: z.optional(z.array(z.enum(priorities)).check(z.minLength(1))),
  channels: z.optional(ids),
  /** The customer waits for an answer. */
  waiting: z.optional(z.literal(true)),
});
export type ViewFilter = z.infer<typeof ViewFilter>;

export const SavedView = z.object({
  id: z.string(),
  name: z.string(),
  filter: ViewFilter,
  ownerId: z.string(),
  /** For its owner, for the members of a team, or for everyone. */
  sharedWith: z.union([z.literal('nobody'), z.literal('everyone'), z.object({ teamId: z.string() })]),
  createdAt: z.string(),
});
export type SavedView = z.infer<typeof SavedView>;

export const SavedViewCreate = z.object({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(60)),
  filter: ViewFilter,
  sharedWith: z.union([
    z.literal('nobody'),
    z.literal('everyone'),
    z.object({ teamId: z.string().check(z.maxLength(64)) }),
  ]),
});
export type SavedViewCreate = z.infer<typeof SavedViewCreate>;
export const SavedViewUpdate = z.partial(SavedViewCreate);

export const builtInFilters: Record<BuiltInView, ViewFilter> = {
  mine: { status: ['open'], assignee: 'me' },
  unassigned: { status: ['open'], assignee: 'none' },
  mentions: { status: ['open', 'snoozed', 'resolved'], mentioned: 'me' },
  unread: { status: ['open'], waiting: true },
  snoozed: { status: ['snoozed'] },
  all: { status: ['open', 'snoozed', 'resolved'] },
  spam: { status: ['spam'] },
};

export const teamFilter = (teamId: string): ViewFilter => ({ status: ['open'], team: { anyOf: [teamId] } });

/** The filter behind a view's key; null for a saved one that is not among `saved`. */
export function filterOf(
  view: ViewKey,
  saved: readonly Pick<SavedView, 'id' | 'filter'>[],
): ViewFilter | null {
  if (Object.hasOwn(builtInFilters, view)) return builtInFilters[view as BuiltInView];
  const [kind, id = ''] = view.split(':', 2);
  if (kind === 'team') return teamFilter(id);
  return saved.find((one) => one.id === id)?.filter ?? null;
}

/** Who looks: what 'me' and 'mine' stand for. */
export interface Looker {
  id: string;
  teamIds: readonly string[];
}

type Row = Pick<
  Conversation,
  'status' | 'assigneeId' | 'waitingSince' | 'teamId' | 'tagIds' | 'priority' | 'channelIds' | 'mentionedIds'
>;

/** The rule by which the server lists and counts, and by which a client moves its rows. */
export function matches(filter: ViewFilter, row: Row, looker: Looker): boolean {
  const { status, assignee, mentioned, team, tags, priority, channels, waiting } = filter;
  if (!(status as readonly string[]).includes(row.status)) return false;
  if (assignee === 'me' && row.assigneeId !== looker.id) return false;
  if (assignee === 'none' && row.assigneeId !== null) return false;
  if (typeof assignee === 'object' && !assignee.anyOf.includes(row.assigneeId ?? '')) return false;
  if (mentioned && !row.mentionedIds.includes(looker.id)) return false;
  if (team === 'mine' && !looker.teamIds.includes(row.teamId ?? '')) return false;
  if (team === 'none' && row.teamId !== null) return false;
  if (typeof team === 'object' && !team.anyOf.includes(row.teamId ?? '')) return false;
  if (tags && !tags.some((id) => row.tagIds.includes(id))) return false;
  if (priority && !priority.includes(row.priority)) return false;
  if (channels && !channels.some((id) => row.channelIds.includes(id))) return false;
  return !waiting || row.waitingSince !== null;
}
