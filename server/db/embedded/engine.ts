import net from 'node:net';
import { Engine } from './core.ts';
import { claim, release } from './process/claim.ts';
import { Reaper } from './session/reaper.ts';
import type { Durability } from './store/file.ts';
import { Store } from './store/store.ts';
import { WireServer } from './wire/server.ts';

export interface StartOptions {
  /** The data folder; made if it is not there. */
  path: string;
  /** `none` never waits for the disk: for throw-away test data only. */
  durability?: Durability;
  /** Absolute path of a unix socket; its folder must be this user's alone (made with mode 0700). */
  socket?: string;
  /** A port on 127.0.0.1; 0 for any that is free. */
  port?: number;
  /** Makes `configureFailPoint` known, by which a client puts faults into the engine: for tests of clients only. */
  testCommands?: boolean;
}

export interface RunningEngine {
  /** For any MongoDB driver. */
  uri: string;
  engine: Engine;
  server: WireServer;
  close(): Promise<void>;
}

/** Opens a data folder and serves it in this process. Throws EngineRunning if another engine does. */
export async function startEngine(options: StartOptions): Promise<RunningEngine> {
  const { socket, port } = options;
  if (socket === undefined && port === undefined) throw new Error('an engine needs a socket path or a port');
  const store = new Store(options.path, options.durability ?? 'fsync');
  const listener = net.createServer({ pauseOnConnect: false });
  const early: net.Socket[] = [];
  const keep = (connection: net.Socket) => early.push(connection);
  listener.on('connection', keep);
  let engine: Engine;
  try {
    const address = await claim(store, listener, { socket, port });
    engine = new Engine(store, address, { testCommands: options.testCommands ?? false });
  } catch (error) {
    listener.close();
    for (const connection of early) connection.destroy();
    await store.close();
    throw error;
  }
  listener.off('connection', keep);
  const server = new WireServer(engine, listener);
  for (const connection of early) server.serve(connection);
  const reaper = new Reaper(engine);
  const close = async () => {
    reaper.stop();
    await server.close();
    await engine.close(() => release(store));
  };
  return { uri: uriOf(engine.address), engine, server, close };
}

/** The connection string of an address: a socket's path or host:port. */
export const uriOf = (address: string) =>
  `mongodb://${address.startsWith('/') ? encodeURIComponent(address) : address}/?directConnection=true`;
