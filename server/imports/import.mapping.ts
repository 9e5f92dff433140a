import {
  customerTargets,
  type Import,
  type ImportKind,
  type ImportMapping,
  importTargets,
  severalTargets,
} from '../../shared/import.ts';
import type { FieldDoc } from '../fields/field.model.ts';
import { invalid } from '../http/validate.ts';

/**
 * Whether rows can be understood by this mapping at all.
 * @throws AppError invalid, with the field and what would be right
 */
export function checkMapping(
  mapping: ImportMapping,
  of: { kind: ImportKind; columns: Import['columns']; fields: readonly FieldDoc[] },
): void {
  const offered = new Set<string>([
    ...importTargets[of.kind],
    ...(of.kind === 'customers'
      ? of.fields.filter((field) => !field.archived).map(({ _id }) => `field:${_id}`)
      : []),
  ]);
  const columns = new Set<number>();
  const targets = new Set<string>();
  for (const [at, { column, target }] of mapping.columns.entries()) {
    const path = `mapping.columns.${at}`;
    if (column >= of.columns.length)
      throw invalid({ [path]: `The table has ${of.columns.length} columns; there is no ${column + 1}th.` });
    if (columns.has(column)) throw invalid({ [path]: `Column ${column + 1} is mapped twice.` });
    if (!offered.has(target))
      throw invalid({
        [path]: `A table of ${of.kind} has no “${target}”. It has: ${[...offered].join(', ')}.`,
      });
    if (targets.has(target) && !severalTargets.includes(target))
      throw invalid({ [path]: `Two columns are “${target}”; only one can be.` });
    columns.add(column);
    targets.add(target);
  }
  if (!customerTargets.some((target) => targets.has(target)))
    throw invalid({
      'mapping.columns': `No column says whose a row is: one of ${customerTargets.join(', ')} is needed.`,
    });
  if (of.kind !== 'customers' && !targets.has('at'))
    throw invalid({ 'mapping.columns': 'No column says when it was: one must be “at”.' });
  if (mapping.lines && (of.kind !== 'purchases' || !targets.has('externalId')))
    throw invalid({
      'mapping.lines': 'Only purchases have lines, and a column must be their number (“externalId”).',
    });
}
