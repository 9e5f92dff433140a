import { Readable } from 'node:stream';
import { ImapFlow } from 'imapflow';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { type ConnectorContext, ConnectorError } from '../connector.ts';
import { imapSide, maxRaw, type Side, smtpSide } from './config.ts';
import { imapError, smtpError } from './errors.ts';
import { type Place, placeOf } from './reach.ts';

const connectMs = 20_000;
const greetingMs = 16_000;
/** Nothing heard for this long while something is awaited: the connection is dead. While idling a NOOP is sent to find out. */
const silenceMs = 60_000;
/** A command with a short answer. */
const commandMs = 60_000;

type ImapCall<T> = (client: ImapFlow) => Promise<T>;

/** One connection to the mailbox. It does not mend itself: when it broke, another is opened. */
export interface Mailbox {
  readonly client: ImapFlow;
  /**
   * A call on it. Ends at the latest after `ms`, when the connection closes or when the signal aborts, whatever the library does.
   * @throws ConnectorError
   */
  call<T>(run: ImapCall<T>, ms?: number): Promise<T>;
  /** Resolves when the connection is gone, for whatever reason. */
  readonly gone: Promise<void>;
  /** At once: nothing that was asked is waited for. */
  close(): void;
}

/** Signs in. @throws ConnectorError */
export async function openMailbox(
  context: Pick<ConnectorContext, 'settings' | 'now'>,
  signal: AbortSignal,
): Promise<Mailbox> {
  const side = imapSide(context.settings);
  const place = await placeOf(side, context.settings);
  const client = new ImapFlow({
    host: place.address,
    port: place.port,
    ...(place.servername ? { servername: place.servername } : {}),
    secure: side.security === 'tls',
    doSTARTTLS: side.security === 'starttls',
    auth: { user: side.user, pass: side.password },
    // What we ask for is never larger; what a broken server sends must not fill the memory.
    maxLiteralSize: maxRaw + 1024 * 1024,
    maxResponseSize: maxRaw + 4 * 1024 * 1024,
    maxLineLength: 4 * 1024 * 1024,
    connectionTimeout: connectMs,
    greetingTimeout: greetingMs,
    socketTimeout: silenceMs,
    disableAutoIdle: true,
    logger: false,
    clientInfo: { name: 'Yekja', version: false, vendor: false, 'support-url': false },
  });
  return new Session(client, { side, signal, now: context.now }).open();
}

class Session implements Mailbox {
  readonly gone: Promise<void>;
  private readonly lost: Promise<never>;
  /** What the socket said before it closed: a closed connection alone says nothing. */
  private why: unknown;

  constructor(
    readonly client: ImapFlow,
    private readonly options: { side: Side; signal: AbortSignal; now: () => Date },
  ) {
    // Without a listener an error of the socket would end the process.
    client.on('error', (error: unknown) => {
      this.why ??= error;
    });
    this.gone = new Promise((resolve) => client.once('close', () => resolve()));
    this.lost = this.gone.then(() => {
      throw this.why ?? Object.assign(new Error('closed'), { code: 'NoConnection' });
    });
    // Every call waits for it; where none is under way, nobody needs to know.
    this.lost.catch(() => undefined);
  }

  async open(): Promise<this> {
    const { signal } = this.options;
    const stop = (): void => this.close();
    signal.addEventListener('abort', stop, { once: true });
    void this.gone.then(() => signal.removeEventListener('abort', stop));
    try {
      await this.call((client) => client.connect(), connectMs + greetingMs + commandMs);
      return this;
    } catch (error) {
      // After a refused login the socket would stay open for a minute.
      this.close();
      throw error;
    }
  }

  async call<T>(run: ImapCall<T>, ms = commandMs): Promise<T> {
    const { signal, side, now } = this.options;
    let timer: NodeJS.Timeout | undefined;
    let late = false;
    const over = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        late = true;
        this.close();
        reject(new Error('too late'));
      }, ms);
    });
    try {
      if (signal.aborted) throw new Error('aborted');
      return await Promise.race([run(this.client), over, this.lost]);
    } catch (error) {
      const closed = (error as { code?: unknown }).code === 'NoConnection' && this.why !== undefined;
      throw imapError(closed ? this.why : error, { side, signal, now: now(), late });
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.client.close();
  }
}

export interface Envelope {
  from: string;
  to: string[];
  /** For the receiver's report, should it not arrive. */
  reference: string;
}

export interface Accepted {
  rejected: { address: string; said: string }[];
  /** Some providers put a Message-ID of their own in place of ours, and say so. */
  serverMessageId?: string;
}

/** A connection to the mail server, signed in. Not kept: mail leaves one at a time, and an idle connection breaks unnoticed. */
export class MailServer {
  private constructor(
    private readonly connection: SMTPConnection,
    private readonly options: { side: Side; signal: AbortSignal; now: () => Date; state: SmtpState },
  ) {}

  /** @throws ConnectorError */
  static async open(
    context: Pick<ConnectorContext, 'settings' | 'now' | 'endpoint'>,
    signal: AbortSignal,
  ): Promise<MailServer> {
    const side = smtpSide(context.settings);
    const place = await smtpPlace(context, side);
    const connection = new SMTPConnection({
      host: place.address,
      port: place.port,
      ...(place.servername ? { servername: place.servername } : {}),
      secure: side.security === 'tls',
      requireTLS: side.security === 'starttls',
      ignoreTLS: side.security === 'none',
      // Not this machine's own name: it is nobody's business.
      name: context.settings.address ? String(context.settings.address).split('@').pop() : 'localhost',
      connectionTimeout: connectMs,
      greetingTimeout: greetingMs,
      socketTimeout: silenceMs,
      socketCloseTimeout: 0,
      logger: false,
    });
    // Between two calls an error has nobody to go to; the next call finds the connection closed.
    connection.on('error', () => undefined);
    const state: SmtpState = { handedOver: false };
    const server = new MailServer(connection, { side, signal, now: context.now, state });
    try {
      await server.settle<void>((done) => connection.connect((error) => done(error ?? null, undefined)));
      // A relay on one's own network may ask nobody for a name.
      if (connection.allowsAuth || side.security !== 'none')
        await server.settle<void>((done) =>
          connection.login({ user: side.user, pass: side.password }, (error) => done(error, undefined)),
        );
      return server;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** @throws ConnectorError; 'unknown' only when the whole mail had left */
  async send(envelope: Envelope, message: Buffer): Promise<Accepted> {
    const { state } = this.options;
    const { from, to, reference } = envelope;
    const info = await this.settle<SMTPConnection.SentMessageInfo>((done) =>
      this.connection.send(
        {
          from,
          to,
          size: message.byteLength,
          dsn: { id: reference, return: 'HDRS', notify: ['FAILURE', 'DELAY'] },
        },
        handingOver(message, () => {
          state.handedOver = true;
        }),
        (error, result) => done(error, result as SMTPConnection.SentMessageInfo),
      ),
    );
    return {
      rejected: (info.rejectedErrors ?? []).map((error) => ({
        address: String(error.recipient ?? ''),
        said: String(error.response ?? error.message),
      })),
      ...(info.serverMessageId ? { serverMessageId: info.serverMessageId } : {}),
    };
  }

  /** Says goodbye without waiting for an answer. */
  close(): void {
    this.connection.quit();
    this.connection.close();
  }

  private settle<T>(run: (done: (error: unknown, result: T) => void) => void): Promise<T> {
    const { side, signal, now, state } = this.options;
    return new Promise<T>((resolve, reject) => {
      const end = (error: unknown, result?: T): void => {
        signal.removeEventListener('abort', stop);
        this.connection.removeListener('error', end);
        if (error === null || error === undefined) {
          resolve(result as T);
          return;
        }
        this.connection.close();
        reject(smtpError(error, { side, signal, now: now(), handedOver: state.handedOver }));
      };
      const stop = (): void => end(new Error('aborted'));
      if (signal.aborted) {
        stop();
        return;
      }
      signal.addEventListener('abort', stop, { once: true });
      this.connection.on('error', end);
      run(end);
    });
  }
}

interface SmtpState {
  /** All of the mail was read into the connection: from here on only the server knows. */
  handedOver: boolean;
}

/** `endpoint` (tests, a proxy) stands in the place of host and port, and needs no permission. */
function smtpPlace(context: Pick<ConnectorContext, 'settings' | 'endpoint'>, side: Side): Promise<Place> {
  if (context.endpoint === undefined) return placeOf(side, context.settings);
  const match = /^smtp:\/\/([^/:]+):(\d{1,5})\/?$/.exec(context.endpoint);
  if (match?.[1] && match[2]) return Promise.resolve({ address: match[1], port: Number(match[2]) });
  return Promise.reject(
    new ConnectorError({
      class: 'permanent',
      code: 'badEndpoint',
      message: 'The mail server’s address given to this server must look like smtp://127.0.0.1:2525.',
    }),
  );
}

const chunkBytes = 64 * 1024;

/** The mail, and a word when its last byte was taken. */
function handingOver(message: Buffer, done: () => void): Readable {
  function* chunks(): Generator<Buffer> {
    for (let at = 0; at < message.byteLength; at += chunkBytes) yield message.subarray(at, at + chunkBytes);
    done();
  }
  return Readable.from(chunks(), { objectMode: false });
}
