import { createHash } from 'node:crypto';
import { asciiDigits } from '../../shared/text/normalise.ts';
import { parsePhone, serviceLine } from '../../shared/text/phone.ts';
import {
  ConnectorError,
  type InboundEvent,
  type RawEvent,
  type RawRequest,
  type Sender,
  type Settings,
  type Split,
} from '../connector.ts';
import { statusWord } from './catalog.ts';
import { type Row, rows } from './client.ts';
import { accountRef, canonicalLine, maxPushBytes, scopeIn, scopeOut } from './config.ts';

/**
 * Kavenegar signs nothing: the secret is the random part of the hook's address, which the host has compared already. What is left
 * to check is that this is one of the two addresses we gave, and small. A push is only a hint: the poll confirms it.
 */
export function verify(raw: RawRequest): boolean {
  return raw.body.byteLength <= maxPushBytes && /^\/(inbound\/?|status\/?)?$/.test(raw.path);
}

/** Pushes come with any method, as query, form or JSON, and with either pair of names: from/to or sender/receptor. */
export function split(raw: RawRequest, settings: Settings): Split {
  const text = new TextDecoder().decode(raw.body).trim();
  if (text.startsWith('{') || text.startsWith('[')) {
    const value = json(text);
    if (Array.isArray(value)) return splitRows(rows(value), raw.path, settings);
    if ('entries' in value) return splitRows(rows(value.entries), raw.path, settings);
    return splitPush({ ...raw.query, ...value }, raw.path, settings);
  }
  return splitPush({ ...raw.query, ...Object.fromEntries(new URLSearchParams(text)) }, raw.path, settings);
}

function json(text: string): Row | unknown[] {
  try {
    return JSON.parse(text) as Row | unknown[];
  } catch {
    throw notOurs('the body begins like JSON and is none');
  }
}

/** Rows of an answer were fetched by us and may not be fetched again: each becomes an event, whatever it is worth. */
function splitRows(list: Row[], path: string, settings: Settings): Split {
  return {
    events: list.map((raw) => {
      const row = lowerCased(raw);
      const id = idOf(row);
      const kind = kindOf(row, path);
      if (id && kind) return eventOf(kind, id, row, settings);
      const payload = JSON.stringify({ kind: 'unreadable', row });
      const hash = createHash('sha256').update(payload).digest('hex').slice(0, 32);
      return rawEvent(lineOf(row.receptor, settings), `unreadable:${hash}`, null, payload);
    }),
  };
}

function splitPush(raw: Row, path: string, settings: Settings): Split {
  const row = lowerCased(raw);
  const kind = kindOf(row, path);
  if (!kind) throw notOurs('there is neither a message nor a status in it');
  const id = idOf(row);
  return id ? { events: [eventOf(kind, id, row, settings)] } : { events: [], wake: true };
}

function eventOf(kind: 'message' | 'status', id: string, row: Row, settings: Settings): RawEvent {
  const payload = JSON.stringify({ kind, row });
  if (kind === 'status') {
    const code = asciiDigits(scalar(row.status)).trim().slice(0, 20);
    return rawEvent(lineOf(row.sender, settings), `status:${id}:${code}`, null, payload);
  }
  const at = dateOf(row);
  // A push has no date, and its copy from the poll must not be lost behind it: only the copy knows when the message was sent.
  const key = at ? `in:${id}` : `in:${id}:undated`;
  return rawEvent(lineOf(row.to ?? row.receptor, settings), key, at, payload);
}

function rawEvent(line: string, eventKey: string, at: Date | null, payload: string): RawEvent {
  return { accountRef: line, eventKey, at, payload: new TextEncoder().encode(payload) };
}

export function inbound(event: RawEvent): InboundEvent[] {
  const { kind, row } = read(event.payload);
  const externalId = idOf(row);
  if (kind === 'unreadable' || !externalId) {
    throw new Error('The row from Kavenegar has no usable messageid, or neither a message nor a status.');
  }
  if (kind === 'status') return [statusEvent(externalId, row, event.accountRef)];
  const text = row.message;
  if (typeof text !== 'string' && typeof text !== 'number') {
    throw new Error(`Message ${externalId} from Kavenegar has no text.`);
  }
  return [
    {
      type: 'message',
      externalIds: [externalId],
      scope: scopeIn(event.accountRef),
      direction: 'in',
      sender: senderOf(scalar(row.from ?? row.sender), externalId),
      threadKey: event.accountRef,
      at: event.at,
      providerOrder: externalId.padStart(20, '0'),
      text: wellFormed(String(text)),
      attachments: [],
      visibility: 'private',
    },
  ];
}

function statusEvent(externalId: string, row: Row, line: string): InboundEvent {
  const code = Number(asciiDigits(scalar(row.status)));
  const word = Number.isInteger(code) ? statusWord(code) : null;
  if (!word) {
    return {
      type: 'ignored',
      reason: `Kavenegar’s status ${wellFormed(scalar(row.status)).slice(0, 20)} has no meaning here.`,
    };
  }
  return {
    type: 'status',
    externalId,
    scope: scopeOut(line),
    state: word.state,
    at: null,
    ...(word.state === 'failed' ? { error: { code: String(code), message: word.says } } : {}),
  };
}

/** A mobile first: 0900… in ten digits is a subscriber, not a 9000… line. Landlines that send are services: 021… is one line however it is spelled. */
export function senderOf(text: string, messageId: string): Sender {
  const clean = text.replace(/[\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '').trim();
  const phone = /\p{L}/u.test(clean) ? null : parsePhone(clean);
  if (phone?.mobile) return { kind: 'mobile', value: phone.e164, display: phone.e164 };
  const national = phone?.e164.startsWith('+9821') ? `0${phone.e164.slice(3)}` : null;
  const line = national ?? serviceLine(clean);
  if (line) return { kind: 'smsLine', value: line, display: line };
  if (phone) return { kind: 'phone', value: phone.e164, display: phone.e164 };
  const name = wellFormed(clean).slice(0, 20);
  if (/[\p{L}\d]/u.test(name)) return { kind: 'smsLine', value: name, display: name };
  throw new Error(`Message ${messageId} from Kavenegar does not say who sent it.`);
}

function read(payload: Uint8Array): { kind: unknown; row: Row } {
  const value: unknown = JSON.parse(new TextDecoder().decode(payload));
  if (value === null || typeof value !== 'object')
    throw new Error('The stored event is not one of Kavenegar’s.');
  const { kind, row } = value as { kind?: unknown; row?: unknown };
  if (row === null || typeof row !== 'object') throw new Error('The stored event is not one of Kavenegar’s.');
  return { kind, row: row as Row };
}

/** Names are compared without case: the panel, the documentation and the SDKs do not agree on it. */
function lowerCased(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([name]) => name.length <= 40 && name !== '__proto__')
      .map(([name, value]) => [name.toLowerCase(), value]),
  );
}

/** A status may repeat the text it is about: at the address for statuses it is one all the same. */
function kindOf(row: Row, path: string): 'message' | 'status' | null {
  if (path.startsWith('/status') && row.status !== undefined) return 'status';
  if (row.message !== undefined || row.from !== undefined) return 'message';
  if (row.status !== undefined) return 'status';
  return row.sender !== undefined ? 'message' : null;
}

/** An id larger than a double holds would come out wrong: better none, and the poll, than a wrong one. */
function idOf(row: Row): string | null {
  const value = row.messageid;
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : null;
  const text = typeof value === 'string' ? asciiDigits(value).trim() : '';
  return /^[1-9]\d{0,19}$/.test(text) ? text : null;
}

/** Unix seconds; null when there is none or it cannot be one. */
function dateOf(row: Row): Date | null {
  const seconds = Number(asciiDigits(scalar(row.date)).trim() || Number.NaN);
  const plausible = seconds > 946_684_800 && seconds < 4_102_444_800;
  return plausible ? new Date(Math.floor(seconds) * 1000) : null;
}

/** The line it was sent to; of another line than ours it is that line's, and the host shows it as of an unknown account. */
function lineOf(value: unknown, settings: Settings): string {
  const own = settings.line === undefined ? 'unconfigured' : accountRef(settings);
  const named = scalar(value);
  return named ? (canonicalLine(named) ?? own) : own;
}

function scalar(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A lone half of a surrogate pair cannot be stored: it becomes U+FFFD. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

function notOurs(why: string): ConnectorError {
  return new ConnectorError({
    class: 'permanent',
    code: 'notKavenegar',
    message: `This is no call of Kavenegar’s: ${why}.`,
  });
}
