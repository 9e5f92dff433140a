import { describe, expect, it } from 'vitest';
import { Fmt, fmtFor } from './fmt.ts';

const timeZone = 'Asia/Tehran';
const fa = fmtFor({ language: 'fa', calendar: 'jalali', timeZone });
const faGregorian = fmtFor({ language: 'fa', calendar: 'gregorian', timeZone });
const en = fmtFor({ language: 'en', calendar: 'gregorian', timeZone });
const enJalali = fmtFor({ language: 'en', calendar: 'jalali', timeZone });

/** Sunday 1 Azar 1405, 14:30 in Tehran (UTC+03:30). */
const now = Date.parse('2026-11-22T11:00:00Z');
const hour = 3_600_000;

describe('dates are put in the order people say them', () => {
  it.each([
    ['Persian, Jalali', fa, 'یکشنبه ۱ آذر ۱۴۰۵، ساعت ۱۴:۳۰'],
    ['Persian, Gregorian', faGregorian, 'یکشنبه ۲۲ نوامبر ۲۰۲۶، ساعت ۱۴:۳۰'],
    ['English, Gregorian', en, 'Sunday 22 November 2026, 14:30'],
    ['English, Jalali', enJalali, 'Sunday 1 Azar 1405, 14:30'],
  ])('%s', (_, fmt, expected) => {
    expect(fmt.full(now)).toBe(expected);
  });

  it('names the month before the year, and tables by number', () => {
    expect(fa.month(now)).toBe('آذر ۱۴۰۵');
    expect(fa.table(now)).toBe('۱۴۰۵/۰۹/۰۱');
    expect(en.table(now)).toBe('2026/11/22');
  });

  it('shows both calendars on hover', () => {
    expect(fa.both(now)).toBe('یکشنبه ۱ آذر ۱۴۰۵، ساعت ۱۴:۳۰\nیکشنبه ۲۲ نوامبر ۲۰۲۶');
    expect(en.both(now)).toBe('Sunday 22 November 2026, 14:30\nSunday 1 Azar 1405');
  });

  it('writes the twelve months as the glossary does', () => {
    const months = Array.from({ length: 12 }, (_, at) =>
      fa.month(Date.parse('2026-04-05T12:00:00Z') + at * 30.4 * 24 * hour),
    );
    expect(months.map((month) => month.split(' ')[0])).toEqual(
      'فروردین، اردیبهشت، خرداد، تیر، مرداد، شهریور، مهر، آبان، آذر، دی، بهمن، اسفند'.split('، '),
    );
  });
});

describe('near dates', () => {
  it.each([
    [now, 'امروز', '۱۴:۳۰'],
    [now - 14 * hour, 'امروز', '۰۰:۳۰'],
    [now - 15 * hour, 'دیروز', 'دیروز'],
    [now + 10 * hour, 'فردا', 'فردا'],
    [now - 48 * hour, 'جمعه ۲۹ آبان', '۲۹ آبان'],
    [Date.parse('2025-03-20T09:00:00Z'), 'پنجشنبه ۳۰ اسفند ۱۴۰۳', '۳۰ اسفند ۱۴۰۳'],
  ])('%d as a day chip and in a row', (at, chip, row) => {
    expect(fa.day(at, now)).toBe(chip);
    expect(fa.short(at, now)).toBe(row);
  });

  it('say when a snooze ends', () => {
    expect(fa.when(now + 18.5 * hour, now)).toBe('فردا ساعت ۰۹:۰۰');
    expect(en.when(now + 18.5 * hour, now)).toBe('Tomorrow 09:00');
  });

  it('follow the time zone, not the machine', () => {
    const losAngeles = fmtFor({ language: 'en', calendar: 'gregorian', timeZone: 'America/Los_Angeles' });
    expect(losAngeles.dayKey(Date.parse('2026-11-22T05:00:00Z'))).toBe('2026-11-21');
    expect(fa.dayKey(Date.parse('2026-11-21T21:00:00Z'))).toBe('2026-11-22');
  });
});

describe('moments and lengths', () => {
  it.each([
    [-10_000, 'همین حالا', 'just now'],
    [-5 * 60_000, '۵ دقیقه پیش', '5 minutes ago'],
    [-2 * hour, '۲ ساعت پیش', '2 hours ago'],
    [-26 * hour, 'دیروز', 'Yesterday'],
  ])('%d ms from now', (apart, persian, english) => {
    expect(fa.relative(now + apart, now)).toBe(persian);
    expect(en.relative(now + apart, now)).toBe(english);
  });

  it.each([
    [0, '۰ ثانیه', '0 s'],
    [65_000, '۱ دقیقه و ۵ ثانیه', '1 min 5 s'],
    [2 * hour + 15 * 60_000, '۲ ساعت و ۱۵ دقیقه', '2 h 15 min'],
    [3 * 24 * hour, '۳ روز', '3 d'],
  ])('a length of %d ms', (length, persian, english) => {
    expect(fa.duration(length)).toBe(persian);
    expect(en.duration(length)).toBe(english);
  });

  it('shows a moment that is none as a dash instead of throwing', () => {
    for (const say of [fa.time, fa.full, fa.both, fa.month, fa.table])
      expect(say.call(fa, 'not a date')).toBe('—');
    for (const say of [fa.day, fa.short, fa.date, fa.when, fa.relative])
      expect(say.call(fa, 'not a date', now)).toBe('—');
  });
});

describe('lists', () => {
  it.each([
    [[], '', ''],
    [['نگار'], 'نگار', 'نگار'],
    [['نگار', 'سارا'], 'نگار و سارا', 'نگار یا سارا'],
    [['نگار', 'سارا', 'مهدی'], 'نگار، سارا و مهدی', 'نگار، سارا یا مهدی'],
  ])('%j is joined as a Persian sentence joins it', (items, all, any) => {
    expect([fa.list(items), fa.list(items, true)]).toEqual([all, any]);
  });

  it('an English one with its own words', () => {
    expect([en.list(['a', 'b', 'c']), en.list(['a', 'b'], true)]).toEqual(['a, b and c', 'a or b']);
  });
});

describe('numbers', () => {
  it('have Persian digits and separators', () => {
    expect(fa.number(12_500)).toBe('۱۲٬۵۰۰');
    expect(fa.number(4.5)).toBe('۴٫۵');
    expect(fa.percent(0.82)).toBe('۸۲٪');
    expect(fa.digits('v1.20')).toBe('v۱.۲۰');
    expect(en.digits('v1.20')).toBe('v1.20');
  });

  it('stop where the server stops counting', () => {
    expect(fa.capped(999)).toBe('۹۹۹');
    expect(fa.capped(1000)).toBe('۹۹۹+');
    expect(en.capped(1000)).toBe('999+');
  });

  it.each([
    [0, '۰ بایت', '0 B'],
    [1024, '۱ کیلوبایت', '1 KB'],
    [1_468_006, '۱٫۴ مگابایت', '1.4 MB'],
  ])('%d bytes', (size, persian, english) => {
    expect(fa.bytes(size)).toBe(persian);
    expect(en.bytes(size)).toBe(english);
  });

  it('play a sound for minutes and seconds', () => {
    expect(fa.playTime(65.4)).toBe('۱:۰۵');
  });
});

it('makes each formatter once', () => {
  expect(fmtFor({ language: 'fa', calendar: 'jalali', timeZone })).toBe(fa);
  expect(fa).toBeInstanceOf(Fmt);
});
