import { withoutBidiControls } from '../../shared/text/normalise.ts';
import type { InboundEvent } from '../connector.ts';
import { canonicalAddress } from './address.ts';
import { decodeBytes } from './charset.ts';
import type { MailEnvelope } from './envelope.ts';
import { allOf, type Field, firstOf, readFields, textOf } from './fields.ts';
import { idsIn, ownId } from './ids.ts';
import type { ReadMail } from './read.ts';
import { fromOf } from './sender.ts';
import type { FilePart } from './tree.ts';

/** What mail servers and mail programs report about a mail of ours: RFC 3464 (delivery), RFC 8098 (read), and bounces from before them. */

export type ReportMeaning = { events: InboundEvent[] } | { ignored: string } | null;

/** @param envelope what was known of the report at receipt; its `own` are addresses of this mailbox, lower case. */
export function reportOf(
  mail: ReadMail,
  { at, envelope }: { at: Date; envelope: Pick<MailEnvelope, 'own' | 'check'> },
): ReportMeaning {
  const { own } = envelope;
  // Somebody who sends us a report that they got is not reporting.
  const root = firstOf(mail.fields, 'content-type') ?? '';
  const reports = /^\s*(multipart\/report|message\/)/i.test(root) || fromNobody(mail);
  const file = (...types: string[]): FilePart | undefined =>
    reports ? mail.files.find(({ type }) => types.includes(type)) : undefined;
  const disposition = file('message/disposition-notification');
  if (disposition) return receiptOf(mail, { block: disposition, at });
  if (file('message/feedback-report'))
    return { ignored: 'Report: a mail provider says that somebody marked a mail as spam.' };
  const delivery = file('message/delivery-status', 'message/global-delivery-status');
  const old = delivery ? null : oldOutcome(mail);
  const outcomes = delivery ? standardOutcomes(delivery) : old ? [old] : [];
  if (outcomes.length === 0) return delivery ? { ignored: nothing } : null;
  // Anybody who got a mail of ours could write this; nobody is given up on the word of one who is not who they say.
  return deliveryOf({ mail, outcomes, at, own, proven: envelope.check !== 'fail' });
}

interface Outcome {
  action: 'failed' | 'delayed' | 'delivered' | 'other';
  code: string;
  recipient: string;
  /** What the other server said. */
  words: string;
}

interface DeliveryRequest {
  mail: ReadMail;
  outcomes: Outcome[];
  at: Date;
  own: readonly string[];
  proven: boolean;
}

const nothing = 'Report: a mail server says something about a mail, and nothing was lost.';

function deliveryOf({ mail, outcomes, at, own, proven }: DeliveryRequest): ReportMeaning {
  const final = outcomes.filter(({ action }) => action === 'failed' || action === 'delivered');
  if (final.length === 0) {
    const delayed = outcomes.find(({ action }) => action === 'delayed');
    if (!delayed) return { ignored: nothing };
    return {
      ignored: `Delayed: the mail to ${whomOf(delayed)} has not arrived yet; their server is tried again.`,
    };
  }
  const original = originalOf(mail);
  if (original.sender !== null && !own.includes(original.sender))
    return { ignored: 'Bounce: of a mail that somebody else sent under our address.' };
  const { id } = original;
  if (id === null) return { ignored: 'Bounce: it does not say which of our mails it is about.' };
  return { events: final.map((outcome) => statusOf(outcome, { id, at, proven })) };
}

function statusOf(
  outcome: Outcome,
  { id, at, proven }: { id: string; at: Date; proven: boolean },
): InboundEvent {
  const { action, code, words } = outcome;
  const recipient = canonicalAddress(outcome.recipient);
  const base = {
    type: 'status' as const,
    externalId: id,
    scope: 'email',
    at,
    ...(recipient === null ? {} : { recipient }),
  };
  if (action === 'delivered') return { ...base, state: 'delivered' };
  const message = sentenceOf(code, whomOf(outcome), words);
  const unreachable = proven && gone.test(code) ? { unreachable: true } : {};
  return { ...base, state: 'failed', error: { code, message, ...unreachable } };
}

/** RFC 3463: no such address, no such host, a mailbox that was closed. A full one will be emptied. */
const gone = /^5\.(1\.(0|1|2|3|6|10)|2\.1)$/;

const whomOf = ({ recipient }: Outcome): string => (recipient === '' ? 'the recipient' : recipient);

function receiptOf(mail: ReadMail, { block, at }: { block: FilePart; at: Date }): ReportMeaning {
  const fields = blocksOf(block)[0] ?? [];
  const what = (firstOf(fields, 'disposition') ?? '').toLowerCase();
  if (!/;\s*displayed\b/.test(what)) {
    return { ignored: 'Receipt: a mail program says that it handled a mail, not that somebody read it.' };
  }
  const id =
    ownId(firstOf(fields, 'original-message-id')) ??
    originalOf(mail).id ??
    idsIn(firstOf(mail.fields, 'in-reply-to'))[0];
  if (!id) return { ignored: 'Receipt: it does not say which of our mails was read.' };
  return { events: [{ type: 'status', externalId: id, scope: 'email', state: 'read', at }] };
}

/** Groups of fields with blank lines between, in the order of the part. */
function blocksOf(file: FilePart): Field[][] {
  const text = decodeBytes(file.content ?? new Uint8Array(), null);
  return text
    .split(/\n[ \t]*\n/)
    .map((block) => readFields(Buffer.from(`${block.replace(/^\n+/, '')}\n\n`, 'utf8')).fields)
    .filter((fields) => fields.length > 0);
}

/** One for each recipient; a letter has at most a hundred. */
function standardOutcomes(file: FilePart): Outcome[] {
  return blocksOf(file)
    .filter((fields) => firstOf(fields, 'action') !== null)
    .slice(0, 100)
    .map((fields) => {
      const words = (firstOf(fields, 'diagnostic-code') ?? '').replace(/^\s*[\w-]+\s*;\s*/, '');
      return {
        action: actions[(firstOf(fields, 'action') ?? '').toLowerCase().split(/[\s;(]/)[0] ?? ''] ?? 'other',
        code: codeIn(firstOf(fields, 'status') ?? '') ?? codeIn(words) ?? 'bounced',
        recipient: addressOf(
          firstOf(fields, 'original-recipient') ?? firstOf(fields, 'final-recipient') ?? '',
        ),
        words,
      };
    });
}

/** RFC 3464 2.3.3. What was relayed or expanded is told no more about. */
const actions: Record<string, Outcome['action']> = {
  failed: 'failed',
  delayed: 'delayed',
  delivered: 'delivered',
  relayed: 'delivered',
  expanded: 'delivered',
};

const daemons =
  /^(mailer-?daemon|postmaster|mail-?daemon|maildelivery|mailer|bounce[sd]?|mail\.?delivery)([+.-].*)?@/i;
const bounceSubject =
  /undeliver|delivery (status notification|failure|has failed|problem|report)|failure notice|returned (mail|to sender)|mail delivery (failed|system)|message (could )?not (be )?delivered|delivery of your message|تحویل (داده )?نشد|برگشت خورد|عدم تحویل|ارسال ناموفق/i;
const bounceBody =
  /(could ?n.t|could not|unable to|was not|not able to|wasn't) (be )?deliver|permanent(ly)? (fatal )?(error|failure|failed)|delivery (to the following|attempt|failed)|this is the qmail-send program|user unknown|mailbox (unavailable|is full|not found)|no such user|تحویل داده نشد/i;
const stillTrying =
  /will (retry|be retried|keep trying|continue)|still being (retried|tried)|delivery (is |has been )?delayed|warning: (message|could not send)|not need to resend|temporar/i;

function fromNobody(mail: ReadMail): boolean {
  const sender = fromOf(mail.fields)?.address.address ?? '';
  return daemons.test(sender) || allOf(mail.fields, 'return-path').some((path) => /^<?\s*>?$/.test(path));
}

/** Exim, qmail, and hosts that write their own: a sentence, and the original or its header below. */
function oldOutcome(mail: ReadMail): Outcome | null {
  const failedTo = firstOf(mail.fields, 'x-failed-recipients');
  const subject = textOf(mail.fields, 'subject');
  const text = mail.plain.slice(0, 20_000);
  const looks = bounceSubject.test(subject) || bounceBody.test(text);
  if (failedTo === null && !(looks && fromNobody(mail))) return null;
  const words = linesWithCode(text);
  const code = codeIn(words);
  const delayed = stillTrying.test(text) && !/permanent|giving up|5\d\d[ -]|\b5\.\d/i.test(text);
  return {
    action: delayed ? 'delayed' : 'failed',
    code: code ?? 'bounced',
    recipient: addressOf(failedTo ?? /<([^<>\s@]+@[^<>\s@]+)>/.exec(text)?.[1] ?? ''),
    words,
  };
}

function linesWithCode(text: string): string {
  const line = text.split('\n').find((one) => /\b[45]\d\d[ -]|\b[45]\.\d{1,3}\.\d{1,3}\b/.test(one)) ?? '';
  return line.trim();
}

function codeIn(text: string): string | null {
  return (
    /(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])/.exec(text)?.[1] ??
    /(?:^|\D)([45]\d\d)(?!\d)/.exec(text)?.[1] ??
    null
  );
}

function addressOf(written: string): string {
  const bare = written.replace(/^\s*[\w-]+\s*;\s*/, '').split(',')[0] ?? '';
  return withoutBidiControls(bare)
    .replace(/[<>\s\p{Cc}]+/gu, '')
    .slice(0, 254);
}

/** The mail that the report is about: from the copy or header that comes with it, or from the thread it stands in. */
function originalOf(mail: ReadMail): { id: string | null; sender: string | null } {
  const copies = mail.files.filter(({ type }) =>
    ['message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers'].includes(type),
  );
  for (const copy of copies) {
    const { fields } = readFields(copy.content ?? new Uint8Array());
    const id = ownId(firstOf(fields, 'message-id'));
    if (id !== null) return { id, sender: fromOf(fields)?.canonical ?? null };
  }
  const quoted = /^[>\s]*message-id:\s*<([^<>\s]+)>/im.exec(mail.plain.slice(0, 200_000))?.[1];
  const threaded =
    idsIn(firstOf(mail.fields, 'in-reply-to'))[0] ?? idsIn(firstOf(mail.fields, 'references')).at(-1);
  return { id: quoted ?? threaded ?? null, sender: null };
}

const reasons: [RegExp, (whom: string) => string][] = [
  [/^5\.1\.(0|1|3|6|10)$/, (whom) => `The address of ${whom} does not exist.`],
  [/^5\.1\.2$/, (whom) => `There is no mail server for the address of ${whom}.`],
  [/^5\.2\.1$/, (whom) => `The mailbox of ${whom} has been disabled.`],
  [/^[45]\.2\.2$/, (whom) => `The mailbox of ${whom} is full.`],
  [/^5\.(2\.3|3\.4)$/, (whom) => `The mail is too large for the mailbox of ${whom}.`],
  [/^5\.7\./, (whom) => `The mail server of ${whom} refused the mail by its policy.`],
  [/^4\.4\.7$/, (whom) => `The mail server of ${whom} could not be reached for too long.`],
];

function sentenceOf(code: string, whom: string, words: string): string {
  const reason =
    reasons.find(([pattern]) => pattern.test(code))?.[1](whom) ??
    `The mail could not be delivered to ${whom}.`;
  const said = withoutBidiControls(words)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 300);
  return said === '' ? reason : `${reason} Their server says: “${said}”`;
}
