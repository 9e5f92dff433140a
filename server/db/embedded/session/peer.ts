import type { Doc } from '../bson/values.ts';

/** The client at the other end of a connection, as commands see it. */
export interface Peer {
  /** Number of the connection, from 1 on. */
  readonly id: number;
  /** What the client said of itself in its handshake. */
  metadata?: Doc | undefined;
  /** The name of the program that the client gave in its handshake. */
  appName?: string | undefined;
  readonly closed: boolean;
  /** Ends the connection at once; what is written for it is not sent any more. */
  close(): void;
}

/** Keeps what the first handshake of a connection says of the client; later ones do not change it. */
export function introduce(peer: Peer, body: Doc): void {
  const client = body['client'] as Doc | undefined;
  if (typeof client !== 'object' || client === null || peer.metadata) return;
  peer.metadata = client;
  const name = (client['application'] as Doc | undefined)?.['name'];
  if (typeof name === 'string') peer.appName = name;
}
