import { type Doc, encode } from '../bson/values.ts';

/** The client at the other end of a connection, as commands see it. */
export interface Peer {
  /** Number of the connection, from 1 on. */
  readonly id: number;
  /** What the client said of itself in its handshake. */
  metadata?: Doc | undefined;
  /** The name of the program that the client gave in its handshake. */
  appName?: string | undefined;
  /** Alike for connections of one client, as far as their handshakes tell. */
  kin?: string | undefined;
  readonly closed: boolean;
  /** Ends the connection at once; what is written for it is not sent any more. */
  close(): void;
}

/** Keeps what the first handshake of a connection says of the client; later ones do not change it. */
export function introduce(peer: Peer, body: Doc): void {
  const client = body['client'] as Doc | undefined;
  if (typeof client !== 'object' || client === null || peer.metadata) return;
  peer.metadata = client;
  peer.kin = encode(client).toString('base64');
  const name = (client['application'] as Doc | undefined)?.['name'];
  if (typeof name === 'string') peer.appName = name;
}

/** The open connections. */
export class Peers {
  readonly open = new Set<Peer>();
  /** Connections made since the start. */
  made = 0;

  join(peer: Peer): void {
    this.open.add(peer);
    this.made++;
  }

  leave(peer: Peer): void {
    this.open.delete(peer);
  }

  /** Whether a connection of what looks like the same client is open. */
  hasKin({ kin }: Peer): boolean {
    return kin !== undefined && [...this.open].some((peer) => peer.kin === kin);
  }
}
