import { expect, it } from 'vitest';
import { timeZones, zoneLabel } from './time-zones.ts';

it('names a zone with its distance from UTC, fit for a Persian line', () => {
  expect(zoneLabel('Asia/Tehran')).toBe('Asia/Tehran (UTC+03:30)\u200e');
  expect(zoneLabel('America/New_York', new Date('2026-01-15'))).toBe('America/New York (UTC-05:00)\u200e');
});

it('puts the zones in use first and none twice', () => {
  const ids = timeZones(['Europe/Berlin', 'Asia/Tehran', 'Europe/Berlin']).map((zone) => zone.id);
  expect(ids.slice(0, 2)).toEqual(['Europe/Berlin', 'Asia/Tehran']);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain('Europe/London');
});
