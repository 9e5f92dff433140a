import { describe, expect, it } from 'vitest';
import { defaultPreferences } from '../../shared/preferences.ts';
import { isQuiet, ringingFor } from './notice.rules.ts';

const zone = 'Asia/Tehran';
/** Half past eleven in the evening in Tehran. */
const late = Date.parse('2026-11-22T20:00:00Z');
const { notify } = defaultPreferences;
const options = { notify, timeZone: zone, now: late, inSight: new Set<string>() };

describe('quiet hours', () => {
  it('go by the clock of the person and may pass midnight', () => {
    expect(isQuiet({ from: '22:00', to: '07:00' }, zone, late)).toBe(true);
    expect(isQuiet({ from: '22:00', to: '07:00' }, 'UTC', late)).toBe(false);
    expect(isQuiet({ from: '13:00', to: '15:00' }, zone, late)).toBe(false);
    expect(isQuiet({ from: '08:00', to: '08:00' }, zone, late)).toBe(true);
    expect(isQuiet(null, zone, late)).toBe(false);
  });
});

describe('what rings', () => {
  const mentioned = { event: 'mentioned' as const, conversationId: 'c1' };

  it('is what the rule of its kind says', () => {
    expect(ringingFor(mentioned, options)).toEqual({ sound: true, desktop: true });
    expect(ringingFor({ ...mentioned, event: 'teamNew' }, options)).toEqual({ sound: false, desktop: false });
  });

  it('is a channel that is ill, which is about no conversation', () => {
    const ill = { event: 'channel' as const, conversationId: '' };
    expect(ringingFor(ill, options)).toEqual({ sound: true, desktop: true });
    const rules = { ...notify.rules, channel: { sound: false, desktop: false } };
    expect(ringingFor(ill, { ...options, notify: { ...notify, rules } })).toEqual({
      sound: false,
      desktop: false,
    });
  });

  it('is nothing for the conversation on screen, nor in quiet hours', () => {
    const none = { sound: false, desktop: false };
    expect(ringingFor(mentioned, { ...options, inSight: new Set(['c1']) })).toEqual(none);
    const quiet = { ...notify, quiet: { from: '23:00', to: '06:00' } };
    expect(ringingFor(mentioned, { ...options, notify: quiet })).toEqual(none);
  });

  it('makes no sound without a volume', () => {
    expect(ringingFor(mentioned, { ...options, notify: { ...notify, volume: 0 } })).toEqual({
      sound: false,
      desktop: true,
    });
  });
});
