import { describe, expect, it } from 'vitest';
import type { Doc } from '../bson/values.ts';
import { stored } from '../test/stored.ts';
import { compileProject, compileProjection } from './projection.ts';

const ctx = { now: new Date(0) };
const text = (doc: Doc): string => JSON.stringify(doc);

const person: Doc = {
  _id: 1,
  name: 'Ada',
  tags: ['x', 'y', 'z'],
  home: { city: 'Rasht', zip: 5 },
  pets: [{ n: 'a', k: 1 }, 7, { n: 'b', k: 2 }],
};

describe('a projection of find', () => {
  it.each<[rule: string, spec: Doc, result: Doc, positional?: number]>([
    ['an empty one keeps all', {}, person],
    ['inclusion brings _id along, in front', { name: 1 }, { _id: 1, name: 'Ada' }],
    ['_id may be left out', { name: 1, _id: 0 }, { name: 'Ada' }],
    ['_id alone', { _id: 1 }, { _id: 1 }],
    ['without _id alone', { _id: 0, pets: 0, home: 0 }, { name: 'Ada', tags: ['x', 'y', 'z'] }],
    [
      'keeps the order of the document',
      { tags: true, name: 1, _id: false },
      { name: 'Ada', tags: ['x', 'y', 'z'] },
    ],
    ['exclusion', { tags: 0, pets: 0, 'home.zip': 0 }, { _id: 1, name: 'Ada', home: { city: 'Rasht' } }],
    ['dotted inclusion', { 'home.city': 1, _id: 0 }, { home: { city: 'Rasht' } }],
    ['nested inclusion is the same', { home: { city: 1 }, _id: 0 }, { home: { city: 'Rasht' } }],
    [
      'dotted inclusion over an array drops scalars',
      { 'pets.n': 1, _id: 0 },
      { pets: [{ n: 'a' }, { n: 'b' }] },
    ],
    [
      'dotted exclusion over an array keeps scalars',
      { _id: 0, name: 0, tags: 0, home: 0, 'pets.k': 0 },
      { pets: [{ n: 'a' }, 7, { n: 'b' }] },
    ],
    ['dotted inclusion through a scalar drops it', { 'name.x': 1, _id: 0 }, {}],
    ['inclusion of what is missing', { nope: 1, _id: 0 }, {}],
    [
      '$slice keeps the first',
      { tags: { $slice: 2 }, pets: 0, home: 0, name: 0 },
      { _id: 1, tags: ['x', 'y'] },
    ],
    [
      '$slice below zero keeps the last',
      { tags: { $slice: -1 }, _id: 0, pets: 0, home: 0 },
      { name: 'Ada', tags: ['z'] },
    ],
    [
      '$slice with skip and limit',
      { tags: { $slice: [1, 1] }, _id: 0, pets: 0, home: 0 },
      { name: 'Ada', tags: ['y'] },
    ],
    ['$slice in an inclusion', { name: 1, tags: { $slice: 1 } }, { _id: 1, name: 'Ada', tags: ['x'] }],
    ['$slice alone keeps the other fields', { tags: { $slice: 0 } }, { ...person, tags: [] }],
    [
      '$elemMatch keeps the first match',
      { pets: { $elemMatch: { k: 2 } } },
      { _id: 1, pets: [{ n: 'b', k: 2 }] },
    ],
    ['$elemMatch without a match drops the field', { pets: { $elemMatch: { k: 9 } } }, { _id: 1 }],
    ['`$` keeps the matched element', { 'tags.$': 1 }, { _id: 1, tags: ['y'] }, 1],
    [
      'a computed field comes last',
      { up: { $toUpper: '$name' }, tags: { $size: '$tags' }, name: 1 },
      { _id: 1, name: 'Ada', up: 'ADA', tags: 3 },
    ],
    ['a path as value', { town: '$home.city', _id: 0 }, { town: 'Rasht' }],
    ['a text is a literal', { kind: 'person', _id: 0 }, { kind: 'person' }],
    ['a computed _id', { _id: '$name' }, { _id: 'Ada' }],
    [
      'a computed field within a document',
      { 'home.up': { $toUpper: '$home.city' }, _id: 0 },
      { home: { up: 'RASHT' } },
    ],
  ])('%s', (_rule, spec, result, positional) => {
    expect(text(compileProjection(stored(spec), ctx)(stored(person), positional))).toBe(text(result));
  });

  it.each<[code: number, rule: string, spec: Doc]>([
    [31254, 'exclusion in an inclusion', { a: 1, b: 0 }],
    [31253, 'inclusion in an exclusion', { a: 0, b: 1 }],
    [31250, 'the same path in two spellings', { 'a.b': 1, a: { b: 1 } }],
    [31249, 'a path that leads into another', { a: 1, 'a.b': 1 }],
    [31250, 'a path that another leads into', { 'a.b': 1, a: 1 }],
    [31253, 'an expression in an exclusion', { a: 0, b: '$x' }],
    [51270, 'an empty document', { a: {} }],
    [31276, 'two positional operators', { 'a.$': 1, 'b.$': 1 }],
    [40353, 'a path that ends in a dot', { 'a.': 1 }],
    [16410, 'a path with an operator in it', { 'a.$b': 1 }],
    [115, '$meta', { a: { $meta: 'textScore' } }],
    [31275, '$elemMatch on a nested field', { 'a.b': { $elemMatch: { x: 1 } } }],
  ])('is refused with code %i: %s', (code, _rule, spec) => {
    expect(() => compileProjection(spec, ctx)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses `$` when the match was in no array', () => {
    const refused = (): unknown => compileProjection({ 'tags.$': 1 }, ctx)(stored(person), undefined);
    expect(refused).toThrow(expect.objectContaining({ code: 51246 }));
  });

  it('does not change the document', () => {
    const doc = stored(person);
    compileProjection({ tags: { $slice: 1 }, 'home.x': '$name' }, ctx)(doc);
    expect(text(doc)).toBe(text(person));
  });
});

describe('a $project stage', () => {
  it('takes $slice as the expression', () => {
    const project = compileProject({ _id: 0, first: { $slice: ['$tags', 1] } }, ctx);
    expect(text(project(stored(person)))).toBe(text({ first: ['x'] }));
  });

  it('leaves out a field that is computed as missing', () => {
    const project = compileProject({ _id: 0, name: 1, gone: '$$REMOVE', none: '$nope' }, ctx);
    expect(text(project(stored(person)))).toBe(text({ name: 'Ada' }));
  });

  it('refuses an empty specification and the positional operator', () => {
    expect(() => compileProject({}, ctx)).toThrow(expect.objectContaining({ code: 51272 }));
    expect(() => compileProject({ 'a.$': 1 }, ctx)).toThrow(expect.objectContaining({ code: 16410 }));
  });
});
