import { chmodSync, mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Engine, type EngineOptions } from './core.ts';
import { Reaper } from './reaper.ts';
import { WireServer } from './server.ts';

export interface StartOptions extends EngineOptions {
  /** Path of a unix socket; its folder is made with mode 0700. */
  socket?: string;
  /** A port on 127.0.0.1; 0 for any that is free. */
  port?: number;
}

export interface RunningEngine {
  /** For any MongoDB driver. */
  uri: string;
  engine: Engine;
  server: WireServer;
  close(): Promise<void>;
}

/** Opens a data folder and serves it in this process. Only one engine may have a folder open. */
export async function startEngine(options: StartOptions): Promise<RunningEngine> {
  const engine = new Engine(options);
  const server = new WireServer(engine);
  try {
    engine.address = await listen(server, options);
  } catch (error) {
    await engine.close();
    throw error;
  }
  const reaper = new Reaper(engine);
  const close = async () => {
    reaper.stop();
    await server.close();
    await engine.close();
  };
  return { uri: uriOf(engine.address), engine, server, close };
}

/** The connection string of an address: a socket's path or host:port. */
export const uriOf = (address: string) =>
  `mongodb://${address.startsWith('/') ? encodeURIComponent(address) : address}/?directConnection=true`;

function listen(server: WireServer, { socket, port }: StartOptions): Promise<string> {
  if (socket === undefined && port === undefined) throw new Error('an engine needs a socket path or a port');
  return new Promise((resolve, reject) => {
    const { listener } = server;
    listener.once('error', reject);
    const ready = () => {
      listener.off('error', reject);
      if (socket === undefined) resolve(`127.0.0.1:${(listener.address() as AddressInfo).port}`);
      else {
        chmodSync(socket, 0o600);
        resolve(socket);
      }
    };
    if (socket === undefined) listener.listen(port, '127.0.0.1', ready);
    else {
      mkdirSync(path.dirname(socket), { recursive: true, mode: 0o700 });
      listener.listen(socket, ready);
    }
  });
}
