import { createHash } from 'node:crypto';
import { decodeBytes } from './charset.ts';
import { charsetOf, type Field, firstOf, type HeaderSection, readFields } from './fields.ts';
import { htmlToText, withoutMarks } from './html.text.ts';
import { readTnef } from './tnef.ts';
import { BeyondBounds, type FilePart, type PartNode, parseTree } from './tree.ts';

/** A mail taken apart, whatever state it is in. */
export interface ReadMail {
  fields: Field[];
  /** The plain texts, joined; empty when there is none. */
  plain: string;
  /** The texts as HTML, joined; null when there is none. Not sanitised. */
  html: string | null;
  files: FilePart[];
  /** Why it could not be read whole, as the end of a sentence; null when it could. */
  broken: string | null;
}

/** Lines that end in a lone CR throughout, as old Macs wrote them. */
export function withLineFeeds(raw: Uint8Array): Uint8Array {
  if (raw.includes(0x0a) || !raw.includes(0x0d)) return raw;
  return raw.map((byte) => (byte === 0x0d ? 0x0a : byte));
}

/** What is looked into, and how far; all else is only measured. */
const looked: Record<string, number> = {
  'message/delivery-status': 64 * 1024,
  'message/disposition-notification': 64 * 1024,
  'message/feedback-report': 16 * 1024,
  'text/rfc822-headers': 256 * 1024,
  'message/rfc822': 256 * 1024,
  'message/global': 256 * 1024,
  'message/global-headers': 256 * 1024,
  'message/global-delivery-status': 64 * 1024,
  'text/calendar': 256 * 1024,
  'application/ics': 256 * 1024,
};

const isTnef = ({ type, name }: Pick<FilePart, 'type' | 'name'>): boolean =>
  /^application\/(vnd\.)?ms-tnef$/.test(type) || name?.toLowerCase() === 'winmail.dat';

function wantedOf(file: Pick<FilePart, 'type' | 'name'>): number {
  return isTnef(file) ? maxRaw : (looked[file.type] ?? 0);
}

/** Files within a file have numbers of their own: those of the n-th begin at (n + 1) thousand. */
export const withinPart = 1000;

/** Outlook's package gives way to what is in it. */
function unpacked(files: readonly FilePart[]): { files: FilePart[]; text: string } {
  let text = '';
  const all = files.flatMap((file): FilePart[] => {
    const content = isTnef(file) && file.content !== null ? readTnef(file.content) : null;
    if (content === null) return [file];
    text ||= content.text;
    return content.files.map(({ name, body }, n) => ({
      part: (file.part + 1) * withinPart + n,
      type: 'application/octet-stream',
      name: name || null,
      contentId: null,
      contentType: '',
      bytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
      content: null,
    }));
  });
  return { files: all, text };
}

/** Larger ones never came over SMTP to anybody. */
const maxRaw = 40 * 1024 * 1024;
/** 25 MB of an attachment are 350,000 lines. Each costs the parser time, however short it is. */
const maxLines = 1_000_000;
/** `=` signs: quoted-printable takes the parser far longer a letter than anything else. */
const maxEscapes = 1_500_000;
/** Of a text that is shown: a novel has 500,000 characters. */
const maxText = 400_000;

/** Never rejects: what the parser cannot take apart is read plainly. */
export async function readMail(stored: Uint8Array): Promise<ReadMail> {
  const raw = withLineFeeds(stored);
  const section = readFields(raw);
  try {
    if (raw.length > maxRaw) throw new BeyondBounds('it is larger than any mail may be');
    if (section.cut) throw new BeyondBounds('its header section is longer than any may be');
    if (count(raw, 0x0a) > maxLines) throw new BeyondBounds('it has more than a million lines');
    if (count(raw, 0x3d) > maxEscapes) throw new BeyondBounds('too much of it is encoded letter by letter');
    const { root, files: parsed } = await parseTree(raw, wantedOf);
    const { files, text: packed } = unpacked(parsed);
    const segments = segmentsOf(root);
    const text = segments.some((segment) => segment.plain !== null) ? joinWords(segments) : '';
    const html = joinHtml(segments);
    // A multipart whose boundary never comes.
    const parted = /^multipart\//i.test(root.contentType) && root.children.length === 0;
    if (parted && files.length === 0 && hasBody(raw, section))
      throw new BeyondBounds('it does not say where its parts begin');
    return {
      fields: section.fields,
      plain: cutAt(text === '' && html === null ? packed : text, maxText),
      html,
      files,
      broken: text.length > maxText || anyCut(root) ? 'its text is too long' : null,
    };
  } catch (error) {
    return plainly(raw, section, error instanceof BeyondBounds ? error.message : 'it is damaged');
  }
}

const anyCut = (node: PartNode): boolean => node.cut === true || node.children.some(anyCut);

function count(bytes: Uint8Array, byte: number): number {
  let found = 0;
  for (let at = bytes.indexOf(byte); at >= 0; at = bytes.indexOf(byte, at + 1)) found += 1;
  return found;
}

function hasBody(raw: Uint8Array, { bodyAt }: HeaderSection): boolean {
  return raw.subarray(bodyAt, bodyAt + 64 * 1024).some((byte) => byte > 0x20);
}

interface Segment {
  plain: string | null;
  html: string | null;
}

/** The texts in their order; of alternatives one segment, with the richest of either kind. */
function segmentsOf(node: PartNode): Segment[] {
  if (node.isAttachment) return [];
  const text = node.textContent;
  if (node.children.length === 0) {
    if (text === undefined || text.trim() === '') return [];
    return [node.contentType === 'text/html' ? { plain: null, html: text } : { plain: text, html: null }];
  }
  const inner = node.children.map(segmentsOf);
  if (node.contentType !== 'multipart/alternative') return inner.flat();
  const all = inner.filter((segments) => segments.length > 0);
  const plain = all.find((segments) => segments.some((segment) => segment.plain !== null));
  const html = all.findLast((segments) => segments.some((segment) => segment.html !== null));
  if (!plain && !html) return [];
  return [
    {
      plain: plain ? joinPlain(plain) || null : null,
      html: html ? joinHtml(html) : null,
    },
  ];
}

function joinPlain(segments: readonly Segment[]): string {
  return segments.flatMap((segment) => segment.plain ?? []).join('\n');
}

/** Where texts of both kinds stand one after another, and none is the other's alternative. */
function joinWords(segments: readonly Segment[]): string {
  return segments.map(({ plain, html }) => plain ?? withoutMarks(htmlToText(html ?? ''))).join('\n');
}

/** Null unless something in it is HTML; plain texts between stand as they are. */
function joinHtml(segments: readonly Segment[]): string | null {
  if (segments.every((segment) => segment.html === null)) return null;
  return segments.map(({ plain, html }) => html ?? `<pre>${escapeHtml(plain ?? '')}</pre>`).join('\n<br>\n');
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);
}

/** The headers and the beginning of the body, without taking it apart. */
function plainly(raw: Uint8Array, { fields, bodyAt }: HeaderSection, broken: string): ReadMail {
  const beginning = raw.subarray(bodyAt, bodyAt + 64 * 1024);
  const encoding = firstOf(fields, 'content-transfer-encoding')?.trim().toLowerCase() ?? '';
  const type = firstOf(fields, 'content-type') ?? '';
  const text = decodeBytes(transferred(beginning, encoding), charsetOf(fields));
  const html = /^\s*text\/html/i.test(type);
  return {
    fields,
    plain: cutAt(html ? text.replace(/<[^<>]{0,2000}>/g, ' ').replace(/[ \t]+/g, ' ') : text, 20_000).trim(),
    html: null,
    files: [],
    broken,
  };
}

function transferred(bytes: Uint8Array, encoding: string): Uint8Array {
  const text = (): string => Buffer.from(bytes).toString('latin1');
  if (encoding === 'base64') return Buffer.from(text(), 'base64');
  if (encoding !== 'quoted-printable') return bytes;
  return Buffer.from(
    text()
      .replace(/=\r?\n/g, '')
      .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

function cutAt(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}
