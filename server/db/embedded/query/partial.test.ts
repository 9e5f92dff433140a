import { describe, expect, it } from 'vitest';
import type { Doc } from '../bson/values.ts';
import { refuseForPartial } from './partial.ts';

describe('the filter of a partial index', () => {
  it.each<Doc>([
    { a: 1 },
    { a: { $eq: null } },
    { a: { $exists: true } },
    { a: { $gt: 1, $lte: 5 }, b: { $type: 'string' } },
    { $and: [{ a: 1 }, { $or: [{ b: { $in: [1, 2] } }, { c: { $gte: 1 } }] }] },
  ])('may be %j', (filter) => {
    expect(() => refuseForPartial(filter)).not.toThrow();
  });

  it.each<Doc>([
    { a: { $exists: false } },
    { a: { $ne: 1 } },
    { a: /x/ },
    { a: { $regex: 'x' } },
    { a: { $not: { $gt: 1 } } },
    { $nor: [{ a: 1 }] },
    { $expr: true },
    { $and: [{ a: { $elemMatch: { b: 1 } } }] },
  ])('is refused with code 67: %j', (filter) => {
    expect(() => refuseForPartial(filter)).toThrow(expect.objectContaining({ code: 67 }));
  });
});
