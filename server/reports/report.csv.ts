import { decimalsOf } from '../../shared/record.ts';
import type { AdvocateReport, reportTables } from '../../shared/reward.ts';
import { csvLine } from '../imports/import.service.ts';

export type ReportTable = (typeof reportTables)[number];

type Cell = string | number;

/** Columns and kinds as the page names them; in English they are the words of the code. */
const inPersian: Readonly<Record<string, string>> = {
  channel: 'کانال',
  advocates: 'طرفدار برند',
  influencers: 'تأثیرگذار',
  helpers: 'یاری‌رسان',
  reach: 'گسترهٔ مخاطب',
  positive: 'خوب گفته‌اند',
  negative: 'گله کرده‌اند',
  product: 'محصول',
  day: 'روز',
  voices: 'گویندگان',
  kind: 'پاداش',
  given: 'داده شد',
  points: 'امتیاز',
  cost: 'هزینه',
  praise: 'خوب گفتند',
  help: 'کمک کردند',
  referred: 'خرید از معرفی',
  revenue: 'فروش',
  coupon: 'کد تخفیف',
  message: 'پیام قدردانی',
  aspect: 'موضوع',
  price: 'قیمت',
  delivery: 'تحویل',
  quality: 'کیفیت',
  support: 'پشتیبانی',
  app: 'برنامه',
  packaging: 'بسته‌بندی',
  payment: 'پرداخت',
  stock: 'موجودی',
};

/** The column whose cells are words of the code; all others hold names and figures. */
const kinds: Readonly<Partial<Record<ReportTable, number>>> = { rewards: 0, byAspect: 1 };

export interface CsvOptions {
  table: ReportTable;
  /** Of the names of columns and kinds; figures are the same in both, for a program to read. */
  language: 'fa' | 'en';
}

/** The rows of one picture as a table for a spreadsheet: marked as UTF-8, each cell quoted, none of them a formula. */
export function reportAsCsv(report: AdvocateReport, { table, language }: CsvOptions): string {
  const named = (word: Cell) => (language === 'fa' ? (inPersian[word] ?? word) : word);
  const [names = [], ...all] = tables[table](report);
  const head = names.map(named);
  const rows = all.map((row) => row.map((cell, at) => (at === kinds[table] ? named(cell) : cell)));
  const line = (cells: readonly Cell[] = []) => csvLine(cells.map(String));
  return `\uFEFF${line(head)}${rows.map(line).join('')}`;
}

/** The first row names the columns. */
const tables: Readonly<Record<ReportTable, (report: AdvocateReport) => Cell[][]>> = {
  byChannel: ({ byChannel }) => [
    ['channel', 'advocates', 'influencers', 'helpers', 'reach', 'positive'],
    ...byChannel.map((row) => [
      row.name,
      row.advocates,
      row.influencers,
      row.helpers,
      row.reach,
      row.positive,
    ]),
  ],
  byProduct: ({ byProduct }) => [
    ['product', 'advocates', 'positive', 'negative'],
    ...byProduct.map((row) => [row.product, row.advocates, row.positive, row.negative]),
  ],
  byAspect: ({ byAspect }) => [
    ['product', 'aspect', 'positive', 'negative'],
    ...byAspect.map((row) => [row.product ?? '', row.aspect, row.positive, row.negative]),
  ],
  said: ({ said }) => [
    ['day', 'positive', 'negative'],
    ...said.map((row) => [row.at, row.positive, row.negative]),
  ],
  reach: ({ reach }) => [['day', 'reach', 'voices'], ...reach.map((row) => [row.at, row.reach, row.voices])],
  rewards: ({ rewards }) => [
    ['kind', 'given', 'points', 'cost', 'praise', 'help', 'referred', 'revenue'],
    ...rewards.map((row) => [
      row.kind,
      row.given,
      row.points,
      money(row.cost),
      row.praise,
      row.help,
      row.referred,
      money(row.revenue),
    ]),
  ],
};

/** `12500000 IRR, 9.50 EUR`: exact, in whole units. */
function money(sums: readonly { amount: number; currency: string }[]): string {
  return sums
    .map(({ amount, currency }) => {
      const decimals = decimalsOf(currency);
      const digits = String(Math.abs(amount)).padStart(decimals + 1, '0');
      const whole = decimals ? `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : digits;
      return `${amount < 0 ? '-' : ''}${whole} ${currency}`;
    })
    .join(', ');
}
