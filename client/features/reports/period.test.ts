import { describe, expect, it } from 'vitest';
import { dayOf, daysBetween, periodBefore, periodOf, ranges, readAddress, writeAddress } from './period.ts';

const tehran = { calendar: 'jalali', timeZone: 'Asia/Tehran' } as const;
const berlin = { calendar: 'gregorian', timeZone: 'Europe/Berlin' } as const;
/** Sunday, 1 Azar 1405, half past one at night in Tehran; in Berlin still Saturday evening. */
const now = Date.parse('2026-11-21T22:00:00Z');
const iso = ({ from, to }: { from: number; to: number }) => [
  new Date(from).toISOString(),
  new Date(to).toISOString(),
];
const until = '2026-11-21T22:00:00.000Z';

describe('a range', () => {
  it.each([
    ['today', ['2026-11-21T20:30:00.000Z', until]],
    ['week', ['2026-11-20T20:30:00.000Z', until]],
    ['month', ['2026-11-21T20:30:00.000Z', until]],
    ['lastMonth', ['2026-10-22T20:30:00.000Z', '2026-11-21T20:30:00.000Z']],
    ['days30', ['2026-10-23T20:30:00.000Z', until]],
    ['days90', ['2026-08-24T20:30:00.000Z', until]],
  ] as const)('%s begins where the Jalali calendar says', (range, period) => {
    expect(iso(periodOf(range, now, tehran))).toEqual(period);
  });

  it.each([
    ['today', ['2026-11-20T23:00:00.000Z', until]],
    ['week', ['2026-11-15T23:00:00.000Z', until]],
    ['month', ['2026-10-31T23:00:00.000Z', until]],
    // Winter time began within it.
    ['lastMonth', ['2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z']],
  ] as const)('%s begins where the Gregorian calendar says', (range, period) => {
    expect(iso(periodOf(range, now, berlin))).toEqual(period);
  });

  it('is never empty', () => {
    for (const range of ranges) {
      const { from, to } = periodOf(range, now, tehran);
      expect(from).toBeLessThan(to);
    }
  });
});

describe('days that were chosen', () => {
  it('are whole, in either order', () => {
    const [one, other] = [Date.parse('2026-11-03T10:00:00Z'), Date.parse('2026-11-05T10:00:00Z')];
    const whole = ['2026-11-02T20:30:00.000Z', '2026-11-05T20:30:00.000Z'];
    expect(iso(daysBetween(one, other, tehran))).toEqual(whole);
    expect(iso(daysBetween(other, one, tehran))).toEqual(whole);
    expect(iso(dayOf(one, tehran))).toEqual(['2026-11-02T20:30:00.000Z', '2026-11-03T20:30:00.000Z']);
  });

  it('are not more than the server tells of at once', () => {
    const { from, to } = daysBetween(0, now, tehran);
    expect(to - from).toBe(731 * 86_400_000);
  });

  it('are compared with as many before them', () => {
    expect(periodBefore({ from: 100, to: 130 })).toEqual({ from: 70, to: 100 });
  });
});

describe('the address', () => {
  it('says nothing of what is usual', () => {
    expect(writeAddress(readAddress(''))).toBe('');
    expect(readAddress('?range=strange&from=never')).toEqual(readAddress(''));
    expect(readAddress('?from=2026-11-05T00:00:00Z&to=2026-11-01T00:00:00Z')).toEqual(readAddress(''));
  });

  it.each([
    { range: 'lastMonth' as const, days: null, compared: true, channelId: 'ch1', product: 'کتری & قوری' },
    {
      range: null,
      days: { from: 1_700_000_000_000, to: 1_700_600_000_000 },
      compared: false,
      channelId: null,
      product: null,
    },
  ])('comes back as it was written: %o', (address) => {
    expect(readAddress(writeAddress(address))).toEqual(address);
  });
});
