import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostWeighted, splitWeighted, weightedLength } from './weighted.ts';

describe('the length of a post as X counts it', () => {
  it.each([
    ['', 0],
    ['Hello', 5],
    ['سلام دنیا', 9],
    ['می‌خواهم', 8],
    ['۱۲۳', 3],
    ['«گیومه»', 7],
    // General punctuation: dashes and quotation marks are light, the ellipsis U+2026 is not.
    ['a – b', 5],
    ['“hi”', 4],
    ['wait…', 6],
    ['日本', 4],
    ['€5', 3],
    ['😀', 2],
    // Of several code points each.
    ['👍🏽', 2],
    ['👨‍👩‍👧‍👦', 2],
    ['🇮🇷', 2],
    ['❤️', 2],
    ['1️⃣', 2],
    // Digits, # and ™ without an emoji's dress are none.
    ['#1', 2],
    // Composed and decomposed are the same.
    ['é', 1],
    ['e\u0301', 1],
    // Addresses weigh 23, short or long.
    ['https://a.ir', 23],
    [`https://example.com/${'a'.repeat(300)}`, 23],
    ['ببینید: https://example.com/سفارش/1 لطفا', 36],
    ['http://x.example/a and http://x.example/b', 51],
    ['(https://example.com)', 25],
    ['https://example.com.', 24],
    ['example.com', 23],
    ['see example.ir/a?b=c now', 31],
    [`www.example.com/${'a'.repeat(40)}`, 56],
    // An address of mail, a decimal and a file are none.
    ['3.14', 4],
    ['file.txt', 8],
    ['me@example.com', 14],
  ])('%j weighs %i', (text, weight) => {
    expect(weightedLength(text)).toBe(weight);
  });
});

describe('a text cut into posts', () => {
  it('leaves alone what fits', () => {
    expect(splitWeighted('س'.repeat(280))).toEqual(['س'.repeat(280)]);
    expect(splitWeighted('日'.repeat(140))).toHaveLength(1);
    expect(splitWeighted('日'.repeat(141))).toHaveLength(2);
    expect(splitWeighted('')).toEqual([]);
  });

  it('keeps a long address whole', () => {
    const address = `https://example.com/${'a'.repeat(400)}`;
    const pieces = splitWeighted(`${'سلام '.repeat(50)}${address} ${'و '.repeat(60)}`);
    expect(pieces.filter((piece) => piece.includes(address))).toHaveLength(1);
    for (const piece of pieces) expect(weightedLength(piece)).toBeLessThanOrEqual(mostWeighted);
  });

  it('keeps the longest texts and addresses within bounds', () => {
    const address = `https://example.com/${'a'.repeat(30_000)}`;
    const pieces = splitWeighted(`${'سلام دنیا '.repeat(3000)}${address}`);
    for (const piece of pieces) expect(weightedLength(piece)).toBeLessThanOrEqual(mostWeighted);
    expect(pieces.join('').replace(/\s/g, '')).toHaveLength(3000 * 8 + address.length);
  });

  it('loses nothing and never weighs too much, whatever is written', () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
      fc.constantFrom(
        'سلام',
        'می‌روم',
        '👨‍👩‍👧‍👦',
        '日本語',
        'https://example.com/a',
        'shop.example.com',
        '…',
        'x'.repeat(300),
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 120 }), (words) => {
        const text = words.join(' ');
        const pieces = splitWeighted(text);
        for (const piece of pieces) expect(weightedLength(piece)).toBeLessThanOrEqual(mostWeighted);
        const bare = (value: string) => value.replace(/\s+/gu, '');
        expect(bare(pieces.join(''))).toBe(bare(text));
      }),
      { numRuns: 200 },
    );
  });
});
