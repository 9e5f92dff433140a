import {
  customerTargets,
  type Import,
  type ImportKind,
  type ImportMapping,
  importTargets,
  severalTargets,
} from '../../../shared/import.ts';

/** What an import begins with: as it was last said, else as the server suggests. */
export function mappingOf(one: Import): ImportMapping {
  if (one.mapping) return one.mapping;
  return {
    columns: one.columns.flatMap(({ suggests }, column) => (suggests ? [{ column, target: suggests }] : [])),
    dialect: one.dialect,
    unit: saysToman(one) ? 'toman' : 'rial',
    currency: 'IRR',
    calendar: 'auto',
    monthFirst: false,
    unknown: 'make',
    known: 'update',
    statuses: [],
    lines: hasLines(one),
  };
}

const saysToman = (one: Import) => one.columns.some(({ header }) => /تومان|toman/i.test(header));

/** Numbers of purchases that stand on several of the first rows are rows of lines. */
function hasLines(one: Import): boolean {
  const suggested = new Set(one.columns.map(({ suggests }) => suggests));
  return (
    one.kind === 'purchases' &&
    suggested.has('externalId') &&
    suggested.has('itemName') &&
    suggested.has('itemAmount')
  );
}

/** The mapping with a column meant otherwise; null leaves it out. */
export function withColumn(mapping: ImportMapping, column: number, target: string | null): ImportMapping {
  const others = mapping.columns.filter((one) => one.column !== column);
  const columns = target === null ? others : [...others, { column, target }];
  const next = { ...mapping, columns: columns.sort((a, b) => a.column - b.column) };
  return mayHaveLines(next) ? next : { ...next, lines: false };
}

export const targetsIn = (mapping: ImportMapping): ReadonlySet<string> =>
  new Set(mapping.columns.map(({ target }) => target));

const hasAny = (mapping: ImportMapping, targets: readonly string[]) => {
  const said = targetsIn(mapping);
  return targets.some((target) => said.has(target));
};

export const mayHaveLines = (mapping: ImportMapping): boolean =>
  hasAny(mapping, ['externalId']) && hasAny(mapping, ['itemName', 'itemCode']);

export const hasMoney = (mapping: ImportMapping): boolean => hasAny(mapping, ['amount', 'itemAmount']);

/** Whether two columns can both be this. */
export const mayRepeat = (target: string): boolean => severalTargets.includes(target);

/** How customers are found, in the order of the columns' kinds. */
export const findersIn = (mapping: ImportMapping): string[] =>
  customerTargets.filter((target) => targetsIn(mapping).has(target));

export const isFinder = (target: string): boolean => customerTargets.some((one) => one === target);

/** What is still to be said before rows can be read: as the server asks it. */
export function lacking(kind: ImportKind, mapping: ImportMapping): 'customer' | 'date' | null {
  if (findersIn(mapping).length === 0) return 'customer';
  if (kind !== 'customers' && !targetsIn(mapping).has('at')) return 'date';
  return null;
}

/** What a column of this kind of table may be, those of the table first and then those that find customers. */
export function offered(kind: ImportKind): string[] {
  const all: readonly string[] = importTargets[kind];
  return kind === 'customers'
    ? [...all]
    : [...all.filter((target) => !isFinder(target) && target !== 'name'), ...customerTargets, 'name'];
}
