import { createHash } from 'node:crypto';
import type { InboundAttachment, InboundMessage, Letter, SenderCheck } from '../connector.ts';
import { addressesIn, canonicalAddress } from './address.ts';
import { ourMark } from './automatic.ts';
import { invitationText } from './calendar.ts';
import { scope } from './config.ts';
import type { MailEnvelope } from './envelope.ts';
import { allOf, charsetOf, type Field, firstOf, readFields, textOf } from './fields.ts';
import { fileName } from './filename.ts';
import { hasQuoteContainer, htmlToText, withoutMarks } from './html.text.ts';
import { contentIdsIn, sanitiseHtml } from './html.ts';
import { ownId, threadOf } from './ids.ts';
import { wholeMail } from './parts.ts';
import { stripQuotes } from './quotes.ts';
import type { ReadMail } from './read.ts';
import type { From } from './sender.ts';
import type { FilePart } from './tree.ts';

export interface MailInHand {
  envelope: MailEnvelope;
  mail: ReadMail;
  from: From;
  rawBytes: number;
}

/** More than anybody sends; each is fetched by itself. */
const maxAttachments = 100;
/** Of the new words; the whole is beside them. */
const maxWords = 100_000;
const maxWhole = 400_000;
const forwardSubject = /^\s*(fwd?|fw|ارجاع|هدایت|فوروارد|باز ?ارسال)\s*[:：]/i;

/** What somebody wrote to us. */
export function messageOf(given: MailInHand): InboundMessage {
  const { envelope, mail, from } = given;
  const check = checkOf(given);
  const proven = check === 'pass' || check === 'none';
  const value = from.canonical ?? from.address.address;
  return {
    ...common(given, check),
    direction: 'in',
    sender: {
      kind: proven ? 'emailAddress' : 'unprovenAddress',
      value,
      display: value,
      ...(from.address.name ? { name: from.address.name } : {}),
    },
    ...claimsOf(mail.fields, { from, own: envelope.own }),
  };
}

/** What our own account sent from elsewhere; null when it went to nobody but ourselves. */
export function echoOf(given: MailInHand): InboundMessage | null {
  const { envelope, mail } = given;
  const recipient = [...addressesOf(mail.fields, 'to'), ...addressesOf(mail.fields, 'cc')].find(
    ({ address }) => canonicalAddress(address) !== null && !envelope.own.includes(address),
  );
  if (!recipient) return null;
  const sendRef = /^\d{1,17}$/.exec(firstOf(mail.fields, ourMark)?.trim() ?? '')?.[0];
  return {
    ...common(given, null),
    direction: 'out',
    sender: {
      kind: 'emailAddress',
      value: recipient.address,
      display: recipient.address,
      ...(recipient.name ? { name: recipient.name } : {}),
    },
    ...(sendRef === undefined ? {} : { sendRef }),
  };
}

/** Of a mail that says two things about who wrote it, nothing is proven, whatever was found at receipt. */
function checkOf({ envelope, from }: MailInHand): SenderCheck {
  return from.ambiguous || from.canonical === null ? 'fail' : envelope.check;
}

type Common = Omit<InboundMessage, 'direction' | 'sender'>;

function common(given: MailInHand, check: SenderCheck | null): Common {
  const { envelope, mail, from, rawBytes } = given;
  const { fields } = mail;
  const subject = textOf(fields, 'subject').slice(0, 1000);
  const html = mail.html === null ? null : sanitiseHtml(mail.html);
  const { whole, words } = textsOf(mail, { forward: forwardSubject.test(subject) });
  const digest = hash([
    subject,
    whole.replace(/\s+/g, ' ').trim(),
    ...mail.files.map(({ sha256 }) => sha256),
  ]);
  const id = ownId(firstOf(fields, 'message-id')) ?? substituteId(fields, digest);
  const thread = threadOf(firstOf(fields, 'in-reply-to'), allOf(fields, 'references').join(' ') || null);
  const references = thread.references.filter((reference) => reference !== id);
  const notes = notesOf(given);
  if (mail.html !== null && html === null && mail.broken === null)
    notes.push('⚠ Only the words of this mail are shown: its HTML is too long, or nested too deep.');
  const said = words || (mail.files.length === 0 ? subject : '');
  const letter: Letter = {
    subject,
    from: from.address,
    to: addressesOf(fields, 'to'),
    cc: addressesOf(fields, 'cc'),
    bcc: [],
    check,
  };
  return {
    type: 'message',
    externalIds: [id],
    scope,
    threadKey: thread.root ?? id,
    at: new Date(envelope.internalDate),
    providerOrder: String(envelope.uid).padStart(10, '0'),
    text: [said.slice(0, Math.max(0, maxWords - notes.join('').length - 100)), ...notes]
      .filter(Boolean)
      .join('\n\n'),
    attachments: attachmentsOf(mail, { html, rawBytes }),
    visibility: 'private',
    letter,
    whole: { text: [whole, ...notes].filter(Boolean).join('\n\n'), html: html || null },
    ...(references.length > 0 ? { references } : {}),
    digest,
  };
}

/** Without an id of its own, or with one that says nothing, a mail is known by what everybody who has a copy sees in it. */
function substituteId(fields: readonly Field[], digest: string): string {
  const seen = ['from', 'to', 'date', 'subject'].map((name) => firstOf(fields, name) ?? '');
  return `sha256:${hash([...seen, digest])}`;
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Programs that write no plain text put a sentence about themselves in its place. */
const placeholder =
  /^.{0,200}\b(html|browser|e-?mail client|e-?mail reader|mail reader)\b.{0,200}$|مرورگر|نسخه وب/is;

function textsOf(mail: ReadMail, { forward }: { forward: boolean }): { whole: string; words: string } {
  const plain = mail.plain.trim();
  const html = mail.html ?? '';
  const strip = (text: string) => stripQuotes(text.slice(0, maxWords), { forward });
  if (plain === '' || (plain.length < 300 && html !== '' && placeholder.test(plain))) {
    const marked = htmlToText(html).slice(0, maxWhole);
    if (marked.length > plain.length)
      return { whole: withoutMarks(marked).trim(), words: strip(marked).text };
  }
  const fromPlain = strip(plain);
  if (fromPlain.quoted || !hasQuoteContainer(html)) return { whole: plain, words: fromPlain.text };
  // The HTML knows of a quote that the plain text does not show.
  const fromHtml = strip(htmlToText(html));
  return { whole: plain, words: fromHtml.quoted ? fromHtml.text : fromPlain.text };
}

/** Sentences about the mail itself, and what stands for parts that are not words. */
function notesOf({ envelope, mail }: MailInHand): string[] {
  const notes: string[] = [];
  const invitations = mail.files.filter(isInvitation).slice(0, 10);
  notes.push(...new Set(invitations.flatMap((file) => invitationText(file) ?? [])));
  if (mail.files.some(({ type }) => /^application\/(x-)?(pkcs7-mime|pgp-encrypted)$/.test(type)))
    notes.push('🔒 This mail is encrypted: only the recipient’s own key can open the attached file.');
  if (envelope.leftOutBytes !== undefined)
    notes.push(
      `⚠ This mail is ${(envelope.leftOutBytes / 1024 / 1024).toFixed(1)} MB, more than is fetched: open it in the mailbox to read it.`,
    );
  else if (mail.broken !== null)
    notes.push(`⚠ This mail could not be read whole: ${mail.broken}. It is attached as it came.`);
  const more = shownFiles(mail).length - maxAttachments;
  if (more > 0) notes.push(`⚠ ${more} more files are in this mail: open it in the mailbox to see them.`);
  return notes;
}

const isInvitation = ({ type }: FilePart): boolean => type === 'text/calendar' || type === 'application/ics';

/** Signatures for machines are no files that somebody sent; of an invitation that comes twice the one with a name is shown. */
function shownFiles(mail: ReadMail): FilePart[] {
  return mail.files.filter((file) => {
    if (/^application\/(x-)?(pkcs7|pgp)-signature$/.test(file.type)) return false;
    if (!isInvitation(file)) return true;
    const copies = mail.files.filter((other) => isInvitation(other) && other.sha256 === file.sha256);
    return (copies.find(({ name }) => name !== null) ?? copies[0]) === file;
  });
}

/** A forwarded mail without a name of its own is called by its subject. */
function nameOf(file: FilePart): string {
  if (file.name !== null || !file.type.startsWith('message/rfc822') || file.content === null)
    return fileName(file.name, file.type, file.part);
  const subject = textOf(readFields(file.content).fields, 'subject');
  return fileName(
    subject === '' ? null : `${subject.replace(/[\\/]/g, '_').slice(0, 100)}.eml`,
    file.type,
    file.part,
  );
}

function attachmentsOf(
  mail: ReadMail,
  { html, rawBytes }: { html: string | null; rawBytes: number },
): InboundAttachment[] {
  const inline = contentIdsIn(html ?? '');
  const given = new Set<string>();
  const files = shownFiles(mail)
    .slice(0, maxAttachments)
    .map((file): InboundAttachment => {
      const { part, type, bytes, contentId } = file;
      const shown = contentId !== null && inline.has(contentId) && !given.has(contentId);
      if (shown) given.add(contentId);
      return {
        ref: { part },
        name: nameOf(file),
        type,
        bytes,
        ...(shown ? { contentId } : {}),
      };
    });
  if (mail.broken === null) return files;
  return [...files, { ref: { part: wholeMail }, name: 'mail.eml', type: 'message/rfc822', bytes: rawBytes }];
}

function addressesOf(fields: readonly Field[], name: string): Letter['to'] {
  return allOf(fields, name)
    .flatMap((value) => addressesIn(value, charsetOf(fields)))
    .slice(0, 500);
}

/** Where an answer is wanted is not who wrote: it is kept as what they say about themselves. */
function claimsOf(
  fields: readonly Field[],
  { from, own }: { from: From; own: readonly string[] },
): Pick<InboundMessage, 'claims'> {
  const others = addressesOf(fields, 'reply-to')
    .map(({ address }) => canonicalAddress(address))
    .filter((address) => address !== null && address !== from.canonical && !own.includes(address));
  const claims = [...new Set(others)].flatMap((value) =>
    value === null ? [] : [{ kind: 'emailAddress' as const, value, source: 'replyTo' }],
  );
  return claims.length > 0 ? { claims: claims.slice(0, 5) } : {};
}
