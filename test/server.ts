import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Zone } from '../connectors/connector.ts';
import { dnsOf } from '../connectors/simulator.ts';
import { createApp } from '../server/app.ts';
import { loadSecretKey } from '../server/channels/secrets.ts';
import { createLog } from '../server/log.ts';

/** The product's server, as server/main.ts starts it, but for what it is given: simulators in the places of providers, and shorter leases. */
interface Options {
  mongoUri: string;
  endpoints: Record<string, string>;
  /** What the domain name system says; absent: nothing of any name. */
  zone?: Zone;
  dataDir: string;
  leaseMs?: number;
  movedAtOnce?: number;
  redisUrl?: string;
  publicUrl?: string;
  host?: string;
  port?: number;
  logLevel?: string;
  /** The built pages. */
  clientDir?: string;
}

async function main(): Promise<void> {
  const argument = process.argv[2];
  if (!argument)
    throw new Error(
      'Give the options as one argument of JSON: {"mongoUri": …, "endpoints": …, "dataDir": …}',
    );
  const options = JSON.parse(argument) as Options;
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const log = createLog({ level: options.logLevel ?? 'warn' });
  let leaving: (code: number) => void = (code) => process.exit(code);
  const app = await createApp({
    mongoUri: options.mongoUri,
    redisUrl: options.redisUrl,
    endpoints: options.endpoints,
    dns: dnsOf(options.zone ?? {}),
    publicUrl: options.publicUrl,
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    ...(options.leaseMs && { leaseMs: options.leaseMs }),
    ...(options.movedAtOnce && { movedAtOnce: options.movedAtOnce }),
    secretKey: loadSecretKey({ secretKey: undefined, dataDir: options.dataDir }),
    clientDir: options.clientDir ?? join(process.cwd(), 'dist', 'client'),
    log,
    onLost: (error) => {
      log.fatal({ err: error }, 'this server ends');
      leaving(1);
    },
  });
  if (app.setUpCode) console.log(`set-up code: ${app.setUpCode}`);
  console.log(`listening ${app.url}`);
  leaving = (code) => {
    void app.close().then(
      () => process.exit(code),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', () => leaving(0));
  process.on('SIGINT', () => leaving(0));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
