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
  keys: [],
  notify: {
    rules: {
      assignedToMe: { sound: true, desktop: true },
      mineReplied: { sound: true, desktop: true },
      mentioned: { sound: true, desktop: true },
      teamNew: { sound: false, desktop: false },
      unassignedNew: { sound: false, desktop: false },
      spike: { sound: false, desktop: true },
      detractor: { sound: false, desktop: true },
      channel: { sound: true, desktop: true },
    },
    volume: 60,
    quiet: null,
  },
  panels: null,
};
