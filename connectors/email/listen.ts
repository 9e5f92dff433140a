import type { ConnectorContext, ListenHost } from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { type Mailbox, openMailbox } from './client.ts';
import { accountRef, mailFolder } from './config.ts';
import { type Cursor, place, readCursor } from './listen.cursor.ts';
import { Fetcher } from './listen.fetch.ts';

const minute = 60_000;
/** Between two words of the server: well under the 29 minutes after which it may hang up (RFC 2177), and under most routers' patience. */
export const checkEvery = 2 * minute;
const longestBackOff = 5 * minute;
const noopMs = 30_000;

/**
 * A connection at a time: signs in, takes what is new, then lets the server call (IDLE) and asks every two minutes besides. What
 * breaks ends the connection, and the next begins where the cursor stands. The folder is opened for reading only: nothing in it is
 * marked, and what people read with their own programs is no less new.
 */
export async function listen(host: ListenHost, context: ConnectorContext): Promise<void> {
  accountRef(context.settings);
  const fetcher = new Fetcher(host, context);
  let failures = 0;
  while (!host.signal.aborted) {
    try {
      await connection(host, context, {
        fetcher,
        succeeded: () => {
          failures = 0;
          host.succeeded();
        },
      });
    } catch (error) {
      if (host.signal.aborted) return;
      // What a person must mend is the host's business: it says so, and pauses the channel when it is the password.
      if (!(error instanceof ConnectorError) || error.class === 'auth' || error.class === 'permanent')
        throw error;
      host.failing(error);
      failures += 1;
      await rest(host, context, { error, failures });
    }
  }
}

async function connection(
  host: ListenHost,
  context: ConnectorContext,
  options: { fetcher: Fetcher; succeeded: () => void },
): Promise<void> {
  const mailbox = await openMailbox(context, host.signal);
  try {
    const news = new News(mailbox);
    const box = await mailbox.call((client) =>
      client.mailboxOpen(mailFolder(context.settings), { readOnly: true }),
    );
    let cursor = await start(host, context, {
      mailbox,
      uidValidity: Number(box.uidValidity),
      uidNext: box.uidNext,
    });
    while (!host.signal.aborted) {
      news.heard();
      cursor = await options.fetcher.catchUp(mailbox, cursor);
      options.succeeded();
      if (await news.arrived(host)) continue;
      // Ends IDLE, tells of what the server kept to itself, and finds out whether it is still there.
      await mailbox.call((client) => client.noop(), noopMs);
    }
  } finally {
    mailbox.close();
  }
}

async function start(
  host: ListenHost,
  context: ConnectorContext,
  found: { mailbox: Mailbox; uidValidity: number; uidNext: number },
): Promise<Cursor> {
  const saved = readCursor(await host.loadCursor());
  const cursor = await place(saved, { ...found, settings: context.settings, now: context.now() });
  if (JSON.stringify(cursor) !== JSON.stringify(saved)) await host.saveCursor(cursor);
  return cursor;
}

/** Whether the server said that something arrived since it was last asked. */
class News {
  private said = false;
  private tell: () => void = () => undefined;

  constructor(private readonly mailbox: Mailbox) {
    // Of an expunge too: it may be told together with an arrival that leaves the count as it was.
    for (const event of ['exists', 'expunge'])
      mailbox.client.on(event, () => {
        this.said = true;
        this.tell();
      });
  }

  /** What is asked for now covers all that was said so far. */
  heard(): void {
    this.said = false;
  }

  /** Waits for the server, for `checkEvery`, or for the end. */
  async arrived(host: ListenHost): Promise<boolean> {
    const { mailbox } = this;
    if (this.said) return true;
    const told = new Promise<void>((resolve) => {
      this.tell = resolve;
    });
    // Ends with the next command, or with the connection: what went wrong that command says.
    mailbox.client.idle().catch(() => undefined);
    await Promise.race([told, mailbox.gone, host.wake(checkEvery)]);
    return this.said;
  }
}

async function rest(
  host: ListenHost,
  context: ConnectorContext,
  { error, failures }: { error: ConnectorError; failures: number },
): Promise<void> {
  const now = context.now().getTime();
  const end = error.retryAt?.getTime() ?? now + Math.min(longestBackOff, 500 * 2 ** Math.min(failures, 10));
  while (!host.signal.aborted && context.now().getTime() < end)
    await host.wake(end - context.now().getTime());
}
