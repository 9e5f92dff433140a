import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { asciiDigits } from '../../shared/text/normalise.ts';
import { ConnectorError, type Manifest, type Settings } from '../connector.ts';
import { canonicalAddress } from './address.ts';
import { presets, settingFields } from './settings.ts';

/** Most of what a provider takes in one mail, attachments before their encoding (Gmail and Outlook.com: 25 MB). A setting can lower it. */
const defaultMegabytes = 25;
const megabyte = 1024 * 1024;
/** A larger mail is stored without its body. A raw event holds 25 MB, the envelope line among them. */
export const maxRaw = 25 * megabyte - 64 * 1024;
/** Message-IDs are unique in the world, and one mail to two of our mailboxes is one message: their scope is the connector. */
export const scope = 'email';

export const manifest: Manifest = {
  id: 'email',
  name: { fa: 'ایمیل', en: 'E-mail' },
  description: {
    fa: 'گفتگو با مشتریان از راه یک صندوق پستی (IMAP و SMTP)',
    en: 'Talk with customers through a mailbox (IMAP and SMTP)',
  },
  glyph: 'email',
  settings: settingFields,
  presets,
  capabilities: {
    canStart: 'anyone',
    kinds: ['emailAddress'],
    sessions: false,
    attachments: { maxBytes: defaultMegabytes * megabyte, types: [], perMessage: 10 },
    typing: false,
    // What did not arrive comes back as a bounce; that something arrived hardly any server says.
    deliveryReceipts: false,
    readReceipts: false,
    edits: false,
    reactions: false,
    templates: false,
    lookup: false,
    threading: 'thread',
    maxText: 100_000,
    letters: true,
    visibility: ['private'],
    handOver: false,
    window: null,
    calls: false,
    listening: false,
    counter: 'characters',
  },
  receives: ['listen'],
};

/** The mailbox's own address, canonical. */
export function accountRef(settings: Settings): string {
  const address = canonicalAddress(String(settings.address ?? ''));
  if (address) return address;
  throw new ConnectorError({
    class: 'permanent',
    code: 'badAddress',
    field: 'address',
    message: 'The mailbox’s address is missing or is none: enter it whole, for example support@example.com.',
  });
}

/** Addresses under which this mailbox itself writes: mail from them is our own. */
export function ownAddresses(settings: Settings): string[] {
  const user = canonicalAddress(text(settings, 'user'));
  return [...new Set([accountRef(settings), ...(user ? [user] : [])])];
}

export const displayName = (settings: Settings): string => text(settings, 'name');
/** INBOX has no case (RFC 9051 5.1), other names do. */
export const mailFolder = (settings: Settings): string =>
  text(settings, 'folder').replace(/^inbox$/i, 'INBOX') || 'INBOX';
/** Empty: the folder that the server itself calls the one for sent mail. */
export const sentFolder = (settings: Settings): string => text(settings, 'sentFolder');
/** Also reads the folder of sent mail, for what left without us. */
export const readSent = (settings: Settings): boolean => settings.readSent === true;
export const copyToSent = (settings: Settings): boolean => settings.copyToSent !== false;
/** Whose Authentication-Results are believed. */
export const authserv = (settings: Settings): string => text(settings, 'authserv').toLowerCase();

/** 0: a new channel begins at the present moment. */
export function readLastDays(settings: Settings): number {
  return Math.min(3650, Math.floor(number(settings, 'readLastDays') ?? 0));
}

export function maxBytes(settings: Settings): number {
  return Math.min(100, Math.max(1, number(settings, 'maxMegabytes') ?? defaultMegabytes)) * megabyte;
}

/** Names of hosts on private networks that an administrator allows. */
export function privateHosts(settings: Settings): Set<string> {
  return new Set(
    text(settings, 'privateHosts')
      .split(/[\s,،;]+/)
      .filter(Boolean)
      .map((name) => name.toLowerCase()),
  );
}

export type Security = 'tls' | 'starttls' | 'none';

/** One side of the mailbox, as the settings have it. `fields`: which setting to blame. */
export interface Side {
  provider: string;
  host: string;
  port: number;
  security: Security;
  user: string;
  password: string;
  fields: { host: string; port: string; security: string; user: string; password: string };
}

const defaultPorts = {
  imap: { tls: 993, starttls: 143, none: 143 },
  smtp: { tls: 465, starttls: 587, none: 25 },
};

/** @throws ConnectorError ('permanent' or 'auth', naming the field) on what is missing or cannot be */
export function imapSide(settings: Settings): Side {
  const security = securityOf(settings, 'imapSecurity');
  return {
    provider: 'The mailbox',
    host: hostOf(settings, 'imapHost'),
    port: portOf(settings, 'imapPort', defaultPorts.imap[security]),
    security,
    user: text(settings, 'user') || accountRef(settings),
    password: passwordOf(settings),
    fields: {
      host: 'imapHost',
      port: 'imapPort',
      security: 'imapSecurity',
      user: 'user',
      password: 'password',
    },
  };
}

/** Without a user and password of its own it is entered like the mailbox. */
export function smtpSide(settings: Settings): Side {
  const security = securityOf(settings, 'smtpSecurity');
  const own = secret(settings, 'smtpPassword');
  return {
    provider: 'The mail server',
    host: hostOf(settings, 'smtpHost'),
    port: portOf(settings, 'smtpPort', defaultPorts.smtp[security]),
    security,
    user: text(settings, 'smtpUser') || text(settings, 'user') || accountRef(settings),
    password: own || passwordOf(settings),
    fields: {
      host: 'smtpHost',
      port: 'smtpPort',
      security: 'smtpSecurity',
      user: text(settings, 'smtpUser') ? 'smtpUser' : 'user',
      password: own ? 'smtpPassword' : 'password',
    },
  };
}

function passwordOf(settings: Settings): string {
  const password = secret(settings, 'password');
  if (password) return password;
  throw new ConnectorError({
    class: 'auth',
    code: 'noPassword',
    field: 'password',
    message: 'The mailbox’s password is missing.',
  });
}

function hostOf(settings: Settings, field: string): string {
  const host = text(settings, field)
    .toLowerCase()
    .replace(/\.$|^\[|\]$/g, '');
  if (isIP(host)) return host;
  if (/^[\p{L}\p{N}][\p{L}\p{N}.-]{0,252}$/u.test(host) && domainToASCII(host)) return domainToASCII(host);
  throw new ConnectorError({
    class: 'permanent',
    code: 'badHost',
    field,
    message: `${host ? `“${host.slice(0, 100)}” is no server’s name` : 'The server’s name is missing'}: enter it as your provider writes it, for example imap.example.com.`,
  });
}

function portOf(settings: Settings, field: string, otherwise: number): number {
  const port = number(settings, field) ?? otherwise;
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new ConnectorError({
    class: 'permanent',
    code: 'badPort',
    field,
    message: `A port is a whole number from 1 to 65535; ${port} is none.`,
  });
}

function securityOf(settings: Settings, field: string): Security {
  const value = settings[field];
  return value === 'starttls' || value === 'none' ? value : 'tls';
}

function text(settings: Settings, key: string): string {
  return String(settings[key] ?? '').trim();
}

/** As it was typed: a password may begin or end with a space. */
function secret(settings: Settings, key: string): string {
  return String(settings[key] ?? '');
}

function number(settings: Settings, key: string): number | null {
  const value = settings[key];
  const read = typeof value === 'string' && value.trim() !== '' ? Number(asciiDigits(value)) : value;
  return typeof read === 'number' && Number.isFinite(read) && read >= 0 ? read : null;
}
