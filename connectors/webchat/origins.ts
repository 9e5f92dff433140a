import { ConnectorError } from '../connector.ts';

const most = 50;

/**
 * The origins in a text, one a line or between commas and spaces, each as a browser writes it in `Origin`, or with `*.` before its
 * host for all below it. A bare host is meant as https.
 * @throws ConnectorError permanent, field `allowedOrigins`, naming the entry that is none
 */
export function originsIn(text: string): string[] {
  const entries = text.split(/[\s,،;]+/u).filter(Boolean);
  if (entries.length > most) throw wrong(`At most ${most} sites can be named.`);
  return [...new Set(entries.map(originOf))];
}

function originOf(entry: string): string {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(entry) ? entry : `https://${entry}`;
  const below = /^(https?:\/\/)\*\.(.*)$/i.exec(whole);
  const plain = below ? `${below[1]}${below[2]}` : whole;
  let url: URL;
  try {
    url = new URL(plain);
  } catch {
    throw wrong(`“${shown(entry)}” is no address of a site. Write it like https://shop.example.`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw wrong(`“${shown(entry)}” does not begin with https:// or http://.`);
  if (url.username || url.password || url.search || url.hash || !/^\/?$/.test(url.pathname))
    throw wrong(`“${shown(entry)}” is more than a site: leave out everything after the host.`);
  // The host goes into a header, and `*` stands at its beginning alone.
  if (!/^[a-z0-9.-]+$|^\[[0-9a-f:.]+\]$/.test(url.hostname))
    throw wrong(`“${shown(entry)}” has characters that no host has; “*” may only stand at its beginning.`);
  if (below && (!url.hostname.includes('.') || /^[\d.]+$|^\[/.test(url.hostname)))
    throw wrong(
      `“${shown(entry)}” would allow too much: name the domain after “*.”, such as *.shop.example.`,
    );
  return below ? `${url.protocol}//*.${url.host}` : url.origin;
}

const shown = (entry: string) => entry.slice(0, 100);

function wrong(message: string): ConnectorError {
  return new ConnectorError({ class: 'permanent', code: 'badOrigin', field: 'allowedOrigins', message });
}
