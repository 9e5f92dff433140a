import { afterAll, beforeAll, describe, it } from 'vitest';
import type { Preferences } from '../../shared/user.ts';
import { furnish, seedAdvocates } from './advocate.looks.ts';
import { axe } from './browser.ts';
import { careLooks, seedCare } from './care.looks.ts';
import { seedCustomer } from './customer.looks.ts';
import { Desk, expect, type Stage, setStage } from './desk.ts';
import { importLooks } from './import.looks.ts';
import { seedListening } from './listening.looks.ts';
import { seedSegments } from './segment.looks.ts';
import type { Look } from './states.ts';

const minute = 60_000;

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.close());

/** One after the other, as somebody with these preferences and a window so wide sees them. */
async function cleanInAll(
  looks: readonly Look[],
  { width, ...preferences }: Partial<Preferences> & { width: number },
): Promise<void> {
  const desk = await Desk.open({ stage, preferences, width, height: 844 });
  await desk.page.emulateMedia({ reducedMotion: 'reduce' });
  for (const { name, show, leave } of looks) {
    await show(desk);
    expect(await axe(desk.page), `${name}, ${width} px`).toEqual([]);
    await leave(desk);
  }
  await desk.close();
}

describe('the pages of clean data', () => {
  let tidy: () => Promise<void>;
  beforeAll(async () => {
    tidy = await seedCare(stage, 'en');
  }, minute);
  afterAll(() => tidy?.());

  it.each([
    { language: 'fa', calendar: 'jalali', theme: 'light', width: 1280 },
    { language: 'en', calendar: 'gregorian', theme: 'dark', width: 390 },
  ] as const)(
    'have no findings: $language, $theme, $width px',
    async (preferences) => {
      await cleanInAll(careLooks, preferences);
    },
    2 * minute,
  );
});

describe('a table on its way in', () => {
  it.each([
    { language: 'fa', calendar: 'jalali', theme: 'dark', width: 1280 },
    { language: 'en', calendar: 'gregorian', theme: 'light', width: 390 },
  ] as const)(
    'has no findings: $language, $theme, $width px',
    async (preferences) => {
      await cleanInAll(importLooks, preferences);
    },
    2 * minute,
  );
});

describe('the pages of a customer', () => {
  it.each([
    { language: 'fa', calendar: 'jalali', theme: 'light', width: 1280 },
    { language: 'en', calendar: 'gregorian', theme: 'dark', width: 390 },
  ] as const)(
    'have no findings: $language, $theme, $width px',
    async (preferences) => {
      const seeded = await seedCustomer(stage, preferences.language);
      await cleanInAll(seeded.looks, preferences);
      await seeded.tidy();
    },
    4 * minute,
  );
});

describe('segments, companies, fields and keys', () => {
  it.each([
    { language: 'fa', calendar: 'jalali', theme: 'light', width: 390 },
    { language: 'en', calendar: 'gregorian', theme: 'dark', width: 1280 },
  ] as const)(
    'have no findings: $language, $theme, $width px',
    async (preferences) => {
      const seeded = await seedSegments(stage, preferences.language);
      await cleanInAll(seeded.looks, preferences);
      await seeded.tidy();
    },
    4 * minute,
  );
});

describe('the pages of advocates and rewards', () => {
  it.each([
    { language: 'fa', calendar: 'jalali', theme: 'dark', width: 1280 },
    { language: 'en', calendar: 'gregorian', theme: 'light', width: 390 },
  ] as const)(
    'have no findings: $language, $theme, $width px',
    async (preferences) => {
      const { advocates, looks } = await seedAdvocates(stage, preferences.language);
      for (const first of advocates.slice(0, 1)) await furnish(stage, preferences.language, first);
      await cleanInAll(looks, preferences);
    },
    4 * minute,
  );
});

describe('the pages of what is said in public', () => {
  it.each([
    { language: 'fa', calendar: 'jalali', theme: 'light', width: 390 },
    { language: 'en', calendar: 'gregorian', theme: 'dark', width: 1280 },
  ] as const)(
    'have no findings: $language, $theme, $width px',
    async (preferences) => {
      const seeded = await seedListening(stage, preferences.language);
      await cleanInAll(seeded.looks, preferences);
      await seeded.tidy();
    },
    4 * minute,
  );
});
