import type { Import, ImportMapping } from '../shared/import.ts';

/** A mapping of no columns: rials, dates in either calendar, who is not known is made and who is known is changed. */
export const plainMapping: ImportMapping = {
  columns: [],
  dialect: { encoding: 'utf-8', delimiter: ',', header: true },
  unit: 'rial',
  currency: 'IRR',
  calendar: 'auto',
  monthFirst: false,
  unknown: 'make',
  known: 'update',
  statuses: [],
  lines: false,
};

/** The mapping as it is suggested. */
export function suggestedMapping(one: Import, more: Partial<ImportMapping> = {}): ImportMapping {
  const columns = one.columns.flatMap(({ suggests }, column) =>
    suggests ? [{ column, target: suggests }] : [],
  );
  return { ...plainMapping, columns, dialect: one.dialect, ...more };
}
