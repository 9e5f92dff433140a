import { describe, expect, it } from 'vitest';
import { en } from '../../i18n/en.ts';
import { fa } from '../../i18n/fa.ts';
import { settingsCatalogs } from '../../i18n/settings-words.ts';
import { searchSettings, sectionsFor } from './sections.ts';

const persian = { t: fa, w: settingsCatalogs.fa };
const english = { t: en, w: settingsCatalogs.en };
const all = sectionsFor({ role: 'administrator' });
const found = (query: string, words = persian) =>
  searchSettings(query, all, words).map(({ section, label }) => [section.id, label]);

describe('the search of the settings', () => {
  it('finds a page by its name and a setting by its own', () => {
    expect(found('password', english)).toContainEqual(['profile', en.profile.password]);
    expect(found('teams', english)[0]).toEqual(['teams', null]);
  });

  it('takes Arabic letters and a missing half-space for what they stand for', () => {
    expect(found('كانال ها')).toContainEqual(['channels', null]);
    expect(found('میان بر')).toContainEqual(['shortcuts', null]);
  });

  it('wants every word, in any order', () => {
    expect(found('hours business', english)).toEqual([['channels', settingsCatalogs.en.area.hours]]);
    expect(found('hours purple', english)).toEqual([]);
  });

  it('finds shortcuts by what they do', () => {
    expect(found('snooze', english)).toEqual([['shortcuts', en.commands['conversation.snooze']]]);
  });

  it('finds nothing without a word', () => {
    expect(found('  ')).toEqual([]);
  });

  it('shows an agent what is an agent’s alone', () => {
    expect(sectionsFor({ role: 'agent' }).map(({ id }) => id)).toEqual([
      'profile',
      'notifications',
      'shortcuts',
      'canned',
    ]);
  });
});
