import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The process ended before it served; the message holds what it had said. */
export class EndedEarly extends Error {}

/** The embedded engine as its own process, as production starts it: durable, on a unix socket. */
export class EngineProcess {
  private readonly program: string;
  private readonly args: string[];
  private child: ChildProcess | undefined;
  private said = '';
  uri = '';

  /** @param program the bundled server/db/embedded/process/main.ts */
  constructor(program: string, { dir, socket }: { dir: string; socket: string }) {
    this.program = program;
    this.args = ['--path', dir, '--socket', socket];
  }

  /**
   * Starts it; resolves with its URI once it serves.
   * @throws EndedEarly when it ended before that, be it by `kill`
   */
  start(): Promise<string> {
    const child = spawn(process.execPath, [this.program, ...this.args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.said = '';
    return new Promise((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        this.said = (this.said + String(chunk)).slice(-20_000);
        const found = /^listening (mongodb:\S+)$/m.exec(this.said);
        if (!found?.[1]) return;
        this.uri = found[1];
        resolve(this.uri);
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.on('error', reject);
      child.on('close', (code, signal) =>
        reject(
          new EndedEarly(`the engine ended (${signal ?? code}) before it served: ${this.said || 'no word'}`),
        ),
      );
    });
  }

  get running(): boolean {
    const { child } = this;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  get output(): string {
    return this.said;
  }

  /** kill -9; resolves once it is gone. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** Resolves once it has closed everything by itself. */
  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || !this.running) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  /** Megabytes of memory as Linux counts them: the process's own, and pages of the mapped file. */
  memory(): { own: number; mapped: number } {
    const status = readFileSync(`/proc/${this.child?.pid}/status`, 'utf8');
    const megabytes = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
    return { own: megabytes('RssAnon'), mapped: megabytes('RssFile') };
  }
}
