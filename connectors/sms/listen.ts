import type { ConnectorContext, ListenHost } from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { KavenegarClient, type Row } from './client.ts';
import { accountRef, pollMs } from './config.ts';

/** Where the listener stands. Times are unix milliseconds. */
interface Cursor {
  /** When the channel began: older messages are none of its business. */
  begin: number;
  /** Everything before it has been reconciled. */
  until: number;
}

const minute = 60_000;
const reconcileEvery = 10 * minute;
/** `inboxpaged` refuses more than two days, counted in whole seconds; the overlap comes on top of this. */
const longestSpan = (2 * 24 * 60 - 10) * minute;
/** Clocks differ, and a message may reach the inbox a little after its own date. */
const overlap = 5 * minute;
const mostUnsettled = 1000;
/** The provider keeps the last word of a message for about two days. */
const unsettledFor = 48 * 60 * minute;
/** Most messages settle within minutes; the rest, phones that are switched off, are asked about more rarely. */
const freshFor = 10 * minute;
const askOldEvery = 5 * minute;

/**
 * Three sources. `receive` is quick and destructive: what it hands out counts as read, so a crash before it is stored would lose it.
 * `inboxpaged` hands out everything again and makes that good: at the start, after a failed poll and every ten minutes, from the
 * last success on. `status` asks about sent messages, for lines without a status push.
 */
export async function listen(host: ListenHost, context: ConnectorContext): Promise<void> {
  const listener = new Listener(host, context);
  await listener.begin();
  let failures = 0;
  let reconcileAt = 0;
  while (!host.signal.aborted) {
    let pause = pollMs(context.settings);
    try {
      if (context.now().getTime() >= reconcileAt) {
        await listener.reconcile();
        reconcileAt = context.now().getTime() + reconcileEvery;
      }
      await listener.receive();
      await listener.askStatuses();
      failures = 0;
      host.succeeded();
    } catch (error) {
      if (host.signal.aborted) return;
      // A key that is refused is the host's business: it pauses the channel and tells somebody.
      if (!(error instanceof ConnectorError) || error.class === 'auth') throw error;
      host.failing(error);
      reconcileAt = 0;
      failures += 1;
      const backOff = Math.min(5 * minute, 1000 * 2 ** Math.min(failures, 10));
      pause = error.retryAt ? error.retryAt.getTime() - context.now().getTime() : backOff;
    }
    await rest(host, context, { pause, evenIfWoken: failures > 0 });
  }
}

/** A push may cut a pause short, but not the one that the provider asked for. */
async function rest(
  host: ListenHost,
  context: ConnectorContext,
  options: { pause: number; evenIfWoken: boolean },
): Promise<void> {
  const end = context.now().getTime() + options.pause;
  do {
    const left = end - context.now().getTime();
    if (left > 0) await host.wake(left);
  } while (options.evenIfWoken && !host.signal.aborted && context.now().getTime() < end);
}

class Listener {
  private readonly client: KavenegarClient;
  private readonly line: string;
  private cursor: Cursor = { begin: 0, until: 0 };
  /** The last status passed on of each unsettled message: a repetition says nothing. Lost with the process, and harmlessly. */
  private readonly known = new Map<string, string>();
  private askOldAt = 0;

  constructor(
    private readonly host: ListenHost,
    private readonly context: ConnectorContext,
  ) {
    this.client = new KavenegarClient(context);
    this.line = accountRef(context.settings);
  }

  private now(): number {
    return this.context.now().getTime();
  }

  /** A new channel begins at the present moment; a minute's grace for the provider's clock, which counts in seconds. */
  async begin(): Promise<void> {
    const saved = readCursor(await this.host.loadCursor());
    if (saved) {
      this.cursor = saved;
      return;
    }
    const begin = this.now() - minute;
    await this.save({ begin, until: begin });
  }

  async receive(): Promise<void> {
    for (let full = true; full && !this.host.signal.aborted; ) {
      const fetched = await this.client.receive({ linenumber: this.line, isread: 0 }, this.host.signal);
      await this.ingest('/receive', this.sinceBegin(fetched));
      full = fetched.length >= 100;
    }
  }

  async reconcile(): Promise<void> {
    const end = this.now();
    for (let from = this.cursor.until; from < end && !this.host.signal.aborted; ) {
      const to = Math.min(end, from + longestSpan);
      await this.reconcileSpan(Math.max(this.cursor.begin, from - overlap), to);
      await this.save({ until: to });
      from = to;
    }
  }

  private async reconcileSpan(from: number, to: number): Promise<void> {
    const seen = new Set<string>();
    for (let pagenumber = 1; !this.host.signal.aborted; pagenumber += 1) {
      const page = await this.client.inboxPaged(
        {
          linenumber: this.line,
          startdate: Math.floor(from / 1000),
          enddate: Math.ceil(to / 1000),
          pagenumber,
        },
        this.host.signal,
      );
      const fresh = page.filter((row) => !seen.has(String(row.messageid)));
      for (const row of fresh) seen.add(String(row.messageid));
      await this.ingest('/inboxpaged', this.sinceBegin(fresh));
      if (page.length < 200 || fresh.length === 0) return;
    }
  }

  private sinceBegin(fetched: Row[]): Row[] {
    const begin = Math.floor(this.cursor.begin / 1000);
    return fetched.filter((row) => !(Number(row.date) < begin));
  }

  async askStatuses(): Promise<void> {
    const since = this.now() - unsettledFor;
    const unsettled = (await this.host.unsettled(mostUnsettled)).filter(
      ({ externalId, sentAt }) => /^\d{1,20}$/.test(externalId) && sentAt.getTime() > since,
    );
    const due = this.dueOf(unsettled);
    for (let start = 0; start < due.length; start += 500) {
      const answer = await this.client.status(due.slice(start, start + 500), this.host.signal);
      const changed = answer.filter((row) => this.changed(row));
      await this.ingest('/status', changed);
      for (const row of changed) this.known.set(String(row.messageid), String(row.status));
    }
    const waiting = new Set(unsettled.map(({ externalId }) => externalId));
    for (const id of this.known.keys()) if (!waiting.has(id)) this.known.delete(id);
  }

  private dueOf(unsettled: { externalId: string; sentAt: Date }[]): string[] {
    const now = this.now();
    const all = now >= this.askOldAt;
    if (all) this.askOldAt = now + askOldEvery;
    return unsettled
      .filter(({ sentAt }) => all || sentAt.getTime() > now - freshFor)
      .map(({ externalId }) => externalId);
  }

  /** "Queued" says no more than the answer to the send did. */
  private changed(row: Row): boolean {
    const status = String(row.status);
    return status !== '1' && status !== '2' && this.known.get(String(row.messageid)) !== status;
  }

  private async ingest(path: string, entries: Row[]): Promise<void> {
    if (entries.length === 0) return;
    const body = new TextEncoder().encode(JSON.stringify({ return: { status: 200 }, entries }));
    try {
      await this.host.ingest({ path, method: 'POST', body });
    } catch (cause) {
      // Not an error of the provider's, so not caught above: the listener ends, and its successor begins with a reconciliation.
      throw new Error('What was fetched could not be stored.', { cause });
    }
  }

  private async save(change: Partial<Cursor>): Promise<void> {
    this.cursor = { ...this.cursor, ...change };
    await this.host.saveCursor(this.cursor);
  }
}

function readCursor(saved: unknown): Cursor | null {
  if (saved === null || typeof saved !== 'object') return null;
  const { begin, until } = saved as Partial<Record<keyof Cursor, unknown>>;
  return typeof begin === 'number' && typeof until === 'number' ? { begin, until } : null;
}
