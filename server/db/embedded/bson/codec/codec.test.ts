import { ObjectId } from 'bson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareValues, encodeKey } from '../order.ts';
import { cloneValue, type Doc, decode, encode, keysOf, setField, typeAlias } from '../values.ts';

const element = (type: number, name: string, value: Buffer): Buffer =>
  Buffer.concat([Buffer.from([type]), Buffer.from(name), Buffer.from([0]), value]);

function frame(...elements: Buffer[]): Buffer {
  const inside = Buffer.concat(elements);
  const bytes = Buffer.concat([Buffer.alloc(4), inside, Buffer.alloc(1)]);
  bytes.writeInt32LE(bytes.length, 0);
  return bytes;
}

const text = (value: string): Buffer => {
  const bytes = Buffer.from(`${value}\0`);
  const head = Buffer.alloc(4);
  head.writeInt32LE(bytes.length);
  return Buffer.concat([head, bytes]);
};

const int32 = (n: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(n);
  return bytes;
};

const int64 = (n: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(n);
  return bytes;
};

const id = Buffer.from('0123456789abcdef01234567', 'hex');
const scope = frame(element(0x10, 'x', int32(1)));
const code = text('x + 1');
const scoped = Buffer.concat([int32(4 + code.length + scope.length), code, scope]);

/** One element of every type that BSON has, and the quiet corners of some. */
const elements: [what: string, alias: string, bytes: Buffer][] = [
  ['a double with a whole value', 'double', element(0x01, 'v', Buffer.from([0, 0, 0, 0, 0, 0, 0xf0, 0x3f]))],
  ['minus zero', 'double', element(0x01, 'v', Buffer.from([0, 0, 0, 0, 0, 0, 0, 0x80]))],
  ['text with a zero in it', 'string', element(0x02, 'v', text('a\0b سلام \u{1f600} \ufffd'))],
  ['a document', 'object', element(0x03, 'v', scope)],
  [
    'an array',
    'array',
    element(0x04, 'v', frame(element(0x10, '0', int32(7)), element(0x0a, '1', Buffer.alloc(0)))),
  ],
  ['binary data', 'binData', element(0x05, 'v', Buffer.concat([int32(3), Buffer.from([128, 1, 2, 255])]))],
  [
    'binary data of the old kind',
    'binData',
    element(0x05, 'v', Buffer.concat([int32(6), Buffer.from([2]), int32(2), Buffer.from([1, 2])])),
  ],
  ['undefined', 'undefined', element(0x06, 'v', Buffer.alloc(0))],
  ['an id', 'objectId', element(0x07, 'v', id)],
  ['a boolean', 'bool', element(0x08, 'v', Buffer.from([1]))],
  ['a date', 'date', element(0x09, 'v', int64(-5n))],
  ['a date that JavaScript cannot hold', 'date', element(0x09, 'v', int64(2n ** 62n + 1n))],
  ['null', 'null', element(0x0a, 'v', Buffer.alloc(0))],
  ['a pattern with its options as they came', 'regex', element(0x0b, 'v', Buffer.from('a.b\0xi\0'))],
  ['a pointer', 'dbPointer', element(0x0c, 'v', Buffer.concat([text('db.c'), id]))],
  ['code', 'javascript', element(0x0d, 'v', text('x'))],
  ['a symbol', 'symbol', element(0x0e, 'v', text('x'))],
  ['code with scope', 'javascriptWithScope', element(0x0f, 'v', scoped)],
  ['an int32', 'int', element(0x10, 'v', int32(-1))],
  ['a timestamp', 'timestamp', element(0x11, 'v', int64(-1n))],
  ['an int64', 'long', element(0x12, 'v', int64(5n))],
  [
    'a decimal with its trailing zeros',
    'decimal',
    element(0x13, 'v', Buffer.from('640000000000000000000000000038b0', 'hex')),
  ],
  ['MinKey', 'minKey', element(0xff, 'v', Buffer.alloc(0))],
  ['MaxKey', 'maxKey', element(0x7f, 'v', Buffer.alloc(0))],
];

describe('a document', () => {
  it.each(elements)('keeps %s byte for byte', (_what, alias, bytes) => {
    const raw = frame(bytes, element(0x02, 'after', text('x')));
    const doc = decode(raw);
    expect(typeAlias(doc['v'])).toBe(alias);
    expect(encode(doc).equals(raw)).toBe(true);
    expect(encode(cloneValue(doc)).equals(raw)).toBe(true);
  });

  it('orders every type of value as its keys are ordered', () => {
    const values = elements.map(([, , bytes]) => decode(frame(bytes))['v']);
    for (const a of values) {
      for (const b of values) {
        const keys = Buffer.compare(encodeKey([a], [1]).bytes, encodeKey([b], [1]).bytes);
        expect(Math.sign(compareValues(a, b)), `${typeAlias(a)} and ${typeAlias(b)}`).toBe(keys);
      }
    }
  });

  it('orders dates beyond JavaScript among the others', () => {
    const dates = [-(2n ** 63n), -(2n ** 62n) - 1n, -(2n ** 62n), -1n, 0n, 8_640_000_000_000_000n]
      .concat([8_640_000_000_000_001n, 2n ** 62n, 2n ** 62n + 1n, 2n ** 63n - 1n])
      .map((ms) => decode(frame(element(0x09, 'v', int64(ms))))['v']);
    dates.forEach((a, i) => {
      dates.forEach((b, k) => {
        expect(Math.sign(compareValues(a, b))).toBe(Math.sign(i - k));
        expect(Buffer.compare(encodeKey([a], [1]).bytes, encodeKey([b], [1]).bytes)).toBe(Math.sign(i - k));
      });
    });
  });

  it('keeps {$ref, $id} as the document it is, in its own order', () => {
    const raw = frame(
      element(
        0x03,
        'v',
        frame(element(0x07, '$id', id), element(0x10, 'x', int32(1)), element(0x02, '$ref', text('c'))),
      ),
    );
    expect(keysOf(decode(raw)['v'] as Doc)).toEqual(['$id', 'x', '$ref']);
    expect(encode(decode(raw)).equals(raw)).toBe(true);
  });

  it('keeps text in a field called _bsontype', () => {
    const bytes = encode({ v: { _bsontype: 'ObjectId', id: 'x' } });
    expect(decode(bytes)).toEqual({ v: { _bsontype: 'ObjectId', id: 'x' } });
    expect(encode(decode(bytes)).equals(bytes)).toBe(true);
  });

  it('that outgrows the buffer while it is written is whole', () => {
    for (const size of [5_000, 16_300, 16_384, 70_000, 3_000_000]) {
      const doc = { a: [{ b: 'س'.repeat(size) }], c: Buffer.alloc(size, 7), d: 'x'.repeat(size) };
      const bytes = encode(doc);
      expect(bytes.readInt32LE(0)).toBe(bytes.length);
      const back = decode(bytes);
      expect(back['d']).toBe(doc.d);
      expect(encode(back).equals(bytes)).toBe(true);
    }
  });
});

describe('the order of fields', () => {
  const name = fc.constantFrom(
    'a',
    'b',
    '0',
    '1',
    '10',
    '2',
    '01',
    '__proto__',
    '4294967295',
    '4294967294',
    '-1',
    '1.5',
  );

  it('is kept, numbers among names too, through decoding, copying and adding', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { maxLength: 8 }),
        fc.uniqueArray(name, { maxLength: 4 }),
        (names, more) => {
          const raw = frame(...names.map((each, i) => element(0x10, each, int32(i))));
          const doc = decode(raw);
          expect(keysOf(doc)).toEqual(names);
          expect(encode(doc).equals(raw)).toBe(true);
          const copy = cloneValue(doc);
          for (const each of more) setField(copy, each, 1);
          expect(keysOf(copy)).toEqual([...names, ...more.filter((each) => !names.includes(each))]);
          expect(keysOf(decode(encode(copy)))).toEqual(keysOf(copy));
          const [first] = names;
          if (first === undefined || first === '__proto__') return;
          delete copy[first];
          setField(copy, first, 2);
          expect(keysOf(copy).at(-1)).toBe(first);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('counts in equality', () => {
    const one = decode(frame(element(0x10, 'b', int32(1)), element(0x10, '1', int32(1))));
    const other = decode(frame(element(0x10, '1', int32(1)), element(0x10, 'b', int32(1))));
    expect(compareValues(one, other)).not.toBe(0);
    expect(encodeKey([one], [1]).bytes.equals(encodeKey([other], [1]).bytes)).toBe(false);
  });
});

describe('bytes', () => {
  const nested = (levels: number): Buffer => {
    let raw = frame();
    for (let i = 0; i < levels; i++) raw = frame(element(0x03, 'a', raw));
    return raw;
  };

  it('nested 200 levels deep are read, deeper ones refused with code 15', () => {
    expect(encode(decode(nested(200))).equals(nested(200))).toBe(true);
    expect(() => decode(nested(201))).toThrow(expect.objectContaining({ code: 15 }));
    expect(() => decode(nested(3_000))).toThrow(expect.objectContaining({ code: 15 }));
  });

  it('that are damaged anywhere are refused with code 22 or 15, or read as something else: nothing else happens', () => {
    const whole = encode({
      a: new ObjectId(),
      b: { c: [1, 'xy', null, new Date(5)], d: 1.5 },
      e: Buffer.from([1, 2, 3]),
      f: /a/i,
    });
    let refused = 0;
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, byte, length) => {
        const raw = Buffer.from(whole.subarray(0, length));
        if (at < raw.length) raw[at] = byte;
        try {
          decode(raw);
        } catch (error) {
          expect([15, 22]).toContain((error as { code?: number }).code);
          refused += 1;
        }
      }),
      { numRuns: 5000 },
    );
    expect(refused).toBeGreaterThan(1000);
  });
});
