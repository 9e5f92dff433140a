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
      laterToday: '2026-11-22T11:00:00.000Z',
      tomorrow: '2026-11-23T05:30:00.000Z',
      saturday: '2026-11-28T05:30:00.000Z',
      nextWeek: '2026-11-29T05:30:00.000Z',
    });
  });

  it('offers no later today in the evening, and Saturday once when it is tomorrow', () => {
    // A Friday, 20:00 in Tehran.
    expect(Object.keys(at('2026-11-27T16:30:00Z'))).toEqual(['hour', 'tomorrow', 'nextWeek']);
  });
});
