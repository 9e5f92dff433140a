import type { Server as HttpServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-adapter';
import type { Redis } from 'ioredis';
import { Server, type Socket } from 'socket.io';
import type { Viewer } from '../../shared/access.ts';
import type { ClientToServer, ServerToClient } from '../../shared/events.ts';
import type { Context } from '../context.ts';
import { findSession, isOurOrigin, sessionById } from '../http/session.ts';
import { closeRedis, openRedis } from '../redis.ts';
import type { Relay } from '../relay.ts';
import { broadcast } from './broadcast.ts';
import { pushCounts } from './counts.ts';
import { tellOfChannels } from './notices.channel.ts';
import { tellDetractors } from './notices.detractor.ts';
import { tellSpikes } from './notices.spike.ts';
import { tellPeople } from './notices.ts';
import { trackPresence } from './presence.ts';
import { rooms, roomsOf } from './rooms.ts';

export interface SocketData {
  viewer: Viewer;
  sessionId: string;
  /** The conversation on this screen. */
  viewing: string | null;
}
export type Io = Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>;
export type AgentSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

/** Sessions that ended by time, or whose end was told to nobody, are found at this pace. */
const recheckMs = 30_000;

export interface Realtime {
  io: Io;
  close(): Promise<void>;
}

/** Sockets of signed-in people: the session's cookie and our Origin, or no connection. */
export async function startRealtime(deps: {
  ctx: Context;
  relay: Relay;
  server: HttpServer;
  redisUrl: string | null;
  /** Of every key in Redis. */
  prefix: string;
}): Promise<Realtime> {
  const { ctx, relay } = deps;
  const io: Io = new Server(deps.server, {
    path: '/socket.io',
    serveClient: false,
    // Largest thing a client has to say, many times over.
    maxHttpBufferSize: 16 * 1024,
    allowRequest: (request, answer) =>
      answer(
        null,
        isOurOrigin(request.headers.origin, { host: request.headers.host, publicUrl: ctx.publicUrl ?? null }),
      ),
  });
  const redis = deps.redisUrl ? await adapt(io, { redisUrl: deps.redisUrl, prefix: deps.prefix, ctx }) : null;

  io.use((socket, next) => {
    findSession(ctx, socket.handshake.headers.cookie).then(
      (signedIn) => {
        if (!signedIn) return next(new Error('unauthenticated'));
        socket.data = { viewer: signedIn.viewer, sessionId: signedIn.sessionId, viewing: null };
        next();
      },
      (error: unknown) => {
        ctx.log.error({ err: error }, 'a socket could not be signed in');
        next(new Error('unavailable'));
      },
    );
  });
  const presence = trackPresence({ ctx, io, relay });
  const counts = pushCounts({ ctx, io, relay });
  io.on('connection', (socket) => {
    socket.join(roomsOf(socket.data.viewer));
    presence.follow(socket);
  });

  const door = broadcast({ ctx, io });
  const notices = tellPeople({ ctx, io });
  const spikes = tellSpikes({ ctx, io });
  const detractors = tellDetractors({ ctx, io });
  const channels = tellOfChannels({ ctx, io });
  const closing = [presence.close, counts.close];
  const recheck = (userId: string) => {
    for (const socket of io.sockets.sockets.values())
      if ((socket.data as SocketData).viewer.id === userId)
        void recheckSocket(ctx, socket).catch((error) =>
          ctx.log.error({ err: error }, 'a session could not be looked at again'),
        );
  };
  closing.push(
    ctx.bus.on('user.changed', ({ userId }) => {
      recheck(userId);
      relay.publish('user.changed', { userId });
    }),
    relay.on('user.changed', ({ userId }) => recheck(userId)),
  );
  const timer = setInterval(() => {
    for (const userId of new Set([...io.sockets.sockets.values()].map((socket) => socket.data.viewer.id)))
      recheck(userId);
  }, recheckMs);
  timer.unref();

  return {
    io,
    async close() {
      clearInterval(timer);
      for (const stop of closing) stop();
      await door.close();
      await notices.close();
      await spikes.close();
      await detractors.close();
      await channels.close();
      io.disconnectSockets(true);
      await io.close();
      await Promise.all((redis ?? []).map(closeRedis));
    },
  };
}

/** Still signed in, and with the same permissions? */
async function recheckSocket(ctx: Context, socket: AgentSocket): Promise<void> {
  const signedIn = await sessionById(ctx, socket.data.sessionId, { slide: false });
  if (!signedIn) {
    socket.emit('session.ended');
    socket.disconnect(true);
    return;
  }
  const wanted = roomsOf(signedIn.viewer);
  const had = roomsOf(socket.data.viewer);
  const teams = [...socket.data.viewer.teamIds].sort().join();
  socket.data.viewer = signedIn.viewer;
  const sameTeams = teams === [...signedIn.viewer.teamIds].sort().join();
  if (sameTeams && wanted.length === had.length && wanted.every((room) => had.includes(room))) return;
  for (const room of had) if (!wanted.includes(room)) socket.leave(room);
  if (socket.data.viewing) socket.leave(rooms.viewing(socket.data.viewing));
  socket.data.viewing = null;
  socket.join(wanted);
  socket.emit('reset');
}

async function adapt(io: Io, options: { redisUrl: string; prefix: string; ctx: Context }): Promise<Redis[]> {
  const { redisUrl, prefix, ctx } = options;
  const connection = { log: ctx.log, for: 'sockets' };
  const publisher = openRedis(redisUrl, { ...connection, maxRetriesPerRequest: 1 });
  const subscriber = openRedis(redisUrl, { ...connection, maxRetriesPerRequest: null });
  io.adapter(createAdapter(publisher, subscriber, { key: `${prefix}:sockets` }));
  return [publisher, subscriber];
}
