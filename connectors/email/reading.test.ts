import { describe, expect, it } from 'vitest';
import { addressesIn, canonicalAddress } from './address.ts';
import { invitationText } from './calendar.ts';
import { decodeBytes } from './charset.ts';
import { firstOf, parameterOf, readFields, textOf, tokenOf } from './fields.ts';
import { fileName } from './filename.ts';
import { idsIn, ownId, threadOf } from './ids.ts';
import { decodeWords } from './words.ts';

const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

describe('an address', () => {
  it.each([
    ['Sara@Example.COM', 'sara@example.com'],
    [' mailto:sara@example.com ', 'sara@example.com'],
    ['Sara <sara@example.com>', 'sara@example.com'],
    ['sara+tag@mail.example.com.', 'sara+tag@mail.example.com'],
    ['sara@bücher.example', 'sara@xn--bcher-kva.example'],
    ['علی@دامنه.example', 'علی@xn--mgbp1eef.example'],
    ['\u200esara@example.com\u200f', 'sara@example.com'],
  ])('%s is %s', (written, canonical) => {
    expect(canonicalAddress(written)).toBe(canonical);
    expect(canonicalAddress(canonical)).toBe(canonical);
  });

  it.each([
    ...[
      '',
      '@',
      'sara',
      'sara@',
      '@example.com',
      'sara@localhost',
      'sara@1.2.3.4',
      'sara@[192.0.2.1]',
      'a b@example.com',
    ],
    ...[
      'a@b@example.com',
      '.a@example.com',
      'a..b@example.com',
      'a@-x.example',
      'a@x..example',
      'a@exam%70le.com',
      'a@x.example/y',
    ],
    ...[
      'a@x.example?y',
      'a@x:25',
      'a,b@example.com',
      'a\n@example.com',
      `${'a'.repeat(200)}@example.com`,
      'a@x.123',
    ],
  ])('“%s” is none', (written) => {
    expect(canonicalAddress(written)).toBeNull();
  });

  it.each<[string, [string, string][]]>([
    [
      'a@b.example, c@d.example',
      [
        ['', 'a@b.example'],
        ['', 'c@d.example'],
      ],
    ],
    [
      '"Doe, J" <j@b.example>; x@y.example',
      [
        ['Doe, J', 'j@b.example'],
        ['', 'x@y.example'],
      ],
    ],
    [
      'Team: a@b.example, b@b.example;, c@d.example',
      [
        ['', 'a@b.example'],
        ['', 'b@b.example'],
        ['', 'c@d.example'],
      ],
    ],
    ['undisclosed-recipients:;', []],
    ['a@b.example (Ali (the first))', [['the first', 'a@b.example']]],
    ['=?utf-8?Q?Doe=2C_J?= <j@b.example>', [['Doe, J', 'j@b.example']]],
    ['=?utf-8?Q?x_=3Cevil=40e.example=3E?= <j@b.example>', [['', 'j@b.example']]],
    ['"a@b.example" <c@d.example>', [['', 'c@d.example']]],
    ['"unclosed <c@d.example>', [['"unclosed', 'c@d.example']]],
    ["'Sara' <s@d.example>", [['Sara', 's@d.example']]],
    [' , ,, ', []],
  ])('is found in the field %s', (value, expected) => {
    const found = addressesIn(value).map(({ name, address }) => [name, address]);
    expect(found.filter(([, address]) => address !== '')).toEqual(expected);
  });

  it('is found among a field of brackets and quotes without end', () => {
    for (const noise of ['"\\', '<', '"<(', '=?', '=?a?b?', '((', ':;', ',<>'])
      expect(addressesIn(noise.repeat(20_000)).length).toBeLessThanOrEqual(500);
  });
});

describe('ids', () => {
  it.each<[string, string[]]>([
    ['<a@b> <c@d>', ['a@b', 'c@d']],
    ['<a@b>,<c@d>, e@f', ['a@b', 'c@d', 'e@f']],
    ['a@b c@d', ['a@b', 'c@d']],
    ['<a@b> c@d <e@f', ['a@b', 'c@d', 'e@f']],
    ['<a@b> <a@b>', ['a@b']],
    ['Your message of "Mon, 1 Jan <x>" <a@b>', ['x', 'a@b']],
    ['<only-a-word>', ['only-a-word']],
    ['', []],
    ['<>', []],
    [`<${'x'.repeat(600)}@y>`, []],
  ])('of %s', (value, expected) => {
    expect(idsIn(value)).toEqual(expected);
  });

  it('keep their letters, and are none when they tell nothing apart', () => {
    expect(ownId('<AbC.1@Example.COM>')).toBe('AbC.1@Example.COM');
    for (const value of [null, '', '<>', '<@>', '< >', '<->']) expect(ownId(value), String(value)).toBeNull();
  });

  it('of a thread begin with the nearest, and its root is the first', () => {
    expect(threadOf('<c@x>', '<a@x> <b@x> <c@x>')).toEqual({
      references: ['c@x', 'b@x', 'a@x'],
      root: 'a@x',
    });
    expect(threadOf('<c@x>', null)).toEqual({ references: ['c@x'], root: 'c@x' });
    expect(threadOf(null, null)).toEqual({ references: [], root: null });
    const long = Array.from({ length: 200 }, (_, n) => `<${n}@x>`).join(' ');
    expect(threadOf(null, long)).toMatchObject({ root: '0@x' });
    expect(threadOf(null, long).references).toHaveLength(50);
  });
});

describe('a header', () => {
  it('is read folded, repeated, with blanks before the colon, and up to the body', () => {
    const { fields, bodyAt } = readFields(Buffer.from('A : 1\r\nB: x\r\n y\r\n\tz\r\na: 2\r\n\r\nC: body'));
    expect(fields).toEqual([
      { name: 'a', value: '1' },
      { name: 'b', value: 'x y z' },
      { name: 'a', value: '2' },
    ]);
    expect(bodyAt).toBe(29);
    expect(firstOf(fields, 'a')).toBe('1');
  });

  it('has encoded words, cut inside a letter or not, and raw bytes', () => {
    expect(decodeWords('=?utf-8?Q?=D8?=\n =?utf-8?Q?=B3?=')).toBe('س');
    expect(decodeWords('a =?utf-8?B?2LM=?= b')).toBe('a س b');
    expect(decodeWords('=?utf-8?B?2LM=?= =?windows-1256?B?0w==?=')).toBe('سس');
    expect(decodeWords(latin1('سلام'))).toBe('سلام');
    expect(decodeWords('=?utf-8?X?abc?= =?=')).toBe('=?utf-8?X?abc?= =?=');
    expect(decodeWords('=?utf-8?Q?with space?=')).toBe('with space');
  });

  it('has parameters and tokens', () => {
    expect(parameterOf('text/plain; CharSet = "utf-8"; x=y', 'charset')).toBe('utf-8');
    expect(parameterOf('text/plain', 'charset')).toBeNull();
    const { fields } = readFields(
      Buffer.from('Auto-Submitted: Auto-Replied (vacation); x=1\r\nSubject:  a\r\n  b \r\n\r\n'),
    );
    expect(tokenOf(fields, 'auto-submitted')).toBe('auto-replied');
    expect(textOf(fields, 'subject')).toBe('a b');
  });
});

describe('a charset', () => {
  const old = Buffer.from('d3e1c7e320d3c7d1c7', 'hex');
  it.each<[string, Uint8Array, string | null, string]>([
    ['utf-8', Buffer.from('سلام'), 'UTF-8', 'سلام'],
    ['utf-8 without a label', Buffer.from('سلام'), null, 'سلام'],
    ['utf-8 under a wrong label', Buffer.from('سلام'), 'windows-1256', 'سلام'],
    ['utf-8 that was cut', Buffer.from('سلام').subarray(0, 7), 'utf-8', 'سلا\uFFFD'],
    ['windows-1256', old, 'windows-1256', 'سلام سارا'],
    ['windows-1256 under another name', old, '"x-windows-1256"', 'سلام سارا'],
    ['windows-1256 without a label', old, null, 'سلام سارا'],
    ['windows-1256 labelled as Western', old, 'iso-8859-1', 'سلام سارا'],
    ['Western', Buffer.from('caf\xe9 r\xe9serv\xe9', 'latin1'), 'iso-8859-1', 'café réservé'],
    ['Western without a label', Buffer.from('caf\xe9 r\xe9serv\xe9', 'latin1'), null, 'café réservé'],
    ['Cyrillic', Buffer.from([0xef, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]), 'windows-1251', 'привет'],
    ['iso-8859-6', Buffer.from([0xd3, 0xe4, 0xc7, 0xe5]), 'iso-8859-6', 'سلام'],
    ['UTF-7', Buffer.from('+BjMGRAYnBkU-'), 'utf-7', 'سلام'],
    ['a label of nobody’s', Buffer.from('plain'), 'x-made-up', 'plain'],
    ['Arabic letters', Buffer.from('ي ك ى'), 'utf-8', 'ي ك ى'],
    ['control characters', Buffer.from('a\u0000b\u0007c\r\nd\te\u009f'), 'utf-8', 'abc\nd\te'],
  ])('%s', (_, bytes, label, expected) => {
    expect(decodeBytes(bytes, label)).toBe(expected);
  });
});

describe('a file’s name', () => {
  it.each<[string | null, string, string]>([
    ['فاکتور.pdf', 'application/pdf', 'فاکتور.pdf'],
    [null, 'image/jpeg', 'attachment-3.jpg'],
    ['', 'x/unknown', 'attachment-3.bin'],
    ['../../a.txt', 'text/plain', 'a.txt'],
    ['C:\\b\\c.txt', 'text/plain', 'c.txt'],
    ['a\u202etxt.exe', 'x/y', 'atxt.exe'],
    ['.htaccess', 'x/y', 'htaccess'],
    ['a:b*?"<>|.txt', 'text/plain', 'a_b______.txt'],
    ['/', 'text/html', 'attachment-3.html'],
    [`${'ن'.repeat(300)}.docx`, 'x/y', `${'ن'.repeat(145)}.docx`],
    [null, 'text/calendar', 'invite.ics'],
  ])('%s of the type %s is %s', (written, type, expected) => {
    expect(fileName(written, type, 2)).toBe(expected);
  });
});

it('an invitation that says little has the lines it has', () => {
  const file = (text: string) => ({
    part: 0,
    type: 'text/calendar',
    name: null,
    contentId: null,
    contentType: 'text/calendar',
    bytes: 0,
    sha256: '',
    content: Buffer.from(text),
  });
  expect(invitationText(file('BEGIN:VEVENT\nSUMMARY:a\nDTSTART;VALUE=DATE:20261125\nEND:VEVENT'))).toBe(
    '📅 a\n🕒 2026-11-25',
  );
  expect(invitationText(file('BEGIN:VEVENT\nDESCRIPTION:SUMMARY:b'))).toBe('📅');
  expect(invitationText(file('nothing'))).toBeNull();
});
