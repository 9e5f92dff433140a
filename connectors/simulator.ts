import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Dns, Fault, SimulatedMessage, Zone } from './connector.ts';

/** What every simulator is made of: a server on a real socket, a list of faults still to happen, a bounded record. */

export interface Incoming {
  method: string;
  url: URL;
  headers: IncomingMessage['headers'];
  body: Buffer;
  response: ServerResponse;
  /** Cuts the connection without an answer. */
  reset(): void;
}

export interface Listener {
  endpoint: string;
  close(): Promise<void>;
}

/**
 * Bound to 127.0.0.1. `reset` and `close` tear sockets down at once.
 * @param tls PEM, for providers whose client speaks nothing but TLS
 */
export async function serve(
  handle: (incoming: Incoming) => void | Promise<void>,
  port = 0,
  tls?: { key: string; cert: string },
): Promise<Listener> {
  const sockets = new Set<Socket>();
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => response.destroy());
    request.on('end', () => {
      const incoming: Incoming = {
        method: request.method ?? 'GET',
        url: new URL(request.url ?? '/', 'http://simulator'),
        headers: request.headers,
        body: Buffer.concat(chunks),
        response,
        // A reset is of TCP; beneath TLS the connection just ends.
        reset: () => (tls ? request.socket.destroy() : request.socket.resetAndDestroy()),
      };
      Promise.resolve()
        .then(() => handle(incoming))
        .catch((error: unknown) => {
          if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
          response.end(`The simulator failed: ${error instanceof Error ? error.message : 'unknown'}`);
        });
    });
  };
  const server = tls ? createTlsServer(tls, answer) : createServer(answer);
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    endpoint: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

/** What a gateway in front of a provider says when the provider is away. */
export function answerHtml(response: ServerResponse): void {
  response.writeHead(502, { 'content-type': 'text/html' });
  response.end(
    '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
  );
}

interface Planned {
  fault: Fault;
  call: string;
  left: number;
  retryAfter?: number;
}

/** Faults still to happen, by the provider's method name; the oldest that fits is used up first. */
export class Faults {
  private planned: Planned[] = [];

  constructor(private readonly defaults: (fault: Fault) => string) {}

  plan(fault: Fault, options: { times?: number; call?: string; retryAfter?: number } = {}): void {
    const { times = 1, call = this.defaults(fault), retryAfter } = options;
    this.planned.push({ fault, call, left: times, ...(retryAfter === undefined ? {} : { retryAfter }) });
  }

  /** Takes one of the given faults if it is due for this call. */
  take(call: string, among: readonly Fault[]): { fault: Fault; retryAfter?: number } | null {
    const found = this.planned.find((entry) => entry.call === call && among.includes(entry.fault));
    if (!found) return null;
    found.left -= 1;
    if (found.left <= 0) this.planned = this.planned.filter((entry) => entry !== found);
    return found;
  }
}

/** The provider's own record. With `keep` the oldest are forgotten beyond that many. */
export class Ledger {
  private readonly entries = new Map<string, SimulatedMessage>();

  constructor(private readonly keep = Number.POSITIVE_INFINITY) {}

  /** @returns the messages that gave way. */
  add(key: string, message: SimulatedMessage): string[] {
    this.entries.set(key, message);
    const forgotten: string[] = [];
    for (const old of this.entries.keys()) {
      if (this.entries.size <= this.keep) break;
      this.entries.delete(old);
      forgotten.push(old);
    }
    return forgotten;
  }

  get(key: string): SimulatedMessage | undefined {
    return this.entries.get(key);
  }

  delete(key: string): void {
    this.entries.delete(key);
  }

  all(): SimulatedMessage[] {
    return [...this.entries.values()];
  }
}

/** Timers that hold no process up and are all gone after `close`. */
export class Timers {
  private readonly running = new Set<NodeJS.Timeout>();
  private closed = false;

  after(ms: number, run: () => void): void {
    if (this.closed) return;
    const timer = setTimeout(() => {
      this.running.delete(timer);
      run();
    }, ms);
    timer.unref();
    this.running.add(timer);
  }

  /**
   * One after the other, `ms` between them. Timers that are set together promise no order: on a late event loop Node runs all that are due
   * of one length before those of another.
   */
  inTurn(ms: number, [first, ...rest]: readonly (() => void)[]): void {
    if (!first) return;
    this.after(ms, () => {
      first();
      this.inTurn(ms, rest);
    });
  }

  close(): void {
    this.closed = true;
    for (const timer of this.running) clearTimeout(timer);
    this.running.clear();
  }
}

/** Listeners of `onSent`: one that throws does not keep the others from hearing. */
export class SentListeners {
  private readonly listeners = new Set<(message: SimulatedMessage) => void>();

  add(listener: (message: SimulatedMessage) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(message: SimulatedMessage): void {
    for (const listener of this.listeners) listener({ ...message });
  }
}

/** The domain name system of a zone; nothing is known of names outside of it. */
export function dnsOf(zone: Zone): Dns {
  const resolve = (name: string, type: keyof Zone[string]): Promise<never> => {
    const records = zone[name.toLowerCase().replace(/\.$/, '')];
    const found = records?.[type];
    if (found?.length) return Promise.resolve(found as never);
    const code = records ? 'ENODATA' : 'ENOTFOUND';
    return Promise.reject(Object.assign(new Error(`query${type} ${code} ${name}`), { code }));
  };
  return { resolve };
}
