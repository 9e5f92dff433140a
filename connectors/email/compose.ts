import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import { type ConnectorContext, ConnectorError, type OutboundFile, type SendRequest } from '../connector.ts';
import { canonicalAddress } from './address.ts';
import { accountRef, displayName } from './config.ts';
import { htmlOf } from './paragraphs.ts';

/** A mail ready to leave, and who gets it. */
export interface ComposedMail {
  /** Without brackets. */
  messageId: string;
  raw: Buffer;
  from: string;
  /** The one who is written to, or those it is forwarded to: a mail that reaches none of them reached nobody. */
  to: string[];
  cc: string[];
  bcc: string[];
  forwarded: boolean;
}

/** Enough for any program to find the thread; a header of hundreds of ids is refused by some servers. */
const mostReferences = 20;

/** The same call makes the same Message-ID: a receiver who got it twice shows it once. */
export function messageIdOf(request: Pick<SendRequest, 'sendRef' | 'threadKey'>, from: string): string {
  const thread = createHash('sha256').update(request.threadKey).digest('hex').slice(0, 12);
  return `${request.sendRef}.${thread}@${from.slice(from.lastIndexOf('@') + 1)}`;
}

/**
 * Builds the whole mail before anything is sent, so that a file that cannot be read has sent nothing.
 * @throws ConnectorError
 */
export async function compose(request: SendRequest, context: ConnectorContext): Promise<ComposedMail> {
  const { piece, sendRef } = request;
  const letter = piece.letter;
  const from = accountRef(context.settings);
  const forwarded = Boolean(letter?.forwardTo?.length);
  const to = forwarded ? (letter?.forwardTo ?? []).map(checked) : [customerOf(request.to)];
  const cc = (letter?.cc ?? []).map(checked);
  const bcc = (letter?.bcc ?? []).map(checked);
  const messageId = messageIdOf(request, from);
  const references = referencesOf(request);
  const last = references.at(-1);
  const composer = new MailComposer({
    from: { name: displayName(context.settings), address: from },
    to,
    cc,
    subject: letter?.subject ?? '',
    messageId: `<${messageId}>`,
    date: context.now(),
    // A forward begins a thread of its own: those who get it have never seen ours.
    ...(last && !forwarded ? { inReplyTo: last, references: references.join(' ') } : {}),
    text: `${piece.text.replace(/\r\n?/g, '\n').replace(/\s+$/, '')}\n`,
    html: htmlOf(piece.text),
    attachments: (piece.files ?? (piece.file ? [piece.file] : [])).map((file) => attachment(file, context)),
    headers: {
      'X-Yekja-Message': sendRef,
      ...(request.automatic
        ? { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'OOF, AutoReply' }
        : {}),
    },
    textEncoding: 'B',
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { messageId, raw: await built(composer), from, to, cc, bcc, forwarded };
}

async function built(composer: MailComposer): Promise<Buffer> {
  try {
    return await composer.compile().build();
  } catch (cause) {
    if (cause instanceof ConnectorError) throw cause;
    throw new ConnectorError({
      class: 'permanent',
      code: 'badMail',
      message: 'No mail could be made of this message; nothing was sent.',
      cause,
    });
  }
}

function attachment(file: OutboundFile, context: ConnectorContext) {
  return {
    filename: file.name,
    contentType: /^[\w.+-]+\/[\w.+-]+$/.test(file.type) ? file.type : 'application/octet-stream',
    contentDisposition: 'attachment' as const,
    content: Readable.from(contentOf(file, context), { objectMode: false }),
  };
}

async function* contentOf(file: OutboundFile, context: ConnectorContext): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of context.openFile(file.id)) yield Buffer.from(chunk);
  } catch (cause) {
    throw new ConnectorError({
      class: 'retryable',
      code: 'file',
      message: `The stored file “${file.name}” could not be read; nothing was sent.`,
      cause,
    });
  }
}

/** The oldest first, the one that is answered last. Ids that were never in a mail (a hash, a mark of ours) are left out. */
function referencesOf(request: SendRequest): string[] {
  const all = [...(request.piece.letter?.references ?? []), ...(request.inReplyTo ? [request.inReplyTo] : [])]
    .map((id) => id.replace(/#[0-9a-f]{16,64}$/, ''))
    .filter((id) => /^[^\s<>]{1,900}$/.test(id) && !id.startsWith('sha256:'));
  const answered = request.inReplyTo?.replace(/#[0-9a-f]{16,64}$/, '');
  const once = [...new Set(all)].filter((id) => id !== answered);
  const ordered = answered && all.includes(answered) ? [...once, answered] : once;
  const [root] = ordered;
  return root && ordered.length > mostReferences ? [root, ...ordered.slice(1 - mostReferences)] : ordered;
}

function customerOf(to: SendRequest['to']): string {
  const address = to.kind === 'emailAddress' ? canonicalAddress(to.value) : null;
  if (address) return address;
  throw badAddress(`A mail goes to an address; ${to.kind} ${to.value} is none.`);
}

/** @throws ConnectorError on what is no address: nothing of a list is left out silently */
export function checked(text: string): string {
  const address = canonicalAddress(text);
  if (address) return address;
  throw badAddress(`“${text.slice(0, 200)}” is no e-mail address.`);
}

function badAddress(message: string): ConnectorError {
  return new ConnectorError({ class: 'permanent', code: 'badAddress', message });
}
