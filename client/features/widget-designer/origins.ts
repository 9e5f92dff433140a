/** What can be wrong with the address of a site, found while it is typed; the server reads it by the same rules. */
export type OriginIssue = 'noAddress' | 'scheme' | 'more' | 'star' | 'twice';

export type ReadOrigin = { origin: string; issue: null } | { origin: null; issue: OriginIssue };

/** An entry as the browser would name it: a bare host is meant as https; `*.` before a host means everything below it. */
export function readOrigin(entry: string): ReadOrigin {
  const written = entry.trim();
  const wrong = (issue: OriginIssue): ReadOrigin => ({ origin: null, issue });
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `https://${written}`;
  const below = /^(https?:\/\/)\*\.(.*)$/i.exec(whole);
  const plain = below ? `${below[1]}${below[2]}` : whole;
  if (plain.includes('*')) return wrong('star');
  if (!written || !URL.canParse(plain)) return wrong('noAddress');
  const url = new URL(plain);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return wrong('scheme');
  if (url.username || url.search || url.hash || !/^\/?$/.test(url.pathname)) return wrong('more');
  if (!/^[a-z0-9.-]+$|^\[[0-9a-f:.]+\]$/.test(url.hostname)) return wrong('noAddress');
  if (!below) return { origin: url.origin, issue: null };
  if (!url.hostname.includes('.') || /^[\d.]+$|^\[/.test(url.hostname)) return wrong('star');
  return { origin: `${url.protocol}//*.${url.host}`, issue: null };
}

/** The setting's text as its entries. */
export const originsOf = (text: string): string[] => text.split(/[\s,،;]+/u).filter(Boolean);
