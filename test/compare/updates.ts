import type { Document } from 'bson';
import type { Draw } from '../draw.ts';
import { expression } from './expressions.ts';
import { filter } from './filters.ts';
import { date, document, field, number, path, scalar, value } from './values.ts';

export interface Change {
  change: Document | Document[];
  arrayFilters?: Document[];
}

/** Also with the places that only an update knows. */
const place = (draw: Draw): string =>
  draw.way(
    [8, () => path(draw)],
    [1, () => `${field(draw)}.$[]`],
    [1, () => `${field(draw)}.$`],
    [1, () => `${field(draw)}.$[e]`],
    [0.5, () => `${field(draw)}.$[e].${field(draw)}`],
    [0.5, () => `${field(draw)}.$[].${field(draw)}`],
  );

function push(draw: Draw): unknown {
  if (draw.chance(0.5)) return value(draw, 1);
  const made: Document = { $each: draw.some([0, 3], () => value(draw, 1)) };
  if (draw.chance(0.4)) made['$slice'] = draw.one([0, 1, 2, -1, -2]);
  if (draw.chance(0.4)) made['$position'] = draw.one([0, 1, -1, 9]);
  if (draw.chance(0.4))
    made['$sort'] = draw.chance(0.5) ? draw.one([1, -1]) : { [field(draw)]: draw.one([1, -1]) };
  return made;
}

function pull(draw: Draw): unknown {
  return draw.way<unknown>(
    [3, () => value(draw, 1)],
    [2, () => ({ [draw.one(['$gt', '$lte', '$ne'])]: scalar(draw) })],
    [1, () => ({ $in: draw.some([0, 2], () => scalar(draw)) })],
    [2, () => filter(draw, 1)],
  );
}

function operator(draw: Draw): Document {
  const [name, operand] = draw.way<[string, (at: string) => unknown]>(
    [5, () => ['$set', () => value(draw)]],
    [2, () => ['$unset', () => '']],
    [3, () => ['$inc', () => (draw.chance(0.9) ? number(draw) : scalar(draw))]],
    [2, () => ['$mul', () => number(draw)]],
    [2, () => ['$min', () => scalar(draw)]],
    [2, () => ['$max', () => scalar(draw)]],
    [1.5, () => ['$rename', () => path(draw)]],
    [3, () => ['$push', () => push(draw)]],
    [
      2,
      () => [
        '$addToSet',
        () => (draw.chance(0.5) ? value(draw, 1) : { $each: draw.some([0, 3], () => value(draw, 1)) }),
      ],
    ],
    [2, () => ['$pull', () => pull(draw)]],
    [1, () => ['$pullAll', () => draw.some([0, 3], () => value(draw, 1))]],
    [1, () => ['$pop', () => draw.one([1, -1])]],
    [1, () => ['$bit', () => ({ [draw.one(['and', 'or', 'xor'])]: draw.below(8) })]],
    [1, () => ['$setOnInsert', () => value(draw)]],
    [0.3, () => ['$max', () => date(draw)]],
  );
  const made: Document = {};
  for (const _ of draw.some([1, 2], () => 0)) {
    const at = place(draw);
    made[at] = operand(at);
  }
  return { [name]: made };
}

export function change(draw: Draw): Change {
  return draw.way<Change>(
    [
      9,
      () => {
        const made = { ...operator(draw), ...(draw.chance(0.4) ? operator(draw) : {}) };
        if (!JSON.stringify(made).includes('$[e]')) return { change: made };
        const arrayFilters = [
          draw.chance(0.6)
            ? { e: draw.chance(0.5) ? scalar(draw) : { $gt: scalar(draw) } }
            : { [`e.${field(draw)}`]: scalar(draw) },
        ];
        return { change: made, arrayFilters };
      },
    ],
    [
      1.5,
      () => {
        const { _id, ...rest } = document(draw, draw.below(9));
        return { change: draw.chance(0.8) ? rest : { _id, ...rest } };
      },
    ],
    [
      2,
      () => ({
        change: draw.way<Document[]>(
          [3, () => [{ $set: { [path(draw)]: expression(draw, 2) } }]],
          [1, () => [{ $unset: path(draw) }]],
          [1, () => [{ $project: { [field(draw)]: 1, d: expression(draw, 1) } }]],
          [
            1,
            () => [{ $replaceWith: { $mergeObjects: ['$$ROOT', { [field(draw)]: expression(draw, 1) }] } }],
          ],
        ),
      }),
    ],
  );
}
