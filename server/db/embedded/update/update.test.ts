import { Double } from 'bson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandError, type Doc, encode } from '../bson/values.ts';
import { codeOf, stored } from '../test/stored.ts';
import { apply, now } from './test/apply.ts';
import { compileUpdate } from './update.ts';

const plain = (doc: Doc): unknown => JSON.parse(JSON.stringify(doc));

describe('an update by pipeline', () => {
  const lease = { holder: 'n1', until: new Date(now.getTime() - 1), fence: 4 };

  it.each<[rule: string, doc: Doc, update: Doc[], result: Doc]>([
    ['reads the fields as they are', { a: 1, b: 2 }, [{ $set: { a: '$b', b: '$a' } }], { a: 2, b: 1 }],
    ['goes stage by stage', { a: 1 }, [{ $set: { b: '$a' } }, { $set: { c: '$b' } }], { a: 1, b: 1, c: 1 }],
    ['knows $$NOW', {}, [{ $set: { at: '$$NOW' } }], { at: now }],
    [
      'decides by condition',
      lease,
      [{ $set: { fence: { $cond: [{ $lt: ['$until', '$$NOW'] }, { $add: ['$fence', 1] }, '$fence'] } } }],
      { ...lease, fence: 5 },
    ],
    ['takes fields away', { a: 1, b: 2 }, [{ $unset: 'a' }], { b: 2 }],
    ['takes a field away by $$REMOVE', { a: 1, b: 2 }, [{ $set: { a: '$$REMOVE' } }], { b: 2 }],
    ['keeps the _id when it replaces', { _id: 1, a: 1 }, [{ $replaceWith: { z: '$a' } }], { _id: 1, z: 1 }],
    ['merges into documents', { o: { x: 1 } }, [{ $set: { o: { y: 2 } } }], { o: { x: 1, y: 2 } }],
    [
      'replaces a document by $literal',
      { o: { x: 1 } },
      [{ $set: { o: { $literal: { y: 2 } } } }],
      { o: { y: 2 } },
    ],
  ])('%s', (_rule, doc, update, result) => {
    expect(JSON.stringify(plain(apply(doc, update).doc))).toBe(JSON.stringify(plain(result)));
  });

  it('changes nothing when the bytes stay', () => {
    expect(apply({ _id: 1, a: 1 }, [{ $set: { a: { $max: ['$a', 0] } } }]).changed).toBe(false);
  });

  it('refuses another _id', () => {
    expect(codeOf(() => apply({ _id: 1 }, [{ $set: { _id: 2 } }]))).toBe(66);
  });
});

describe('any update', () => {
  const value = fc.constantFrom<unknown>(1, 2, new Double(1), 'x', null, [1, 2], [2, 1], { b: 1 }, []);
  const docs = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value);
  const path = fc.constantFrom('a', 'b', 'c', 'a.b', 'a.0', 'b.b.c');
  const one = fc.oneof(
    fc.tuple(fc.constantFrom('$set', '$min', '$max', '$push', '$addToSet', '$pull', '$unset'), path, value),
    fc.tuple(fc.constantFrom('$inc', '$mul'), path, fc.constantFrom<unknown>(0, 1, new Double(2))),
    fc.tuple(fc.constant('$pop'), path, fc.constantFrom<unknown>(1, -1)),
    fc.tuple(fc.constant('$pullAll'), path, fc.constant<unknown>([1])),
    fc.tuple(fc.constant('$rename'), fc.constantFrom('a', 'b'), fc.constantFrom<unknown>('c', 'd.e')),
  );

  it('says that it changed the document exactly when its bytes differ, and leaves the given one alone', () => {
    let applied = 0;
    fc.assert(
      fc.property(docs, fc.array(one, { minLength: 1, maxLength: 3 }), (doc, operations) => {
        const update: Doc = {};
        for (const [operator, field, operand] of operations) {
          update[operator] = { ...(update[operator] as Doc | undefined), [field]: operand };
        }
        const before = stored({ _id: 1, ...doc });
        const bytes = encode(before);
        let result: { doc: Doc; changed: boolean };
        try {
          result = compileUpdate(stored(update), { now, upsert: false }).apply(before, undefined, false);
        } catch (error) {
          expect(error).toBeInstanceOf(CommandError);
          return;
        }
        applied += 1;
        expect(encode(before).equals(bytes)).toBe(true);
        expect(result.changed).toBe(!encode(result.doc).equals(bytes));
      }),
      { numRuns: 5000 },
    );
    expect(applied).toBeGreaterThan(500);
  });
});
