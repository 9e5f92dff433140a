import { createServer, type Server as HttpServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VisitorMessage } from '../../shared/visitor.ts';
import { type Line, openLine } from './line.ts';

// Node has no WebSocket of its own before version 22; this is the one that Socket.IO brings.
const { WebSocket } = createRequire(import.meta.url)('ws') as Pick<typeof globalThis, 'WebSocket'>;

let http: HttpServer;
let io: Server;
let lines: Line[] = [];

async function listen(port = 0): Promise<void> {
  http = createServer();
  io = new Server(http, { pingInterval: 50, pingTimeout: 200, cors: { origin: true } });
  io.of('/visitor').use((socket, next) =>
    next(socket.handshake.auth['token'] === 'good' ? undefined : new Error('unauthenticated')),
  );
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
}
const port = () => (http.address() as AddressInfo).port;

beforeEach(() => listen());
afterEach(async () => {
  for (const line of lines) line.close();
  lines = [];
  await io.close();
});

/** A line whose news can be waited for, one after the other. */
function open(token = 'good') {
  const news: unknown[] = [];
  const waiting: ((one: unknown) => void)[] = [];
  const tell = (one: unknown) => {
    const next = waiting.shift();
    if (next) next(one);
    else news.push(one);
  };
  const line = openLine({
    origin: `ws://127.0.0.1:${port()}`,
    site: 'a-site',
    token,
    connect: (address) => new WebSocket(address),
    onState: (connected) => tell(connected ? 'connected' : 'lost'),
    on: {
      message: (message) => tell(message),
      typing: (event) => tell(event),
      read: (event) => tell(event),
      seq: (event) => tell(event),
      config: (config) => tell(config),
      ended: () => tell('ended'),
    },
  });
  lines.push(line);
  const next = () =>
    new Promise<unknown>((resolve) => {
      if (news.length) resolve(news.shift());
      else waiting.push(resolve);
    });
  return { line, next };
}

const message: VisitorMessage = {
  id: '1',
  seq: 7,
  from: 'team',
  author: 'نگار',
  at: '2026-11-22T08:00:00.000Z',
  text: 'commas, [brackets] and 42/visitor,["x"] 🌱',
  deleted: false,
  edited: false,
  files: [],
  state: null,
};

describe('the line to a real Socket.IO server', () => {
  it('is let in by its token, and hears each event as it was said', async () => {
    const { next } = open();
    expect(await next()).toBe('connected');
    const [socket] = await io.of('/visitor').fetchSockets();
    expect(socket?.handshake.auth).toEqual({ site: 'a-site', token: 'good' });
    socket?.emit('message', message);
    socket?.emit('unheard-of', 1);
    socket?.emit('ended');
    expect(await next()).toEqual(message);
    expect(await next()).toBe('ended');
  });

  it('says events that the server hears', async () => {
    const heard = new Promise((resolve) => {
      io.of('/visitor').on('connection', (socket) => socket.on('seen', resolve));
    });
    const { line, next } = open();
    expect(await next()).toBe('connected');
    line.say('seen', { seq: 7 });
    expect(await heard).toEqual({ seq: 7 });
  });

  it('outlasts many heartbeats', async () => {
    const { next } = open();
    expect(await next()).toBe('connected');
    const [socket] = [...io.of('/visitor').sockets.values()];
    let beats = 0;
    await new Promise<void>((resolve) => {
      socket?.conn.on('heartbeat', () => {
        beats += 1;
        if (beats === 8) resolve();
      });
    });
    expect(socket?.connected).toBe(true);
  });

  it('comes back when the server was away', async () => {
    const { next } = open();
    expect(await next()).toBe('connected');
    const same = port();
    await io.close();
    expect(await next()).toBe('lost');
    await listen(same);
    let said = await next();
    while (said === 'lost') said = await next();
    expect(said).toBe('connected');
  });

  it('is told when it is refused, and does not take itself for connected', async () => {
    const { next } = open('bad');
    expect(await next()).toBe('lost');
    expect(io.of('/visitor').sockets.size).toBe(0);
  });
});
