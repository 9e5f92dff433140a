import { describe, expect, it } from 'vitest';
import { messageOf } from './message.ts';
import { partOf } from './parts.ts';
import { readMail } from './read.ts';
import { fromOf } from './sender.ts';
import { readTnef } from './tnef.ts';

const u16 = (n: number): Buffer => Buffer.from([n & 0xff, n >> 8]);
const u32 = (n: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(n);
  return bytes;
};

/** One attribute as MS-OXTNEF 2.1.3.1 lays it out. */
function attribute(level: 1 | 2, id: number, type: number, value: Buffer): Buffer {
  const sum = value.reduce((total, byte) => (total + byte) & 0xffff, 0);
  return Buffer.concat([Buffer.from([level]), u16(id), u16(type), u32(value.length), value, u16(sum)]);
}

const nul = Buffer.from([0]);
const text = (value: string): Buffer => Buffer.concat([Buffer.from(value, 'latin1'), nul]);

function property(type: number, id: number, value: Buffer): Buffer {
  const padding = Buffer.alloc((4 - (value.length % 4)) % 4);
  return Buffer.concat([u16(type), u16(id), u32(1), u32(value.length), value, padding]);
}

function properties(...all: Buffer[]): Buffer {
  return Buffer.concat([u32(all.length), ...all]);
}

const named = Buffer.concat([
  u16(3),
  u16(0x8001),
  Buffer.alloc(16),
  u32(1),
  u32(6),
  Buffer.from('a\0b\0\0\0\0\0'),
  u32(7),
]);
const long = property(0x1f, 0x3707, Buffer.from('فاکتور بلند.pdf\0', 'utf16le'));

const winmail = Buffer.concat([
  u32(0x223e9f78),
  u16(1),
  attribute(1, 0x9006, 8, u32(0x10000)),
  attribute(1, 0x9007, 6, Buffer.concat([u32(1256), u32(0)])),
  attribute(1, 0x800c, 2, Buffer.concat([Buffer.from('d3e1c7e3', 'hex'), nul])),
  attribute(2, 0x9002, 6, Buffer.alloc(14)),
  attribute(2, 0x8010, 1, text('FACTUR~1.PDF')),
  attribute(2, 0x800f, 6, Buffer.from('%PDF-1.4')),
  attribute(2, 0x9005, 6, properties(named, Buffer.concat([u16(3), u16(0x0e20), u32(8)]), long)),
  attribute(2, 0x9002, 6, Buffer.alloc(14)),
  attribute(2, 0x8010, 1, text('b.txt')),
  attribute(2, 0x800f, 6, Buffer.from('words')),
]);

describe('a winmail.dat', () => {
  it('has files with their long names, and a text in the charset it names', () => {
    const content = readTnef(winmail);
    expect(content?.text).toBe('سلام');
    expect(content?.files.map(({ name, body }) => [name, Buffer.from(body).toString()])).toEqual([
      ['فاکتور بلند.pdf', '%PDF-1.4'],
      ['b.txt', 'words'],
    ]);
  });

  it('that is damaged anywhere gives what stands before, and never an error', () => {
    for (let end = 0; end <= winmail.length; end += 1) {
      const files = readTnef(winmail.subarray(0, end))?.files ?? [];
      expect(files.length).toBeLessThanOrEqual(2);
    }
    for (let at = 6; at < winmail.length; at += 1) {
      const damaged = Buffer.from(winmail);
      damaged[at] = 0xff;
      expect(() => readTnef(damaged)).not.toThrow();
    }
    expect(readTnef(Buffer.from('not one at all'))).toBeNull();
    expect(readTnef(Buffer.alloc(0))).toBeNull();
  });

  it('stands in the inbox as the files in it, and each can be fetched', async () => {
    const raw = Buffer.from(
      [
        ...['From: sara@example.com', 'Subject: x', 'Content-Type: multipart/mixed; boundary=b', '', '--b'],
        ...[
          'Content-Type: image/png; name=a.png',
          '',
          'x',
          '--b',
          'Content-Type: application/ms-tnef; name=winmail.dat',
        ],
        ...['Content-Transfer-Encoding: base64', '', winmail.toString('base64'), '--b--', ''],
      ].join('\r\n'),
    );
    const mail = await readMail(raw);
    const from = fromOf(mail.fields);
    if (!from) throw new Error('It has a sender.');
    const envelope = {
      ...{ uidValidity: 1, uid: 1, internalDate: new Date(0).toISOString(), mailbox: 'INBOX' },
      ...{ check: 'pass' as const, checkDetail: '', own: [] },
    };
    const { text: words, attachments } = messageOf({ envelope, mail, from, rawBytes: raw.length });
    expect(words).toBe('سلام');
    expect(attachments.map(({ name, type, bytes }) => [name, type, bytes])).toEqual([
      ['a.png', 'image/png', 1],
      ['فاکتور بلند.pdf', 'application/octet-stream', 8],
      ['b.txt', 'application/octet-stream', 5],
    ]);
    for (const { ref, name, bytes } of attachments) {
      const part = await partOf(raw, Number(ref.part));
      expect([part?.name, part?.body.length]).toEqual([name, bytes]);
    }
    expect(await partOf(raw, 2_005)).toBeNull();
    expect(await partOf(raw, 1_000)).toBeNull();
    expect(await partOf(raw, 77_000)).toBeNull();
  });
});
