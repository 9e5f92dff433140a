import https from 'node:https';
import { connect, type TLSSocket } from 'node:tls';
import type { ConnectorContext } from '../connector.ts';

/**
 * The way to X's servers. Another endpoint than X's own is `https://host:port/?ca=<certificate, DER, base64url>`: every name of X's
 * then leads there, and only what that certificate signed is trusted. Names and signatures stay those of X.
 *
 * No kept-alive connections: one that X closed just as it was reused breaks without an answer, and a message whose outcome nobody
 * knows costs a person's attention, a handshake some milliseconds.
 */
export function agentFor({ endpoint }: Pick<ConnectorContext, 'endpoint'>): https.Agent {
  if (!endpoint) return direct;
  const known = agents.get(endpoint);
  if (known) return known;
  const agent = new Detour(endpoint);
  agents.set(endpoint, agent);
  return agent;
}

const direct = new https.Agent({ keepAlive: false });
/** One for each endpoint of this process: in production there is none. */
const agents = new Map<string, https.Agent>();

class Detour extends https.Agent {
  private readonly host: string;
  private readonly port: number;
  private readonly ca: string;

  constructor(endpoint: string) {
    super({ keepAlive: false });
    const url = new URL(endpoint);
    const certificate = Buffer.from(url.searchParams.get('ca') ?? '', 'base64url');
    if (url.protocol !== 'https:' || certificate.byteLength === 0) {
      throw new Error('An endpoint in X’s place is https and names the certificate to be trusted (?ca=).');
    }
    this.host = url.hostname;
    this.port = Number(url.port || 443);
    this.ca = pem(certificate);
  }

  override createConnection(options: { host?: string; servername?: string }): TLSSocket {
    const servername = options.servername || options.host || this.host;
    return connect({
      host: this.host,
      port: this.port,
      servername,
      ca: this.ca,
      ALPNProtocols: ['http/1.1'],
    });
  }
}

export function pem(der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString('base64')
    .replace(/(.{64})/g, '$1\n');
  return `-----BEGIN CERTIFICATE-----\n${lines.trimEnd()}\n-----END CERTIFICATE-----\n`;
}
