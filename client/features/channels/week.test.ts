import { describe, expect, it } from 'vitest';
import { BusinessHours, weekdays } from '../../../shared/hours.ts';
import {
  copyToAll,
  jalaliYear,
  nextRange,
  orderedWeek,
  rangeIssues,
  readClock,
  setHoliday,
  usualHours,
  weekIsWhole,
} from './week.ts';

describe('a time as people type it', () => {
  it.each([
    ['9', '09:00'],
    ['930', '09:30'],
    ['0930', '09:30'],
    ['۹:۳۰', '09:30'],
    ['٩.٣٠', '09:30'],
    [' 17:05 ', '17:05'],
    ['9:5', '09:05'],
  ])('%s is %s', (typed, clock) => expect(readClock(typed, { end: false })).toBe(clock));

  it.each(['', 'nine', '24', '25:00', '12:60', '-1', '1:2:3'])('%s is none', (typed) =>
    expect(readClock(typed, { end: false })).toBeNull(),
  );

  it('may be midnight at an end', () => {
    expect(readClock('24', { end: true })).toBe('24:00');
    expect(readClock('۲۴:۰۰', { end: true })).toBe('24:00');
    expect(readClock('24:01', { end: true })).toBeNull();
  });
});

describe('the ranges of a day', () => {
  it('say what is wrong with them', () => {
    expect(rangeIssues([{ from: '9', to: 'soon' }])).toEqual(['badClock']);
    expect(rangeIssues([{ from: '17:00', to: '9:00' }])).toEqual(['backwards']);
    expect(
      rangeIssues([
        { from: '9', to: '13' },
        { from: '12:59', to: '17' },
        { from: '17', to: '24' },
      ]),
    ).toEqual([null, 'overlap', null]);
  });

  it('are sent in order and in one spelling', () => {
    const { week } = usualHours('Asia/Tehran');
    const ordered = orderedWeek({
      ...week,
      fri: [
        { from: '۱۸', to: '24' },
        { from: '9', to: '1230' },
      ],
    });
    expect(ordered.fri).toEqual([
      { from: '09:00', to: '12:30' },
      { from: '18:00', to: '24:00' },
    ]);
  });

  it('grow by one that does not meet the others', () => {
    expect(nextRange([])).toEqual({ from: '09:00', to: '17:00' });
    const first = { from: '9', to: '13' };
    expect(nextRange([first])).toEqual({ from: '14:00', to: '16:00' });
    expect(rangeIssues([first, nextRange([first])])).toEqual([null, null]);
  });
});

describe('a week', () => {
  it('begins as the server takes it', () => {
    const usual = usualHours('Asia/Tehran');
    expect(weekIsWhole(usual.week)).toBe(true);
    expect(BusinessHours.parse(usual)).toEqual(usual);
  });

  it('has one day’s hours on all', () => {
    const week = copyToAll(usualHours('UTC').week, 'thu');
    for (const day of weekdays) expect(week[day]).toEqual([{ from: '09:00', to: '13:00' }]);
    expect(week.sat).not.toBe(week.thu);
  });
});

describe('holidays', () => {
  it('are open by exception, and closed again', () => {
    const open = setHoliday(usualHours('UTC'), '2027-03-21', false);
    expect(open.except).toEqual(['2027-03-21']);
    expect(setHoliday(open, '2027-03-21', true).except).toEqual([]);
  });

  it('are asked for by the Jalali year, which turns at Nowruz', () => {
    expect(jalaliYear(Date.parse('2027-03-20T12:00:00+03:30'))).toBe(1405);
    expect(jalaliYear(Date.parse('2027-03-21T12:00:00+03:30'))).toBe(1406);
  });
});
