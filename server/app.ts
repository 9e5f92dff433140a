import { randomBytes, randomUUID } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Connector, Dns } from '../connectors/connector.ts';
import { connectors } from '../connectors/index.ts';
import type { Welcome } from '../shared/user.ts';
import { testimonialPages } from './advocates/testimonial.page.ts';
import { takePlace } from './alone.ts';
import { publicApi } from './api/api.router.ts';
import { createBus } from './bus.ts';
import { startListeners } from './channels/listeners.ts';
import { createSecretBox } from './channels/secrets.ts';
import type { Context } from './context.ts';
import { connectDatabase } from './db/connect.ts';
import { migrate } from './db/migrations/index.ts';
import { createModels } from './db/models.ts';
import { createFiles } from './files/files.ts';
import { api } from './http/api.ts';
import { errorHandler } from './http/errors.ts';
import { hookRoutes } from './http/hooks.ts';
import { clientPages, pageSecurity } from './http/static.ts';
import { Background } from './jobs/background.ts';
import { BullQueue } from './jobs/bull.ts';
import { LocalQueue } from './jobs/local.ts';
import { startJobs } from './jobs/start.ts';
import { createLog, type Log } from './log.ts';
import { type Io, startRealtime } from './realtime/server.ts';
import { createRelay } from './relay.ts';
import { forgetProducts } from './sentiment/products.ts';
import { findOrganisation } from './users/organisation.ts';
import { setUpCode } from './users/setup.ts';
import { createThrottles } from './users/throttle.ts';
import { visitorRoutes } from './visitors/routes.ts';
import { startVisitorSockets } from './visitors/sockets.ts';
import type { VisitorDoc } from './visitors/visitor.model.ts';
import { widgetRoutes } from './visitors/widget.routes.ts';

export interface AppDeps {
  /** Of a MongoDB replica set, or of the embedded engine. */
  mongoUri: string;
  /** When it is not the one in the address. */
  database?: string;
  /** Absent: this is the one server on its data, and a second one refuses to start. */
  redisUrl?: string | undefined;
  /** Seals secrets; the same on every server of one installation. */
  secretKey: string;
  /** As people and providers know the server; absent: where it listens. */
  publicUrl?: string | undefined;
  host: string;
  /** 0: any free port. */
  port: number;
  /** The built client; absent: the API alone. */
  clientDir?: string | undefined;
  trustProxy?: number;
  /** Connector id → base URL of its provider: simulators, and nothing else. */
  endpoints?: Readonly<Record<string, string>>;
  connectors?: Readonly<Record<string, Connector>>;
  /** A simulator's zone, and nothing else; absent: this machine's resolver. */
  dns?: Dns;
  /** Life of a lease in milliseconds. */
  leaseMs?: number;
  /** How many messages one transaction of an un-merge moves. */
  movedAtOnce?: number;
  now?: () => Date;
  log?: Log;
  /** Told to whoever is not signed in yet. */
  demo?: Welcome['demo'];
  /** Before data that exists is changed by migrations, e.g. to back it up. */
  beforeMigration?: (pending: string[]) => Promise<void>;
  /** This process lost its place to another server and must end. */
  onLost?: (error: Error) => void;
}

export interface App {
  server: HttpServer;
  io: Io;
  context: Context;
  /** Where it listens. */
  url: string;
  /** What the first run asks for; null once the installation is set up. */
  setUpCode: string | null;
  /** Graceful and complete: nothing of it runs when this resolves. */
  close(): Promise<void>;
}

/** Answers in a few seconds or says that it could not. */
const resolver = new Resolver({ timeout: 2_000, tries: 2 }) as Dns;

/** One server: everything but the process around it. What was begun when something fails is ended again. */
export async function createApp(deps: AppDeps): Promise<App> {
  const closing = new Closing();
  try {
    return await build(deps, closing);
  } catch (error) {
    await closing.run(deps.log);
    throw error;
  }
}

async function build(deps: AppDeps, closing: Closing): Promise<App> {
  const log = deps.log ?? createLog({ level: 'info' });
  const now = deps.now ?? (() => new Date());
  const nodeId = randomUUID();
  const leaseMs = deps.leaseMs ?? 15_000;
  const redisUrl = deps.redisUrl ?? null;

  const db = await connectDatabase(deps.mongoUri, deps.database ? { database: deps.database } : {});
  closing.add('database', () => db.close());
  const place = await takePlace({
    db,
    log,
    nodeId,
    leaseMs,
    redis: redisUrl !== null,
    onLost: deps.onLost ?? ((error) => log.fatal({ err: error }, 'this server must end')),
  });
  closing.add('place', () => place.leave());
  await migrate({
    db,
    log,
    nodeId,
    leaseMs,
    ...(deps.beforeMigration && { before: deps.beforeMigration }),
  });

  const queue = redisUrl
    ? await BullQueue.open({ redisUrl, log, prefix: `yekja:${db.name}` })
    : new LocalQueue({ log });
  closing.add('queue', () => queue.close());
  const models = createModels(db);
  const ctx: Context = {
    db,
    models,
    log,
    queue,
    background: new Background(),
    nodeId,
    leaseMs,
    movedAtOnce: deps.movedAtOnce,
    now,
    bus: createBus((event, error) => log.error({ err: error, event }, 'a listener failed')),
    connectors: deps.connectors ?? connectors,
    endpoints: deps.endpoints ?? {},
    files: createFiles({ db, models, now, uuid: randomUUID }),
    secrets: createSecretBox(deps.secretKey),
    publicUrl: deps.publicUrl ?? null,
    linkUrl: deps.publicUrl ?? null,
    random: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
    uuid: randomUUID,
    fetch,
    dns: deps.dns ?? resolver,
  };
  const relay = await createRelay({ redisUrl, nodeId, log, prefix: `yekja:${db.name}` });
  closing.add('relay', () => relay.close());
  relay.on('searches.changed', () => forgetProducts(ctx));
  ctx.bus.on('lists.changed', ({ list }) => {
    if (list === 'searches') relay.publish('searches.changed', {});
  });

  const jobs = startJobs(ctx);
  closing.add('jobs', () => jobs.stop());

  const stopping = new AbortController();
  const throttles = createThrottles();
  const code = setUpCode(deps.secretKey);
  // Assigned below, before the first request can come in.
  let wake: (channelId: string) => void = () => undefined;
  let ended: (visitor: VisitorDoc) => void = () => undefined;

  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', deps.trustProxy ?? 0);
  app.set('query parser', 'simple');
  app.use(pageSecurity({ https: Boolean(deps.publicUrl?.startsWith('https://')) }));
  app.use((_request, response, next) => {
    response.once('close', ctx.background.somebodyWaits());
    next();
  });
  app.get('/healthz', async (_request, response) => {
    await models.organisation.findById('organisation', { _id: 1 }).lean();
    response.json({ ok: true });
  });
  app.use('/hooks', hookRoutes({ ctx, throttle: throttles.hook, wake: (channelId) => wake(channelId) }));
  // Before the pages' own API: it knows neither cookies nor origins.
  app.use('/api/v1', publicApi(ctx));
  app.use(
    '/api',
    api(ctx, { throttles, setUpCode: code, demo: deps.demo ?? null, closing: stopping.signal }),
  );
  app.use('/testimonial', testimonialPages(ctx));
  app.use('/chat', visitorRoutes({ ctx, ended: (visitor) => ended(visitor) }));
  if (deps.clientDir) app.use('/widget', widgetRoutes({ ctx, clientDir: deps.clientDir }));
  if (deps.clientDir) app.use(clientPages(deps.clientDir));
  app.use(errorHandler(log));

  const server = createServer(app);
  const realtime = await startRealtime({ ctx, relay, server, redisUrl, prefix: `yekja:${db.name}` });
  const visitors = startVisitorSockets({ ctx, io: realtime.io, relay });
  ended = (visitor) => visitors.end(visitor);
  closing.add('http', async () => {
    await visitors.close();
    await realtime.close();
    await closeServer(server);
  });
  const url = await listen(server, deps);
  ctx.publicUrl ??= url;
  if (Object.keys(ctx.endpoints).length) ctx.linkUrl ??= url;

  const listeners = startListeners(ctx, relay);
  wake = listeners.wake;
  closing.add('listeners', () => listeners.close());
  closing.add('tests', async () => stopping.abort());

  const organisation = await findOrganisation(ctx);
  return {
    server,
    io: realtime.io,
    context: ctx,
    url,
    setUpCode: organisation ? null : code,
    close: () => closing.run(log),
  };
}

/** What was begun, ended in the opposite order; one that fails does not keep the others. */
class Closing {
  private readonly steps: { name: string; end: () => Promise<unknown> }[] = [];
  private ended: Promise<void> | null = null;

  add(name: string, end: () => Promise<unknown>): void {
    this.steps.push({ name, end });
  }

  run(log: Log | undefined): Promise<void> {
    this.ended ??= (async () => {
      for (const { name, end } of this.steps.reverse()) {
        try {
          await end();
        } catch (error) {
          log?.warn({ err: error, part: name }, 'a part of the server did not end well');
        }
      }
    })();
    return this.ended;
  }
}

async function listen(server: HttpServer, deps: Pick<AppDeps, 'host' | 'port'>): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${deps.port} on ${deps.host} is taken. Choose another with PORT.`)
          : error,
      ),
    );
    server.listen(deps.port, deps.host, resolve);
  });
  const { address, family, port } = server.address() as AddressInfo;
  const open = address === '0.0.0.0' || address === '::';
  const host = open ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}`;
}

/** Requests under way may finish; connections that only wait are closed. */
function closeServer(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), 5_000);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
