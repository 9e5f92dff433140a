import { expect, it } from 'vitest';
import { baseSubject, givenSubject } from './subject.ts';

it.each([
  ['Re: Re: order', 'order'],
  ['RE[4]: FWD: order', 'order'],
  ['پاسخ: هدایت: سفارش', 'سفارش'],
  ['Re : x', 'x'],
  ['Recipe: soup', 'Recipe: soup'],
  ['  ', ''],
])('of a subject “%s” what it is about is “%s”', (subject, base) => {
  expect(baseSubject(subject)).toBe(base);
});

it.each([
  [{ text: 'x', forwarded: 'Re: order', thread: 'other' }, 'Fwd: order'],
  [{ text: 'x', forwarded: null, thread: 'Re: order' }, 'Fwd: order'],
  [{ text: 'x', forwarded: undefined, thread: 'Fwd: order' }, 'Re: order'],
  [{ text: '\n Hello\tthere \nmore', forwarded: undefined, thread: null }, 'Hello there'],
  [{ text: '', forwarded: undefined, thread: null }, ''],
])('a letter for which nobody wrote a subject, of %o, is given “%s”', (of, subject) => {
  expect(givenSubject(of)).toBe(subject);
});

it('cuts the beginning of a text that is too long for a subject', () => {
  const given = givenSubject({ text: 'a'.repeat(100), forwarded: undefined, thread: null });
  expect(given).toBe(`${'a'.repeat(77)}…`);
});
