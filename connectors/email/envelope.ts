import { ConnectorError, type SenderCheck } from '../connector.ts';

/**
 * What is stored of one mail: a line of JSON with what the mailbox and the check at receipt said, a line feed, and the mail exactly as
 * the mailbox gave it. The check is made once, at receipt: keys and policies in the domain name system change.
 */
export interface MailEnvelope {
  /** UIDVALIDITY and UID of the mailbox, RFC 9051 2.3.1.1. */
  uidValidity: number;
  uid: number;
  /** INTERNALDATE as ISO 8601: when the mail reached the mailbox. */
  internalDate: string;
  /** The folder it lay in. */
  mailbox: string;
  check: SenderCheck;
  /** One English sentence: what the check rests on. */
  checkDetail: string;
  /** Addresses of this mailbox, lower case: mail from them is our own. */
  own: string[];
  /** It was read in the folder of sent mail: we wrote it, whatever the settings call their folders by now. */
  sent?: true;
  /** The mail was larger than we fetch: `raw` holds its header section alone, and this is its size in bytes. */
  leftOutBytes?: number;
}

export interface StoredMail {
  envelope: MailEnvelope;
  /** RFC 5322, from the first byte of the header section on. A view into the payload, not a copy. */
  raw: Uint8Array;
}

const checks: readonly SenderCheck[] = ['pass', 'fail', 'none', 'unknown'];
/** Far beyond any list of our own addresses; what is longer is no envelope. */
const maxLine = 64 * 1024;
const lineFeed = 0x0a;

export function encodeMail({ envelope, raw }: StoredMail): Uint8Array {
  return Buffer.concat([Buffer.from(`${JSON.stringify(envelope)}\n`, 'utf8'), raw]);
}

/** Throws a ConnectorError ('permanent', `notMail`) that says what is wrong with a payload that is none. */
export function decodeMail(payload: Uint8Array): StoredMail {
  const end = payload.subarray(0, maxLine).indexOf(lineFeed);
  if (end < 0) throw notMail('its first line, the envelope, has no end');
  const line = new TextDecoder().decode(payload.subarray(0, end));
  return { envelope: envelopeOf(parse(line)), raw: payload.subarray(end + 1) };
}

/** Does this begin with an envelope line, rather than with a mail's own header? */
export function hasEnvelope(payload: Uint8Array): boolean {
  return payload[0] === 0x7b;
}

function parse(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (value !== null && typeof value === 'object' && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    throw notMail('its first line, the envelope, is not JSON');
  }
  throw notMail('its first line, the envelope, is not a JSON object');
}

function envelopeOf(value: Record<string, unknown>): MailEnvelope {
  const uidValidity = positive(value, 'uidValidity');
  const uid = positive(value, 'uid');
  const internalDate = new Date(text(value, 'internalDate'));
  if (Number.isNaN(internalDate.getTime())) throw notMail('"internalDate" is no date in ISO 8601');
  const check = checks.find((known) => known === value.check);
  if (!check) throw notMail(`"check" must be one of ${checks.join(', ')}`);
  if (!Array.isArray(value.own) || value.own.some((address) => typeof address !== 'string'))
    throw notMail('"own" must be a list of addresses');
  return {
    uidValidity,
    uid,
    internalDate: internalDate.toISOString(),
    mailbox: text(value, 'mailbox'),
    check,
    checkDetail: text(value, 'checkDetail'),
    own: (value.own as string[]).map((address) => address.toLowerCase()),
    ...(value.sent === true ? { sent: true } : {}),
    ...(value.leftOutBytes === undefined ? {} : { leftOutBytes: positive(value, 'leftOutBytes') }),
  };
}

function positive(value: Record<string, unknown>, name: string): number {
  const found = value[name];
  if (typeof found === 'number' && Number.isSafeInteger(found) && found > 0) return found;
  throw notMail(`"${name}" must be a whole number above 0`);
}

function text(value: Record<string, unknown>, name: string): string {
  const found = value[name];
  if (typeof found === 'string') return found;
  throw notMail(`"${name}" must be text`);
}

function notMail(why: string): ConnectorError {
  return new ConnectorError({
    class: 'permanent',
    code: 'notMail',
    message: `This is no stored mail: ${why}. It must be one line of JSON, a line feed and the mail itself.`,
  });
}
