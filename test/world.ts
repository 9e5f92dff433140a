import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connector, Simulator } from '../connectors/connector.ts';
import { connectors } from '../connectors/index.ts';
import { Agent } from './agent.ts';
import { type ProviderProxy, startProviderProxy } from './chaos/provider-proxy.ts';
import { startWireProxy, type WireProxy } from './chaos/wire-proxy.ts';
import { createTestDatabase, primaryUri } from './database.ts';
import { bundle, ServerProcess } from './process.ts';
import { startRedis } from './redis.ts';
import { type SimulatorId, startSimulators, zoneOf } from './simulators.ts';

export interface WorldOptions {
  /** Server processes; two need Redis, which is then started. */
  servers?: number;
  /** A proxy before the engine for each server, and one before each simulator. */
  proxies?: boolean;
  leaseMs?: number;
  /** How many messages one transaction of an un-merge moves. */
  movedAtOnce?: number;
  /** Whose channels it has; else one of each connector. */
  channels?: readonly SimulatorId[];
  /**
   * The engine as in production: its own process, fsync before each acknowledgement. A test of the server's own crashes does not
   * need that. Without effect on a server that MONGODB_URI names.
   */
  durable?: boolean;
  /** The built pages, for journeys in a browser; else those in dist/. */
  clientDir?: string;
}

export interface Line {
  connector: Connector;
  simulator: Simulator;
  channelId: string;
}

/** Database, simulators, servers and a signed-in administrator: all real, all on loopback, nothing left behind. */
export interface World {
  servers: ServerProcess[];
  wires: WireProxy[];
  providers: Record<string, ProviderProxy>;
  lines: Line[];
  agent: Agent;
  /** The database itself, past every proxy. */
  mongoUri: string;
  /** Its name. */
  database: string;
  login: { email: string; password: string };
  close(): Promise<void>;
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const count = options.servers ?? 1;
  const dir = await mkdtemp(join(tmpdir(), 'yekja-world-'));
  const closing: (() => Promise<unknown>)[] = [() => rm(dir, { recursive: true, force: true })];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const database = await createTestDatabase({
      durable: options.durable ?? false,
      // What goes through a proxy is recorded there.
      unrecorded: options.proxies ?? false,
      migrated: true,
    });
    closing.push(() => database.close());
    const redis = count > 1 ? await startRedis() : null;
    if (redis) closing.push(() => redis.close());

    const simulators = await startSimulators({ ...(options.channels && { only: options.channels }) });
    const providers: Record<string, ProviderProxy> = {};
    const endpoints: Record<string, string> = {};
    for (const [id, simulator] of Object.entries(simulators)) {
      closing.push(() => simulator.close());
      // Web chat has no provider: its customers come to the server themselves.
      if (!simulator.endpoint) continue;
      endpoints[id] = simulator.endpoint;
      if (!options.proxies) continue;
      const proxy = await startProviderProxy(simulator.endpoint);
      closing.push(() => proxy.close());
      providers[id] = proxy;
      endpoints[id] = proxy.endpoint;
    }

    const entry = await bundle('test/server.ts');
    const wires: WireProxy[] = [];
    const servers: ServerProcess[] = [];
    for (let n = 0; n < count; n += 1) {
      let mongoUri = database.uri;
      if (options.proxies) {
        const wire = await startWireProxy(process.env.MONGODB_URI ? await primaryUri(mongoUri) : mongoUri);
        closing.push(() => wire.close());
        wires.push(wire);
        mongoUri = wire.uri;
      }
      const server = new ServerProcess(entry, {
        mongoUri,
        endpoints,
        zone: zoneOf(simulators),
        dataDir: join(dir, 'data'),
        leaseMs: options.leaseMs ?? 15_000,
        ...(options.movedAtOnce ? { movedAtOnce: options.movedAtOnce } : {}),
        ...(options.clientDir ? { clientDir: options.clientDir } : {}),
        ...(redis ? { redisUrl: redis.url } : {}),
      });
      closing.push(() => server.stop());
      await server.start();
      servers.push(server);
    }

    const first = servers[0];
    if (!first) throw new Error('A world needs a server.');
    const agent = new Agent(first.url);
    closing.push(async () => agent.close());
    const login = { email: 'admin@example.com', password: 'a long enough password' };
    await agent.setUp({
      code: first.setUpCode,
      organisation: 'Example Shop',
      language: 'en',
      calendar: 'gregorian',
      timeZone: 'Asia/Tehran',
      name: 'Admin Example',
      ...login,
    });
    const lines: Line[] = [];
    for (const [id, simulator] of Object.entries(simulators)) {
      const connector = connectors[id];
      if (!connector) throw new Error(`There is a simulator for "${id}" and no connector.`);
      const channel = await agent.createChannel({ connector: id, name: id, settings: simulator.settings });
      simulator.setHook(channel.hookUrl);
      lines.push({ connector, simulator, channelId: channel.id });
    }
    return {
      servers,
      wires,
      providers,
      lines,
      agent,
      mongoUri: database.uri,
      database: database.name,
      login,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Resolves as soon as `look` finds something; looks again at each tick of `every` until `ms` are over. For what announces itself nowhere. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  ms = 20_000,
  every = 50,
): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`Waited ${ms} ms in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
