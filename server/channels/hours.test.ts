import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BusinessHours } from '../../shared/hours.ts';
import { checkHours, isOpen, nextOpening, openTime } from './hours.ts';

const nine = [{ from: '09:00', to: '17:00' }];
const shop: BusinessHours = {
  timeZone: 'Asia/Tehran',
  week: {
    sat: nine,
    sun: nine,
    mon: nine,
    tue: nine,
    wed: nine,
    thu: [{ from: '09:00', to: '13:00' }],
    fri: [],
  },
  iranianHolidays: true,
  closed: [],
  except: [],
};
const with_ = (change: Partial<BusinessHours>): BusinessHours => ({ ...shop, ...change });
/** Tehran is three and a half hours ahead, the whole year, since 2022. */
const tehran = (text: string) => new Date(`${text}+03:30`);

describe('business hours', () => {
  it('are open from the first minute to the last, on the wall clock of their place', () => {
    expect(isOpen(shop, tehran('2025-10-25T08:59:59'))).toBe(false);
    expect(isOpen(shop, tehran('2025-10-25T09:00'))).toBe(true);
    expect(isOpen(shop, tehran('2025-10-25T16:59:59'))).toBe(true);
    expect(isOpen(shop, tehran('2025-10-25T17:00'))).toBe(false);
    // Thursday is short, Friday is none.
    expect(isOpen(shop, tehran('2025-10-23T13:00'))).toBe(false);
    expect(isOpen(shop, tehran('2025-10-24T10:00'))).toBe(false);
    expect(isOpen(null, tehran('2025-10-24T03:00'))).toBe(true);
  });

  it('are closed on holidays, on days that are named, and not on days that are excepted', () => {
    const nowruz = '2025-03-23';
    expect(isOpen(shop, tehran(`${nowruz}T10:00`))).toBe(false);
    expect(isOpen(with_({ iranianHolidays: false }), tehran(`${nowruz}T10:00`))).toBe(true);
    expect(isOpen(with_({ except: [nowruz] }), tehran(`${nowruz}T10:00`))).toBe(true);
    const day = '2025-10-25';
    expect(isOpen(with_({ closed: [day] }), tehran(`${day}T10:00`))).toBe(false);
    expect(isOpen(with_({ closed: [day], except: [day] }), tehran(`${day}T10:00`))).toBe(false);
  });

  it('go until midnight, and through it with two spans', () => {
    const night = with_({
      iranianHolidays: false,
      week: { ...shop.week, sat: [{ from: '20:00', to: '24:00' }], sun: [{ from: '00:00', to: '02:00' }] },
    });
    expect(isOpen(night, tehran('2025-10-25T23:59:30'))).toBe(true);
    expect(isOpen(night, tehran('2025-10-26T00:00'))).toBe(true);
    expect(isOpen(night, tehran('2025-10-26T02:00'))).toBe(false);
    const span = { from: tehran('2025-10-25T12:00'), to: tehran('2025-10-26T12:00') };
    expect(openTime(night, span)).toBe(6 * 3_600_000);
  });

  it('say when they open next, over a week-end and the holidays of the new year', () => {
    expect(nextOpening(shop, tehran('2025-10-25T10:00'))).toEqual(tehran('2025-10-25T10:00'));
    expect(nextOpening(shop, tehran('2025-10-23T14:00'))).toEqual(tehran('2025-10-25T09:00'));
    // 29 Esfand and the first four days of 1404, of which the second is a lunar holiday too.
    expect(nextOpening(shop, tehran('2025-03-19T07:00'))).toEqual(tehran('2025-03-25T09:00'));
    const never = with_({ week: { sat: [], sun: [], mon: [], tue: [], wed: [], thu: [], fri: [] } });
    expect(nextOpening(never, new Date())).toBeNull();
  });

  it('keep the wall clock when the clocks change', () => {
    const always = [{ from: '02:30', to: '10:00' }];
    const berlin = with_({
      timeZone: 'Europe/Berlin',
      iranianHolidays: false,
      week: { sat: always, sun: always, mon: always, tue: always, wed: always, thu: always, fri: always },
    });
    // 02:30 does not exist on the 30th of March 2025: the shop opens when the clock jumps to 03:00.
    expect(nextOpening(berlin, new Date('2025-03-30T00:30:00Z'))).toEqual(new Date('2025-03-30T01:00:00Z'));
    expect(isOpen(berlin, new Date('2025-03-30T07:59:00Z'))).toBe(true);
    expect(isOpen(berlin, new Date('2025-03-30T08:00:00Z'))).toBe(false);
    // On the 26th of October it is half past two twice: it opens the first time.
    const day = { from: new Date('2025-10-25T22:00:00Z'), to: new Date('2025-10-26T23:00:00Z') };
    expect(nextOpening(berlin, day.from)).toEqual(new Date('2025-10-26T00:30:00Z'));
  });

  const clock = fc.integer({ min: 0, max: 96 }).map((quarter) => quarter * 15);
  const text = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  const spans = fc
    .uniqueArray(clock, { minLength: 0, maxLength: 6 })
    .map((times) => times.sort((a, b) => a - b))
    .map((times) =>
      Array.from({ length: Math.floor(times.length / 2) }, (_, n) => ({
        from: text(times[2 * n] ?? 0),
        to: text(times[2 * n + 1] ?? 0),
      })),
    );
  const anyHours: fc.Arbitrary<BusinessHours> = fc.record({
    timeZone: fc.constantFrom('Asia/Tehran', 'UTC', 'Asia/Kathmandu', 'America/Sao_Paulo'),
    week: fc.record({ sat: spans, sun: spans, mon: spans, tue: spans, wed: spans, thu: spans, fri: spans }),
    iranianHolidays: fc.boolean(),
    closed: fc.constant([]),
    except: fc.constant([]),
  });
  const moments = fc
    .integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2026, 11, 31) })
    .map((ms) => new Date(Math.floor(ms / 60_000) * 60_000));

  it('add up: business time is the minutes in which they are open', () => {
    fc.assert(
      fc.property(anyHours, moments, fc.integer({ min: 1, max: 3_000 }), (hours, from, minutes) => {
        checkHours(hours);
        let open = 0;
        for (let n = 0; n < minutes; n += 1)
          if (isOpen(hours, new Date(from.getTime() + n * 60_000))) open += 60_000;
        const to = new Date(from.getTime() + minutes * 60_000);
        expect(openTime(hours, { from, to })).toBe(open);
        const next = nextOpening(hours, from);
        if (open > 0) expect(next && next < to && isOpen(hours, next)).toBe(true);
        if (next && next < to) expect(openTime(hours, { from, to: next })).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('that cannot be are refused, with the place', () => {
    const refused = (hours: BusinessHours) => {
      try {
        checkHours(hours);
        return null;
      } catch (error) {
        return Object.keys((error as { body: { fields: object } }).body.fields)[0];
      }
    };
    expect(refused(with_({ timeZone: 'Asia/Nowhere' }))).toBe('routing.hours.timeZone');
    const week = (sun: BusinessHours['week']['sun']) => with_({ week: { ...shop.week, sun } });
    expect(refused(week([{ from: '10:00', to: '10:00' }]))).toBe('routing.hours.week.sun');
    expect(refused(week([{ from: '22:00', to: '02:00' }]))).toBe('routing.hours.week.sun');
    expect(refused(week([...nine, { from: '16:00', to: '18:00' }]))).toBe('routing.hours.week.sun');
    expect(refused(shop)).toBeNull();
  });
});
