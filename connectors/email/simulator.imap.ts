import { type AddressInfo, createServer } from 'node:net';
import { type ImapOptions, Session } from './simulator.imap.session.ts';

/** A small IMAP4rev1 server (RFC 3501, with IDLE, UIDPLUS, NAMESPACE, ID, SPECIAL-USE), as much of it as mail clients need. */
export interface ImapServer {
  port: number;
  /** Commands by name, UID and all, since the beginning. */
  commands(name: string): number;
  connections(): number;
  /** Connections that wait in IDLE at this moment. */
  idling(): number;
  /** Cuts every connection, without a word. */
  cut(): void;
  close(): Promise<void>;
}

export async function startImap(options: ImapOptions): Promise<ImapServer> {
  const sessions = new Set<Session>();
  const counts = new Map<string, number>();
  const count = (name: string): void => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  const server = createServer((socket) => {
    const session = new Session(socket, options, count);
    sessions.add(session);
    socket.on('close', () => {
      session.end();
      sessions.delete(session);
    });
    session.greet();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    commands: (name) => counts.get(name) ?? 0,
    connections: () => sessions.size,
    idling: () => [...sessions].filter((session) => session.idling).length,
    cut: () => {
      for (const session of sessions) session.cut();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const session of sessions) session.cut();
      }),
  };
}
