import { CommandError, type Doc, decode } from '../bson/values.ts';
import { encodeReply, type Reply } from './raw.ts';

/** Largest message the protocol allows. */
export const MAX_MESSAGE = 48_000_000;

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_COMPRESSED = 2012;
const OP_MSG = 2013;
const HEADER = 16;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
const EXHAUST_ALLOWED = 1 << 16;

/** One command as it came over the socket. */
export interface Request {
  requestId: number;
  body: Doc;
  /** Documents of kind-1 sections by field name, as raw BSON. */
  sequences: Map<string, Buffer[]>;
  /** The client wants no reply (unacknowledged write). */
  moreToCome: boolean;
  /** Came as OP_QUERY, which only the first handshake of a driver does: answered by OP_REPLY. */
  legacy: boolean;
}

/** A message that breaks the protocol: the connection cannot go on. */
export class ProtocolError extends Error {}

/** Cuts a byte stream into whole messages. */
export class Framer {
  private chunks: Buffer[] = [];
  private size = 0;

  /** Takes what arrived and gives the messages it completes. */
  push(chunk: Buffer): Buffer[] {
    this.chunks.push(chunk);
    this.size += chunk.length;
    const messages: Buffer[] = [];
    while (this.size >= 4) {
      const first = this.chunks[0]!.length >= 4 ? this.chunks[0]! : this.join();
      const length = first.readInt32LE(0);
      if (length < HEADER || length > MAX_MESSAGE)
        throw new ProtocolError(
          `a message of ${length} bytes: between ${HEADER} and ${MAX_MESSAGE} are allowed`,
        );
      if (this.size < length) break;
      const all = this.join();
      messages.push(all.subarray(0, length));
      this.chunks = all.length > length ? [all.subarray(length)] : [];
      this.size -= length;
    }
    return messages;
  }

  private join(): Buffer {
    if (this.chunks.length > 1) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0]!;
  }
}

const cString = (buffer: Buffer, at: number) => {
  const end = buffer.indexOf(0, at);
  if (end < 0) throw new ProtocolError('a name without an end');
  return { text: buffer.toString('utf8', at, end), next: end + 1 };
};

/** A number of the message itself. */
function numberAt(buffer: Buffer, at: number, end = buffer.length): number {
  if (at + 4 > end) throw new ProtocolError('a message that ends in the middle');
  return buffer.readInt32LE(at);
}

function documentAt(buffer: Buffer, at: number, end: number): Buffer {
  const size = at + 4 <= end ? buffer.readInt32LE(at) : -1;
  if (size < 5 || at + size > end) throw new ProtocolError('a document longer than its message');
  return buffer.subarray(at, at + size);
}

function decodeBody(raw: Buffer): Doc {
  try {
    return decode(raw);
  } catch (error) {
    throw new CommandError(22, `invalid BSON in the command: ${(error as Error).message}`);
  }
}

/** The request id of a message, for an answer to one that cannot be read further. */
export const requestIdOf = (message: Buffer) => message.readInt32LE(4);

export const isLegacy = (message: Buffer) => message.readInt32LE(12) === OP_QUERY;

/** Reads one whole message. Throws ProtocolError, or CommandError for a body that is not BSON. */
export function readRequest(message: Buffer): Request {
  const opCode = message.readInt32LE(12);
  if (opCode === OP_MSG) return readMsg(message);
  if (opCode === OP_QUERY) return readQuery(message);
  if (opCode === OP_COMPRESSED) throw new ProtocolError('compressed messages were not offered');
  throw new ProtocolError(`operation code ${opCode} is not spoken here`);
}

function readMsg(message: Buffer): Request {
  const flags = numberAt(message, HEADER) >>> 0;
  const unknown = flags & 0xffff & ~(CHECKSUM_PRESENT | MORE_TO_COME);
  if (unknown) throw new ProtocolError(`unknown required flag bits ${unknown}`);
  const end = message.length - (flags & CHECKSUM_PRESENT ? 4 : 0);
  const sequences = new Map<string, Buffer[]>();
  let body: Buffer | undefined;
  let at = HEADER + 4;
  while (at < end) {
    const kind = message[at++];
    if (kind === 0) {
      if (body) throw new ProtocolError('two bodies in one message');
      body = documentAt(message, at, end);
      at += body.length;
    } else if (kind === 1) {
      const sectionEnd = at + numberAt(message, at, end);
      if (sectionEnd > end || sectionEnd < at + 5)
        throw new ProtocolError('a section longer than its message');
      const { text, next } = cString(message, at + 4);
      if (next > sectionEnd) throw new ProtocolError('a section whose name does not end');
      if (sequences.has(text)) throw new ProtocolError(`two sections named ${text}`);
      const documents: Buffer[] = [];
      at = next;
      while (at < sectionEnd) {
        const raw = documentAt(message, at, sectionEnd);
        documents.push(raw);
        at += raw.length;
      }
      sequences.set(text, documents);
    } else throw new ProtocolError(`unknown section kind ${kind}`);
  }
  if (!body) throw new ProtocolError('a message without a body');
  return {
    requestId: requestIdOf(message),
    body: decodeBody(body),
    sequences,
    moreToCome: (flags & MORE_TO_COME) !== 0 && (flags & EXHAUST_ALLOWED) === 0,
    legacy: false,
  };
}

function readQuery(message: Buffer): Request {
  const { text: ns, next } = cString(message, HEADER + 4);
  const body = decodeBody(documentAt(message, next + 8, message.length));
  const database = ns.slice(0, ns.indexOf('.'));
  if (!ns.endsWith('.$cmd')) throw new CommandError(352, 'OP_QUERY is spoken for the first handshake only');
  body['$db'] ??= database;
  return { requestId: requestIdOf(message), body, sequences: new Map(), moreToCome: false, legacy: true };
}

let nextRequestId = 1;

/** The bytes of an answer. */
export function writeReply(request: { requestId: number; legacy: boolean }, reply: Reply): Buffer {
  const head = HEADER + (request.legacy ? 20 : 5);
  const message = encodeReply(reply, head).fill(0, 0, head);
  message.writeInt32LE(message.length, 0);
  nextRequestId = (nextRequestId % 0x7fffffff) + 1;
  message.writeInt32LE(nextRequestId, 4);
  message.writeInt32LE(request.requestId, 8);
  message.writeInt32LE(request.legacy ? OP_REPLY : OP_MSG, 12);
  if (request.legacy) {
    message.writeInt32LE(8, HEADER); // AwaitCapable
    message.writeInt32LE(1, HEADER + 16); // one document
  }
  return message;
}
