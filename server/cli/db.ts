import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startEngine } from '../db/embedded/engine.ts';
import { backup, openExisting, restore } from '../db/embedded/store/backup.ts';
import { verify } from '../db/embedded/store/verify.ts';

const USAGE = `npm run db -- check [--path DIR]            is every document in its indexes, and every entry's document there?
npm run db -- backup DIR [--path DIR]        copy a consistent state into DIR, while the program may be running
npm run db -- restore DIR [--path DIR] [--force]   put the backup in DIR in the place of the data
npm run db -- --path DIR --port N            serve the data alone, for any MongoDB client (0: any free port)
The data folder is ./data/main unless --path says otherwise.`;

const DEFAULT_PATH = './data/main';

interface Options {
  path?: string | undefined;
  port?: string | undefined;
  force?: boolean | undefined;
}

const say = (line: string) => console.log(line);

async function check(dir: string): Promise<void> {
  const store = openExisting(dir);
  const { collections, documents, entries, faults } = verify(store, say);
  await store.close();
  for (const fault of faults) console.error(`wrong: ${fault}`);
  if (faults.length > 0) throw new Error(`${dir} is not sound: ${faults.length} faults`);
  say(`${dir} is sound: collections ${collections} documents ${documents} index entries ${entries}`);
}

async function makeBackup(dir: string, target: string | undefined): Promise<void> {
  if (!target) throw new Error('backup needs the folder to copy to: npm run db -- backup DIR');
  say(`copying ${dir} to ${target}`);
  const { file, bytes } = await backup(dir, path.resolve(target));
  say(
    `backup written: ${file}, ${bytes} bytes. The key of secrets (secret.key) is not in it: keep it apart.`,
  );
}

async function putBack(dir: string, from: string | undefined, force: boolean): Promise<void> {
  if (!from) throw new Error('restore needs the folder of the backup: npm run db -- restore DIR');
  const { collections, documents } = await restore({ from: path.resolve(from), dir, force, progress: say });
  say(`${dir} restored: collections ${collections} documents ${documents}`);
}

/** Serves until it is told to stop. */
async function serve(dir: string, given: string | undefined): Promise<void> {
  const port = Number(given ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port ${given} is no port: a whole number from 0 to 65535`);
  const running = await startEngine({ path: dir, port });
  const stop = () => void running.close().then(() => process.exit(0), fail);
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  running.engine.store.onSuperseded = () => fail(new Error(`another engine has taken over ${dir}`));
  say(`listening ${running.uri}`);
}

/**
 * Does a command in a process of its own: the system ends whoever reads a map of a file that was cut off, and somebody must be left
 * to say so.
 */
function apart(command: string, dir: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1), '--apart'], {
      stdio: 'inherit',
    });
    const stop = () => child.kill('SIGTERM');
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal === 'SIGBUS' || signal === 'SIGSEGV')
        return reject(
          new Error(
            `${command} came upon a damaged file (${signal}): it was cut off, or is no whole copy. If it is the store of ${dir}, move it away and put a backup in its place: npm run db -- restore DIR`,
          ),
        );
      process.exitCode = code ?? 1;
      resolve();
    });
  });
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      apart: { type: 'boolean' },
      path: { type: 'string' },
      port: { type: 'string' },
      force: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return say(USAGE);
  const options: Options = values;
  const dir = path.resolve(options.path ?? DEFAULT_PATH);
  const [command, folder, ...more] = positionals;
  if (more.length > 0) throw new Error(`too many words: ${more.join(' ')}\n${USAGE}`);
  if (command !== undefined && ['check', 'backup', 'restore'].includes(command) && !values.apart)
    return apart(command, dir);
  if (command === 'check') return check(dir);
  if (command === 'backup') return makeBackup(dir, folder);
  if (command === 'restore') return putBack(dir, folder, options.force === true);
  if (command === undefined && (options.port !== undefined || options.path !== undefined))
    return serve(dir, options.port);
  throw new Error(command === undefined ? USAGE : `db does not know '${command}'\n${USAGE}`);
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

main().catch(fail);
