import { decodeBytes } from './charset.ts';

/** Encoded words of headers, RFC 2047, and the raw bytes that stand where they should be. */

const word = /=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=/g;

/**
 * @param value one header field as latin1 text, a character a byte.
 * @param charset what the mail's body declares: raw bytes in headers are usually in the same.
 */
export function decodeWords(value: string, charset: string | null = null): string {
  let out = '';
  let pending: { charset: string; bytes: Buffer[] } | null = null;
  let from = 0;
  const flush = (): void => {
    if (pending) out += decodeBytes(Buffer.concat(pending.bytes), pending.charset);
    pending = null;
  };
  for (const match of value.matchAll(word)) {
    const between = value.slice(from, match.index);
    const [whole, label = '', encoding = '', content = ''] = match;
    // RFC 2231 5: a language may follow the charset.
    const name = label.split('*')[0]?.toLowerCase() ?? '';
    // White space between two words is not shown; a letter may be cut in two by them, so bytes are joined first.
    if (between.trim() !== '' || from === 0) {
      flush();
      out += plain(between, charset);
    }
    const bytes = encoding.toUpperCase() === 'B' ? Buffer.from(content, 'base64') : fromQ(content);
    const open = pending as { charset: string; bytes: Buffer[] } | null;
    if (open && open.charset === name) open.bytes.push(bytes);
    else {
      flush();
      pending = { charset: name, bytes: [bytes] };
    }
    from = match.index + whole.length;
  }
  flush();
  return out + plain(value.slice(from), charset);
}

function plain(latin1: string, charset: string | null): string {
  return /[\x80-\xff]/.test(latin1) ? decodeBytes(Buffer.from(latin1, 'latin1'), charset) : latin1;
}

function fromQ(content: string): Buffer {
  return Buffer.from(
    content
      .replace(/_/g, ' ')
      .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}
