import type { Viewer } from '../../shared/access.ts';
import { countCeiling, type View, type ViewCounts } from '../../shared/conversation.ts';
import type { Context } from '../context.ts';
import { visibleTo } from '../conversations/conversation.visible.ts';
import { countView, viewFilter } from '../conversations/view.ts';
import type { Relay } from '../relay.ts';
import { rooms, scopeOf } from './rooms.ts';
import type { Io } from './server.ts';

/** Counts leave at most this often. */
const paceMs = 1_000;
/** Views that are the same for everyone who sees the same channels. */
const shared: View[] = ['unassigned', 'unread', 'snoozed', 'all'];

/**
 * Tells everyone connected to this process how many conversations their views hold: counted once for each set of channels, and in one
 * query for what is each person's own; said only when it is news.
 */
export function pushCounts({ ctx, io, relay }: { ctx: Context; io: Io; relay: Relay }): { close(): void } {
  const told = new Map<string, string>();
  let timer: NodeJS.Timeout | null = null;
  let dirty = false;
  let closed = false;
  let running: Promise<void> | null = null;

  const run = async () => {
    timer = null;
    dirty = false;
    try {
      await pushAll();
    } catch (error) {
      ctx.log.error({ err: error }, 'views could not be counted');
    }
    running = null;
    if (closed) return;
    timer = setTimeout(() => {
      timer = null;
      if (dirty) running = run();
    }, paceMs);
    timer.unref();
  };
  const changed = () => {
    dirty = true;
    if (!timer && !running && !closed) running = run();
  };

  async function pushAll(): Promise<void> {
    const viewers = new Map<string, Viewer>();
    for (const socket of io.sockets.sockets.values()) viewers.set(socket.data.viewer.id, socket.data.viewer);
    const scopes = new Map<string, Viewer[]>();
    for (const viewer of viewers.values()) {
      const scope = scopeOf(viewer);
      scopes.set(scope, [...(scopes.get(scope) ?? []), viewer]);
    }
    for (const members of scopes.values()) {
      const [someone] = members;
      if (!someone) continue;
      const visible = visibleTo(someone);
      const common = Object.fromEntries(
        await Promise.all(
          shared.map(
            async (view) => [view, await countView(ctx, { view, userId: someone.id, visible })] as const,
          ),
        ),
      );
      const own = await countOwn(members);
      for (const member of members)
        tell(member.id, { ...common, mine: own.get(member.id) ?? 0 } as ViewCounts);
    }
    for (const userId of told.keys()) if (!viewers.has(userId)) told.delete(userId);
  }

  async function countOwn(members: Viewer[]): Promise<Map<string, number>> {
    const [someone] = members;
    if (!someone) return new Map();
    const rows = await ctx.models.conversations
      .aggregate<{ _id: string; count: number }>([
        {
          $match: {
            ...viewFilter('mine', someone.id),
            assigneeId: { $in: members.map((member) => member.id) },
            ...visibleTo(someone),
          },
        },
        { $group: { _id: '$assigneeId', count: { $sum: 1 } } },
      ])
      .exec();
    return new Map(rows.map((row) => [row._id, Math.min(row.count, countCeiling)]));
  }

  function tell(userId: string, counts: ViewCounts): void {
    const words = JSON.stringify(counts);
    if (told.get(userId) === words) return;
    told.set(userId, words);
    // The same person on another process is told there.
    io.local.to(rooms.user(userId)).emit('counts.changed', counts);
  }

  io.on('connection', (socket) => {
    // A new window has its counts from its first page; what it has not heard is what changes from now on.
    told.delete(socket.data.viewer.id);
    changed();
  });
  const stops = [
    ctx.bus.on('conversation.changed', () => {
      changed();
      relay.publish('counts.stale', {});
    }),
    relay.on('counts.stale', changed),
  ];
  return {
    close() {
      for (const stop of stops) stop();
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}
