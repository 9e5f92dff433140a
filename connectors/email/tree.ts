import type { Readable, Transform } from 'node:stream';
import { MailParser } from 'mailparser';
import { decodeBytes } from './charset.ts';

/**
 * mailparser, kept within bounds and asked for what its own answer leaves out: the tree of parts, and the bytes of texts whose label is
 * wrong. `createNode`, `processHeaders`, `processChunk`, `tree` and `textContent` are its insides (3.9.31; the version is pinned, and the tests of this
 * folder fail without them).
 */

export const maxParts = 1000;
export const maxNesting = 50;
/** Of one part. A whole mail's header section is rarely over 20 KB. */
const maxHead = 256 * 1024;
/** Of one text; more is not decoded. */
const maxTextBytes = 2_000_000;
/** Of all of them: hundreds of long ones are read by nobody, and each costs its time. */
const maxTextsBytes = 4_000_000;
/** For streams that come to no end although nothing is waited for: no mail is known that does it. */
const patience = 30_000;

export interface PartNode {
  /** Lower case, without parameters. */
  contentType: string;
  isAttachment: boolean;
  children: PartNode[];
  /** Of a text, decoded. */
  textContent?: string;
  /** It was longer than is decoded. */
  cut?: boolean;
}

export interface FilePart {
  /** Counted from 0 in the order of the mail. */
  part: number;
  type: string;
  name: string | null;
  contentId: string | null;
  /** Of `text/calendar; method=REQUEST` and the like: the whole field. */
  contentType: string;
  bytes: number;
  sha256: string;
  /** Only of parts that were asked for. */
  content: Uint8Array | null;
}

export interface PartTree {
  root: PartNode;
  files: FilePart[];
}

/** A mail that is beyond the bounds, as a sentence's end. */
export class BeyondBounds extends Error {}

interface InnerNode extends PartNode {
  charset?: string;
  parent?: InnerNode;
}

interface Internals extends Transform {
  tree: InnerNode | false;
  createNode(node: unknown): InnerNode;
  processHeaders(lines: { key: string }[] | undefined): Map<string, unknown>;
  processChunk(data: unknown, done: (error?: Error) => void): void;
}

const Base = MailParser as unknown as new (options: object) => Internals;

class BoundedParser extends Base {
  private readonly declared = new Map<InnerNode, string | null>();

  override createNode(node: unknown): InnerNode {
    const made = super.createNode(node);
    let depth = 0;
    for (let up = made.parent; up; up = up.parent) depth += 1;
    if (depth > maxNesting)
      throw new BeyondBounds(`its parts lie more than ${maxNesting} deep in one another`);
    if (!made.isAttachment && !/^multipart\//i.test(made.contentType)) {
      this.declared.set(made, made.charset ?? null);
      // A character a byte, until all of it is here and can be looked at.
      made.charset = 'binary';
    }
    return made;
  }

  /** All other fields are read by fields.ts, and of the whole mail alone. */
  override processHeaders(lines: { key: string }[] | undefined): Map<string, unknown> {
    return super.processHeaders((lines ?? []).filter(({ key }) => key.startsWith('content-')));
  }

  /** What it throws outside of any caller's reach would end the process. */
  override processChunk(data: unknown, done: (error?: Error) => void): void {
    try {
      super.processChunk(data, done);
    } catch (error) {
      done(error instanceof Error ? error : new Error('mailparser failed'));
    }
  }

  texts(): void {
    let left = maxTextsBytes;
    for (const [node, charset] of this.declared) {
      if (node.textContent === undefined) continue;
      const label = charset ?? (node.contentType === 'text/html' ? charsetIn(node.textContent) : null);
      const taken = Math.min(maxTextBytes, left);
      left -= Math.min(taken, node.textContent.length);
      node.cut = node.textContent.length > taken;
      node.textContent = decodeBytes(Buffer.from(node.textContent.slice(0, taken), 'latin1'), label);
    }
  }
}

/** `<meta charset>` of a page whose part declares none. */
function charsetIn(html: string): string | null {
  return /<meta[^>]{0,200}charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(html.slice(0, 4096))?.[1] ?? null;
}

interface ParsedFile {
  type: 'attachment';
  content: Readable;
  contentType: string;
  filename?: string | false;
  cid?: string;
  headers: Map<string, unknown>;
  checksum: string;
  size: number;
  release(): void;
}

/**
 * @param wanted of which parts the content is kept, and how many bytes of it.
 * Rejects with BeyondBounds or with the parser's own error; in any case the mail is then to be shown another way.
 */
export function parseTree(
  raw: Uint8Array,
  wanted: (file: Pick<FilePart, 'part' | 'type' | 'name'>) => number,
): Promise<PartTree> {
  const parser = new BoundedParser({
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipTextLinks: true,
    skipImageLinks: true,
    keepDeliveryStatus: true,
    ignoreEmbedded: true,
    checksumAlgo: 'sha256',
    maxHeadSize: maxHead,
    maxChildNodes: maxParts,
  });
  const files: FilePart[] = [];
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(new BeyondBounds('it could not be taken apart')), patience);
    timer.unref();
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      parser.destroy();
      reject(error instanceof Error ? asBounds(error) : new Error('mailparser failed'));
    };
    parser.on('error', fail);
    parser.on('data', (data: ParsedFile | { type: 'text' }) => {
      if (data.type === 'attachment') keep(data);
    });
    parser.on('end', () => {
      clearTimeout(timer);
      if (!parser.tree) {
        reject(new Error('it has no part at all'));
        return;
      }
      parser.texts();
      resolve({ root: parser.tree, files });
    });
    const keep = (data: ParsedFile): void => {
      const part = files.length;
      const type = typeOf(data.contentType);
      const file: FilePart = {
        part,
        type,
        name: data.filename || null,
        contentId: data.cid || null,
        contentType: contentTypeOf(data.headers.get('content-type')),
        bytes: 0,
        sha256: '',
        content: null,
      };
      files.push(file);
      const limit = wanted(file);
      const chunks: Uint8Array[] = [];
      let kept = 0;
      data.content.on('data', (chunk: Uint8Array) => {
        if (kept >= limit) return;
        chunks.push(chunk.subarray(0, limit - kept));
        kept += Math.min(chunk.length, limit - kept);
      });
      data.content.on('error', fail);
      data.content.on('end', () => {
        file.bytes = data.size;
        file.sha256 = data.checksum;
        if (limit > 0) file.content = Buffer.concat(chunks);
        data.release();
      });
    };
    parser.end(raw);
  });
}

function asBounds(error: Error & { code?: string }): Error {
  if (error.code !== 'EMAXLEN') return error;
  return /header/i.test(error.message)
    ? new BeyondBounds(`the header of one of its parts is over ${maxHead / 1024} KB`)
    : new BeyondBounds(`it has more than ${maxParts.toLocaleString('en')} parts`);
}

function typeOf(written: string): string {
  const type = written.trim().toLowerCase();
  return /^[\w.+-]{1,60}\/[\w.+-]{1,100}$/.test(type) ? type : 'application/octet-stream';
}

function contentTypeOf(header: unknown): string {
  const { value, params } = (header ?? {}) as { value?: string; params?: Record<string, string> };
  const given = Object.entries(params ?? {}).map(
    ([name, text]) => `; ${name}="${String(text).slice(0, 200)}"`,
  );
  return `${value ?? ''}${given.join('')}`;
}
