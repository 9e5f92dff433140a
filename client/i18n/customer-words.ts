import { customerPanels as panelsEn } from './en/customer-panels.ts';
import { customers as customersEn } from './en/customers.ts';
import { dataCare as dataCareEn } from './en/data-care.ts';
import { imports as importsEn } from './en/imports.ts';
import { segments as segmentsEn } from './en/segments.ts';
import { customerPanels as panelsFa } from './fa/customer-panels.ts';
import { customers as customersFa } from './fa/customers.ts';
import { dataCare as dataCareFa } from './fa/data-care.ts';
import { imports as importsFa } from './fa/imports.ts';
import { segments as segmentsFa } from './fa/segments.ts';
import { useLocale } from './locale.tsx';

/** The sentences of the customers' pages: apart from the catalog that the inbox begins with, they come with those pages. */
const fa = { ...customersFa, ...panelsFa, ...dataCareFa, ...importsFa, ...segmentsFa };
export type CustomerCatalog = typeof fa;
const en: CustomerCatalog = { ...customersEn, ...panelsEn, ...dataCareEn, ...importsEn, ...segmentsEn };

export const customerCatalogs: Record<'fa' | 'en', CustomerCatalog> = { fa, en };

/** Beside `useT`, on pages of the customers. */
export function useCustomerWords(): CustomerCatalog {
  return customerCatalogs[useLocale().language];
}
