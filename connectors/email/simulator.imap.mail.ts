import { type Token, text } from './simulator.imap.read.ts';
import type { StoredMail } from './simulator.mailbox.ts';

/** What FETCH and SEARCH say about mails. Both throw with the sentence that a BAD answer carries. */

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The numbers of a sequence set; `*` is the largest there is. */
export function inSet(set: string, largest: number): (number: number) => boolean {
  const ranges = set.split(',').map((part) => {
    const [from = '', to = from] = part.split(':');
    const ends = [from, to].map((end) => (end === '*' ? largest : Number(end)));
    if (part === '' || ends.some((end) => !Number.isInteger(end) || end < 0))
      throw new Error(`"${set}" is no set of numbers`);
    return [Math.min(...ends), Math.max(...ends)] as const;
  });
  return (number) => ranges.some(([low, high]) => number >= low && number <= high);
}

/** The data items of one FETCH answer, as the bytes that stand between the brackets. `seen`: a body was read without PEEK. */
export function fetched(mail: StoredMail, items: Token): { data: Buffer; seen: boolean } {
  const wanted = (Array.isArray(items) ? items : [items]).map((item) => text(item).toUpperCase());
  const parts: Buffer[] = [];
  let seen = false;
  for (const item of wanted) {
    if (item === 'UID') parts.push(ascii(`UID ${mail.uid}`));
    else if (item === 'FLAGS') parts.push(ascii(`FLAGS (${[...mail.flags].join(' ')})`));
    else if (item === 'RFC822.SIZE') parts.push(ascii(`RFC822.SIZE ${mail.raw.byteLength}`));
    else if (item === 'INTERNALDATE') parts.push(ascii(`INTERNALDATE "${internalDate(mail.at)}"`));
    else {
      const body = bodyOf(mail.raw, item);
      seen ||= !item.startsWith('BODY.PEEK');
      parts.push(Buffer.concat([ascii(`${body.label} {${body.content.byteLength}}\r\n`), body.content]));
    }
  }
  return { data: join(parts), seen };
}

const bodyItem =
  /^BODY(?:\.PEEK)?\[(|HEADER|TEXT|HEADER\.FIELDS(?:\.NOT)? \(([^)]*)\))\](?:<(\d+)\.(\d+)>)?$/;

function bodyOf(raw: Buffer, item: string): { label: string; content: Buffer } {
  const match = bodyItem.exec(item);
  if (!match) throw new Error(`This server does not know the item ${item}`);
  const [, section = '', fields, from, length] = match;
  const end = raw.indexOf('\r\n\r\n');
  const head = end < 0 ? raw : raw.subarray(0, end + 4);
  let content = raw;
  if (section === 'HEADER') content = head;
  else if (section === 'TEXT') content = end < 0 ? Buffer.alloc(0) : raw.subarray(end + 4);
  else if (section) content = headerFields(head, fields ?? '', section.startsWith('HEADER.FIELDS.NOT'));
  const start = from === undefined ? '' : `<${from}>`;
  if (from !== undefined) content = content.subarray(Number(from), Number(from) + Number(length));
  return { label: `BODY[${section}]${start}`, content };
}

function headerFields(head: Buffer, names: string, not: boolean): Buffer {
  const wanted = new Set(names.split(' ').map((name) => name.replace(/"/g, '').toLowerCase()));
  const kept = fieldsOf(head).filter(([name]) => wanted.has(name) !== not);
  return ascii(`${kept.map(([, line]) => `${line}\r\n`).join('')}\r\n`);
}

/** Names in lower case, and each field whole, folds included; latin1. */
function fieldsOf(head: Buffer): [name: string, line: string][] {
  return head
    .toString('latin1')
    .split(/\r\n(?![ \t])/)
    .filter(Boolean)
    .map((line) => [line.slice(0, line.indexOf(':')).trim().toLowerCase(), line]);
}

export function headerOf(raw: Buffer, name: string): string | undefined {
  const end = raw.indexOf('\r\n\r\n');
  const found = fieldsOf(end < 0 ? raw : raw.subarray(0, end)).find(
    ([field]) => field === name.toLowerCase(),
  );
  return found?.[1]
    .slice(found[1].indexOf(':') + 1)
    .replace(/\r\n/g, '')
    .trim();
}

/** SEARCH: all of the keys hold. */
export function matching(
  keys: Token[],
  mails: readonly { mail: StoredMail; seq: number }[],
): readonly { mail: StoredMail; seq: number }[] {
  let left = mails;
  const largest = { seq: mails.length, uid: Math.max(0, ...mails.map(({ mail }) => mail.uid)) };
  const queue = [...keys];
  const keep = (holds: (entry: { mail: StoredMail; seq: number }) => boolean): void => {
    left = left.filter(holds);
  };
  while (queue.length > 0) {
    const key = text(queue.shift()).toUpperCase();
    const argument = (): string => text(queue.shift());
    if (key === 'ALL') continue;
    if (key === 'CHARSET') argument();
    else if (key === 'UID') {
      const set = inSet(argument(), largest.uid);
      keep(({ mail }) => set(mail.uid));
    } else if (key === 'SINCE' || key === 'BEFORE') {
      const day = dayOf(argument());
      keep(({ mail }) => (key === 'SINCE' ? mail.at.getTime() >= day : mail.at.getTime() < day));
    } else if (key === 'HEADER') {
      const name = argument();
      const value = argument().toLowerCase();
      keep(({ mail }) => headerOf(mail.raw, name)?.toLowerCase().includes(value) ?? false);
    } else if (key === 'SEEN' || key === 'UNSEEN')
      keep(({ mail }) => mail.flags.has('\\Seen') === (key === 'SEEN'));
    else if (/^[\d:*,]+$/.test(key)) {
      const set = inSet(key, largest.seq);
      keep(({ seq }) => set(seq));
    } else throw new Error(`This server does not search by ${key}`);
  }
  return left;
}

function dayOf(value: string): number {
  const match = /^(\d{1,2})-([A-Za-z]{3})-(\d{4})$/.exec(value);
  const month = months.findIndex((name) => name.toLowerCase() === match?.[2]?.toLowerCase());
  if (!match || month < 0) throw new Error(`"${value}" is no date`);
  return Date.UTC(Number(match[3]), month, Number(match[1]));
}

export function internalDate(at: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  return `${two(at.getUTCDate())}-${months[at.getUTCMonth()]}-${at.getUTCFullYear()} ${time} +0000`;
}

const ascii = (value: string): Buffer => Buffer.from(value, 'latin1');

function join(parts: Buffer[]): Buffer {
  return Buffer.concat(parts.flatMap((part, index) => (index ? [ascii(' '), part] : [part])));
}
