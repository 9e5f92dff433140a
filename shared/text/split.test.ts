import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitText } from './split.ts';

describe('a text that is too long for one call', () => {
  it('stays whole when it fits', () => {
    expect(splitText('سلام', 10)).toEqual(['سلام']);
    expect(splitText('  ', 10)).toEqual([]);
  });

  it('is cut after a sentence rather than a word, and after a word rather than inside one', () => {
    expect(splitText('One two. Three four five', 14)).toEqual(['One two.', 'Three four', 'five']);
    expect(splitText('حالتون خوبه؟ من خوبم و می‌آیم', 16)).toEqual(['حالتون خوبه؟', 'من خوبم و می‌آیم']);
    expect(splitText('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  });

  it('never splits a surrogate pair or a joined emoji', () => {
    expect(splitText('a😀😀😀', 4)).toEqual(['a😀', '😀😀']);
    const family = '👩‍👩‍👧';
    expect(splitText(`${'x'.repeat(6)}${family}`, 10)).toEqual(['xxxxxx', family]);
  });

  it('loses nothing but white space, keeps every piece within the limit and every character whole', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('a', 'ب', ' ', '\n', '.', '؟', '😀', '\u200c', '\u0301', '👍🏽'),
          maxLength: 200,
        }),
        fc.integer({ min: 2, max: 40 }),
        (text, limit) => {
          const pieces = splitText(text, limit);
          expect(pieces.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
          for (const piece of pieces) {
            expect(piece.length).toBeLessThanOrEqual(limit);
            expect(piece).not.toMatch(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/);
          }
        },
      ),
    );
  });
});
