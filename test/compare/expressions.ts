import type { Document } from 'bson';
import type { Draw } from '../draw.ts';
import { date, field, number, path, scalar, text, value } from './values.ts';

type Kind = 'any' | 'number' | 'text' | 'list' | 'date' | 'truth' | 'document';

/** Operators by what they give, each with what it takes. */
type Make = (draw: Draw, of: (kind: Kind) => unknown) => Document;

const pair =
  (name: string, kind: Kind): Make =>
  (_draw, of) => ({ [name]: [of(kind), of(kind)] });
const single =
  (name: string, kind: Kind): Make =>
  (_draw, of) => ({ [name]: of(kind) });
const several =
  (name: string, kind: Kind): Make =>
  (draw, of) => ({ [name]: draw.some([1, 3], () => of(kind)) });

const numbers: readonly Make[] = [
  several('$add', 'number'),
  several('$multiply', 'number'),
  pair('$subtract', 'number'),
  pair('$divide', 'number'),
  pair('$mod', 'number'),
  pair('$pow', 'number'),
  single('$abs', 'number'),
  single('$ceil', 'number'),
  single('$floor', 'number'),
  single('$trunc', 'number'),
  (draw, of) => ({ $round: [of('number'), draw.one([0, 1, -1])] }),
  single('$sqrt', 'number'),
  single('$ln', 'number'),
  single('$size', 'list'),
  several('$sum', 'number'),
  several('$avg', 'number'),
  single('$strLenCP', 'text'),
  single('$strLenBytes', 'text'),
  pair('$cmp', 'any'),
  pair('$indexOfCP', 'text'),
  (_draw, of) => ({ $indexOfArray: [of('list'), of('any')] }),
  single('$year', 'date'),
  single('$dayOfWeek', 'date'),
  (draw, of) => ({ $hour: { date: of('date'), timezone: draw.one(['UTC', '+03:30', 'Asia/Tehran']) } }),
  single('$toInt', 'any'),
  single('$toLong', 'any'),
  single('$toDouble', 'any'),
  single('$toDecimal', 'any'),
  single('$sum', 'list'),
];

const texts: readonly Make[] = [
  several('$concat', 'text'),
  single('$toUpper', 'text'),
  single('$toLower', 'text'),
  single('$toString', 'any'),
  single('$type', 'any'),
  (draw, of) => ({ $substrCP: [of('text'), draw.below(2), draw.below(3)] }),
  (draw, of) => ({ $substrBytes: [of('text'), draw.below(2), draw.below(3)] }),
  (draw, of) => ({
    [draw.one(['$trim', '$ltrim', '$rtrim'])]: {
      input: of('text'),
      ...(draw.chance(0.5) ? { chars: text(draw) } : {}),
    },
  }),
  (draw, of) => ({
    [draw.one(['$replaceOne', '$replaceAll'])]: {
      input: of('text'),
      find: of('text'),
      replacement: of('text'),
    },
  }),
  (draw, of) => ({
    $dateToString: {
      date: of('date'),
      ...(draw.chance(0.7) ? { format: draw.one(['%Y-%m-%d', '%H:%M:%S.%L', '%j %u %G-%V %z']) } : {}),
      ...(draw.chance(0.3) ? { timezone: draw.one(['Asia/Tehran', '-05:00']) } : {}),
    },
  }),
];

const lists: readonly Make[] = [
  several('$concatArrays', 'list'),
  (draw, of) => ({ $slice: [of('list'), draw.one([1, -1, 2, 0])] }),
  single('$reverseArray', 'list'),
  (draw, of) => ({ $map: { input: of('list'), as: 'v', in: draw.one<unknown>(['$$v', { $type: '$$v' }]) } }),
  (_draw, of) => ({ $filter: { input: of('list'), as: 'v', cond: { $gt: ['$$v', of('any')] } } }),
  // A set has no order of its own.
  (_draw, of) => ({ $sortArray: { input: { $setUnion: [of('list'), of('list')] }, sortBy: 1 } }),
  (_draw, of) => ({ $sortArray: { input: { $setIntersection: [of('list'), of('list')] }, sortBy: 1 } }),
  pair('$setDifference', 'list'),
  (draw, of) => ({ $range: [draw.below(3), of('number')] }),
  pair('$split', 'text'),
  single('$objectToArray', 'document'),
  (draw, of) => ({ $zip: { inputs: [of('list'), of('list')], useLongestLength: draw.chance(0.5) } }),
  (draw, of) => ({
    $sortArray: {
      input: of('list'),
      sortBy: draw.chance(0.6) ? draw.one([1, -1]) : { [field(draw)]: draw.one([1, -1]) },
    },
  }),
];

const dates: readonly Make[] = [
  single('$toDate', 'any'),
  (draw, of) => ({ $add: [of('date'), draw.below(100_000)] }),
  (draw, of) => ({
    $dateAdd: {
      startDate: of('date'),
      unit: draw.one(['month', 'day', 'hour', 'quarter']),
      amount: draw.one([1, -1, 14]),
    },
  }),
  (draw, of) => ({
    $dateTrunc: { date: of('date'), unit: draw.one(['year', 'month', 'week', 'day', 'hour']) },
  }),
];

const truths: readonly Make[] = [
  pair('$eq', 'any'),
  pair('$ne', 'any'),
  pair('$gt', 'any'),
  pair('$gte', 'any'),
  pair('$lt', 'any'),
  pair('$lte', 'any'),
  several('$and', 'any'),
  several('$or', 'any'),
  single('$not', 'any'),
  (_draw, of) => ({ $in: [of('any'), of('list')] }),
  single('$isArray', 'any'),
  single('$isNumber', 'any'),
  single('$toBool', 'any'),
  pair('$setEquals', 'list'),
  pair('$setIsSubset', 'list'),
  single('$anyElementTrue', 'list'),
  single('$allElementsTrue', 'list'),
  (draw, of) => ({
    $regexMatch: { input: of('text'), regex: draw.one(['x', '^Y']), options: draw.one(['', 'i']) },
  }),
];

const documents: readonly Make[] = [
  several('$mergeObjects', 'document'),
  (draw, of) => ({ [field(draw)]: of('any') }),
  (draw, of) => ({ $arrayToObject: [[[text(draw) || 'k', of('any')]]] }),
  (draw, of) => ({ $setField: { field: field(draw), input: of('document'), value: of('any') } }),
];

const anything: readonly Make[] = [
  (_draw, of) => ({ $cond: [of('truth'), of('any'), of('any')] }),
  several('$ifNull', 'any'),
  (_draw, of) => ({
    $switch: {
      branches: [
        Object.fromEntries([
          ['case', of('truth')],
          ['then', of('any')],
        ]),
      ],
      default: of('any'),
    },
  }),
  (_draw, of) => ({ $let: { vars: { v: of('any') }, in: '$$v' } }),
  (draw, of) => ({ $arrayElemAt: [of('list'), draw.one([0, 1, -1])] }),
  single('$first', 'list'),
  single('$last', 'list'),
  several('$min', 'any'),
  several('$max', 'any'),
  (draw, of) => ({ $getField: { field: field(draw), input: of('document') } }),
  (_draw, of) => ({
    $reduce: { input: of('list'), initialValue: of('number'), in: { $max: ['$$value', '$$this'] } },
  }),
  (draw, of) => ({
    $convert: {
      input: of('any'),
      to: draw.one(['int', 'double', 'string', 'bool', 'date', 'long', 'decimal', 'objectId']),
      ...(draw.chance(0.5) ? { onError: 'error' } : {}),
      ...(draw.chance(0.5) ? { onNull: 'nothing' } : {}),
    },
  }),
  (_draw, of) => ({ $literal: of('any') }),
];

const makers: Record<Kind, readonly Make[]> = {
  any: [...numbers, ...texts, ...lists, ...dates, ...truths, ...documents, ...anything],
  number: numbers,
  text: texts,
  list: lists,
  date: dates,
  truth: truths,
  document: documents,
};

const constants: Record<Kind, (draw: Draw) => unknown> = {
  any: scalar,
  number,
  text,
  list: (draw) => draw.some([0, 3], () => scalar(draw)),
  date,
  truth: (draw) => draw.chance(0.5),
  document: (draw) => ({ [field(draw)]: scalar(draw) }),
};

/** Mostly of the right kind, so that more is seen than refusals. */
export function expression(draw: Draw, depth: number, kind: Kind = 'any'): unknown {
  return draw.way<unknown>(
    [depth > 0 ? 6 : 0, () => draw.one(makers[kind])(draw, (next) => expression(draw, depth - 1, next))],
    [3, () => `$${path(draw)}`],
    [3, () => constants[kind](draw)],
    [0.4, () => ({ $literal: value(draw, 1) })],
    [0.2, () => draw.one(['$$ROOT', '$$REMOVE', '$$CURRENT.a'])],
  );
}
