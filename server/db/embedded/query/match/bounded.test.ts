import { expect, test } from 'vitest';
import { BoundedRegExp } from './bounded.ts';

const evil = ['^(x+x+)+y$', '(x|xx)*y', '(?:x*)*y', '^x*x*x*x*x*x*y$', '^(x{1,40}){1,40}y$'];

test.each(evil)('the pattern %s has an end on a text that it would search for years', (pattern) => {
  const regex = new BoundedRegExp(pattern, 'u');
  expect(() => regex.test('x'.repeat(5_000))).toThrow(expect.objectContaining({ code: 51156 }));
  expect(regex.test('xxxxy')).toBe(true);
});

test('searches long texts as any other does', () => {
  const text = `${'ab '.repeat(3_000)}end 42`;
  for (const [pattern, flags] of [
    ['(ab )+end (\\d+)', 'u'],
    ['a.*b.*END', 'iu'],
    ['(z+)+q', 'u'],
    ['end', 'u'],
  ] as const) {
    const [bounded, plain] = [new BoundedRegExp(pattern, flags), new RegExp(pattern, flags)];
    const [ours, theirs] = [bounded.exec(text), plain.exec(text)];
    expect(ours && [...ours, ours.index]).toEqual(theirs && [...theirs, theirs.index]);
    expect(bounded.test(text)).toBe(plain.test(text));
  }
  const all = [...text.matchAll(new BoundedRegExp('(a+)+b+', 'gu'))];
  expect(all.map((match) => match.index)).toEqual(
    [...text.matchAll(/(a+)+b+/gu)].map((match) => match.index),
  );
});
