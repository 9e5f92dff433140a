import {
  Binary,
  BSONRegExp,
  Decimal128,
  type Document,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import type { Draw } from '../draw.ts';

/** Few names and few values, so that what is drawn apart meets. */
const fields = ['a', 'b', 'c'] as const;

const decimals = ['1', '1.0', '2', '0.1', '-0', 'NaN', 'Infinity', '9007199254740993'];
const doubles = [0, -0, 1, 1.5, 2, -3, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY];
const longs = ['0', '1', '2', '-1', '2147483648', '9007199254740993', '9223372036854775807'];
const texts = ['', 'x', 'y', 'X', 'xy', 'y\u200cz', '\u{1f600}', '\uffff', '1', 'a.b'];
const dates = [0, 1_700_000_000_000, -1];

export const number = (draw: Draw): unknown =>
  draw.way<unknown>(
    [6, () => draw.below(4)],
    [2, () => new Double(draw.one(doubles))],
    [1, () => Long.fromString(draw.one(longs))],
    [1, () => Decimal128.fromString(draw.one(decimals))],
  );

export const text = (draw: Draw): string => draw.one(texts);

export const date = (draw: Draw): Date => new Date(draw.one(dates));

/** Ids that stand in a case and not those that a server makes up begin with this. */
export const givenId = '0123456789abcdef0000000';

const objectId = (draw: Draw): ObjectId => new ObjectId(`${givenId}${draw.below(3)}`);

export const scalar = (draw: Draw): unknown =>
  draw.way<unknown>(
    [8, () => number(draw)],
    [4, () => text(draw)],
    [2, () => null],
    [1, () => draw.chance(0.5)],
    [1, () => date(draw)],
    [0.7, () => objectId(draw)],
    [0.5, () => new Binary(Uint8Array.from([draw.below(3)]), draw.one([0, 0, 5, 128]))],
    [0.3, () => new BSONRegExp(draw.one(['x', '^x']), draw.one(['', 'i']))],
    [0.2, () => new Timestamp({ t: 1 + draw.below(2), i: 1 })],
    [0.2, () => draw.one([new MinKey(), new MaxKey()])],
  );

/** A value as a document may hold it: also lists, and documents in it. */
export function value(draw: Draw, depth = 2): unknown {
  return draw.way<unknown>(
    [10, () => scalar(draw)],
    [depth > 0 ? 4 : 0, () => draw.some([0, 3], () => value(draw, depth - 1))],
    [depth > 0 ? 3 : 0, () => inner(draw, depth - 1)],
  );
}

function inner(draw: Draw, depth: number): Document {
  const made: Document = {};
  for (const _ of draw.some([0, 2], () => 0)) made[draw.one(fields)] = value(draw, depth);
  return made;
}

export function document(draw: Draw, id: number): Document {
  const made: Document = { _id: id };
  for (const field of fields) if (draw.chance(0.75)) made[field] = value(draw);
  return made;
}

export const field = (draw: Draw): string => draw.one(fields);

/** Also into documents and lists. */
export const path = (draw: Draw): string =>
  draw.way(
    [6, () => field(draw)],
    [3, () => `${field(draw)}.${field(draw)}`],
    [1, () => `${field(draw)}.${draw.below(3)}`],
    [0.7, () => `${field(draw)}.${draw.below(2)}.${field(draw)}`],
    [0.5, () => `${field(draw)}.${field(draw)}.${field(draw)}`],
    [0.4, () => '_id'],
  );
