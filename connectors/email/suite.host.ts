import type { ConnectorContext, ConnectorError, ListenHost, RawRequest } from '../connector.ts';
import { decodeMail, type MailEnvelope } from './envelope.ts';
import { checkEvery, listen } from './listen.ts';

export interface HeardMail {
  envelope: MailEnvelope;
  raw: Buffer;
  history: boolean;
}

/**
 * A listener's host that keeps the mails it is given as they are. It wakes nobody on its own: what comes in comes because the server
 * said so, unless `ring` is called.
 */
export class Ear implements ListenHost {
  cursor: unknown = null;
  readonly heard: HeardMail[] = [];
  readonly failures: ConnectorError[] = [];
  successes = 0;
  /** What was said to be left of a catch-up, in order. */
  readonly left: (number | null)[] = [];
  /** The next storing fails, once. */
  crash = false;
  /** What the listener ended with. */
  ended: Promise<void> = Promise.resolve();
  private readonly controller = new AbortController();
  readonly signal = this.controller.signal;
  private waiting: { done: () => boolean; resolve: () => void }[] = [];
  private sleepers: (() => void)[] = [];
  /** Rung while nobody slept: the next sleep ends at once. */
  private rung = false;

  /** How much of the time did not have to be waited for. */
  private ahead = 0;
  readonly context: ConnectorContext;

  constructor(context: ConnectorContext) {
    this.context = { ...context, now: () => new Date(context.now().getTime() + this.ahead) };
  }

  /** @param before whose cursor to go on from */
  start(before?: Ear): this {
    this.cursor = before?.cursor ?? this.cursor;
    this.ended = listen(this, this.context);
    this.ended.then(
      () => this.settle(),
      () => this.settle(),
    );
    return this;
  }

  async stop(): Promise<void> {
    this.controller.abort();
    this.ring();
    await this.ended.catch(() => undefined);
  }

  /** As when the time between two checks is over. */
  ring(): void {
    this.rung = this.sleepers.length === 0;
    for (const wake of this.sleepers.splice(0)) wake();
  }

  loadCursor(): Promise<unknown> {
    return Promise.resolve(this.cursor);
  }

  saveCursor(cursor: unknown): Promise<void> {
    this.cursor = JSON.parse(JSON.stringify(cursor));
    return Promise.resolve();
  }

  ingest({ body, history }: Pick<RawRequest, 'body'> & { history?: boolean }): Promise<void> {
    if (this.crash) {
      this.crash = false;
      return Promise.reject(new Error('The server died before it stored this.'));
    }
    const { envelope, raw } = decodeMail(body);
    this.heard.push({ envelope, raw: Buffer.from(raw), history: history ?? false });
    this.settle();
    return Promise.resolve();
  }

  unsettled(): Promise<never[]> {
    return Promise.resolve([]);
  }

  /** The time between two checks ends when it is rung; the patience after a failure ends at once, and its time has gone by. */
  wake(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.signal.aborted) resolve();
      else if (ms === checkEvery && !this.rung) this.sleepers.push(resolve);
      else if (ms === checkEvery) {
        this.rung = false;
        resolve();
      } else {
        this.ahead += ms;
        setImmediate(resolve);
      }
    });
  }

  failing(error: ConnectorError): void {
    this.failures.push(error);
    this.settle();
  }

  async searches(): Promise<[]> {
    return [];
  }

  catchingUp(left: number | null): void {
    this.left.push(left);
  }

  succeeded(): void {
    this.successes += 1;
    this.settle();
  }

  /** Resolves as soon as it holds; rejects with what the listener ended with, if it ends before. */
  async until(done: () => boolean): Promise<void> {
    if (done()) return;
    const held = new Promise<'held'>((resolve) =>
      this.waiting.push({ done, resolve: () => resolve('held') }),
    );
    const outcome = await Promise.race([held, this.ended.then(() => 'ended' as const)]);
    if (outcome === 'ended' && !done()) throw new Error('The listener ended before.');
  }

  /** Settled at least once more than now: what had arrived has been taken. */
  async caughtUp(): Promise<void> {
    const before = this.successes;
    await this.until(() => this.successes > before);
  }

  private settle(): void {
    this.waiting = this.waiting.filter(({ done, resolve }) => {
      if (!done()) return true;
      resolve();
      return false;
    });
  }
}
