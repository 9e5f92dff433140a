import { expect, it } from 'vitest';
import { clockTime } from './time.ts';

const tehran = 'Asia/Tehran';
/** Sunday 22 November 2026, 14:30 in Tehran. */
const from = Date.parse('2026-11-22T11:00:00Z');
const iso = (ms: number) => new Date(ms).toISOString();

it('tomorrow at nine is nine on the clocks of the time zone', () => {
  expect(iso(clockTime({ from, timeZone: tehran, days: 1, hour: 9 }))).toBe('2026-11-23T05:30:00.000Z');
});

it('the next Saturday is never today', () => {
  expect(iso(clockTime({ from, timeZone: tehran, weekday: 6, hour: 9 }))).toBe('2026-11-28T05:30:00.000Z');
  const saturday = Date.parse('2026-11-28T06:00:00Z');
  expect(iso(clockTime({ from: saturday, timeZone: tehran, weekday: 6, hour: 9 }))).toBe(
    '2026-12-05T05:30:00.000Z',
  );
});

it('a day begins at midnight there, not here', () => {
  const late = Date.parse('2026-11-22T21:00:00Z');
  expect(iso(clockTime({ from: late, timeZone: tehran, days: 1, hour: 9 }))).toBe('2026-11-24T05:30:00.000Z');
});

it('holds over a change to summer time', () => {
  const before = Date.parse('2026-03-28T12:00:00Z');
  expect(iso(clockTime({ from: before, timeZone: 'Europe/Berlin', days: 1, hour: 9 }))).toBe(
    '2026-03-29T07:00:00.000Z',
  );
});
