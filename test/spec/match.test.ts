import { Binary, Decimal128, Double, Int32, Long, ObjectId, Timestamp, UUID } from 'bson';
import { describe, expect, it } from 'vitest';
import { SpecFailure } from './failure.ts';
import { type MatchOptions, type MatchWorld, match, matchOutcome, matchResult } from './match.ts';

const lsid = { id: new UUID('00112233-4455-6677-8899-aabbccddeeff') };
const world: MatchWorld = {
  value: (name) => {
    if (name !== 'saved') throw new SpecFailure(`there is no entity ${name}`);
    return { a: new Int32(1) };
  },
  lsid: (name) => {
    if (name !== 'session0') throw new SpecFailure(`there is no entity ${name}`);
    return lsid;
  },
};

type Options = Partial<MatchOptions>;
const holds = (expected: unknown, actual: unknown, options: Options = {}) =>
  expect(() => match(expected, actual, { world, ...options })).not.toThrow();
const fails = (expected: unknown, actual: unknown, reason: RegExp, options: Options = {}) =>
  expect(() => match(expected, actual, { world, ...options })).toThrow(reason);

describe('values', () => {
  it('int, long and double are equal by value', () => {
    holds(new Int32(1), 1);
    holds(new Int32(1), new Double(1));
    holds(new Int32(1), Long.fromNumber(1));
    holds(new Int32(1), 1n);
    holds(new Double(1.5), 1.5);
    holds(new Double(Number.NaN), Number.NaN);
    fails(new Int32(1), 1.5, /should be 1/);
    fails(new Int32(1), Number.NaN, /should be 1/);
    fails(Long.fromString('9007199254740993'), 9007199254740992, /should be/);
  });

  it('Decimal128, strings and booleans are no numbers', () => {
    fails(new Int32(1), Decimal128.fromString('1'), /is decimal/);
    fails(new Int32(1), '1', /is string/);
    fails(new Int32(1), true, /is bool/);
    fails(new Int32(0), null, /is null/);
    fails(null, undefined, /is missing/);
    holds(Decimal128.fromString('1'), Decimal128.fromString('1'));
    fails(Decimal128.fromString('1'), Decimal128.fromString('2'), /should be/);
  });

  it('other types are equal by type and value', () => {
    const id = new ObjectId();
    holds(id, new ObjectId(id.toHexString()));
    fails(id, new ObjectId(), /should be/);
    fails(id, id.toHexString(), /is string/);
    holds(new Date(5), new Date(5));
    fails(new Date(5), new Date(6), /should be/);
    holds(new Binary(Buffer.from('ab')), new Binary(Buffer.from('ab')));
    fails(new Binary(Buffer.from('ab'), 0), new Binary(Buffer.from('ab'), 4), /should be/);
    holds(new Timestamp({ t: 1, i: 2 }), new Timestamp({ t: 1, i: 2 }));
    fails(new Timestamp({ t: 1, i: 2 }), new Timestamp({ t: 1, i: 3 }), /should be/);
  });
});

describe('documents and arrays', () => {
  it('further keys are allowed at the root alone', () => {
    holds({ a: 1 }, { b: 2, a: 1 }, { root: true });
    fails({ a: 1 }, { a: 1, b: 2 }, /has more than it should: b/);
    fails({ a: { b: 1 } }, { a: { b: 1, c: 2 } }, /^a has more than it should: c/, { root: true });
    fails({ a: 1, b: 2 }, { a: 1 }, /^b should be 2, is missing/, { root: true });
  });

  it('keys come in any order, elements in theirs', () => {
    holds({ a: 1, b: 2 }, { b: 2, a: 1 });
    holds([1, 2], [1, 2]);
    fails([1, 2], [2, 1], /^\[0\] should be 1/);
    fails([1], [1, 2], /should have 1 elements, has 2/);
    fails([1], { 0: 1 }, /should be an array/);
    fails({ a: 1 }, [1], /should be a document/);
  });

  it('the documents of a cursor are roots, those inside a value are not', () => {
    holds([{ a: 1 }], [{ a: 1, b: 2 }], { rootElements: true });
    fails([{ a: 1 }], [{ a: 1, b: 2 }], /\[0\] has more/);
    fails([[{ a: 1 }]], [[{ a: 1, b: 2 }]], /has more/, { rootElements: true });
    fails({ list: [{ a: 1 }] }, { list: [{ a: 1, b: 2 }] }, /list\[0\] has more/, { root: true });
  });

  it("a driver's ordered map is a document, a key without a value is missing", () => {
    holds({ sort: { a: 1 } }, { sort: new Map([['a', 1]]) });
    holds({ a: 1 }, { a: 1, b: undefined });
    fails({ constructor: 1 }, {}, /constructor should be 1, is missing/);
  });
});

describe('operators', () => {
  it('$$exists looks at the key, whatever its value', () => {
    holds({ a: { $$exists: true } }, { a: null });
    holds({ a: { $$exists: false } }, { b: 1 }, { root: true });
    fails({ a: { $$exists: true } }, {}, /a should be there/);
    fails({ a: { $$exists: false } }, { a: null }, /a should not be there/);
    fails({ $$exists: true }, 1, /a key only/);
  });

  it('$$type knows every alias and one of several', () => {
    const values: [string, unknown][] = [
      ['int', new Int32(5)],
      ['long', Long.fromNumber(5)],
      ['double', new Double(5)],
      ['decimal', Decimal128.fromString('5')],
      ['string', ''],
      ['object', {}],
      ['array', []],
      ['binData', new Binary(Buffer.alloc(1))],
      ['objectId', new ObjectId()],
      ['bool', false],
      ['date', new Date()],
      ['null', null],
      ['regex', /a/],
      ['timestamp', new Timestamp({ t: 1, i: 1 })],
    ];
    for (const [alias, value] of values) {
      holds({ $$type: alias }, value);
      holds({ $$type: ['symbol', alias] }, value);
      for (const [other, another] of values)
        if (other !== alias) fails({ $$type: alias }, another, new RegExp(`of type ${alias}`));
    }
    for (const value of [new Int32(1), 1.5, Long.ONE, Decimal128.fromString('1')])
      holds({ $$type: 'number' }, value);
    fails({ $$type: 'number' }, '1', /of type number/);
    fails({ $$type: 'int' }, undefined, /is missing/);
    fails({ $$type: 'integer' }, 1, /does not know the type "integer"/);
  });

  it('$$unsetOrMatches takes nothing or the value, and keeps the root', () => {
    holds({ a: { $$unsetOrMatches: 1 } }, {});
    holds({ a: { $$unsetOrMatches: 1 } }, { a: 1 });
    fails({ a: { $$unsetOrMatches: 1 } }, { a: 2 }, /a should be 1/);
    fails({ a: { $$unsetOrMatches: 1 } }, { a: null }, /a should be 1/);
    holds({ $$unsetOrMatches: { a: 1 } }, { a: 1, b: 2 }, { root: true });
    fails({ x: { $$unsetOrMatches: { a: 1 } } }, { x: { a: 1, b: 2 } }, /x has more/, { root: true });
  });

  it('entities and sessions are looked up by name', () => {
    holds({ $$matchesEntity: 'saved' }, { a: 1 });
    fails({ $$matchesEntity: 'saved' }, { a: 2 }, /a should be 1/);
    fails({ $$matchesEntity: 'other' }, { a: 1 }, /no entity other/);
    holds({ lsid: { $$sessionLsid: 'session0' } }, { lsid });
    fails({ lsid: { $$sessionLsid: 'session0' } }, { lsid: { id: new UUID() } }, /lsid\.id should be/);
    fails({ lsid: { $$sessionLsid: 'session1' } }, { lsid }, /no entity session1/);
  });

  it('$$lte and $$matchesHexBytes', () => {
    holds({ $$lte: 1 }, new Double(1));
    holds({ $$lte: 1 }, 0);
    fails({ $$lte: 1 }, 1.1, /at most 1/);
    fails({ $$lte: 1 }, '0', /at most 1/);
    holds({ $$matchesHexBytes: '61Bc' }, Buffer.from('61bc', 'hex'));
    holds({ $$matchesHexBytes: '' }, '');
    fails({ $$matchesHexBytes: '61' }, Buffer.from('62', 'hex'), /the bytes 61/);
    fails({ $$matchesHexBytes: '6' }, '', /hexadecimal/);
    fails({ $$matchesHexBytes: '61' }, 5, /the bytes 61/);
  });

  it('$$matchAsRoot and $$matchAsDocument', () => {
    holds({ a: { $$matchAsRoot: { b: 1 } } }, { a: { b: 1, c: 2 } });
    fails({ a: { $$matchAsRoot: { b: 1 } } }, { a: { b: 2 } }, /a\.b should be 1/);
    holds({ a: { $$matchAsDocument: { b: new Int32(1) } } }, { a: '{"b": {"$numberLong": "1"}}' });
    holds({ a: { $$matchAsDocument: { $$matchAsRoot: { b: 1 } } } }, { a: '{"b": 1, "c": 2}' });
    fails({ a: { $$matchAsDocument: { b: 1 } } }, { a: '{"b": 1, "c": 2}' }, /a has more/);
    fails({ a: { $$matchAsDocument: {} } }, { a: '[]' }, /JSON of a document/);
    fails({ a: { $$matchAsDocument: {} } }, { a: '{' }, /extended JSON/);
  });

  it('an operator that it does not know fails', () => {
    fails({ a: { $$near: 1 } }, { a: 1 }, /does not know the matcher \$\$near \(at a\)/);
    fails({ a: { $$placeholder: 1 } }, { a: 1 }, /does not know/);
  });

  it('a document with further keys is no operator', () => {
    holds({ $$type: 'x', a: 1 }, { $$type: 'x', a: 1 });
  });
});

describe('outcomes', () => {
  it('must be the very documents, numbers of the same type, keys in any order', () => {
    const document = { _id: new Int32(1), x: new Double(2) };
    const outcome = (actual: unknown[]) => () => matchOutcome([document], actual, 'db.c');
    expect(outcome([{ x: new Double(2), _id: new Int32(1) }])).not.toThrow();
    expect(outcome([{ _id: new Int32(1), x: new Int32(2) }])).toThrow(/db\.c\[0\]/);
    expect(outcome([{ ...document, y: 1 }])).toThrow(/db\.c\[0\]/);
    expect(outcome([document, document])).toThrow(/should hold 1 documents, holds 2/);
    expect(outcome([])).toThrow(/holds 0/);
  });
});

describe('results', () => {
  const side = (actual: unknown) => {
    try {
      const expected = { insertedCount: 0, insertedIds: { $$unsetOrMatches: {} } };
      matchResult({ $$unsetOrMatches: expected }, actual, { world, root: true, path: 'result' });
    } catch (error) {
      return (error as SpecFailure).side;
    }
    return 'none';
  };

  it("the ids that the driver counts as inserted are the driver's, a wrong count is not", () => {
    expect(side({ insertedCount: 0, insertedIds: {} })).toBe('none');
    expect(side({ insertedCount: 0, insertedIds: { 0: 1 } })).toBe('client');
    expect(side({ insertedCount: 1, insertedIds: { 0: 1 } })).toBe('wrong');
  });
});
