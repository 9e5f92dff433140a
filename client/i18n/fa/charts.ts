import { ltrIso } from '../words.ts';

/** Around every picture of figures. */
export const charts = {
  showTable: 'نمایش جدول',
  hideTable: 'بستن جدول',
  csv: `دانلود با ${ltrIso('CSV')}`,
  total: 'جمع',
  /** The name of what moves along the picture by arrow keys. */
  point: (chart: string) => `${chart}؛ با کلیدهای جهت‌نما جابه‌جا شوید`,
  value: (name: string, value: string) => `${name}: ${value}`,
  open: 'با کلید Enter باز می‌شود',
  nothing: 'در این بازه چیزی نیست.',
};
