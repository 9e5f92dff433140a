import { describe, expect, it } from 'vitest';
import { indexKeys } from './paths.ts';
import type { Doc } from './values.ts';

describe('the entries of a document in an index', () => {
  it.each<[rule: string, doc: Doc, fields: string[], keys: unknown[][], multikey: boolean]>([
    ['one for a value', { a: 1 }, ['a'], [[1]], false],
    ['missing as null', {}, ['a'], [[null]], false],
    ['null as null', { a: null }, ['a'], [[null]], false],
    ['a field within a document', { a: { b: 1 } }, ['a.b'], [[1]], false],
    ['a field within a scalar as null', { a: 5 }, ['a.b'], [[null]], false],
    ['one for each distinct element', { a: [2, 1, 2] }, ['a'], [[1], [2]], true],
    ['an empty array as undefined', { a: [] }, ['a'], [[undefined]], true],
    ['an array in an array as a whole', { a: [[1, 2]] }, ['a'], [[[1, 2]]], true],
    ['fields of elements', { a: [{ b: 1 }, { b: 2 }] }, ['a.b'], [[1], [2]], true],
    ['elements without the field as null', { a: [{ b: 1 }, {}, 5] }, ['a.b'], [[null], [1]], true],
    ['a field of an empty array as null', { a: [] }, ['a.b'], [[null]], true],
    ['arrays within the elements', { a: [{ b: [1, 2] }, { b: 3 }] }, ['a.b'], [[1], [2], [3]], true],
    ['several fields', { a: 1, b: 2 }, ['b', 'a'], [[2, 1]], false],
    [
      'an array beside a scalar',
      { a: [1, 2], b: 3 },
      ['b', 'a'],
      [
        [3, 1],
        [3, 2],
      ],
      true,
    ],
    [
      'two fields of the same elements go together',
      {
        a: [
          { x: 1, y: 2 },
          { x: 3, y: 4 },
        ],
      },
      ['a.x', 'a.y'],
      [
        [1, 2],
        [3, 4],
      ],
      true,
    ],
    ['a place in an array', { a: [5, 6] }, ['a.1'], [[6]], true],
    ['a place that is not there', { a: [5] }, ['a.3'], [[null]], true],
  ])('are %s', (_rule, doc, fields, keys, multikey) => {
    const found = indexKeys(doc, Object.fromEntries(fields.map((field) => [field, 1])));
    expect(found.keys).toEqual(keys);
    expect(found.multikey).toBe(multikey);
  });

  it('say when every field is missing', () => {
    expect(indexKeys({ c: 1 }, { a: 1, 'b.c': 1 }).allMissing).toBe(true);
    expect(indexKeys({ a: null }, { a: 1, b: 1 }).allMissing).toBe(false);
    expect(indexKeys({ a: [{}] }, { 'a.b': 1 }).allMissing).toBe(true);
    expect(indexKeys({ a: [] }, { a: 1 }).allMissing).toBe(false);
  });

  it('refuse arrays side by side', () => {
    expect(() => indexKeys({ a: [1], b: [2] }, { a: 1, b: 1 })).toThrow(
      expect.objectContaining({ code: 171 }),
    );
    expect(() => indexKeys({ a: [{ x: [1], y: [2] }] }, { 'a.x': 1, 'a.y': 1 })).toThrow(
      expect.objectContaining({ code: 171 }),
    );
  });

  it('refuse arrays side by side even if they are one and the same in memory', () => {
    const shared = [1, 2];
    expect(() => indexKeys({ a: shared, b: shared }, { a: 1, b: 1 })).toThrow(
      expect.objectContaining({ code: 171 }),
    );
    expect(() => indexKeys({ a: { x: shared, y: shared } }, { 'a.x': 1, 'a.y': 1 })).toThrow(
      expect.objectContaining({ code: 171 }),
    );
  });

  it('refuse a number that may be a place or a field', () => {
    expect(() => indexKeys({ a: [{ 0: 1 }] }, { 'a.0': 1 })).toThrow(
      expect.objectContaining({ code: 16746 }),
    );
  });
});
