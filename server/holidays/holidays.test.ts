import { describe, expect, it } from 'vitest';
import { daysOfJalaliYear, jalali, lunarMonth, tabularYear } from './calendars.ts';
import { firstYear, holidaysOf, isIranianHoliday, lastYear } from './holidays.ts';

/** "month/day" in the Jalali calendar of every holiday of a year. */
const jalaliDays = (year: number) => [
  ...new Set(
    holidaysOf(year).map(({ date }) => {
      const { month, day } = jalali(date);
      return `${month}/${day}`;
    }),
  ),
];

describe('Iran’s official holidays', () => {
  it('of 1403 are those of the published calendar', () => {
    expect(jalaliDays(1403)).toEqual(
      [
        ['1/1', '1/2', '1/3', '1/4', '1/12', '1/13', '1/22', '1/23', '2/15', '3/14', '3/15', '3/28'],
        ['4/5', '4/25', '4/26', '6/4', '6/12', '6/14', '6/22', '6/31', '9/15', '10/25', '11/9'],
        ['11/22', '11/26', '12/29', '12/30'],
      ].flat(),
    );
  });

  it('of 1404 are those of the published calendar', () => {
    expect(jalaliDays(1404)).toEqual(
      [
        ['1/1', '1/2', '1/3', '1/4', '1/11', '1/12', '1/13', '2/4', '3/14', '3/15', '3/16', '3/24'],
        ['4/14', '4/15', '5/23', '5/31', '6/2', '6/10', '6/19', '9/3', '10/13', '10/27', '11/15'],
        ['11/22', '12/20', '12/29'],
      ].flat(),
    );
  });

  it('of 1405 begin as the published calendar does, and fall in its months', () => {
    const days = jalaliDays(1405);
    expect(days.slice(0, 11)).toEqual(
      [
        ['1/1', '1/2', '1/3', '1/4', '1/12', '1/13', '3/6', '3/14', '3/15'],
        ['4/3', '4/4'],
      ].flat(),
    );
    expect(days).toHaveLength(25);
    const inMonth = (month: number) => days.filter((day) => day.startsWith(`${month}/`)).length;
    expect([2, 7, 9].map(inMonth)).toEqual([0, 0, 0]);
    expect([1, 5, 12].map(inMonth)).toEqual([6, 4, 4]);
  });

  it('know which of them may move, and every name in both languages', () => {
    for (const one of holidaysOf(1404)) {
      expect(one.name.fa).toMatch(/\p{Script=Arabic}/u);
      expect(one.name.en).toMatch(/[a-z]/);
    }
    const lunar = holidaysOf(1404).filter((one) => one.lunar);
    // The 21st of Ramadan falls into it twice.
    expect(lunar).toHaveLength(18);
    expect(holidaysOf(1404).find((one) => one.date === '2025-03-21')).toMatchObject({
      name: { fa: 'نوروز', en: 'Nowruz' },
      lunar: false,
    });
  });

  it('are found in any year: every solar one once, every lunar one once or twice', () => {
    for (let year = firstYear; year <= lastYear; year += 1) {
      const holidays = holidaysOf(year);
      const days = daysOfJalaliYear(year);
      expect(days.length).toBeGreaterThanOrEqual(365);
      expect(holidays.filter((one) => !one.lunar)).toHaveLength(days.length === 366 ? 11 : 10);
      const names = holidays.filter((one) => one.lunar).map((one) => one.name.en);
      for (const name of new Set(names))
        expect(names.filter((other) => other === name).length).toBeLessThanOrEqual(2);
      expect(new Set(names).size).toBeGreaterThanOrEqual(15);
      for (const { date } of holidays) expect(isIranianHoliday(date)).toBe(true);
    }
  });

  it('rest on months that follow one another in 29 or 30 days, published or not', () => {
    for (let year = 1440; year <= 1455; year += 1)
      for (let month = 1; month < 12; month += 1) {
        const length =
          (Date.parse(lunarMonth(year, month + 1)) - Date.parse(lunarMonth(year, month))) / 86_400_000;
        // Where the published calendar meets the computed one, a month may seem a day off.
        expect([28, 29, 30, 31]).toContain(length);
        expect(Math.abs(tabularYear(lunarMonth(year, month)) - year)).toBeLessThanOrEqual(1);
      }
  });
});
