import { describe, expect, it } from 'vitest';
import { snoozeTimes } from './snooze-times.ts';

const zone = 'Asia/Tehran';
const at = (iso: string) =>
  Object.fromEntries(
    snoozeTimes(Date.parse(iso), zone).map((each) => [each.id, new Date(each.at).toISOString()]),
  );

describe('when a conversation may come back', () => {
  it('is told by the clock of Tehran', () => {
    // A Sunday, 11:20 in Tehran.
    expect(at('2026-11-22T07:50:00Z')).toEqual({
      hour: '2026-11-22T08:50:00.000Z',
      // Half past two there, so three: a full hour of their clocks, not of UTC's.
      laterToday: '2026-11-22T11:30:00.000Z',
      tomorrow: '2026-11-23T05:30:00.000Z',
      saturday: '2026-11-28T05:30:00.000Z',
      nextWeek: '2026-11-29T05:30:00.000Z',
    });
  });

  it('offers no later today in the evening, and Saturday once when it is tomorrow', () => {
    // A Friday, 20:00 in Tehran.
    expect(Object.keys(at('2026-11-27T16:30:00Z'))).toEqual(['hour', 'tomorrow', 'nextWeek']);
  });

  it('offers on a Saturday no second name for the same Saturday', () => {
    expect(Object.keys(at('2026-11-28T08:00:00Z'))).toEqual(['hour', 'laterToday', 'tomorrow', 'nextWeek']);
  });

  it('counts ten to midnight to the day that ends, and nine o’clock by the summer time of its day', () => {
    // 23:50 in Tehran.
    expect(at('2026-11-22T20:20:00Z')).toMatchObject({
      hour: '2026-11-22T21:20:00.000Z',
      tomorrow: '2026-11-23T05:30:00.000Z',
    });
    // The clocks of Berlin go forward in the night to come.
    const [, later, tomorrow] = snoozeTimes(Date.parse('2026-03-28T10:10:00Z'), 'Europe/Berlin');
    expect(new Date(later?.at ?? 0).toISOString()).toBe('2026-03-28T14:00:00.000Z');
    expect(new Date(tomorrow?.at ?? 0).toISOString()).toBe('2026-03-29T07:00:00.000Z');
  });
});
