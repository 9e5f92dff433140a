import { describe, expect, it } from 'vitest';
import type { Doc } from '../bson/values.ts';
import { analyse } from './bounds.ts';
import { implies, refuseForPartial } from './partial.ts';

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

describe('every document of a filter is in the partial index', () => {
  const day = (n: number) => new Date(n * 86_400_000);

  it.each<[Doc, Doc]>([
    [{ a: { $gt: 1 } }, { a: { $gt: 1 } }],
    [{ a: { $gt: 1, $lte: 5 } }, { a: { $gt: 1 } }],
    [{ a: { $gt: 3 } }, { a: { $gt: 1 } }],
    [{ a: { $gt: 1 } }, { a: { $gte: 1 } }],
    [{ a: { $lt: 5 }, b: 2 }, { a: { $lte: 5 } }],
    [{ $and: [{ a: { $gt: 2 } }, { a: { $lt: 4 } }] }, { a: { $gt: 1, $lt: 5 } }],
    [{ a: { $gt: day(0), $lte: day(9) } }, { a: { $gt: day(0) } }],
    [{ a: { $gt: 1 } }, { a: { $exists: true } }],
    [{ a: { $gt: 1 } }, { a: { $exists: true, $gt: 0 } }],
    [{ a: { $in: [2, 3] } }, { a: { $gt: 1 } }],
    [{ a: 'x', b: 1 }, { $and: [{ a: { $gt: '' } }, { b: 1 }] }],
  ])('%j by %j', (filter, partial) => {
    expect(implies(analyse(filter), partial)).toBe(true);
  });

  it.each<[Doc, Doc]>([
    [{ a: { $gte: 1 } }, { a: { $gt: 1 } }],
    [{ a: { $gt: 0 } }, { a: { $gt: 1 } }],
    [{ a: { $lte: 5 } }, { a: { $gt: 1 } }],
    [{ a: { $gt: 'x' } }, { a: { $gt: 1 } }],
    [{ a: { $gt: 1 } }, { a: { $gt: 1, $lt: 5 } }],
    [{ a: { $gt: 1 } }, { a: { $type: 'int' } }],
    [{ a: { $in: [1, 2] } }, { a: { $gt: 1 } }],
    [{ $or: [{ a: { $gt: 2 } }, { a: 0 }] }, { a: { $gt: 1 } }],
    [{ b: { $gt: 2 } }, { a: { $gt: 1 } }],
  ])('not %j by %j', (filter, partial) => {
    expect(implies(analyse(filter), partial)).toBe(false);
  });
});
