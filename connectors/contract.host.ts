import type {
  Connector,
  ConnectorContext,
  ConnectorError,
  InboundEvent,
  ListenHost,
  RawEvent,
  RawRequest,
  Simulator,
} from './connector.ts';
import { dnsOf } from './simulator.ts';

/** What the contract suite offers a connector in place of the server: real sockets, no database. */
export function contextOf(
  simulator: Pick<Simulator, 'endpoint' | 'settings' | 'zone'>,
  change: Partial<ConnectorContext> = {},
): ConnectorContext {
  const files = new Map<string, Uint8Array>();
  return {
    channelId: 'channel-under-test',
    settings: simulator.settings,
    log: { info: () => undefined, warn: () => undefined },
    fetch,
    now: () => new Date(),
    endpoint: simulator.endpoint,
    dns: dnsOf(simulator.zone ?? {}),
    async *openFile(id) {
      yield files.get(id) ?? new TextEncoder().encode(`content of ${id}`);
    },
    ...change,
  };
}

/** A listener's host that keeps what it is given; `crash` makes the next storing fail, once. */
export class TestHost implements ListenHost {
  cursor: unknown = null;
  readonly stored = new Map<string, RawEvent>();
  readonly failures: ConnectorError[] = [];
  successes = 0;
  crash = false;
  readonly sent: { externalId: string; sentAt: Date }[] = [];
  private changes = 0;
  private readonly controller = new AbortController();
  readonly signal = this.controller.signal;
  private waiting: { done: () => boolean; resolve: () => void }[] = [];

  constructor(
    private readonly connector: Connector,
    readonly context: ConnectorContext,
    before?: TestHost,
  ) {
    if (!before) return;
    this.cursor = before.cursor;
    for (const [key, event] of before.stored) this.stored.set(key, event);
  }

  stop(): void {
    this.controller.abort();
  }

  loadCursor(): Promise<unknown> {
    return Promise.resolve(this.cursor);
  }

  saveCursor(cursor: unknown): Promise<void> {
    this.cursor = JSON.parse(JSON.stringify(cursor));
    return Promise.resolve();
  }

  ingest(raw: Pick<RawRequest, 'body'> & Partial<RawRequest>): Promise<void> {
    if (this.crash) {
      this.crash = false;
      return Promise.reject(new Error('The server died before it stored this.'));
    }
    const whole: RawRequest = { source: 'listen', method: 'POST', path: '/', query: {}, headers: {}, ...raw };
    for (const event of this.connector.split(whole, this.context.settings).events) {
      const key = `${event.accountRef} ${event.eventKey}`;
      if (!this.stored.has(key)) this.stored.set(key, event);
    }
    this.settle();
    return Promise.resolve();
  }

  /** What the test sent and nothing final was heard of: as the server knows it from its messages. */
  async unsettled(): Promise<{ externalId: string; sentAt: Date }[]> {
    const settled = new Set(
      (await this.meanings()).flatMap((event) =>
        event.type === 'status' && event.state !== 'sent' ? [event.externalId] : [],
      ),
    );
    return this.sent.filter(({ externalId }) => !settled.has(externalId));
  }

  /** What all that is stored means, in the order in which it came. */
  async meanings(settings = this.context.settings): Promise<InboundEvent[]> {
    const stored = [...this.stored.values()];
    return (await Promise.all(stored.map(async (event) => this.connector.inbound(event, settings)))).flat();
  }

  wake(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(ms, 10));
      this.signal.addEventListener('abort', wake);
    });
  }

  failing(error: ConnectorError): void {
    this.failures.push(error);
    this.settle();
  }

  catchingUp(): void {}

  /** What saved searches look for. */
  looksFor: { terms: string[]; exclude: string[] }[] = [];

  async searches(): Promise<{ terms: string[]; exclude: string[] }[]> {
    return this.looksFor;
  }

  succeeded(): void {
    this.successes += 1;
    this.settle();
  }

  /** Resolves as soon as it holds; never by the clock. */
  until(done: () => boolean): Promise<void> {
    if (done()) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ done, resolve }));
  }

  /** The same for what takes a moment to find out. */
  async untilIt(done: () => Promise<boolean>): Promise<void> {
    for (;;) {
      const seen = this.changes;
      if (await done()) return;
      await this.until(() => this.changes > seen);
    }
  }

  private settle(): void {
    this.changes += 1;
    this.waiting = this.waiting.filter(({ done, resolve }) => {
      if (!done()) return true;
      resolve();
      return false;
    });
  }
}
