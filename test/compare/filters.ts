import { type Document, Int32 } from 'bson';
import type { Draw } from '../draw.ts';
import { expression } from './expressions.ts';
import { field, number, path, scalar, text, value } from './values.ts';

const types = [
  'double',
  'string',
  'object',
  'array',
  'binData',
  'objectId',
  'bool',
  'date',
  'null',
  'regex',
  'int',
  'timestamp',
  'long',
  'decimal',
  'minKey',
  'number',
  2,
  16,
];

/** What may stand behind a path: a value, or operators. */
function condition(draw: Draw, depth: number): unknown {
  return draw.way<unknown>(
    [5, () => value(draw, 1)],
    [9, () => operator(draw, depth)],
    [2, () => ({ ...operator(draw, depth), ...operator(draw, depth) })],
  );
}

function operator(draw: Draw, depth: number): Document {
  return draw.way<Document>(
    [5, () => ({ [draw.one(['$gt', '$gte', '$lt', '$lte'])]: value(draw, 1) })],
    [1, () => ({ $eq: value(draw, 1) })],
    [2, () => ({ $ne: value(draw, 1) })],
    [3, () => ({ [draw.one(['$in', '$nin'])]: draw.some([0, 3], () => value(draw, 1)) })],
    [2, () => ({ $exists: draw.one<unknown>([true, false, 1, 0]) })],
    [2, () => ({ $type: draw.chance(0.8) ? draw.one(types) : [draw.one(types), draw.one(types)] })],
    [1.5, () => ({ $size: draw.chance(0.9) ? draw.below(3) : number(draw) })],
    [1.5, () => ({ $all: draw.some([0, 2], () => all(draw)) })],
    [depth > 0 ? 3 : 0, () => ({ $elemMatch: elemMatch(draw, depth - 1) })],
    [depth > 0 ? 2 : 0, () => ({ $not: operator(draw, depth - 1) })],
    [1, () => ({ $mod: draw.chance(0.9) ? [draw.below(3), draw.below(3)] : [number(draw), number(draw)] })],
    [1, () => ({ $regex: draw.one(['x', '^x', 'Y$', '.']), $options: draw.one(['', 'i', 's']) })],
    [
      1,
      () => ({
        [draw.one(['$bitsAllSet', '$bitsAnySet', '$bitsAllClear', '$bitsAnyClear'])]: draw.chance(0.5)
          ? draw.below(8)
          : [draw.below(4)],
      }),
    ],
  );
}

const all = (draw: Draw): unknown =>
  draw.chance(0.85) ? value(draw, 1) : { $elemMatch: { [field(draw)]: scalar(draw) } };

const elemMatch = (draw: Draw, depth: number): Document =>
  draw.chance(0.5) ? operator(draw, depth) : { [field(draw)]: condition(draw, depth) };

export function filter(draw: Draw, depth = 2): Document {
  return draw.way<Document>(
    [1, () => ({})],
    [9, () => ({ [path(draw)]: condition(draw, depth) })],
    [3, () => ({ [path(draw)]: condition(draw, depth), [path(draw)]: condition(draw, depth) })],
    [
      depth > 0 ? 3 : 0,
      () => ({
        [draw.one(['$and', '$or', '$nor'])]: draw.some([1, 3], () => filter(draw, depth - 1)),
      }),
    ],
    [depth > 0 ? 1.5 : 0, () => ({ $expr: expression(draw, 2) })],
  );
}

/** Ends on `_id`: no two documents are alike to it. */
export function sort(draw: Draw): Record<string, 1 | -1> {
  const made: Record<string, 1 | -1> = {};
  for (const _ of draw.some([0, 2], () => 0)) made[path(draw)] = draw.one([1, -1]);
  const { _id = draw.one<1 | -1>([1, -1]), ...rest } = made;
  return { ...rest, _id };
}

export function projection(draw: Draw): Document {
  return draw.way<Document>(
    [3, () => simple(draw, 1)],
    [3, () => simple(draw, 0)],
    [
      1.5,
      () => ({
        ...(draw.chance(0.5) ? simple(draw, 1) : {}),
        [field(draw)]: { $slice: draw.one<unknown>([1, -1, 0, [1, 1], [-2, 1]]) },
      }),
    ],
    [1.5, () => ({ [field(draw)]: { $elemMatch: elemMatch(draw, 1) } })],
    [2, () => ({ ...simple(draw, 1), d: expression(draw, 2) })],
    [0.5, () => ({ [`${field(draw)}.$`]: 1 })],
    [0.5, () => ({ [field(draw)]: text(draw), d: `$${path(draw)}` })],
  );
}

function simple(draw: Draw, keep: 0 | 1): Document {
  const made: Document = {};
  for (const _ of draw.some([1, 2], () => 0)) made[path(draw)] = draw.chance(0.8) ? keep : keep === 1;
  if (draw.chance(0.4)) made['_id'] = draw.one<unknown>([0, 1, new Int32(0)]);
  return made;
}
