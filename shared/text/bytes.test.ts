import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitBytes, utf8Bytes } from './bytes.ts';

it('leaves whole what fits', () => {
  expect(splitBytes('سلام', 8)).toEqual(['سلام']);
  expect(splitBytes('  ', 8)).toEqual([]);
});

it('cuts Persian after half as many letters as Latin', () => {
  expect(splitBytes('یک دو سه', 12)).toEqual(['یک دو', 'سه']);
  expect(splitBytes('one two three', 8)).toEqual(['one two', 'three']);
});

it('cuts no character in two and loses nothing but the space at a cut', () => {
  const words = fc.array(
    fc.oneof(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.constant('👩‍👩‍👧'), fc.constant('می‌شود')),
    {
      maxLength: 40,
    },
  );
  fc.assert(
    fc.property(words, fc.integer({ min: 8, max: 60 }), (parts, limit) => {
      const text = parts.join(' ');
      const pieces = splitBytes(text, limit);
      for (const piece of pieces) {
        expect(utf8Bytes(piece)).toBeLessThanOrEqual(limit);
        expect(Buffer.from(piece).toString()).toBe(piece);
      }
      expect(pieces.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
    }),
  );
});
