import { describe, expect, it } from 'vitest';
import { hueOf, initialsOf } from './avatar.tsx';

describe('the letters of a person', () => {
  it.each([
    ['سارا احمدی', 'س'],
    ['Ali Rezaei', 'AR'],
    ['zahra', 'Z'],
    ['Digikala_support', 'DS'],
    ['09121234567', ''],
    ['\u202eعلی\u202c', 'ع'],
    ['', ''],
  ])('of %s are %s', (name, expected) => {
    expect(initialsOf(name)).toBe(expected);
  });
});

it('gives the same person the same one of eight colours, and uses them all', () => {
  expect(hueOf('1234567890')).toBe(hueOf('1234567890'));
  const met = new Set(Array.from({ length: 200 }, (_, at) => hueOf(`customer ${at}`)));
  expect([...met].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});
