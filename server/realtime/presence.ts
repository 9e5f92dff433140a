import * as z from 'zod/mini';
import type { Presence } from '../../shared/events.ts';
import type { Context } from '../context.ts';
import { readableConversation } from '../conversations/conversation.visible.ts';
import type { Relay } from '../relay.ts';
import { visitOf } from '../visitors/visitor.online.ts';
import { rooms } from './rooms.ts';
import type { AgentSocket, Io } from './server.ts';

/** What is not said again for so long is over. */
const liveMs = 5_000;
/** What holds is said again at this pace, to other processes and to those who look. */
const againMs = 2_000;
/** Whether a visitor is still there is looked up again at this pace: a server that died tells nobody. */
const visitMs = 30_000;

const View = z.object({ conversationId: z.nullable(z.string().check(z.maxLength(64))) });
const Typing = z.object({
  conversationId: z.string().check(z.maxLength(64)),
  mode: z.enum(['reply', 'note']),
});

type Users = Presence['users'];
interface Table {
  /** socket id → what its person does; on this process. */
  here: Map<string, { userId: string; typing: { mode: 'reply' | 'note'; until: number } | null }>;
  /** node id → whom that process said is there. */
  elsewhere: Map<string, { users: Users; until: number }>;
  customerTypingUntil: number;
  visit: Presence['visit'];
  visitAt: number;
}

export interface PresenceTracker {
  follow(socket: AgentSocket): void;
  close(): void;
}

/** Who is looking at a conversation and who is writing in it, for those who have it open. Volatile. */
export function trackPresence({ ctx, io, relay }: { ctx: Context; io: Io; relay: Relay }): PresenceTracker {
  const tables = new Map<string, Table>();

  function tableOf(conversationId: string): Table {
    const table = tables.get(conversationId) ?? {
      here: new Map(),
      elsewhere: new Map(),
      customerTypingUntil: 0,
      visit: null,
      visitAt: Number.NEGATIVE_INFINITY,
    };
    tables.set(conversationId, table);
    return table;
  }

  function usersHere(table: Table): Users {
    const now = Date.now();
    return unite(
      [...table.here.values()].map(({ userId, typing }) => ({
        userId,
        typing: typing && typing.until > now ? typing.mode : null,
      })),
    );
  }

  function presence(conversationId: string, table: Table): Presence {
    const now = Date.now();
    for (const [node, { until }] of table.elsewhere) if (until <= now) table.elsewhere.delete(node);
    return {
      conversationId,
      users: unite([...usersHere(table), ...[...table.elsewhere.values()].flatMap(({ users }) => users)]),
      customerTyping: table.customerTypingUntil > now,
      visit: table.visit ?? null,
    };
  }

  /** Looked up for those who look here. */
  function lookForVisitor(conversationId: string): void {
    const table = tables.get(conversationId);
    if (!table?.here.size) return;
    table.visitAt = performance.now();
    visitOf(ctx, conversationId).then(
      (visit) => {
        const changed = JSON.stringify(visit) !== JSON.stringify(table.visit ?? null);
        table.visit = visit;
        if (changed) tellHere(conversationId);
      },
      (error) => ctx.log.debug({ err: error }, 'a visitor could not be looked up'),
    );
  }

  /** To those who look, here; each process speaks to its own. */
  function tellHere(conversationId: string): void {
    const table = tables.get(conversationId);
    if (!table) return;
    io.local.to(rooms.viewing(conversationId)).volatile.emit('presence', presence(conversationId, table));
    if (!table.here.size && !table.elsewhere.size && table.customerTypingUntil <= Date.now())
      tables.delete(conversationId);
  }

  function changedHere(conversationId: string): void {
    const table = tables.get(conversationId);
    if (table) relay.publish('presence', { nodeId: ctx.nodeId, conversationId, users: usersHere(table) });
    tellHere(conversationId);
  }

  function leave(socket: AgentSocket): void {
    const { viewing } = socket.data;
    if (!viewing) return;
    socket.data.viewing = null;
    socket.leave(rooms.viewing(viewing));
    tables.get(viewing)?.here.delete(socket.id);
    changedHere(viewing);
  }

  async function view(socket: AgentSocket, conversationId: string | null): Promise<void> {
    if (conversationId !== null && conversationId === socket.data.viewing) {
      socket.volatile.emit('presence', presence(conversationId, tableOf(conversationId)));
      return;
    }
    leave(socket);
    if (conversationId === null) return;
    // Taken before the look-up, so that a later view of this socket is not overtaken by an earlier one.
    socket.data.viewing = conversationId;
    try {
      await readableConversation(ctx, socket.data.viewer, conversationId);
    } catch (error) {
      if (socket.data.viewing === conversationId) socket.data.viewing = null;
      throw error;
    }
    if (socket.data.viewing !== conversationId || socket.disconnected) return;
    socket.join(rooms.viewing(conversationId));
    tableOf(conversationId).here.set(socket.id, { userId: socket.data.viewer.id, typing: null });
    changedHere(conversationId);
    lookForVisitor(conversationId);
  }

  const timer = setInterval(() => {
    for (const [conversationId, table] of tables) {
      for (const id of table.here.keys())
        if (io.sockets.sockets.get(id)?.data.viewing !== conversationId) table.here.delete(id);
      changedHere(conversationId);
      if (performance.now() - table.visitAt > visitMs) lookForVisitor(conversationId);
    }
  }, againMs);
  timer.unref();

  const customerTypes = (conversationId: string) => {
    const table = tables.get(conversationId);
    // Nobody looks: nobody need know.
    if (!table) return;
    table.customerTypingUntil = Date.now() + liveMs;
    tellHere(conversationId);
  };
  const stops = [
    relay.on('presence', ({ nodeId, conversationId, users }) => {
      const table = users.length ? tableOf(conversationId) : tables.get(conversationId);
      if (!table) return;
      if (users.length) table.elsewhere.set(nodeId, { users, until: Date.now() + liveMs });
      else table.elsewhere.delete(nodeId);
      tellHere(conversationId);
    }),
    relay.on('customer.typing', ({ conversationId }) => customerTypes(conversationId)),
    ctx.bus.on('customer.typing', ({ conversationId }) => {
      customerTypes(conversationId);
      relay.publish('customer.typing', { conversationId });
    }),
    relay.on('customer.online', ({ conversationId }) => lookForVisitor(conversationId)),
    ctx.bus.on('customer.online', ({ conversationId }) => {
      lookForVisitor(conversationId);
      relay.publish('customer.online', { conversationId });
    }),
  ];

  return {
    follow(socket) {
      socket.on('conversation.view', (event) => {
        const parsed = z.safeParse(View, event);
        if (!parsed.success) return;
        view(socket, parsed.data.conversationId).catch((error) =>
          ctx.log.debug({ err: error }, 'a conversation was viewed that this viewer cannot see'),
        );
      });
      socket.on('conversation.typing', (event) => {
        const parsed = z.safeParse(Typing, event);
        if (!parsed.success || parsed.data.conversationId !== socket.data.viewing) return;
        const entry = tables.get(parsed.data.conversationId)?.here.get(socket.id);
        if (!entry) return;
        entry.typing = { mode: parsed.data.mode, until: Date.now() + liveMs };
        changedHere(parsed.data.conversationId);
        if (parsed.data.mode === 'reply')
          ctx.bus.emit('agent.typing', {
            conversationId: parsed.data.conversationId,
            userId: socket.data.viewer.id,
          });
      });
      socket.on('disconnect', () => leave(socket));
    },
    close() {
      clearInterval(timer);
      for (const stop of stops) stop();
    },
  };
}

/** One line a person: typing in one window outweighs looking in another. */
function unite(users: Users): Users {
  const people = new Map<string, 'reply' | 'note' | null>();
  for (const { userId, typing } of users) people.set(userId, people.get(userId) ?? typing);
  return [...people].map(([userId, typing]) => ({ userId, typing }));
}
