import { describe, expect, it } from 'vitest';
import { findIn } from './find.ts';

const found = (query: string, ...names: string[]) => findIn(names, query, (name) => [name]);

describe('searching names', () => {
  it('takes Arabic letters, other digits and the half-space for what they stand for', () => {
    expect(found('علي', 'علی رضایی', 'سارا')).toEqual(['علی رضایی']);
    expect(found('كتاب ١', 'کتاب ۱', 'دفتر')).toEqual(['کتاب ۱']);
    expect(found('پیشنویس', 'پیش‌نویس', 'پاسخ')).toEqual(['پیش‌نویس']);
    expect(found('پیش نویس', 'پیش‌نویس')).toEqual(['پیش‌نویس']);
  });

  it('puts a beginning before a middle, and a middle before scattered letters', () => {
    expect(found('nil', 'vanilla nil', 'n-i-l', 'Nilufar', 'vanilla')).toEqual([
      'Nilufar',
      'vanilla nil',
      'vanilla',
      'n-i-l',
    ]);
  });

  it('wants every word, in any of the texts, and prefers the first text', () => {
    const replies = [
      { title: 'Delivery', text: 'Your refund is on its way' },
      { title: 'Refund', text: 'Delivery takes two days' },
    ];
    const of = (query: string) => findIn(replies, query, ({ title, text }) => [title, text]);
    expect(of('refund').map(({ title }) => title)).toEqual(['Refund', 'Delivery']);
    expect(of('refund nowhere')).toEqual([]);
  });

  it('keeps everything in order while nothing is typed', () => {
    expect(found(' ', 'b', 'a')).toEqual(['b', 'a']);
  });
});
