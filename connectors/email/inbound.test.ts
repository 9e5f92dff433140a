import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InboundEvent, InboundMessage, RawEvent, Settings } from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { decodeMail, encodeMail, type MailEnvelope } from './envelope.ts';
import { inbound, payloadOf, split } from './inbound.ts';
import { partOf, wholeMail } from './parts.ts';

const folder = new URL('./fixtures/', import.meta.url);
const settings = JSON.parse(readFileSync(new URL('settings.json', folder), 'utf8')) as Settings;
const mails = readdirSync(folder).filter((name) => name.endsWith('.eml'));
const broken = readdirSync(new URL('broken/', folder));
const bytesOf = (name: string): Buffer => readFileSync(new URL(name, folder));

const envelope: MailEnvelope = {
  uidValidity: 7,
  uid: 42,
  internalDate: '2026-11-20T08:00:05.000Z',
  mailbox: 'INBOX',
  check: 'pass',
  checkDetail: 'DMARC pass for example.com.',
  own: ['support@example.net'],
};

const stored = (payload: Uint8Array): RawEvent => ({ accountRef: 'x', eventKey: '7:42', at: null, payload });

async function read(mail: string | Uint8Array, over: Partial<MailEnvelope> = {}): Promise<InboundEvent[]> {
  const raw = typeof mail === 'string' ? Buffer.from(mail.replace(/\r?\n/g, '\r\n')) : mail;
  return inbound(stored(encodeMail({ envelope: { ...envelope, ...over }, raw })));
}

async function message(mail: string | Uint8Array, over: Partial<MailEnvelope> = {}): Promise<InboundMessage> {
  const [event] = await read(mail, over);
  if (event?.type !== 'message') throw new Error(`It became ${JSON.stringify(event)}.`);
  return event;
}

const plain = (headers: string, body = 'words'): string =>
  `From: Sara <sara@example.com>\nMessage-ID: <a@example.com>\n${headers}\n\n${body}\n`;

describe('the fixtures', () => {
  it('are at least sixty mails, half of them Persian, and twenty broken ones', () => {
    expect(mails.length).toBeGreaterThanOrEqual(60);
    expect(mails.filter((name) => name.startsWith('fa-')).length * 2).toBeGreaterThanOrEqual(mails.length);
    expect(broken.length).toBeGreaterThanOrEqual(20);
  });

  it.each(mails)('%s: every file of it can be fetched, under its name and at its size', async (name) => {
    const payload = payloadOf(bytesOf(name), settings);
    const { raw } = decodeMail(payload);
    for (const event of await inbound(stored(payload))) {
      const meant = event.type === 'ignored' ? (event.restored ?? []) : [event];
      for (const one of meant) {
        if (one.type !== 'message') continue;
        for (const { ref, name: shown, type, bytes } of one.attachments.slice(0, 5)) {
          const part = await partOf(raw, Number(ref.part));
          expect(part).toMatchObject({ type });
          expect(part?.body.length).toBe(bytes);
          expect(shown).not.toMatch(/[\\/\p{Cc}\u202e]/u);
        }
      }
    }
  });

  it.each(broken)('broken/%s becomes something, and the next one is not held up', async (name) => {
    const payload = payloadOf(bytesOf(`broken/${name}`), settings);
    const [event] = await inbound(stored(payload));
    expect(['message', 'ignored', 'status']).toContain(event?.type);
    if (event?.type === 'message' && event.text.includes('could not be read whole'))
      expect(event.attachments.at(-1)).toMatchObject({ ref: { part: wholeMail }, name: 'mail.eml' });
  });
});

describe('a mail beyond all measure', () => {
  const many = (text: string, times: number): string => text.repeat(times);
  const multipart = 'Content-Type: multipart/mixed; boundary=x';
  const nested = (depth: number): string => {
    let text = 'From: sara@example.com\n';
    for (let level = 0; level < depth; level += 1)
      text += `Content-Type: multipart/mixed; boundary=b${level}\n\n--b${level}\n`;
    return `${text}\nwords\n`;
  };
  it.each<[string, string]>([
    ['ten thousand multiparts in one another', nested(10_000)],
    ['a header line of 5 MB', plain(`Subject: ${many('x', 5_000_000)}`)],
    ['a header folded over 100,000 lines', plain(`Subject: x${many('\n x', 100_000)}`)],
    ['5,000 parts', plain(multipart, many('--x\n\nhi\n', 5_000))],
    ['two million empty lines', plain('Subject: x', many('\n', 2_000_000))],
    [
      'quoted-printable without end',
      plain('Content-Transfer-Encoding: quoted-printable', many('=41', 4_000_000)),
    ],
    ['HTML nested 100,000 deep', plain('Content-Type: text/html', `${many('<b>', 100_000)}words`)],
    ['HTML of 20 MB', plain('Content-Type: text/html', `words${many('<p>x</p>', 2_500_000)}`)],
  ])('%s is shown as far as it goes', async (_, mail) => {
    const read = await message(mail);
    expect(read.text.length).toBeLessThanOrEqual(100_000);
    expect(read.whole?.text.length ?? 0).toBeLessThanOrEqual(450_000);
    expect(read.whole?.html?.length ?? 0).toBeLessThanOrEqual(2_000_000);
  });

  it('says what is missing, and hands the whole out as a file', async () => {
    const mail = plain(multipart, many('--x\n\nhi\n', 5_000));
    const read = await message(mail);
    expect(read.text).toContain('could not be read whole: it has more than 1,000 parts');
    const raw = Buffer.from(mail.replace(/\n/g, '\r\n'));
    expect((await partOf(raw, wholeMail))?.body).toEqual(raw);
  });

  it('keeps base64 of 20 MB as one file', async () => {
    const read = await message(
      plain(
        'Content-Type: application/zip\nContent-Transfer-Encoding: base64',
        many(`${many('A', 76)}\n`, 270_000),
      ),
    );
    expect(read.attachments).toMatchObject([{ type: 'application/zip', bytes: 270_000 * 57 }]);
  });
});

describe('who wrote', () => {
  it('is proven by a passed check or a domain without policy, and by nothing else', async () => {
    const kinds = await Promise.all(
      (['pass', 'none', 'fail', 'unknown'] as const).map(async (check) => {
        const { sender, letter } = await message(plain('Subject: x'), { check });
        return [letter?.check, sender.kind];
      }),
    );
    expect(kinds).toEqual([
      ['pass', 'emailAddress'],
      ['none', 'emailAddress'],
      ['fail', 'unprovenAddress'],
      ['unknown', 'unprovenAddress'],
    ]);
  });

  it('is one person however the address is spelled', async () => {
    for (const from of [
      'SARA@Example.COM',
      '"Sara" <sara@example.com>',
      'sara@example.com (Sara)',
      '<Sara@EXAMPLE.com.>',
    ])
      expect((await message(`From: ${from}\n\nx`)).sender.value, from).toBe('sara@example.com');
  });

  it.each([
    'Bank <service@bank.example>, <sara@example.com>',
    'sara@example.com\nFrom: service@bank.example',
    'a:service@bank.example;, sara@example.com',
  ])('is nobody proven when the mail names several: %s', async (from) => {
    expect((await message(`From: ${from}\n\nx`)).sender.kind).toBe('unprovenAddress');
  });

  it('cannot pretend by a name that is another address', async () => {
    const { sender } = await message('From: "service@bank.example" <evil@example.org>\n\nx');
    expect(sender).toMatchObject({ value: 'evil@example.org', display: 'evil@example.org' });
    expect(sender.name).toBeUndefined();
  });

  it('cannot forge the structure of the field by what is encoded in it', async () => {
    const word = `=?utf-8?B?${Buffer.from('x <service@bank.example>, y').toString('base64')}?=`;
    expect((await message(`From: ${word} <evil@example.org>\n\nx`)).sender).toMatchObject({
      kind: 'emailAddress',
      value: 'evil@example.org',
    });
  });

  it('may speak in our name only when that is proven', async () => {
    const mail = 'From: support@example.net\nTo: sara@example.com\nMessage-ID: <o@example.net>\n\nPaid.';
    expect((await message(mail)).direction).toBe('out');
    for (const check of ['none', 'fail', 'unknown'] as const) {
      const [event] = await read(mail, { check });
      expect(event).toMatchObject({ type: 'ignored', restored: [{ type: 'message', direction: 'in' }] });
    }
    expect(await read(mail, { mailbox: 'Sent', sent: true, check: 'unknown' })).toMatchObject([
      { direction: 'out' },
    ]);
  });
});

describe('one mail', () => {
  it('is the same message in two of our mailboxes', async () => {
    const words = '\nSubject: x\n\nwords\n';
    const id = 'From: sara@example.com\nMessage-ID: <a@example.com>';
    const first = await message(`Received: from a by mx1; now\n${id}${words}`, { uid: 5 });
    const second = await message(`Received: from b by mx2; then\nDelivered-To: x\n${id}${words}`, {
      uid: 9,
      uidValidity: 8,
    });
    expect(second.externalIds).toEqual(first.externalIds);
    expect([second.scope, second.digest]).toEqual([first.scope, first.digest]);
  });

  it('is another one when somebody uses its id again for other words or files', async () => {
    const first = await message(plain('Subject: x'));
    expect((await message(plain('Subject: x', 'other words'))).digest).not.toBe(first.digest);
    expect((await message(plain('Subject: y'))).digest).not.toBe(first.digest);
    const file = (content: string): string =>
      plain(
        'Subject: x\nContent-Type: multipart/mixed; boundary=b',
        `--b\n\nwords\n--b\nContent-Type: a/b\n\n${content}\n--b--`,
      );
    expect((await message(file('1'))).digest).not.toBe((await message(file('2'))).digest);
  });

  it('without an id is known by what it says', async () => {
    const mail = (subject: string): string => `From: sara@example.com\nSubject: ${subject}\n\nwords\n`;
    const [a, again, b] = await Promise.all([
      message(mail('a')),
      message(mail('a'), { uid: 43 }),
      message(mail('b')),
    ]);
    expect(a.externalIds[0]).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(again.externalIds).toEqual(a.externalIds);
    expect(b.externalIds).not.toEqual(a.externalIds);
  });

  it('is cut out under the number it has in its folder, and only if it was stored as one', () => {
    const request = (body: Uint8Array) => ({
      source: 'listen' as const,
      method: 'POST',
      path: '/',
      query: {},
      headers: {},
      body,
    });
    const raw = Buffer.from('From: a@example.com\r\n\r\nx');
    const keyOf = (over: Partial<MailEnvelope>): string | undefined =>
      split(request(encodeMail({ envelope: { ...envelope, ...over }, raw })), settings).events[0]?.eventKey;
    expect(keyOf({})).toBe('7:42');
    expect(keyOf({ mailbox: 'Sent' })).toBe('7:42:Sent');
    for (const body of [
      raw,
      Buffer.from(''),
      Buffer.from('{}\nx'),
      Buffer.from('{"uid":1'),
      Buffer.from('[1]\n'),
    ])
      expect(() => split(request(body), settings)).toThrow(ConnectorError);
  });

  it('goes into a file and back', () => {
    const raw = Buffer.from('From: a@example.com\r\n\r\nx\nبسته');
    const back = decodeMail(encodeMail({ envelope: { ...envelope, leftOutBytes: 3 }, raw }));
    expect(back.envelope).toEqual({ ...envelope, leftOutBytes: 3 });
    expect(Buffer.from(back.raw)).toEqual(raw);
    const payload = encodeMail({ envelope, raw });
    expect(payloadOf(payload, settings)).toBe(payload);
  });
});

it('a mail of hundreds of long texts is read to a bound, and says so', async () => {
  const part = `--b\nContent-Type: text/plain\n\n${'x y '.repeat(5_000)}\n`;
  const { text, attachments } = await message(
    plain('Content-Type: multipart/mixed; boundary=b', part.repeat(300)),
  );
  expect(text.length).toBeLessThanOrEqual(100_000);
  expect(text).toContain('its text is too long');
  expect(attachments.map(({ ref }) => ref['part'])).toEqual([wholeMail]);
});

describe('what nobody wrote', () => {
  it.each([
    ['Auto-Submitted: auto-replied', 'Auto-reply'],
    ['Auto-Submitted: Auto-Generated; x=y', 'Automatic'],
    ['X-Autorespond: yes', 'Auto-reply'],
    ['Precedence: auto_reply', 'Auto-reply'],
    ['Precedence: junk', 'Newsletter'],
    ['List-Id: <news.example.org>', 'Newsletter'],
    ['List-Unsubscribe: <mailto:u@example.org>', 'Newsletter'],
    ['Return-Path: <>', 'Automatic'],
    ['Subject: Out of office\nX-Auto-Response-Suppress: OOF', 'Auto-reply'],
    ['Subject: =?utf-8?B?2b7Yp9iz2K4g2K7ZiNiv2qnYp9ix?=\nPrecedence: bulk', 'Auto-reply'],
  ])('%s: is left out with a reason, and can be taken in after all', async (headers, word) => {
    const [event] = await read(plain(headers));
    expect(event).toMatchObject({ type: 'ignored', restored: [{ type: 'message', text: 'words' }] });
    expect(event?.type === 'ignored' && event.reason).toMatch(new RegExp(`^${word}: .+\\.$`));
  });

  it.each([
    ['Auto-Submitted: no', 'a person'],
    ['Subject: Out of office hours?', 'a question about office hours'],
    ['X-Auto-Response-Suppress: All', 'a person behind Exchange'],
    ['List-Id: <support.example.net>\nPrecedence: list', 'our own group'],
    [
      'List-Unsubscribe: <x>\nIn-Reply-To: <4503599627370497.5d41402abc4b@example.net>',
      'an answer to us through software',
    ],
    ['Precedence: first-class', 'an old program'],
  ])('%s: is %s', async (headers) => {
    expect((await message(plain(headers))).text).toBe('words');
  });

  it('is our own mail that comes back, and not that of a customer who works with this product too', async () => {
    const marked = (id: string) =>
      `From: Sara <sara@example.com>\nMessage-ID: <${id}>\nX-Yekja-Message: 1\n\nwords\n`;
    expect(await read(marked('1.5d41402abc4b@example.net'))).toMatchObject([
      { type: 'ignored', reason: expect.stringMatching(/^Loop: /), restored: [{ text: 'words' }] },
    ]);
    expect((await message(marked('1.5d41402abc4b@example.com'))).text).toBe('words');
    const shared = { own: ['shop@gmail.com'] };
    expect((await message(marked('1.5d41402abc4b@gmail.com'), shared)).text).toBe('words');
  });

  it('reports no address gone when its own sender is not who they say', async () => {
    const parts =
      '--b\n\nx\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n--b--';
    const report = plain('In-Reply-To: <o@example.net>\nContent-Type: multipart/report; boundary=b', parts);
    for (const check of ['pass', 'none', 'unknown'] as const)
      expect(await read(report, { check })).toMatchObject([
        { state: 'failed', error: { unreachable: true } },
      ]);
    const [forged] = await read(report, { check: 'fail' });
    expect(forged).toMatchObject({ type: 'status', state: 'failed', error: { code: '5.1.1' } });
    expect(forged).not.toHaveProperty('error.unreachable');
  });

  it('is not what a person sends on to us, though it holds a report', async () => {
    const parts =
      '--b\n\nI got this:\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n--b--';
    const mixed = await message(plain('Subject: x\nContent-Type: multipart/mixed; boundary=b', parts));
    expect(mixed.text).toBe('I got this:');
    const report = plain('In-Reply-To: <o@example.net>\nContent-Type: multipart/report; boundary=b', parts);
    expect(await read(report)).toMatchObject([
      { type: 'status', state: 'failed', externalId: 'o@example.net' },
    ]);
  });

  it('is not taken for an answer to us by an id that only looks like ours', async () => {
    const headers = 'List-Unsubscribe: <x>\nIn-Reply-To: <4503599627370497.5d41402abc4b@bigshop.example>';
    expect(await read(plain(headers))).toMatchObject([{ type: 'ignored' }]);
  });
});

describe('any bytes at all', () => {
  const pieces = fc.constantFrom(
    ...[
      'From: sara@example.com',
      'Content-Type: multipart/mixed; boundary=b',
      'Content-Type: text/html',
      '--b',
      '--b--',
      '',
    ],
    ...[
      'Content-Transfer-Encoding: base64',
      'Content-Type: message/rfc822',
      'Content-Disposition: inline',
      '2LPZhNin2YU=',
    ],
    ...[
      'Content-Type: text/plain; charset=windows-1256',
      'Subject: =?utf-8?B?2LPZhA==?=',
      'On 2025-01-01 at 10:00 a wrote:',
    ],
    ...[
      '> quoted',
      '<blockquote><p>x',
      'Content-Type: message/delivery-status',
      'Action: failed',
      'Final-Recipient: rfc822;a@b.c',
    ],
    ...[
      'References: <a@b> c@d',
      'Message-ID: <x@y.example>',
      ' folded',
      '\t',
      'Content-Type: text/calendar',
      'BEGIN:VEVENT',
      '\u0000',
      '=?',
    ],
    ...[
      'Content-Type: text/plain; format=flowed',
      'Content-Type: multipart/report',
      'از: x',
      'موضوع: y',
      'به: z',
      '-- ',
    ],
  );
  const lines = fc.array(
    fc.oneof({ weight: 9, arbitrary: pieces }, fc.string({ unit: 'binary', maxLength: 40 })),
    { maxLength: 60 },
  );

  it('become events, the same ones each time, and never an error', async () => {
    await fc.assert(
      fc.asyncProperty(lines, async (given) => {
        const mail = Buffer.from(given.join('\r\n'));
        const events = await read(mail);
        expect(events.length).toBeGreaterThan(0);
        expect(await read(mail)).toEqual(events);
      }),
      { numRuns: 400 },
    );
  });

  it('may be real mails with pieces cut out, doubled and exchanged', async () => {
    const real = mails.map(bytesOf);
    const damage = fc.record({
      mail: fc.constantFrom(...real),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.integer({ min: 0, max: 400 }),
      instead: fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom(...real).map((other) => other.subarray(300, 900)),
      ),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ mail, from, length, instead }) => {
        const { raw } = decodeMail(payloadOf(mail, settings));
        const at = Math.floor(from * raw.length);
        const damaged = Buffer.concat([raw.subarray(0, at), instead, raw.subarray(at + length)]);
        expect((await read(damaged)).length).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });
});
