import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBridge } from './peer.bridge.ts';

/**
 * `npm run peer -- COMMAND…`: runs a command with MONGODB_URI naming SecantusDB, a server of others that speaks MongoDB's protocol,
 * started for it and ended after it. Without a command it serves until it is told to stop. The Python package is installed at
 * exactly the versions of peer.requirements.txt. `--plain` first: without the bridge over its fault (peer.bridge.ts), as a comparison
 * of servers wants it.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const requirements = `${root}test/peer.requirements.txt`;

/** The last words of a program are the ones that say what went wrong. */
const lastLines = (text: string): string => text.trim().split('\n').slice(-6).join('\n');

interface Ended {
  code: number | null;
  output: string;
}

function run(program: string, args: string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += String(chunk);
      });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** PYTHON, or python3: 3.11 or newer. */
async function python(): Promise<string> {
  const program = process.env.PYTHON || 'python3';
  const asked = await run(program, ['-c', 'import sys, venv, ensurepip; print(*sys.version_info[:2])']).catch(
    (error: Error) => {
      throw new Error(
        `${program} cannot be started (${error.message}). The peer needs Python 3.11 or newer; PYTHON=… names another.`,
      );
    },
  );
  if (asked.code !== 0)
    throw new Error(
      `${program} cannot make an environment of its own; on Debian: apt-get install python3-venv.\n${lastLines(asked.output)}`,
    );
  const [major = 0, minor = 0] = asked.output.trim().split(' ').map(Number);
  if (major < 3 || (major === 3 && minor < 11))
    throw new Error(
      `${program} is Python ${major}.${minor}; the peer needs 3.11 or newer: PYTHON=… names another.`,
    );
  return program;
}

/** @returns the program, installed once for each state of the requirements */
async function install(): Promise<string> {
  const pinned = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(root, 'node_modules/.cache/yekja', `peer-${pinned}`);
  const whole = join(folder, 'installed');
  const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
  if (existsSync(whole)) return join(bin, 'secantusd-py');
  const program = await python();
  console.error('installing the peer, once');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const made = await run(program, ['-m', 'venv', folder]);
  if (made.code !== 0) throw new Error(`${program} -m venv failed:\n${lastLines(made.output)}`);
  const pip = [
    '-m',
    'pip',
    'install',
    '--disable-pip-version-check',
    '--no-deps',
    '--requirement',
    requirements,
  ];
  const installed = await run(join(bin, 'python'), pip);
  if (installed.code !== 0)
    throw new Error(
      `The peer could not be installed: is Python's package registry within reach?\n${lastLines(installed.output)}`,
    );
  await writeFile(whole, '');
  return join(bin, 'secantusd-py');
}

/** Keeps nothing, on a free port of loopback. Resolves once it serves. */
function start(program: string): Promise<{ port: number; child: ChildProcess }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['--host', '127.0.0.1', '--port', '0', '--storage-path', ':memory:'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output = (output + String(chunk)).slice(-10_000);
        const port = /listening on 127\.0\.0\.1:(\d+)/.exec(output)?.[1];
        if (port) resolve({ port: Number(port), child });
      });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const words = `The peer ended (${signal ?? code})`;
      reject(new Error(`${words} before it served:\n${lastLines(output)}`));
      // A command that is running says by itself that its database is gone, and not why.
      if (!child.killed) console.error(`${words}:\n${lastLines(output)}`);
    });
  });
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('close', () => resolve());
    child.kill('SIGTERM');
  });
}

/** @returns its exit code */
function command([program = '', ...args]: string[], uri: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, MONGODB_URI: uri },
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    child.on('error', (error) => reject(new Error(`${program} cannot be started: ${error.message}`)));
    child.on('close', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}

async function main(): Promise<number> {
  const { port, child } = await start(await install());
  const plain = process.argv[2] === '--plain';
  const bridge = plain ? null : await startBridge(port);
  const uri = bridge?.uri ?? `mongodb://127.0.0.1:${port}/?directConnection=true`;
  try {
    const given = process.argv.slice(plain ? 3 : 2);
    if (given.length) return await command(given, uri);
    console.log(`listening ${uri}`);
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
      child.once('close', () => resolve());
    });
    return 0;
  } finally {
    await bridge?.close();
    await end(child);
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
