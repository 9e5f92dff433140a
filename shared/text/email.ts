import { withoutInvisible } from './normalise.ts';
import type { Read } from './read.ts';

const longest = 320;

/**
 * The one spelling of an address, by which somebody is recognised: no name beside it, lower case, the domain as in the domain name
 * system (punycode). Null when it is no address that mail can be sent to. Local parts are compared without case, as all large hosts
 * do; dots and what follows a plus are left alone, because what they mean is each host's own affair.
 */
export function canonicalAddress(text: string): string | null {
  const bare = bareAddress(text);
  const at = bare.lastIndexOf('@');
  if (at < 1 || bare.length > longest) return null;
  const local = bare.slice(0, at).normalize('NFC').toLowerCase();
  if (!isLocalPart(local)) return null;
  const domain = canonicalDomain(bare.slice(at + 1));
  return domain === null ? null : `${local}@${domain}`;
}

function bareAddress(text: string): string {
  return withoutStrayJoiners(text.slice(0, 1000))
    .trim()
    .replace(/^mailto:/i, '')
    .replace(/^.*<([^<>]*)>$/s, '$1')
    .trim();
}

/** Between letters of scripts that join, a joiner is part of the address (نامه‌ای.com); anywhere else nobody sees it. */
function withoutStrayJoiners(text: string): string {
  return text
    .split(/(?<=\P{ASCII})([\u200C\u200D])(?=\P{ASCII})/u)
    .map((part, at) => (at % 2 ? part : withoutInvisible(part)))
    .join('');
}

function isLocalPart(local: string): boolean {
  return /^[^\s\p{Cc}<>()[\],;:\\"@]{1,128}$/u.test(local) && !/^\.|\.\.|\.$/.test(local);
}

const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const domainName = new RegExp(`^(?:${label}\\.)+(?=[a-z0-9-]*[a-z])${label}$`);

/** Null when it cannot be a domain of mail: an address literal, a single label, characters that have another meaning in URLs. */
export function canonicalDomain(text: string): string | null {
  const written = text.trim().replace(/\.$/, '');
  if (!/^[^\s\p{Cc}%/?#@:\\[\]<>()",;]{1,253}$/u.test(written)) return null;
  const domain = asciiDomain(written);
  return domain !== null && domainName.test(domain) && domain.length <= 253 ? domain : null;
}

/** A URL's own rules for hosts are those of the domain name system, in browsers and on servers alike. */
function asciiDomain(written: string): string | null {
  try {
    return new URL(`http://${written}`).hostname;
  } catch {
    return null;
  }
}

/** An address as somebody wrote it. */
export function readEmail(text: string): Read {
  const value = canonicalAddress(text);
  if (value !== null) return { ok: true, value, display: value };
  const bare = bareAddress(text);
  const at = bare.lastIndexOf('@');
  if (at < 0) return refused('An e-mail address has an @, for example name@example.com.');
  if (bare.length > longest) return refused(`An e-mail address has at most ${longest} characters.`);
  if (at === 0)
    return refused(
      'Before the @ there is nothing: the whole address is needed, for example name@example.com.',
    );
  const local = bare.slice(0, at);
  if (/[\s,;]/.test(local) || local.includes('@'))
    return refused(
      'This is more than one address, or has a space in it. Give one address, for example name@example.com.',
    );
  if (!isLocalPart(local.toLowerCase()))
    return refused(
      `“${local}” cannot stand before the @: a dot begins it, ends it or is doubled, or a sign in it is not allowed.`,
    );
  const domain = bare.slice(at + 1);
  const mended = canonicalAddress(`${local}@${domain.replace(/[\s،,;]+/g, '').replace(/\.{2,}/g, '.')}`);
  return refused(
    `“${domain}” is no domain of mail: it needs a name, a dot and an ending, for example example.com.`,
    mended,
  );
}

function refused(message: string, suggestion: string | null = null): Read {
  return { ok: false, message, suggestion };
}
