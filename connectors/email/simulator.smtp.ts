import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { Fault } from '../connector.ts';
import type { Faults } from '../simulator.ts';

/** The provider's mail server: smtp-server on a real socket, told what to do wrong. */
export interface SmtpServer {
  port: number;
  close(): Promise<void>;
}

export interface TakenMail {
  raw: Buffer;
  from: string;
  to: string[];
  /** Taken, and bounced later. */
  bounces: boolean;
}

export interface SmtpOptions {
  user: string;
  password: string;
  faults: Faults;
  port?: number;
  maxBytes?: number;
  /** Offers no STARTTLS unless told; the certificate is the library's own, which nobody trusts. */
  starttls?: boolean;
  /** TLS from the first byte, with the same certificate. */
  secure?: boolean;
  /** What is said to a recipient, instead of yes. */
  refuses?: (address: string) => { code: number; said: string } | null;
  /** The mail is here, whatever the sender will hear of it; they hear nothing before it resolves. */
  taken(mail: TakenMail): Promise<void>;
}

const faultsOfSend = [
  'rateLimit',
  'serverError',
  'resetBeforeAccept',
  'resetAfterAccept',
  'hang',
  'badCredentials',
  'blocked',
  'bounce',
] as const satisfies readonly Fault[];

export async function startSmtp(options: SmtpOptions): Promise<SmtpServer> {
  const { faults } = options;
  const sockets = new Map<number, Socket>();
  /** The fault of the mail that a connection is sending, from its login on. */
  const spoiled = new Map<string, Fault>();
  const server = new SMTPServer({
    size: options.maxBytes ?? 50 * 1024 * 1024,
    secure: options.secure ?? false,
    disabledCommands: options.starttls ? [] : ['STARTTLS'],
    allowInsecureAuth: true,
    authMethods: ['PLAIN', 'LOGIN'],
    disableReverseLookup: true,
    logger: false,
    onAuth(auth, session, callback) {
      const fault = faults.take('send', faultsOfSend)?.fault;
      if (fault) spoiled.set(session.id, fault);
      if (
        fault === 'badCredentials' ||
        auth.username !== options.user ||
        auth.password !== options.password
      ) {
        callback(reply(535, '5.7.8 Authentication credentials invalid'));
        return;
      }
      callback(null, { user: options.user });
    },
    onMailFrom(_address, session, callback) {
      const fault = spoiled.get(session.id);
      if (fault === 'rateLimit') {
        callback(reply(421, '4.7.0 Too many messages, slow down'));
        return;
      }
      if (fault === 'serverError') {
        callback(reply(451, '4.3.0 Temporary system problem'));
        return;
      }
      if (fault === 'resetBeforeAccept') {
        reset(session.remotePort);
        return;
      }
      callback(null);
    },
    onRcptTo(address, session, callback) {
      const refused = options.refuses?.(address.address);
      if (refused) {
        callback(reply(refused.code, refused.said));
        return;
      }
      if (spoiled.get(session.id) === 'blocked') {
        callback(reply(550, '5.1.1 No such user here'));
        return;
      }
      callback(null);
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (stream.sizeExceeded) {
          callback(reply(552, '5.3.4 Message too big'));
          return;
        }
        const fault = spoiled.get(session.id);
        const { mailFrom, rcptTo } = session.envelope;
        const mail: TakenMail = {
          raw: Buffer.concat(chunks),
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          bounces: fault === 'bounce',
        };
        options.taken(mail).then(
          () => {
            if (fault === 'resetAfterAccept') reset(session.remotePort);
            // Taken, and never answered.
            else if (fault !== 'hang') callback(null, 'accepted');
          },
          () => callback(reply(451, '4.3.0 The simulator failed')),
        );
      });
    },
    onClose: (session) => {
      spoiled.delete(session.id);
    },
  });
  const reset = (port: number): void => {
    sockets.get(port)?.resetAndDestroy();
  };
  // A client that goes away in the middle is no failure of the server's.
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.on('close', () => sockets.delete(port));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => resolve());
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets.values()) socket.destroy();
      }),
  };
}

function reply(responseCode: number, said: string): Error {
  return Object.assign(new Error(said), { responseCode });
}
