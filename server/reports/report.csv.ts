import { decimalsOf } from '../../shared/record.ts';
import type { AdvocateReport, reportTables } from '../../shared/reward.ts';
import { csvLine } from '../imports/import.service.ts';

export type ReportTable = (typeof reportTables)[number];

type Cell = string | number;

/** The rows of one picture as a table for a spreadsheet: marked as UTF-8, each cell quoted, none of them a formula. */
export function reportAsCsv(report: AdvocateReport, table: ReportTable): string {
  const [head, ...rows] = tables[table](report);
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
