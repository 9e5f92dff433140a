import type net from 'node:net';
import type { Doc } from '../bson/values.ts';
import { CommandError } from '../bson/values.ts';
import { runCommand } from '../commands/index.ts';
import type { Engine } from '../core.ts';
import type { Peer } from '../session/peer.ts';
import { int32 } from './raw.ts';
import { Framer, isLegacy, ProtocolError, readRequest, requestIdOf, writeReply } from './wire.ts';

/** Bytes waiting to be sent beyond which a connection's next command waits. */
const HIGH_WATER = 1024 * 1024;
/** Commands that may wait on one connection; drivers send one at a time. */
const MOST_WAITING = 4;

/** Answers MongoDB's wire protocol on a socket. */
export class WireServer {
  readonly listener: net.Server;
  private readonly engine: Engine;
  private readonly sockets = new Set<net.Socket>();
  /** Called when the number of connections has changed. */
  onConnections: (open: number) => void = () => {};

  constructor(engine: Engine, listener: net.Server) {
    this.engine = engine;
    this.listener = listener;
    listener.on('connection', (socket) => this.serve(socket));
  }

  serve(socket: net.Socket): void {
    this.sockets.add(socket);
    this.onConnections(this.sockets.size);
    socket.setNoDelay(true);
    const { peers, sessions } = this.engine;
    const connection = new Connection(this.engine, socket, peers.made + 1);
    peers.join(connection);
    socket.on('data', (chunk: Buffer) => connection.received(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.sockets.delete(socket);
      peers.leave(connection);
      sessions.connectionClosed(connection, peers.hasKin(connection));
      this.onConnections(this.sockets.size);
    });
  }

  get connections(): number {
    return this.sockets.size;
  }

  /** Stops listening and ends every connection. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.listener.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

/** One client: its messages are answered one after the other. */
class Connection implements Peer {
  readonly id: number;
  metadata: Doc | undefined;
  appName: string | undefined;
  kin: string | undefined;
  private readonly engine: Engine;
  private readonly socket: net.Socket;
  private readonly framer = new Framer();
  private readonly waiting: Buffer[] = [];
  private busy = false;

  constructor(engine: Engine, socket: net.Socket, id: number) {
    this.id = id;
    this.engine = engine;
    this.socket = socket;
  }

  get closed(): boolean {
    return this.socket.destroyed;
  }

  close(): void {
    this.socket.destroy();
  }

  received(chunk: Buffer): void {
    try {
      this.waiting.push(...this.framer.push(chunk));
    } catch {
      this.socket.destroy();
      return;
    }
    if (this.waiting.length > MOST_WAITING) this.socket.pause();
    if (!this.busy) void this.work();
  }

  private async work(): Promise<void> {
    this.busy = true;
    for (let message = this.waiting.shift(); message; message = this.waiting.shift()) {
      const reply = await this.answer(message);
      if (this.socket.destroyed) break;
      if (reply && !this.socket.write(reply) && this.socket.writableLength > HIGH_WATER) await this.drained();
    }
    this.busy = false;
    if (!this.socket.destroyed && this.socket.isPaused()) this.socket.resume();
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.socket.off('drain', done);
        this.socket.off('close', done);
        resolve();
      };
      this.socket.on('drain', done);
      this.socket.on('close', done);
    });
  }

  private async answer(message: Buffer): Promise<Buffer | undefined> {
    try {
      const request = readRequest(message);
      const reply = await runCommand(this.engine, request, this);
      return request.moreToCome ? undefined : writeReply(request, reply);
    } catch (error) {
      if (error instanceof ProtocolError) {
        this.socket.destroy();
        return undefined;
      }
      const {
        code,
        codeName,
        message: errmsg,
      } = error instanceof CommandError ? error : new CommandError(1, (error as Error).message);
      const head = { requestId: requestIdOf(message), legacy: isLegacy(message) };
      return writeReply(head, { doc: { ok: 0, errmsg, code: int32(code), codeName } });
    }
  }
}
