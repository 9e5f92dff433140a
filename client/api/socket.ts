import { io, type Socket as RawSocket } from 'socket.io-client';
import type { ClientToServer, ServerToClient } from '../../shared/events.ts';

export type ServerEvent = keyof ServerToClient;

/** What the rest of the client knows of the connection. */
export interface Connection {
  on<Name extends ServerEvent>(name: Name, run: ServerToClient[Name]): void;
  /** `connected` after every (re)connection: rooms are joined by the server before it answers. */
  onState(run: (connected: boolean) => void): void;
  /** Volatile: lost when there is no connection, never kept for later. */
  say<Name extends keyof ClientToServer>(name: Name, event: Parameters<ClientToServer[Name]>[0]): void;
  readonly connected: boolean;
  start(): void;
  /** Connects now instead of at the end of the current pause. */
  hurry(): void;
  stop(): void;
}

/**
 * The one owner of the socket. Socket.IO's own recovery stays off (the server does not offer it): what was missed is
 * fetched by version. The pause between attempts grows from half a second to ten, with jitter.
 */
export function socketConnection(): Connection {
  const socket: RawSocket<ServerToClient, ClientToServer> = io({
    autoConnect: false,
    transports: ['websocket', 'polling'],
    reconnectionDelay: 500,
    reconnectionDelayMax: 10_000,
    randomizationFactor: 0.5,
    timeout: 8_000,
  });
  const listen = socket.on.bind(socket) as (name: string, run: (...values: never[]) => void) => void;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const comeBack = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => socket.active || socket.connect(), ms);
  };
  return {
    on: (name, run) => listen(name, run as (...values: never[]) => void),
    onState(run) {
      socket.on('connect', () => run(true));
      socket.on('disconnect', (reason) => {
        run(false);
        // The library does not come back by itself when the server closed the connection (a restart, a new session).
        if (reason === 'io server disconnect') comeBack(1_000);
      });
      socket.on('connect_error', () => {
        run(false);
        // Nor when the server refused it: it could not read the session just now, or the person signs in again.
        if (!socket.active) comeBack(5_000);
      });
    },
    say(name, event) {
      const emit = socket.volatile.emit.bind(socket.volatile) as (name: string, event: unknown) => void;
      emit(name, event);
    },
    get connected() {
      return socket.connected;
    },
    start: () => void socket.connect(),
    hurry() {
      if (socket.connected) return;
      socket.disconnect().connect();
    },
    stop() {
      clearTimeout(timer);
      socket.disconnect();
    },
  };
}
