import { afterAll, beforeAll, describe, it } from 'vitest';
import { axe } from './browser.ts';
import { careLooks, seedCare } from './care.looks.ts';
import { seedCustomer } from './customer.looks.ts';
import { Desk, expect, type Stage, setStage } from './desk.ts';
import { importLooks } from './import.looks.ts';
import { seedSegments } from './segment.looks.ts';

const minute = 60_000;

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.close());

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
    async ({ width, ...preferences }) => {
      const desk = await Desk.open({ stage, preferences, width, height: 844 });
      await desk.page.emulateMedia({ reducedMotion: 'reduce' });
      for (const { name, show, leave } of careLooks) {
        await show(desk);
        expect(await axe(desk.page), name).toEqual([]);
        await leave(desk);
      }
      await desk.close();
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
    async ({ width, ...preferences }) => {
      const desk = await Desk.open({ stage, preferences, width, height: 844 });
      await desk.page.emulateMedia({ reducedMotion: 'reduce' });
      for (const { name, show, leave } of importLooks) {
        await show(desk);
        expect(await axe(desk.page), name).toEqual([]);
        await leave(desk);
      }
      await desk.close();
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
    async ({ width, ...preferences }) => {
      const seeded = await seedCustomer(stage, preferences.language);
      const desk = await Desk.open({ stage, preferences, width, height: 844 });
      await desk.page.emulateMedia({ reducedMotion: 'reduce' });
      for (const { name, show, leave } of seeded.looks) {
        await show(desk);
        expect(await axe(desk.page), `${name}, ${width} px`).toEqual([]);
        await leave(desk);
      }
      await desk.close();
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
    async ({ width, ...preferences }) => {
      const seeded = await seedSegments(stage, preferences.language);
      const desk = await Desk.open({ stage, preferences, width, height: 844 });
      await desk.page.emulateMedia({ reducedMotion: 'reduce' });
      for (const { name, show, leave } of seeded.looks) {
        await show(desk);
        expect(await axe(desk.page), `${name}, ${width} px`).toEqual([]);
        await leave(desk);
      }
      await desk.close();
      await seeded.tidy();
    },
    4 * minute,
  );
});
