import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../shared/errors.ts';
import { createApp } from './app.ts';
import { loadSecretKey } from './channels/secrets.ts';
import { ensureMongo, keepMongo } from './db/embedded/process/launcher.ts';
import { backup } from './db/embedded/store/backup.ts';
import { readEnv } from './env.ts';
import { createLog } from './log.ts';

/** The built client beside the bundle, or where a build of this tree puts it. */
const clientDir = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/client' : '../client', import.meta.url),
);

async function main(): Promise<void> {
  const env = readEnv();
  const log = createLog({ level: env.logLevel });
  const launch = {
    dataDir: env.dataDir,
    log: (line: string) => log.info({ part: 'database' }, line),
  };
  const engine = env.mongoUri ? null : await ensureMongo(launch);
  const secretKey = loadSecretKey({ secretKey: env.secretKey, dataDir: env.dataDir });
  let leaving: (code: number) => void = (code) => process.exit(code);
  const onLost = (error: Error) => {
    log.fatal({ err: error }, 'this server ends');
    leaving(1);
  };
  const letGo = engine ? keepMongo({ ...launch, onFailed: onLost }) : () => undefined;
  const app = await createApp({
    mongoUri: env.mongoUri ?? engine?.uri ?? '',
    redisUrl: env.redisUrl,
    publicUrl: env.publicUrl,
    host: env.host,
    port: env.port,
    trustProxy: env.trustProxy,
    secretKey,
    clientDir,
    log,
    onLost,
    ...(engine && {
      beforeMigration: async () => {
        const target = join(env.dataDir, 'backups', new Date().toISOString().replace(/[:.]/g, '-'));
        const { bytes } = await backup(env.dataDir, target);
        log.info({ target, bytes }, 'the data was backed up before it is changed');
      },
    }),
  });

  let left = false;
  leaving = (code) => {
    // Asked twice, somebody is in a hurry: every part of the data is safe at any moment.
    if (left) process.exit(1);
    left = true;
    letGo();
    void app.close().then(
      () => process.exit(code),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', () => leaving(0));
  process.on('SIGINT', () => leaving(0));

  // Said when it is ready to be told to end, too.
  console.log(`Yekja is listening ${app.url}`);
  if (app.setUpCode)
    console.log(`\nFirst run: open ${app.url} and enter this set-up code: ${app.setUpCode}\n`);
}

main().catch((error: unknown) => {
  const known = error instanceof AppError || error instanceof Error;
  console.error(known ? error.message : String(error));
  process.exit(1);
});
