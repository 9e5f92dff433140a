import { decodeBytes } from './charset.ts';

/**
 * What Outlook packs into winmail.dat when it believes that the other side is Outlook too: MS-OXTNEF. Files and the plain text are taken
 * out; all else (rich text, voting buttons) is for Outlook alone.
 */
export interface TnefContent {
  files: { name: string; body: Uint8Array }[];
  /** Empty when there is none. */
  text: string;
}

const signature = 0x223e9f78;
/** Attribute ids, MS-OXTNEF 2.1.3.2. */
const attribute = {
  oemCodepage: 0x9007,
  body: 0x800c,
  beginAttachment: 0x9002,
  attachmentTitle: 0x8010,
  attachmentData: 0x800f,
  attachmentProperties: 0x9005,
};
const longFileName = 0x3707;
const maxFiles = 100;

/** Null when the bytes are no TNEF, or end within an attribute before anything was found. */
export function readTnef(bytes: Uint8Array): TnefContent | null {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (data.length < 6 || data.readUInt32LE(0) !== signature) return null;
  const content: TnefContent = { files: [], text: '' };
  let charset = 'windows-1252';
  for (const { id, value } of attributes(data)) {
    const file = content.files.at(-1);
    if (id === attribute.oemCodepage && value.length >= 4) charset = `windows-${value.readUInt32LE(0)}`;
    else if (id === attribute.body) content.text = ansi(value, charset);
    else if (id === attribute.beginAttachment) {
      if (content.files.length >= maxFiles) break;
      content.files.push({ name: '', body: new Uint8Array() });
    } else if (id === attribute.attachmentTitle && file) file.name ||= ansi(value, charset);
    else if (id === attribute.attachmentData && file) file.body = value;
    else if (id === attribute.attachmentProperties && file)
      file.name = longNameIn(value, charset) ?? file.name;
  }
  return content.files.length === 0 && content.text === '' ? null : content;
}

/** Level, id and type, length, value, checksum: one after another up to the end, or to what is cut off. */
function* attributes(data: Buffer): Generator<{ id: number; value: Buffer }> {
  for (let at = 6; at + 9 <= data.length; ) {
    const length = data.readUInt32LE(at + 5);
    const end = at + 9 + length;
    if (end > data.length) return;
    yield { id: data.readUInt16LE(at + 1), value: data.subarray(at + 9, end) };
    at = end + 2;
  }
}

/** PidTagAttachLongFilename among the properties of an attachment, MS-OXTNEF 2.1.3.4; null when it is not found. */
function longNameIn(value: Buffer, charset: string): string | null {
  try {
    return longName(value, charset);
  } catch (error) {
    // It ends in the middle of a property.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const fixedSize: Record<number, number> = {
  2: 4,
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 8,
  10: 4,
  11: 4,
  20: 8,
  64: 8,
  72: 16,
};
const variable = new Set([0x1e, 0x1f, 0x0d, 0x102]);

function longName(value: Buffer, charset: string): string | null {
  const count = value.readUInt32LE(0);
  let at = 4;
  for (let n = 0; n < count; n += 1) {
    const type = value.readUInt16LE(at) & 0xfff;
    const multiple = (value.readUInt16LE(at) & 0x1000) !== 0;
    const id = value.readUInt16LE(at + 2);
    at += 4;
    if (id >= 0x8000) at = afterName(value, at);
    const size = fixedSize[type];
    if (size !== undefined) {
      const values = multiple ? value.readUInt32LE(at) : 1;
      at += (multiple ? 4 : 0) + values * size;
    } else if (variable.has(type)) {
      const values = value.readUInt32LE(at);
      at += 4;
      for (let one = 0; one < values; one += 1) {
        const length = value.readUInt32LE(at);
        const bytes = value.subarray(at + 4, at + 4 + length);
        if (id === longFileName) return type === 0x1f ? utf16(bytes) : ansi(bytes, charset);
        at += 4 + padded(length);
        if (at > value.length) return null;
      }
    } else return null;
  }
  return null;
}

/** A named property has its set, and a number or a name, before its value. */
function afterName(value: Buffer, at: number): number {
  const kind = value.readUInt32LE(at + 16);
  return kind === 0 ? at + 24 : at + 24 + padded(value.readUInt32LE(at + 20));
}

const padded = (length: number): number => Math.ceil(length / 4) * 4;

function ansi(value: Buffer, charset: string): string {
  const end = value.indexOf(0);
  return decodeBytes(end < 0 ? value : value.subarray(0, end), charset).trim();
}

function utf16(value: Buffer): string {
  return decodeBytes(value, 'utf-16le').trim();
}
