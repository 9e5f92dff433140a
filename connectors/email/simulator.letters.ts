import { randomUUID } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';

/** Mails as other people's programs and servers write them, for the simulated mailbox. */

export interface CustomerMail {
  from: { name: string; address: string };
  to: string;
  subject: string;
  text: string;
  html?: string;
  file?: { name: string; type: string; body: Uint8Array; contentId?: string };
  cc?: string[];
  at: Date;
  messageId?: string;
  inReplyTo?: string;
  references?: string[];
  headers?: Record<string, string>;
}

export const newMessageId = (domain: string): string => `${randomUUID()}@${domain}`;

export async function customerMail(mail: CustomerMail): Promise<Buffer> {
  const { file } = mail;
  return new MailComposer({
    from: mail.from,
    to: mail.to,
    cc: mail.cc ?? [],
    subject: mail.subject,
    date: mail.at,
    text: mail.text,
    ...(mail.html ? { html: mail.html } : {}),
    ...(mail.messageId ? { messageId: `<${mail.messageId}>` } : {}),
    ...(mail.inReplyTo ? { inReplyTo: `<${mail.inReplyTo}>` } : {}),
    ...(mail.references?.length ? { references: mail.references.map((id) => `<${id}>`).join(' ') } : {}),
    headers: mail.headers ?? {},
    attachments: file
      ? [
          {
            filename: file.name,
            contentType: file.type,
            content: Buffer.from(file.body),
            ...(file.contentId ? { cid: file.contentId, contentDisposition: 'inline' as const } : {}),
          },
        ]
      : [],
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}

/** What the receiving server writes on top (RFC 5321 4.4, RFC 8601). */
export function stamped(
  raw: Buffer,
  options: { by: string; from: string; to: string; at: Date; dmarc: 'pass' | 'fail' | 'none' },
): Buffer {
  const { by, from, to, at, dmarc } = options;
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const host = domain ? `out.${domain}` : by;
  const lines = [
    `Return-Path: <${from}>`,
    ...(from
      ? [
          `Authentication-Results: ${by};\r\n\tspf=${dmarc === 'fail' ? 'softfail' : 'pass'} smtp.mailfrom=${domain};\r\n\tdmarc=${dmarc} header.from=${domain}`,
        ]
      : []),
    `Received: from ${host} (${host} [203.0.113.25])\r\n\tby ${by} with ESMTPS id ${randomUUID().slice(0, 12)}\r\n\tfor <${to}>; ${rfc5322(at)}`,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n`, 'utf8'), raw]);
}

/** A report of what became of a mail (RFC 3464), with the head of the mail it is about. */
export function deliveryReport(options: {
  by: string;
  to: string;
  recipient: string;
  action: 'failed' | 'delayed' | 'delivered';
  status: string;
  said: string;
  at: Date;
  /** Raw bytes of the mail the report is about. */
  original: Buffer;
}): Buffer {
  const { by, to, recipient, action, status, said, at } = options;
  const end = options.original.indexOf('\r\n\r\n');
  const head = options.original.subarray(0, end < 0 ? undefined : end).toString('latin1');
  const boundary = `report-${randomUUID()}`;
  const words = {
    failed: ['Undelivered Mail Returned to Sender', 'could not be delivered'],
    delayed: ['Delayed Mail (still being retried)', 'has not been delivered yet; it is tried again'],
    delivered: ['Successful Mail Delivery Report', 'was delivered'],
  }[action];
  return Buffer.from(
    [
      `From: Mail Delivery System <MAILER-DAEMON@${by}>`,
      `To: <${to}>`,
      `Subject: ${words[0]}`,
      `Date: ${rfc5322(at)}`,
      `Message-ID: <${newMessageId(by)}>`,
      'Auto-Submitted: auto-replied',
      'MIME-Version: 1.0',
      `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
      '',
      `--${boundary}`,
      'Content-Type: text/plain; charset=us-ascii',
      '',
      `This is the mail system at host ${by}.`,
      '',
      `Your message to <${recipient}> ${words[1]}.`,
      '',
      `<${recipient}>: ${said}`,
      '',
      `--${boundary}`,
      'Content-Type: message/delivery-status',
      '',
      `Reporting-MTA: dns; ${by}`,
      `Arrival-Date: ${rfc5322(at)}`,
      '',
      `Final-Recipient: rfc822; ${recipient}`,
      `Action: ${action}`,
      `Status: ${status}`,
      `Diagnostic-Code: smtp; ${said}`,
      '',
      `--${boundary}`,
      'Content-Type: text/rfc822-headers',
      '',
      head,
      '',
      `--${boundary}--`,
      '',
    ].join('\r\n'),
    'latin1',
  );
}

export function rfc5322(at: Date): string {
  return at.toUTCString().replace('GMT', '+0000');
}

/** As Gmail quotes, in the language of the one who answers. */
export function quoted(text: string, options: { from: string; at: Date; persian: boolean }): string {
  const lines = text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
  const { from, at } = options;
  if (!options.persian) {
    const day = at.toLocaleDateString('en-GB', {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      timeZone: 'UTC',
    });
    return `On ${day} at ${at.toISOString().slice(11, 16)} <${from}> wrote:\n\n${lines}`;
  }
  const day = at.toLocaleDateString('fa-IR', { dateStyle: 'medium', timeZone: 'UTC' });
  const time = at.toLocaleTimeString('fa-IR', { timeStyle: 'short', timeZone: 'UTC' });
  return `در تاریخ ${day} ساعت ${time} <${from}> نوشت:\n\n${lines}`;
}
