import { Decimal128, Double, Int32, Long } from 'bson';
import { describe, expect, it } from 'vitest';
import { CommandError, type Doc, decode, encode } from '../bson/values.ts';
import { compileFilter } from '../query/match.ts';
import { compileUpdate, seedFromFilter } from './update.ts';

/** Cases of MongoDB's documented update operators; types of numbers are compared too. */

const now = new Date(1_700_000_000_000);
const stored = (doc: Doc): Doc => decode(encode(doc));
const _long = (n: number): Long => Long.fromNumber(n);
const _decimal = (text: string): Decimal128 => Decimal128.fromString(text);

interface Extra {
  filter?: Doc;
  arrayFilters?: Doc[];
  inserting?: boolean;
}

function run(doc: Doc, update: Doc | Doc[], extra: Extra = {}): Doc {
  const { filter, arrayFilters, inserting = false } = extra;
  const compiled = compileUpdate(stored({ update })['update'] as Doc, {
    now,
    upsert: inserting,
    ...(arrayFilters && { arrayFilters: arrayFilters.map(stored) }),
  });
  const hit = filter ? compileFilter(stored(filter), { now }).match(stored(doc)) : undefined;
  return compiled.apply(stored(doc), hit?.positional, inserting).doc;
}

function codeOf(deed: () => unknown): number | undefined {
  try {
    deed();
  } catch (error) {
    if (error instanceof CommandError) return error.code;
    throw error;
  }
  return undefined;
}

describe('as documented, refused', () => {
  it.each<[code: number, rule: string, doc: Doc, update: Doc | Doc[], extra?: Extra]>([
    [2, '$bit of a double', { n: 1 }, { $bit: { n: { and: new Double(1) } } }],
    [2, '$bit on a double', { n: new Double(1) }, { $bit: { n: { and: 1 } } }],
    [2, '$bit on text', { n: 'x' }, { $bit: { n: { or: 1 } } }],
    [2, '$bit with an unknown operation', { n: 1 }, { $bit: { n: { not: 1 } } }],
    [2, '$bit with none', { n: 1 }, { $bit: { n: {} } }],
    [2, '$bit without a document', { n: 1 }, { $bit: { n: 1 } }],
    [14, '$inc of an array', { n: [1] }, { $inc: { n: 1 } }],
    [14, '$mul by null', { n: 1 }, { $mul: { n: null } }],
    [2, '$mul that overflows int64', { n: Long.MAX_VALUE }, { $mul: { n: 2 } }],
    [28, '$inc through text', { a: 'x' }, { $inc: { 'a.b': 1 } }],
    [28, '$rename out of a scalar', { a: 1 }, { $rename: { 'a.b': 'c' } }],
    [28, '$rename by name out of an array', { a: [{ b: 1 }] }, { $rename: { 'a.b': 'c' } }],
    [2, '$rename into an array', { a: 1, b: [0] }, { $rename: { a: 'b.0' } }],
    [2, '$rename into itself', { a: 1 }, { $rename: { a: 'a.b' } }],
    [2, '$rename to what is no text', { a: 1 }, { $rename: { a: 1 } }],
    [56, '$rename to an empty name', { a: 1 }, { $rename: { a: '' } }],
    [40, '$rename from what is set', { a: 1 }, { $rename: { a: 'b' }, $set: { a: 2 } }],
    [66, '$rename of _id', { _id: 1 }, { $rename: { _id: 'a' } }],
    [66, '$set below _id', { _id: { x: 1 } }, { $set: { '_id.x': 2 } }],
    [66, '$inc of _id', { _id: 1 }, { $inc: { _id: 1 } }],
    [66, '_id by pipeline', { _id: 1 }, [{ $set: { _id: 2 } }]],
    [2, '$currentDate of text', {}, { $currentDate: { a: 'date' } }],
    [2, '$currentDate of an unknown type', {}, { $currentDate: { a: { $type: 'time' } } }],
    [
      2,
      '$push with $position that is no whole number',
      { a: [] },
      { $push: { a: { $each: [1], $position: 1.5 } } },
    ],
    [2, '$push with $slice of text', { a: [] }, { $push: { a: { $each: [1], $slice: 'x' } } }],
    [2, '$push with $sort 2', { a: [] }, { $push: { a: { $each: [1], $sort: 2 } } }],
    [2, '$push with an empty $sort', { a: [] }, { $push: { a: { $each: [1], $sort: {} } } }],
    [
      2,
      '$push with an empty part in $sort',
      { a: [] },
      { $push: { a: { $each: [1], $sort: { 'a..b': 1 } } } },
    ],
    [2, '$push to null', { a: null }, { $push: { a: 1 } }],
    [2, '$addToSet to a document', { a: {} }, { $addToSet: { a: 1 } }],
    [2, '$addToSet with more than $each', { a: [] }, { $addToSet: { a: { $each: [1], x: 1 } } }],
    [2, '$pull with an unknown operator at the top', { a: [] }, { $pull: { a: { $foo: 1 } } }],
    [224, '$pull with $expr', { a: [{}] }, { $pull: { a: { $expr: true } } }],
    [2, '$pullAll from a document', { a: {} }, { $pullAll: { a: [1] } }],
    [9, '$pop by text', { a: [] }, { $pop: { a: 'x' } }],
    [9, '$pop by 0', { a: [] }, { $pop: { a: 0 } }],
    [
      2,
      '$ on an array that the query did not meet',
      { a: [1] },
      { $set: { 'a.$': 1 } },
      { filter: { b: null } },
    ],
    [2, '$ at the front', {}, { $set: { $: 1 } }],
    [2, '$[] at the front', {}, { $set: { '$[].a': 1 } }],
    [2, '$[] on null', { a: null }, { $set: { 'a.$[]': 1 } }],
    [
      224,
      'an array filter with $expr',
      { a: [1] },
      { $set: { 'a.$[x]': 1 } },
      { arrayFilters: [{ $expr: true, x: 1 }] },
    ],
    [
      9,
      'an array filter with two names',
      { a: [1] },
      { $set: { 'a.$[x]': 1 } },
      { arrayFilters: [{ x: 1, y: 1 }] },
    ],
    [9, 'an empty array filter', { a: [1] }, { $set: { 'a.$[x]': 1 } }, { arrayFilters: [{}] }],
    [2, 'an identifier in capitals', { a: [1] }, { $set: { 'a.$[X]': 1 } }, { arrayFilters: [{ X: 1 }] }],
    [9, 'array filters of a replacement', { a: 1 }, { b: 1 }, { arrayFilters: [{ x: 1 }] }],
    [52, 'a field with $ at the top', {}, { $set: { $a: 1 } }],
    [2, 'an array that would become too long', { a: [] }, { $set: { 'a.2000000': 1 } }],
  ])('with code %i: %s', (code, _rule, doc, update, extra) => {
    expect(codeOf(() => run(doc, update, extra))).toBe(code);
  });
});

describe('the seed of an upsert, as documented', () => {
  it.each<[rule: string, filter: Doc, seed: Doc]>([
    ['takes $all of one', { x: { $all: [1] } }, { x: 1 }],
    ['takes $or of one with $eq', { $or: [{ x: { $eq: 1 } }] }, { x: 1 }],
    ['takes arrays and documents', { x: [1, 2], y: { 'p.q': 3 } }, { x: [1, 2], y: { 'p.q': 3 } }],
    ['takes $eq beside other operators', { x: { $gt: 0, $eq: 1 } }, { x: 1 }],
    ['takes a pattern only by $eq', { x: { $eq: /a/ }, y: /a/ }, { x: /a/ }],
    [
      'leaves $ne, $elemMatch, $not, $nor',
      { x: { $ne: 1 }, y: { $elemMatch: { $eq: 1 } }, z: { $not: { $eq: 1 } }, $nor: [{ w: 1 }] },
      {},
    ],
    ['makes _id of its parts', { '_id.x': 1, '_id.y': 2 }, { _id: { x: 1, y: 2 } }],
  ])('%s', (_rule, filter, seed) => {
    expect(encode(seedFromFilter(stored(filter))).equals(encode(stored(seed)))).toBe(true);
  });

  it.each<[rule: string, filter: Doc]>([
    ['$all of several', { x: { $all: [1, 2] } }],
    ['$and of two', { $and: [{ x: 1 }, { x: 1 }] }],
    ['a field and one within it', { x: { x: 1 }, 'x.y': 1 }],
  ])('is refused with code 54 for %s, but not for a replacement', (_rule, filter) => {
    expect(codeOf(() => seedFromFilter(stored(filter)))).toBe(54);
    expect(seedFromFilter(stored({ ...filter, _id: 7 }), true)).toEqual({ _id: new Int32(7) });
  });

  it('of a replacement is refused with code 111 where the filter has only parts of _id', () => {
    expect(codeOf(() => seedFromFilter({ '_id.x': 1 }, true))).toBe(111);
  });
});
