import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type RunningEngine, startEngine } from '../db/embedded/engine.ts';
import { prepareFolder } from '../db/embedded/process/folder.ts';
import { socketOf } from '../db/embedded/process/launcher.ts';
import { backup, openExisting, restore } from '../db/embedded/store/backup.ts';
import { compact } from '../db/embedded/store/compact.ts';
import { verify } from '../db/embedded/store/verify.ts';
import { exportTo } from '../db/transfer/export.ts';
import { importFrom } from '../db/transfer/import.ts';
import type { Transferred } from '../db/transfer/transfer.ts';

const USAGE = `npm run db -- check                     is every document in its indexes, and every entry's document there?
npm run db -- backup DIR [--replace]    copy a consistent state into DIR, while the program may be running;
                                        --replace: in the place of the backup there, once the new one is whole
npm run db -- restore DIR [--force]     put the backup in DIR in the place of the data; --force: where there is some
npm run db -- compact                   give free room back to the disk, while the program is stopped
npm run db -- export --to ADDRESS       copy everything to a MongoDB replica set, while the program may be running:
                                        one moment of the data is copied first, as large as the data, and sent.
                                        Killed or cut off, the same command goes on. At the end every byte is compared
    --overwrite                         also where the target has data: its databases become equal to this data
    --temporary DIR                     where the copy of the moment lies meanwhile (else in the data folder)
npm run db -- import --from ADDRESS     fill an empty data folder from a MongoDB that nobody writes to meanwhile;
                                        the same command goes on, and the data is there when all of it is
    --db NAME                           export, import: this database only
    --leave-out NAME                    export, import: all but db.collection, or db.collection:index (several times)
npm run db -- --port N                  serve the data alone on 127.0.0.1, for any MongoDB client (0: any free port)
npm run db -- --socket PATH             the same on a unix socket; with --path alone, on the data folder's own
    --test-commands                     take fail points, as tests of clients need them

--path DIR names the data folder, else it is ./data/main. ADDRESS is mongodb://…; - reads it from the standard input, so
that no password stands in the list of processes. No other network is used than what ADDRESS or --port names.`;

const DEFAULT_PATH = './data/main';

const OPTIONS = {
  apart: { type: 'boolean' },
  db: { type: 'string' },
  force: { type: 'boolean' },
  from: { type: 'string' },
  help: { type: 'boolean' },
  'leave-out': { type: 'string', multiple: true },
  overwrite: { type: 'boolean' },
  path: { type: 'string' },
  port: { type: 'string' },
  replace: { type: 'boolean' },
  socket: { type: 'string' },
  temporary: { type: 'string' },
  'test-commands': { type: 'boolean' },
  to: { type: 'string' },
} as const;

type Options = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

interface Task {
  dir: string;
  /** The word after the command. */
  folder: string | undefined;
  options: Options;
}

interface Command {
  /** Options it takes beside --path. */
  takes: (keyof Options)[];
  /** It takes a folder. */
  folder?: true;
  run(task: Task): Promise<void>;
}

const say = (line: string) => console.log(line);

async function check({ dir }: Task): Promise<void> {
  const store = openExisting(dir);
  const { collections, documents, entries, faults } = verify(store, say);
  await store.close();
  for (const fault of faults) console.error(`wrong: ${fault}`);
  if (faults.length > 0) throw new Error(`${dir} is not sound: ${faults.length} faults`);
  say(`${dir} is sound: collections ${collections} documents ${documents} index entries ${entries}`);
}

async function makeBackup({ dir, folder, options }: Task): Promise<void> {
  if (!folder) throw new Error('backup needs the folder to copy to: npm run db -- backup DIR');
  say(`copying ${dir} to ${folder}`);
  const { file, bytes } = await backup(dir, path.resolve(folder), { replace: options.replace === true });
  say(
    `backup written: ${file}, ${bytes} bytes. The key of secrets (secret.key) is not in it: keep it apart.`,
  );
}

async function putBack({ dir, folder, options }: Task): Promise<void> {
  if (!folder) throw new Error('restore needs the folder of the backup: npm run db -- restore DIR');
  const force = options.force === true;
  const { collections, documents } = await restore({ from: path.resolve(folder), dir, force, progress: say });
  say(`${dir} restored: collections ${collections} documents ${documents}`);
}

async function makeSmaller({ dir }: Task): Promise<void> {
  const { before, after } = await compact(dir, say);
  say(`${dir} compacted: bytes before ${before} after ${after}`);
}

/** An address of the command line, or the first line of the standard input. */
function addressFrom(given: string | undefined, missing: string): string {
  const address = given === '-' ? readFileSync(0, 'utf8').split('\n')[0]?.trim() : given;
  if (!address) throw new Error(missing);
  return address;
}

const told = ({ databases, collections, documents, indexes }: Transferred) =>
  `databases ${databases} collections ${collections} documents ${documents} indexes ${indexes}`;

async function moveOut({ dir, options }: Task): Promise<void> {
  const to = addressFrom(
    options.to,
    'export needs the address of a MongoDB: npm run db -- export --to mongodb://user:password@host:27017/?replicaSet=rs0',
  );
  const done = await exportTo({
    dir,
    to,
    only: options.db,
    leaveOut: options['leave-out'] ?? [],
    overwrite: options.overwrite === true,
    temporary: options.temporary && path.resolve(options.temporary),
    say,
  });
  say(`exported and compared: ${told(done)}. The key of secrets (secret.key) is not in it: keep it.`);
}

async function moveIn({ dir, options }: Task): Promise<void> {
  const from = addressFrom(
    options.from,
    'import needs the address of a MongoDB: npm run db -- import --from mongodb://user:password@host:27017/',
  );
  const done = await importFrom({ dir, from, only: options.db, leaveOut: options['leave-out'] ?? [], say });
  say(`imported and compared: ${told(done)}`);
}

/** Serves until it is told to stop. */
async function serve({ dir, options }: Task): Promise<void> {
  const { port: given, socket } = options;
  if (given !== undefined && socket !== undefined) throw new Error('give --port or --socket, not both');
  const port = given === undefined ? undefined : Number(given);
  if (port !== undefined && (given?.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535))
    throw new Error(`--port ${given} is no port: a whole number from 0 to 65535`);
  prepareFolder(dir);
  const place = port === undefined ? { socket: socket ? path.resolve(socket) : socketOf(dir) } : { port };
  const testCommands = options['test-commands'] === true;
  let running: RunningEngine | undefined;
  const stop = () => {
    if (running) running.close().then(() => process.exit(0), fail);
    else process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  running = await startEngine({ path: dir, ...place, testCommands });
  running.engine.store.onSuperseded = () => fail(new Error(`another engine has taken over ${dir}`));
  say(`listening ${running.uri}`);
}

const COMMANDS: Record<string, Command> = {
  check: { takes: [], run: check },
  backup: { takes: ['replace'], folder: true, run: makeBackup },
  restore: { takes: ['force'], folder: true, run: putBack },
  compact: { takes: [], run: makeSmaller },
  export: { takes: ['to', 'db', 'leave-out', 'overwrite', 'temporary'], run: moveOut },
  import: { takes: ['from', 'db', 'leave-out'], run: moveIn },
};

const SERVE: Command = { takes: ['port', 'socket', 'test-commands'], run: serve };

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
      if (signal === 'SIGBUS' || signal === 'SIGSEGV' || signal === 'SIGABRT')
        return reject(
          new Error(
            `${command} came upon a damaged file (${signal}): it was cut off, or is no whole copy. If it is the store of ${dir}, move it away and put a backup in its place: npm run db -- restore DIR`,
          ),
        );
      if (signal) return reject(new Error(`${command} was ended by ${signal}`));
      process.exitCode = code ?? 1;
      resolve();
    });
  });
}

/** In the process apart: ends tidily when told to, taking away what lies about for the time of the work only. */
function endWhenTold(command: string): void {
  const end = () => fail(new Error(`${command} was stopped before it was done`));
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

function parsed(): { options: Options; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
    return { options: values, positionals };
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${USAGE}`);
  }
}

async function main(): Promise<void> {
  const { options, positionals } = parsed();
  if (options.help) return say(USAGE);
  const [name, folder, ...more] = positionals;
  const given = (Object.keys(options) as (keyof Options)[]).filter((one) => one !== 'apart');
  if (name === undefined && given.length === 0) throw new Error(USAGE);
  const command = name === undefined ? SERVE : Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new Error(`db does not know '${name}'\n${USAGE}`);
  const strange = given.find((one) => one !== 'path' && !command.takes.includes(one));
  if (strange) throw new Error(`--${strange} says nothing to ${name ?? 'serving'}: npm run db -- --help`);
  const surplus = command.folder ? more : [folder, ...more].filter((one) => one !== undefined);
  if (surplus.length > 0) throw new Error(`too many words: ${surplus.join(' ')}\n${USAGE}`);
  if (options.path === '') throw new Error('--path is empty: it names the data folder');
  const dir = path.resolve(options.path ?? DEFAULT_PATH);
  if (name !== undefined && !options.apart) return apart(name, dir);
  if (name !== undefined) endWhenTold(name);
  return command.run({ dir, folder, options });
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

main().catch(fail);
