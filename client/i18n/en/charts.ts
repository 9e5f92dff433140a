import type { charts as fa } from '../fa/charts.ts';

export const charts: typeof fa = {
  showTable: 'Show the table',
  hideTable: 'Hide the table',
  csv: 'Download CSV',
  total: 'Total',
  point: (chart) => `${chart}; move with the arrow keys`,
  value: (name, value) => `${name}: ${value}`,
  open: 'Enter opens it',
  nothing: 'There is nothing in this time.',
};
