import type { ConnectorContext, ListenHost } from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { type Mailbox, openMailbox } from './client.ts';
import { accountRef } from './config.ts';
import { Readers } from './listen.folders.ts';

const minute = 60_000;
/** Between two words of the server: well under the 29 minutes after which it may hang up (RFC 2177), and under most routers' patience. */
export const checkEvery = 2 * minute;
const longestBackOff = 5 * minute;
const noopMs = 30_000;
/** How often IDLE begins between two checks. */
const mostIdles = 10;

/**
 * A connection at a time: signs in, takes what is new, then lets the server call (IDLE) and asks every two minutes besides. What
 * breaks ends the connection, and the next begins where the cursor stands. The folder is opened for reading only: nothing in it is
 * marked, and what people read with their own programs is no less new.
 */
export async function listen(host: ListenHost, context: ConnectorContext): Promise<void> {
  accountRef(context.settings);
  const readers = new Readers(host, context);
  const pause = new Pause(host);
  let failures = 0;
  while (!host.signal.aborted) {
    try {
      await connection(host, context, {
        readers,
        pause,
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
  { readers, pause, succeeded }: { readers: Readers; pause: Pause; succeeded: () => void },
): Promise<void> {
  const mailbox = await openMailbox(context, host.signal);
  try {
    const news = new News(mailbox);
    for (let all = true; !host.signal.aborted; ) {
      // What other programs sent can wait for the next check; the folder that is watched is read last, and stays open.
      if (all) await (await readers.sent(mailbox))?.read(mailbox);
      news.heard();
      await (await readers.main()).read(mailbox);
      succeeded();
      // Where news never ends, the check is due all the same.
      all = !(await news.arrived(pause)) || pause.over;
      // Ends IDLE, tells of what the server kept to itself, and finds out whether it is still there.
      if (all) await mailbox.call((client) => client.noop(), noopMs);
      if (all) pause.checked();
    }
  } finally {
    mailbox.close();
  }
}

/** The time between two checks. What is heard meanwhile does not begin it again: there is one at a time, for all connections. */
class Pause {
  private pending: Promise<void> | null = null;
  over = false;

  constructor(private readonly host: ListenHost) {}

  end(): Promise<void> {
    this.pending ??= this.host.wake(checkEvery).then(() => {
      this.over = true;
    });
    return this.pending;
  }

  /** A check was made: if the time for it was over, the next begins. */
  checked(): void {
    if (!this.over) return;
    this.over = false;
    this.pending = null;
  }
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

  /** Waits for the server, for the next check, or for the end. */
  async arrived(pause: Pause): Promise<boolean> {
    const { mailbox } = this;
    if (this.said) return true;
    const told = new Promise<void>((resolve) => {
      this.tell = resolve;
    });
    let over = false;
    void this.idle(() => over);
    await Promise.race([told, mailbox.gone, pause.end()]);
    over = true;
    return this.said;
  }

  /**
   * Ends with the next command, or with the connection: what went wrong that command says. Also the library's own question after a
   * silence ends it, and the server may: then it begins again, though not for ever with a server that ends it each time.
   */
  private async idle(over: () => boolean): Promise<void> {
    const { client } = this.mailbox;
    for (let begun = 0; begun < mostIdles && !over() && client.usable && !client.idling; begun += 1)
      if ((await client.idle().catch(() => false)) === false) return;
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
