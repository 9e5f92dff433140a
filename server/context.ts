import type { Connection } from 'mongoose';
import type { Connector, Dns } from '../connectors/connector.ts';
import type { Bus } from './bus.ts';
import type { SecretBox } from './channels/secrets.ts';
import type { Models } from './db/models.ts';
import type { Files } from './files/files.ts';
import type { Background } from './jobs/background.ts';
import type { Queue } from './jobs/queue.ts';
import type { Log } from './log.ts';

/** What every service is given first: no module-level state, so that two servers can live in one test. */
export interface Context {
  db: Connection;
  models: Models;
  bus: Bus;
  log: Log;
  connectors: Readonly<Record<string, Connector>>;
  /** Connector id → base URL of its provider, only ever through createApp(deps). */
  endpoints: Readonly<Record<string, string>>;
  queue: Queue;
  /** Steps of what nobody waits for, one at a time. */
  background: Background;
  files: Files;
  secrets: SecretBox;
  /** The server's own address as providers and browsers know it, without a slash at its end; null when nobody said. */
  publicUrl?: string | null;
  /** The same where customers can open links to it: it was said, or simulators stand for them on this machine. */
  linkUrl?: string | null;
  /** This process, in leases. */
  nodeId: string;
  /** Life of a lease in milliseconds. */
  leaseMs: number;
  /** How many messages one transaction of an un-merge moves; absent: as many as are good for it. */
  movedAtOnce?: number | undefined;
  now(): Date;
  /** Uniform in [0, 1), from a cryptographic source in production. */
  random(): number;
  uuid(): string;
  fetch: typeof fetch;
  /** The domain name system; a simulator's zone in tests and in the demo. */
  dns: Dns;
}
