import net from 'node:net';
import type { Document } from 'bson';
import { commandBody, record } from '../wire/record.ts';

/** One command on its way to the engine, as the proxy sees it. */
export interface WireCommand {
  /** `find`, `insert`, `commitTransaction`… */
  name: string;
  collection: string | null;
  /** Part of a transaction, its commit and abort included. */
  inTransaction: boolean;
  body: Document | null;
}

export interface WireAnswer {
  /** It met another transaction: the deed runs again. */
  conflict: boolean;
}

/** 'drop': it is never delivered. */
export type Verdict = 'go' | 'drop';

/**
 * Called before a command goes on to the engine, and again before its answer goes back. While the promise is pending the
 * command (or the answer) is held.
 */
export type WireHook = (
  command: WireCommand,
  side: 'before' | 'after',
  answer?: WireAnswer,
) => Verdict | Promise<Verdict>;

export interface WireProxy {
  uri: string;
  setHook(hook: WireHook | null): void;
  close(): Promise<void>;
}

/** Where `npm test` wants what was sent to be written down. */
const recordFile = process.env.YEKJA_WIRE_LOG;

/** Sits between a server process and the engine, or the one MongoDB server that a URI names, and understands just enough of the wire to name each command. */
export async function startWireProxy(engineUri: string): Promise<WireProxy> {
  const upstream = addressOf(engineUri);
  const sockets = new Set<net.Socket>();
  let hook: WireHook | null = null;

  const server = net.createServer((client) => {
    const engine = net.connect(upstream);
    for (const socket of [client, engine]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        engine.destroy();
      });
    }
    const asked = new Map<number, WireCommand>();
    pump(client, async (frame) => {
      const command = commandOf(frame);
      if (recordFile && command.body) record(recordFile, command.body);
      asked.set(frame.readInt32LE(4), command);
      if ((await hook?.(command, 'before')) !== 'drop') engine.write(frame);
    });
    pump(engine, async (frame) => {
      const command = asked.get(frame.readInt32LE(8));
      asked.delete(frame.readInt32LE(8));
      if (command && hook && (await hook(command, 'after', answerOf(frame))) === 'drop') return;
      client.write(frame);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    uri: before(engineUri, port),
    setHook: (next) => {
      hook = next;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const parts = /^mongodb:\/\/([^@/?]*@)?([^/?]+)(\/[^?]*)?(?:\?(.*))?$/;

function addressOf(uri: string): net.NetConnectOpts {
  const host = parts.exec(uri)?.[2] ?? '';
  if (/%2F/i.test(host)) return { path: decodeURIComponent(host) };
  const at = host.lastIndexOf(':');
  if (at < 0) return { host, port: 27_017 };
  return { host: host.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(host.slice(at + 1)) };
}

/** The same server, login, database and options, but by way of this port. */
function before(uri: string, port: number): string {
  const [, login = '', , path = '/', query = ''] = parts.exec(uri) ?? [];
  const options = new URLSearchParams(query);
  options.delete('replicaSet');
  options.set('directConnection', 'true');
  return `mongodb://${login}127.0.0.1:${port}${path}?${options}`;
}

/** Cuts a byte stream into whole frames and handles them one after another. */
function pump(socket: net.Socket, handle: (frame: Buffer) => Promise<void>): void {
  let rest: Buffer = Buffer.alloc(0);
  let turn = Promise.resolve();
  socket.on('data', (chunk) => {
    rest = rest.length ? Buffer.concat([rest, chunk]) : chunk;
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const length = rest.readInt32LE(0);
      const frame = rest.subarray(0, length);
      rest = rest.subarray(length);
      turn = turn.then(() => handle(frame));
    }
  });
}

function commandOf(frame: Buffer): WireCommand {
  const body = commandBody(frame);
  const [name, target] = Object.entries(body ?? { hello: 1 })[0] ?? ['unknown'];
  const collection = typeof target === 'string' ? target : body?.collection;
  return {
    name,
    collection: typeof collection === 'string' ? collection : null,
    inTransaction: body?.autocommit === false,
    body,
  };
}

const answerOf = (frame: Buffer): WireAnswer => ({ conflict: frame.includes('TransientTransactionError') });
