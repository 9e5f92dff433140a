import {
  Binary,
  BSONRegExp,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSort } from '../bson/order.ts';
import { CommandError, type Doc, decode, encode, isDoc } from '../bson/values.ts';
import { stored } from '../test/stored.ts';
import { compileUpdate, seedFromFilter } from '../update/update.ts';
import { compileFilter } from './match.ts';
import { compileProjection } from './projection.ts';

const now = new Date(0);

const words = (text: string): string[] => text.trim().split(/\s+/);
const queryOperators = words(`
  $and $or $nor $not $eq $ne $gt $gte $lt $lte $in $nin $exists $type $regex $options $mod $size $all $elemMatch $expr $comment
  $bitsAllSet $bitsAnySet $bitsAllClear $bitsAnyClear $jsonSchema $where $text $near $ref $id $db $alwaysTrue $sampleRate $ $foo`);
const updateOperators = words(`
  $set $unset $inc $mul $min $max $rename $setOnInsert $currentDate $push $addToSet $pull $pullAll $pop $bit $pushAll $ $foo`);
const clauses = words('$each $position $slice $sort $type and or xor');
const expressions = words('$add $concat $cond $let $map $literal $toInt $$NOW $$ROOT $meta $getField $slice');
const names = words(
  'a b a.b a.0 a.b.c 0 1 a.$ a.$[] a.$[x] a.$[x].b $[] a. .a a..b _id _id.x __proto__ constructor toString x x.y',
);

const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    '',
    'a',
    'b',
    '$a',
    '$$NOW',
    '$',
    'string',
    '^a',
    '(',
    'im',
    'timestamp',
    'date',
    new Int32(0),
    new Int32(1),
    new Int32(-1),
    new Int32(5),
    new Double(0.5),
    new Double(Number.NaN),
    new Double(Number.POSITIVE_INFINITY),
    new Double(-0),
    new Double(1e300),
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Decimal128.fromString('1.5'),
    Decimal128.fromString('9E6000'),
    Decimal128.fromString('NaN'),
    Decimal128.fromString('-Infinity'),
    new ObjectId('0123456789abcdef01234567'),
    new Date(5),
    new Timestamp({ t: 1, i: 1 }),
    new Binary(Buffer.from([1, 2])),
    new BSONRegExp('^a', 'i'),
    new BSONRegExp('(', ''),
    new Code('x'),
    new Code('x', { a: 1 }),
    new MinKey(),
    new MaxKey(),
  ),
);

const key = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...names) },
  { weight: 5, arbitrary: fc.constantFrom(...queryOperators) },
  { weight: 3, arbitrary: fc.constantFrom(...updateOperators, ...clauses, ...expressions) },
);

const { value: anything, doc: garbage } = fc.letrec<{ value: unknown; doc: Doc }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    { weight: 3, arbitrary: scalar },
    fc.array(tie('value'), { maxLength: 3 }),
    { weight: 2, arbitrary: tie('doc') },
  ),
  doc: fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }).map((pairs) => {
    const doc: Doc = {};
    for (const [name, each] of pairs)
      Object.defineProperty(doc, name, { value: each, enumerable: true, writable: true, configurable: true });
    return doc;
  }),
}));

/** An update that gets past the first look: known operators over paths. */
const update = fc
  .array(fc.tuple(fc.constantFrom(...updateOperators), fc.array(fc.tuple(key, anything), { maxLength: 2 })), {
    minLength: 1,
    maxLength: 3,
  })
  .map(
    (pairs) =>
      Object.fromEntries(pairs.map(([operator, fields]) => [operator, Object.fromEntries(fields)])) as Doc,
  );

/** A filter that gets past the first look: known operators on paths. */
const condition = fc
  .array(fc.tuple(fc.constantFrom(...queryOperators), anything), { minLength: 1, maxLength: 2 })
  .map((pairs) => Object.fromEntries(pairs) as Doc);
const filter = fc.oneof(
  garbage,
  fc
    .array(fc.tuple(fc.constantFrom(...names), condition), { minLength: 1, maxLength: 2 })
    .map((pairs) => Object.fromEntries(pairs) as Doc),
);

/** Runs it; a refusal must be MongoDB's own: a code other than "internal error". */
function properly(deed: () => void, what: unknown): boolean {
  try {
    deed();
    return true;
  } catch (error) {
    if (error instanceof CommandError && error.code !== 1) {
      expect(error.message).not.toBe('');
      return false;
    }
    throw new Error(`not refused properly: ${encode({ what }).toString('hex')}`, { cause: error });
  }
}

describe('whatever a client sends', () => {
  it('as a filter is understood or refused with a code of its own', () => {
    let taken = 0;
    fc.assert(
      fc.property(filter, garbage, garbage, (asked, one, other) => {
        const understood = properly(() => {
          const compiled = compileFilter(stored(asked), { now });
          for (const doc of [one, other, {}]) {
            compiled.test(stored(doc));
            compiled.match(stored(doc));
          }
        }, asked);
        properly(() => seedFromFilter(stored(asked)), asked);
        if (understood) taken += 1;
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(250);
  });

  it('as an update is done or refused with a code of its own', () => {
    let taken = 0;
    const arrayFilters = fc.option(fc.array(garbage, { maxLength: 2 }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.oneof(
          { weight: 3, arbitrary: update as fc.Arbitrary<unknown> },
          garbage,
          fc.array(garbage, { maxLength: 2 }),
        ),
        arrayFilters,
        garbage,
        fc.option(fc.nat(2), { nil: undefined }),
        (wanted, filters, doc, positional) => {
          const done = properly(
            () => {
              const compiled = compileUpdate(stored({ wanted })['wanted'] as Doc, {
                now,
                upsert: false,
                ...(filters && { arrayFilters: filters.map(stored) }),
              });
              for (const inserting of [false, true]) {
                const result = compiled.apply(stored(doc), positional, inserting);
                expect(isDoc(decode(encode(result.doc)))).toBe(true);
              }
            },
            { wanted, filters, doc },
          );
          if (done) taken += 1;
        },
      ),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(150);
  });

  it('as a sort is done or refused with a code of its own', () => {
    let taken = 0;
    fc.assert(
      fc.property(garbage, garbage, garbage, (spec, one, other) => {
        const done = properly(() => {
          compileSort(stored(spec))(stored(one), stored(other));
        }, spec);
        if (done) taken += 1;
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  it('as a projection is done or refused with a code of its own', () => {
    let taken = 0;
    fc.assert(
      fc.property(garbage, garbage, fc.option(fc.nat(2), { nil: undefined }), (spec, doc, positional) => {
        const done = properly(
          () => {
            const project = compileProjection(stored(spec), { now });
            expect(isDoc(decode(encode(project(stored(doc), positional))))).toBe(true);
          },
          { spec, doc },
        );
        if (done) taken += 1;
      }),
      { numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(150);
  });
});
