import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Zone } from '../connectors/connector.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const bundles = new Map<string, Promise<string>>();
const removeBundles = () => {
  for (const entry of bundles.keys()) rmSync(bundleOf(entry), { force: true });
};
process.once('exit', removeBundles);
// A worker of the tests is ended by this signal.
process.once('SIGTERM', () => {
  removeBundles();
  process.kill(process.pid, 'SIGTERM');
});

const bundleOf = (entry: string) =>
  `${root}node_modules/.cache/yekja/${entry.replace(/[/.]/g, '-')}-${process.pid}.mjs`;

/**
 * Bundles a TypeScript entry so that restarting it costs a fraction of a second; packages stay where they are. Made once in a
 * process, and gone with it.
 */
export function bundle(entry: string): Promise<string> {
  const made = bundles.get(entry) ?? makeBundle(entry);
  bundles.set(entry, made);
  return made;
}

async function makeBundle(entry: string): Promise<string> {
  const outfile = bundleOf(entry);
  await mkdir(`${root}node_modules/.cache/yekja`, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'error',
  });
  return outfile;
}

export interface ServerOptions {
  mongoUri: string;
  endpoints: Record<string, string>;
  /** What the domain name system says; absent: nothing of any name. */
  zone?: Zone;
  dataDir: string;
  leaseMs: number;
  /** How many messages one transaction of an un-merge moves. */
  movedAtOnce?: number;
  redisUrl?: string;
  /** The built pages; else those in dist/. */
  clientDir?: string;
  /** 0: any free port. */
  port?: number;
}

/** One server process of the product, as test/server.ts starts it. */
export class ServerProcess {
  private readonly entry: string;
  private readonly options: ServerOptions;
  private readonly args: string[] | undefined;
  private child: ChildProcess | null = null;
  /** Everything it printed, for the report of a failure. */
  output = '';
  url = '';

  /** @param args instead of the options as JSON, for an entry that is not test/server.ts */
  constructor(entry: string, options: ServerOptions, args?: string[]) {
    this.entry = entry;
    this.options = options;
    this.args = args;
  }

  /** Resolves with its URL once it serves. A restarted server comes back on the same port. */
  async start(): Promise<string> {
    const options = {
      ...this.options,
      port: this.url ? Number(new URL(this.url).port) : (this.options.port ?? 0),
    };
    const child = spawn(
      process.execPath,
      ['--enable-source-maps', this.entry, ...(this.args ?? [JSON.stringify(options)])],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, NODE_ENV: 'test' },
      },
    );
    this.child = child;
    const from = this.output.length;
    await new Promise<void>((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        this.output += String(chunk);
        const found = /listening (http:\S+)/.exec(this.output.slice(from));
        if (found?.[1]) {
          this.url = found[1];
          resolve();
        }
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.on('error', reject);
      child.on('exit', (code, signal) =>
        reject(
          new Error(`The server ended (${signal ?? code}) before it served:\n${this.output.slice(from)}`),
        ),
      );
    });
    return this.url;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  get setUpCode(): string {
    const code = /set-up code:?\s+(\S+)/i.exec(this.output)?.[1];
    if (!code) throw new Error(`The server printed no set-up code:\n${this.output}`);
    return code;
  }

  /** kill -9; resolves once it is gone. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** Resolves once it has closed everything by itself. */
  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }
}
