import { dataSettings as dataEn } from './en/data-settings.ts';
import { healthPage as healthEn } from './en/health-page.ts';
import { library as libraryEn } from './en/library.ts';
import { personal as personalEn } from './en/personal.ts';
import { wizard as wizardEn } from './en/wizard.ts';
import { dataSettings as dataFa } from './fa/data-settings.ts';
import { healthPage as healthFa } from './fa/health-page.ts';
import { library as libraryFa } from './fa/library.ts';
import { personal as personalFa } from './fa/personal.ts';
import { wizard as wizardFa } from './fa/wizard.ts';
import { useLocale } from './locale.tsx';

/** The sentences of the settings pages: apart from the catalog that the inbox begins with, they come with those pages. */
const fa = { ...wizardFa, ...healthFa, ...libraryFa, ...personalFa, ...dataFa };
export type SettingsCatalog = typeof fa;
const en: SettingsCatalog = { ...wizardEn, ...healthEn, ...libraryEn, ...personalEn, ...dataEn };

export const settingsCatalogs: Record<'fa' | 'en', SettingsCatalog> = { fa, en };

/** Beside `useT`, on pages of the settings. */
export function useWords(): SettingsCatalog {
  return settingsCatalogs[useLocale().language];
}
