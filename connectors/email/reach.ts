import { lookup } from 'node:dns/promises';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { ConnectorError, type Settings } from '../connector.ts';
import { privateHosts, type Side } from './config.ts';

/** Where to connect: an address that has been looked at, and the name to ask a certificate for. */
export interface Place {
  address: string;
  port: number;
  /** Undefined where the setting is an address itself. */
  servername?: string;
}

/** Not the public internet: IANA's special-purpose registries (RFC 6890 and its updates), the cloud's metadata addresses among them. */
const special = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  special.addSubnet(net, prefix, 'ipv4');
/** Of IPv6 only global unicast is public, and within it not these. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
for (const [net, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  special.addSubnet(net, prefix, 'ipv6');

/** Addresses that embed or translate IPv4 (`::ffff:10.0.0.1`, 64:ff9b::/96) are outside of 2000::/3, and 6to4 is excluded. */
export function isPublic(address: string): boolean {
  const [bare = ''] = address.split('%');
  if (isIPv6(bare)) return globalUnicast.check(bare, 'ipv6') && !special.check(bare, 'ipv6');
  return isIP(bare) === 4 && !special.check(bare, 'ipv4');
}

/** As node:dns/promises looks a name up, hosts file included. */
export type LookUp = (name: string) => Promise<{ address: string; family: number }[]>;
const systemLookUp: LookUp = (name) => lookup(name, { all: true });

/**
 * Resolves once and hands out the address that was checked: a name that points elsewhere a moment later reaches nothing private.
 * @throws ConnectorError 'permanent' on a private address that no administrator allowed, 'retryable' when the name cannot be resolved
 */
export async function placeOf(
  side: Pick<Side, 'host' | 'port' | 'provider' | 'fields'>,
  settings: Settings,
  lookUp: LookUp = systemLookUp,
): Promise<Place> {
  const { host, port } = side;
  const allowed = privateHosts(settings).has(host);
  if (isIP(host)) {
    if (!allowed && !isPublic(host)) throw refused(side);
    return { address: host, port };
  }
  const found = await resolve(side, lookUp);
  const usable = allowed ? found : found.filter(({ address }) => isPublic(address));
  // IPv4 first: many a server has an IPv6 address and no way to it.
  const [first] = usable.sort((a, b) => a.family - b.family);
  if (!first) throw refused(side);
  return { address: first.address, port, servername: host };
}

async function resolve(
  { host, provider, fields }: Pick<Side, 'host' | 'provider' | 'fields'>,
  lookUp: LookUp,
): Promise<{ address: string; family: number }[]> {
  let code = 'ENOTFOUND';
  try {
    const found = await lookUp(host);
    if (found.length > 0) return found;
  } catch (error) {
    code = String((error as { code?: unknown }).code ?? 'network');
  }
  throw new ConnectorError({
    class: 'retryable',
    code,
    field: fields.host,
    message: `${provider} could not be found: nobody knows the name “${host}” (${code}).`,
  });
}

function refused({ host, fields }: Pick<Side, 'host' | 'fields'>): ConnectorError {
  return new ConnectorError({
    class: 'permanent',
    code: 'privateHost',
    field: fields.host,
    message: `“${host}” is on a private network or on this machine. If that is meant, an administrator names it under “Servers on a private network”.`,
  });
}
