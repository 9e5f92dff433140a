import type { InboundEvent, RawEvent, RawRequest, Settings, Split } from '../connector.ts';
import { addressesIn, canonicalAddress } from './address.ts';
import { automaticReason } from './automatic.ts';
import { accountRef, mailFolder, ownAddresses } from './config.ts';
import { decodeMail, encodeMail, hasEnvelope } from './envelope.ts';
import { type Field, firstOf, readFields } from './fields.ts';
import { echoOf, type MailInHand, messageOf } from './message.ts';
import { readMail } from './read.ts';
import { reportOf } from './reports.ts';
import { type From, fromOf } from './sender.ts';

/** One stored mail: the envelope line, and the mail. A UID is unique in its folder alone. */
export function split(raw: RawRequest, settings: Settings): Split {
  const { envelope } = decodeMail(raw.body);
  const folder = envelope.mailbox === mailFolder(settings) ? [] : [envelope.mailbox];
  return {
    events: [
      {
        accountRef: settings.address === undefined ? 'unconfigured' : accountRef(settings),
        eventKey: [envelope.uidValidity, envelope.uid, ...folder].join(':'),
        at: new Date(envelope.internalDate),
        payload: raw.body,
      },
    ],
  };
}

/**
 * A mail as a file holds it, made into what would have been stored: nothing is known about its sender, and its own date stands in for
 * the mailbox's. What begins with an envelope line is left as it is.
 */
export function payloadOf(file: Uint8Array, settings: Settings): Uint8Array {
  if (hasEnvelope(file)) return file;
  const date = new Date(firstOf(readFields(file).fields, 'date') ?? '');
  const internalDate = (Number.isNaN(date.getTime()) ? new Date(0) : date).toISOString();
  const envelope = {
    uidValidity: 1,
    uid: 1,
    internalDate,
    mailbox: mailFolder(settings),
    check: 'unknown' as const,
    checkDetail: 'Read from a file: nobody was asked about its sender.',
    own: settings.address === undefined ? [] : ownAddresses(settings),
  };
  return encodeMail({ envelope, raw: file });
}

export async function inbound(event: RawEvent): Promise<InboundEvent[]> {
  const { envelope, raw } = decodeMail(event.payload);
  const mail = await readMail(raw);
  const from = fromOf(mail.fields) ?? returnPathOf(mail.fields);
  if (!from) return [{ type: 'ignored', reason: 'Nobody: the mail does not say who it is from.' }];
  const given: MailInHand = { envelope, mail, from, rawBytes: raw.length };
  const message = (): InboundEvent[] => [messageOf(given)];
  const at = new Date(envelope.internalDate);
  if (envelope.sent || envelope.own.includes(from.canonical ?? '')) return ourOwn(given);
  const report = reportOf(mail, { at, envelope });
  if (report) {
    return 'events' in report
      ? report.events
      : [{ type: 'ignored', reason: report.ignored, restored: message() }];
  }
  const reason = automaticReason({ fields: mail.fields, from, own: envelope.own });
  return reason === null ? message() : [{ type: 'ignored', reason, restored: message() }];
}

/**
 * From one of our own addresses. What lies in the folder of sent mail we sent; elsewhere only a proven sender is ourselves, for anybody
 * can write our address into a mail and would speak to customers in our name.
 */
function ourOwn(given: MailInHand): InboundEvent[] {
  const { sent } = given.envelope;
  const proven = given.envelope.check === 'pass' && !given.from.ambiguous;
  const echo = sent || proven ? echoOf(given) : null;
  if (echo) return [echo];
  if (sent) return [{ type: 'ignored', reason: 'Own: it was sent to nobody but ourselves.' }];
  const reason = proven
    ? 'Own: this mailbox wrote it to itself.'
    : 'Own: it says that it is from this mailbox itself, which is not proven.';
  return [{ type: 'ignored', reason, restored: [messageOf(given)] }];
}

/** A mail without a From field still came from somewhere; nothing is proven about it. */
function returnPathOf(fields: readonly Field[]): From | null {
  const address = addressesIn(firstOf(fields, 'sender') ?? firstOf(fields, 'return-path') ?? '')[0];
  if (!address) return null;
  return { address, canonical: canonicalAddress(address.address), ambiguous: true };
}
