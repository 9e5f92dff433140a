import { isIP } from 'node:net';
import { canonicalAddress, canonicalDomain } from './address.ts';
import { type Field, withoutComments } from './fields.ts';

/** What our own mail server wrote above a mail when it came in: its Authentication-Results (RFC 8601), and where it came from. */

export interface ServerWords {
  /** Verdicts on DMARC by the configured server, for the domain that they name. */
  verdicts: Verdict[];
  /** The client that handed the mail to our server; only when the server's own name is known. */
  client: { ip: string; helo: string; sender: string | null } | null;
}

export interface Verdict {
  result: string;
  /** `header.from`, where it is said. */
  domain: string | null;
  /**
   * It stands above the line in which our server received the mail from outside, where no sender can write. Below it, a server must
   * have removed what others wrote in its name (RFC 8601 section 5); not every one does.
   */
  above: boolean;
}

/** @param authserv lower case; empty: no server is believed. */
export function serverWords(fields: readonly Field[], authserv: string): ServerWords {
  const words: ServerWords = { verdicts: [], client: null };
  if (authserv === '') return words;
  let sender: string | null = null;
  for (const { name, value } of fields) {
    if (name === 'return-path' && words.client === null) sender ??= value;
    if (name === 'authentication-results') {
      const verdict = verdictOf(value, authserv);
      if (verdict) words.verdicts.push({ ...verdict, above: words.client === null });
    }
    if (name !== 'received') continue;
    // One line was taken over from outside; what stands below the next was written there.
    if (words.client !== null) break;
    const hop = hopOf(value);
    // Passed on within one machine: whoever takes mail over from outside says from whom.
    if (hop.from === null) continue;
    if (!isOurs(hop.by, authserv)) break;
    if (isPrivate(hop.ip)) continue;
    words.client = { ip: hop.ip ?? '', helo: hop.from, sender: addressIn(sender) };
  }
  return words;
}

function addressIn(returnPath: string | null): string | null {
  return returnPath === null ? null : canonicalAddress(returnPath);
}

function verdictOf(value: string, authserv: string): Omit<Verdict, 'above'> | null {
  const bare = withoutComments(value);
  const [id = '', ...methods] = bare.split(';');
  if ((id.trim().split(/\s+/)[0] ?? '').toLowerCase() !== authserv) return null;
  for (const method of methods) {
    const result = /^\s*dmarc\s*(?:\/\s*\d+\s*)?=\s*([a-z]+)/i.exec(method);
    if (!result) continue;
    const domain = /\sheader\.from\s*=\s*"?([^\s";]+)/i.exec(method)?.[1] ?? null;
    return {
      result: (result[1] ?? '').toLowerCase(),
      domain: domain === null ? null : canonicalDomain(domain.slice(domain.lastIndexOf('@') + 1)),
    };
  }
  return null;
}

interface Hop {
  from: string | null;
  ip: string | null;
  by: string | null;
}

/** `from HELO (reverse.example [192.0.2.1]) by mx.example with …`, RFC 5321 4.4. */
function hopOf(value: string): Hop {
  const from = /^\s*from\s+(\S{1,255})/i.exec(value)?.[1] ?? null;
  const by = /(?:^|\s)by\s+([^\s;()]{1,255})/i.exec(withoutComments(value))?.[1] ?? null;
  const before = /^([\s\S]*?)\sby\s/i.exec(value)?.[1] ?? value;
  const ips = [...before.matchAll(/[[(](?:IPv6:)?([0-9A-Fa-f.:]{3,45})[\])]/gi)]
    .map((match) => match[1] ?? '')
    .filter((ip) => isIP(ip) !== 0);
  return { from, by: by?.toLowerCase() ?? null, ip: ips.at(-1) ?? null };
}

/** Machines of one house carry names beside one another. */
function isOurs(by: string | null, authserv: string): boolean {
  if (by === null) return false;
  const labels = authserv.split('.');
  const house = labels.length > 2 ? labels.slice(1).join('.') : authserv;
  return by === authserv || by === house || by.endsWith(`.${house}`);
}

/** Without an address in the line nobody knows: then it counts as from outside. */
function isPrivate(ip: string | null): boolean {
  return (
    ip !== null &&
    /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|::1$|f[cd][0-9a-f]{2}:|fe80:)/i.test(ip)
  );
}
