import { describe, expect, it } from 'vitest';
import type { Doc } from '../bson/values.ts';
import { expressionFields, filterFields, projectedFields } from './fields.ts';

const list = (fields: ReturnType<typeof filterFields>) => fields && [...fields].sort();

describe('the fields that are read', () => {
  it.each<[filter: Doc, fields: string[] | undefined]>([
    [{}, []],
    [{ a: 1, 'b.c.0': { $gt: '$d' } }, ['a', 'b']],
    [{ $or: [{ a: 1 }, { $and: [{ b: 2 }] }], $nor: [{ c: 1 }], $comment: 'x' }, ['a', 'b', 'c']],
    [{ $expr: { $gt: ['$a.b', { $add: ['$c', '$$v', 1] }] } }, ['a', 'c']],
    [{ $expr: { $eq: ['$$ROOT', 1] } }, undefined],
    [{ $where: 'this.a' }, undefined],
  ])('by the filter %j', (filter, fields) => {
    expect(list(filterFields(filter))).toEqual(fields);
  });

  it.each<[expr: unknown, fields: string[] | undefined]>([
    ['$a.b', ['a']],
    ['$$ROOT.a.b', ['a']],
    ['$$CURRENT', undefined],
    [{ x: ['$a', { y: '$b' }], z: 'text' }, ['a', 'b']],
    [{ $getField: 'a' }, undefined],
    [{ $map: { input: '$list', as: 'e', in: '$$e.x' } }, ['list']],
  ])('by the expression %j', (expr, fields) => {
    expect(list(expressionFields(expr))).toEqual(fields);
  });

  it.each<[projection: Doc, fields: string[] | undefined]>([
    [{ a: 1, 'b.c': true }, ['_id', 'a', 'b']],
    [{ a: 1, _id: 0 }, ['_id', 'a']],
    [{ a: 0 }, undefined],
    [{ _id: 1 }, undefined],
    [{ a: { $slice: 1 } }, undefined],
    [{ 'a.$': 1 }, undefined],
    [{ a: '$b' }, undefined],
  ])('by the projection %j', (projection, fields) => {
    expect(list(projectedFields(projection))).toEqual(fields);
  });
});
