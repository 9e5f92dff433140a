import { Int32 } from 'bson';
import { describe, expect, it } from 'vitest';
import { type Doc, encode } from '../bson/values.ts';
import { codeOf, stored } from '../test/stored.ts';
import { seedFromFilter } from './update.ts';

const plain = (doc: Doc): unknown => JSON.parse(JSON.stringify(doc));

describe('the seed of an upsert', () => {
  it.each<[rule: string, filter: Doc, seed: Doc]>([
    ['takes equalities', { a: 1, b: 'x' }, { a: 1, b: 'x' }],
    ['takes $eq', { a: { $eq: 1 } }, { a: 1 }],
    ['takes dotted paths into documents', { 'a.b': 1, 'a.c': 2 }, { a: { b: 1, c: 2 } }],
    ['takes equalities within $and', { $and: [{ a: 1 }, { b: { $gt: 1 } }] }, { a: 1 }],
    ['takes $in of one element', { a: { $in: [3] }, b: { $in: [1, 2] } }, { a: 3 }],
    ['takes $or of one branch only', { $or: [{ a: 1 }] }, { a: 1 }],
    ['leaves $or of several', { $or: [{ a: 1 }, { a: 2 }] }, {}],
    ['leaves ranges, patterns and $exists', { a: { $gt: 1 }, b: /x/, c: { $exists: false } }, {}],
    ['puts _id first', { a: 1, _id: 5 }, { _id: 5, a: 1 }],
  ])('%s', (_rule, filter, seed) => {
    expect(JSON.stringify(plain(seedFromFilter(stored(filter))))).toBe(JSON.stringify(seed));
  });

  it('refuses $expr, however deep', () => {
    expect(codeOf(() => seedFromFilter({ $expr: true }))).toBe(224);
    expect(codeOf(() => seedFromFilter({ $or: [{ a: 1 }, { $and: [{ $expr: true }] }] }))).toBe(224);
  });

  it('refuses a field matched twice', () => {
    expect(codeOf(() => seedFromFilter({ a: 1, $and: [{ a: 2 }] }))).toBe(54);
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
