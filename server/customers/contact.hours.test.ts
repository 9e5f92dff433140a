import { expect, it } from 'vitest';
import type { ContactHours } from '../../shared/profile.ts';
import { isWithin } from './contact.hours.ts';

/** Sunday to Wednesday; 0 is Sunday. 2026-11-22 is a Sunday, and Tehran is three and a half hours ahead. */
const day: ContactHours = { from: '09:00', to: '17:00', days: [0, 1, 2, 3] };
const night: ContactHours = { from: '22:00', to: '02:00', days: [0] };
const within = (hours: ContactHours, at: string) => isWithin(hours, new Date(at), 'Asia/Tehran');

it('hours hold by the organisation’s clock: their beginning is within, their end is not', () => {
  expect(within(day, '2026-11-22T05:29:00Z')).toBe(false);
  expect(within(day, '2026-11-22T05:30:00Z')).toBe(true);
  expect(within(day, '2026-11-22T13:29:00Z')).toBe(true);
  expect(within(day, '2026-11-22T13:30:00Z')).toBe(false);
});

it('on another day of the week it is never within, and which day it is the clock there says', () => {
  expect(within(day, '2026-11-26T08:00:00Z')).toBe(false);
  const all: ContactHours = { from: '00:00', to: '23:59', days: [0] };
  expect(within(all, '2026-11-21T20:00:00Z')).toBe(false);
  expect(within(all, '2026-11-21T21:00:00Z')).toBe(true);
});

it('hours over midnight belong to the day on which they began', () => {
  expect(within(night, '2026-11-22T19:00:00Z')).toBe(true);
  expect(within(night, '2026-11-22T21:30:00Z')).toBe(true);
  expect(within(night, '2026-11-22T22:30:00Z')).toBe(false);
  // The night to Sunday began on Saturday.
  expect(within(night, '2026-11-21T21:30:00Z')).toBe(false);
});

it('hours that end as they begin are the whole day', () => {
  const whole: ContactHours = { from: '09:00', to: '09:00', days: [0] };
  expect(within(whole, '2026-11-22T03:00:00Z')).toBe(true);
  expect(within(whole, '2026-11-23T03:00:00Z')).toBe(false);
});
