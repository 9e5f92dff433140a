import type { Viewer } from '../../shared/access.ts';
import type { ViewCounts } from '../../shared/conversation.ts';
import type { Context } from '../context.ts';
import type { Relay } from '../relay.ts';
import { countViewsOf, liveTeams } from '../views/view.counts.ts';
import type { SavedViewDoc } from '../views/view.model.ts';
import { rooms, scopeOf } from './rooms.ts';
import type { Io } from './server.ts';

/** Counts leave at most this often. */
const paceMs = 1_000;

/**
 * Tells everyone connected to this process how many conversations their views hold: counted once for each set of channels, and said
 * only when it is news.
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
    for (const userId of told.keys()) if (!viewers.has(userId)) told.delete(userId);
    if (!viewers.size) return;
    const scopes = new Map<string, Viewer[]>();
    for (const viewer of viewers.values()) {
      const scope = scopeOf(viewer);
      scopes.set(scope, [...(scopes.get(scope) ?? []), viewer]);
    }
    const [views, teams] = await Promise.all([
      ctx.models.views.find({}).lean<SavedViewDoc[]>().exec(),
      liveTeams(ctx),
    ]);
    for (const members of scopes.values())
      for (const [userId, counts] of await countViewsOf(ctx, members, { views, teams })) tell(userId, counts);
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
  const stale = () => {
    changed();
    relay.publish('counts.stale', {});
  };
  const stops = [
    ctx.bus.on('conversation.changed', stale),
    // Other views and teams have other numbers.
    ctx.bus.on('lists.changed', stale),
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
