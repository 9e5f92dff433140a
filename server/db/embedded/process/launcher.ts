import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { uriOf } from '../engine.ts';
import { answers } from './claim.ts';
import { makeFolder } from './folder.ts';

export interface LaunchOptions {
  /** The data folder, for instance ./data/main. */
  dataDir: string;
  /** Takes what the engine says. */
  log(line: string): void;
  /** The engine's program; by default main.ts beside this file, or engine.js beside the bundle. */
  entry?: string;
  /** By default a path in the system's folder for temporary files, made from the data folder's own. */
  socket?: string;
}

export interface Launched {
  /** For mongoose.connect. */
  uri: string;
  /** Ends the engine; only if this process has started it. */
  stop?(): Promise<void>;
}

/** The socket of a data folder: short, in a folder of this user alone. */
export function socketOf(dataDir: string): string {
  makeFolder(dataDir);
  const name = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 16);
  return path.join(tmpdir(), `yekja-${userInfo().uid}`, `${name}.sock`);
}

/** Attaches to the engine of a data folder, or starts one: a process of its own, which leaves 10 s after its last client. */
export async function ensureMongo(options: LaunchOptions): Promise<Launched> {
  const dataDir = path.resolve(options.dataDir);
  const socket = options.socket ?? socketOf(dataDir);
  if (await answers(socket)) return { uri: uriOf(socket) };
  const entry = options.entry ?? defaultEntry();
  const child = spawn(process.execPath, [...loader(entry), entry, '--path', dataDir, '--socket', socket], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { state, uri } = await firstWords(child, options.log);
  child.unref();
  for (const stream of [child.stdout, child.stderr])
    (stream as unknown as { unref?(): void } | null)?.unref?.();
  if (state === 'running') return { uri };
  options.log(`the embedded database engine started (process ${child.pid}) on ${dataDir}`);
  return { uri, stop: () => stop(child) };
}

/** How often an engine is looked for that should be there. */
const lookEveryMs = 2_000;

/**
 * Looks after the engine of a data folder for as long as a server lives: one that died is started again, on the same socket, where
 * clients find it by themselves. @returns ends it
 */
export function keepMongo(options: LaunchOptions & { onFailed(error: Error): void }): () => void {
  let looking = false;
  let ended = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    ensureMongo(options)
      .catch((error: Error) => {
        if (!ended) options.onFailed(error);
      })
      .finally(() => {
        looking = false;
      });
  }, lookEveryMs);
  timer.unref();
  return () => {
    ended = true;
    clearInterval(timer);
  };
}

function defaultEntry(): string {
  const here = fileURLToPath(import.meta.url);
  return path.join(path.dirname(here), here.endsWith('.ts') ? 'main.ts' : 'engine.js');
}

/** A program in TypeScript is started through tsx. */
function loader(entry: string): string[] {
  if (!entry.endsWith('.ts')) return [];
  return ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
}

/** Waits until the engine says where it serves, or that another does. */
function firstWords(
  child: ChildProcess,
  log: (line: string) => void,
): Promise<{ state: string; uri: string }> {
  return new Promise((resolve, reject) => {
    let out = '';
    let complaint = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      const found = /^(listening|running) (mongodb:\S+)$/m.exec(out);
      if (found) resolve({ state: found[1]!, uri: found[2]! });
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-4000);
      for (const line of text.split('\n')) if (line.trim() !== '') log(line);
    });
    child.on('error', (error) =>
      reject(new Error(`the embedded database engine cannot be started: ${error.message}`)),
    );
    child.on('close', (code, signal) => {
      const damaged = signal !== null && ['SIGBUS', 'SIGSEGV', 'SIGABRT'].includes(signal);
      const advice = damaged ? '; its file may be damaged: npm run db -- check, or restore a backup' : '';
      const why = complaint.trim() || `it ended with ${signal ?? `code ${code}`} and said nothing${advice}`;
      reject(new Error(`the embedded database engine did not start: ${why}`));
    });
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.ref();
    child.once('close', () => resolve());
    child.kill('SIGTERM');
  });
}
