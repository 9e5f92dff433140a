import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  EJSON,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { values } from './order/test/arbitraries.ts';
import { PartialDecoder } from './partial.ts';
import { type Doc, decode, encode } from './values.ts';

const everything: Doc = {
  double: new Double(-0),
  text: 'سلام',
  doc: { a: { b: [1] } },
  array: [1, [2], { c: 3 }],
  binary: new Binary(Buffer.from([1, 2, 3]), 4),
  old: new Binary(Buffer.from([9]), 2),
  id: new ObjectId(),
  yes: true,
  no: false,
  date: new Date(-5_000_000_000_123),
  none: null,
  regex: new BSONRegExp('^a', 'i'),
  code: new Code('return 1'),
  scoped: new Code('return x', { x: 1 }),
  symbol: new BSONSymbol('s'),
  int: new Int32(-7),
  stamp: new Timestamp({ t: 5, i: 6 }),
  long: Long.fromString('-9007199254740993'),
  decimal: Decimal128.fromString('1.10'),
  least: new MinKey(),
  most: new MaxKey(),
  ref: new DBRef('c', new ObjectId()),
  last: new Int32(1),
};

const shown = (doc: Doc): string => EJSON.stringify(doc, { relaxed: false });

describe('some fields of a stored document', () => {
  it.each(Object.keys(everything))('%s is what decoding the whole gives', (name) => {
    const raw = encode(everything);
    const whole = decode(raw);
    expect(shown(new PartialDecoder([name]).decode(raw))).toBe(shown({ [name]: whole[name] }));
  });

  it('come in the order they are stored in, missing ones not at all', () => {
    const raw = encode(everything);
    expect(Object.keys(new PartialDecoder(['last', 'nope', 'text', 'tex']).decode(raw))).toEqual([
      'text',
      'last',
    ]);
  });

  it('are as in the whole for any document', () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 6 }), fc.nat(6), (list, which) => {
        const raw = encode(Object.fromEntries(list.map((value, i) => [`f${i}`, value])));
        const whole = decode(raw);
        const name = `f${which}`;
        const expected = Object.hasOwn(whole, name) ? { [name]: whole[name] } : {};
        expect(shown(new PartialDecoder([name]).decode(raw))).toBe(shown(expected));
      }),
    );
  });
});
