import iconv from 'iconv-lite';

/** Text out of bytes whose label may be missing, unknown or wrong. What was written is kept letter by letter: ي stays ي. */

/** Labels that say nothing beyond ASCII, or that mailers write without looking. */
const unsure =
  /^(us-ascii|ascii|ansi_x3\.4-1968|utf-?8|unknown(-8bit)?|x-unknown|default|8bit|binary|none|)$/;
const westEuropean = /^(iso-?8859-?1|iso-?8859-?15|latin-?1|windows-1252|cp-?1252|x-ansi)$/;
/** As seen in mail, for what neither decoder calls by that name. */
const aliases: Record<string, string> = {
  'x-windows-1256': 'windows-1256',
  'cp-1256': 'windows-1256',
  windows1256: 'windows-1256',
  'ms-arab': 'windows-1256',
  'iso-8859-6-i': 'iso-8859-6',
  'iso-8859-6-e': 'iso-8859-6',
  arabic: 'iso-8859-6',
  'unicode-1-1-utf-7': 'utf-7',
  'x-unicode-2-0-utf-7': 'utf-7',
  'x-gbk': 'gb18030',
  cp936: 'gb18030',
};

/** @param label the charset parameter as it was written, or null. Never throws; U+FFFD stands for what could not be read. */
export function decodeBytes(bytes: Uint8Array, label: string | null): string {
  return tidy(decode(bytes, canonical(label)));
}

function canonical(label: string | null): string {
  const name = (label ?? '')
    .trim()
    .replace(/^["']|["']$/g, '')
    .toLowerCase();
  return aliases[name] ?? name;
}

function decode(bytes: Uint8Array, name: string): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const { high, multi } = utf8Of(bytes);
  // Two sequences of several bytes that are right by accident are not seen in any eight-bit charset's text.
  if (multi !== null && (unsure.test(name) || (singleByte(name) && multi >= 2)))
    return new TextDecoder('utf-8').decode(bytes);
  if (high > 0 && (unsure.test(name) || westEuropean.test(name)) && multi === null && looksArabic(bytes))
    return iconv.decode(Buffer.from(bytes), 'windows-1256');
  return labelled(bytes, name) ?? new TextDecoder(multi === null ? 'windows-1252' : 'utf-8').decode(bytes);
}

function labelled(bytes: Uint8Array, name: string): string | null {
  if (name === '') return null;
  // "UTF-8" on bytes that are not: shown with its holes, unless nothing else is legible.
  try {
    return new TextDecoder(name).decode(bytes);
  } catch {
    return iconv.encodingExists(name) ? iconv.decode(Buffer.from(bytes), name) : null;
  }
}

const singleByte = (name: string): boolean =>
  /^(iso-?8859|windows-125|cp-?125|latin|x-ansi|koi8|macintosh)/.test(name);

/** How many bytes are not ASCII, and how many UTF-8 sequences they make: null when they are no UTF-8, not even a damaged one. */
function utf8Of(bytes: Uint8Array): { high: number; multi: number | null } {
  let high = 0;
  let multi = 0;
  for (const byte of bytes) {
    if (byte < 0x80) continue;
    high += 1;
    if (byte >= 0xc0) multi += 1;
  }
  if (high === 0) return { high, multi: 0 };
  // In another charset's text hardly any sequence is right; one that was cut or damaged leaves the others whole.
  const holes = new TextDecoder('utf-8').decode(bytes).split('\uFFFD').length - 1;
  return { high, multi: holes === 0 || multi > holes * 3 ? multi : null };
}

/**
 * Windows-1256 under another name: its letters come in runs, and the French letters that share its upper half hardly ever.
 * Western text has single accented letters, Cyrillic has those places full.
 */
function looksArabic(bytes: Uint8Array): boolean {
  let letters = 0;
  let french = 0;
  let inRuns = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte < 0xc0) continue;
    if ([0xe0, 0xe2, 0xe7, 0xe8, 0xe9, 0xea, 0xeb, 0xee, 0xef, 0xf4, 0xf9, 0xfb, 0xfc].includes(byte))
      french += 1;
    else letters += 1;
    if ((bytes[at - 1] ?? 0) >= 0x80 || (bytes[at + 1] ?? 0) >= 0x80) inRuns += 1;
  }
  const all = letters + french;
  return all >= 4 && french / all < 0.05 && inRuns / all > 0.7;
}

/** Line ends as LF; no control character but tab and LF; no half of a surrogate pair. */
export function tidy(text: string): string {
  return (
    text
      .replace(/^\uFEFF/, '')
      .replace(/\r\n?/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken away
      .replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, '')
      .replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD')
  );
}
