import type { Preferences } from './user.ts';

/** What holds until somebody chooses. Apart from the schemas, because the browser needs it before anything else. */
export const defaultPreferences: Preferences = {
  language: 'fa',
  calendar: 'jalali',
  timeZone: 'Asia/Tehran',
  theme: 'system',
  density: 'cosy',
  sendWith: 'ctrlEnter',
  singleKeys: true,
};
