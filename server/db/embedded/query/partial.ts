import { compareValues, equalValues, kindOf } from '../bson/order.ts';
import { CommandError, type Doc, isDoc, keysOf } from '../bson/values.ts';
import { type Analysis, type PathBounds, usableBound } from './bounds.ts';
import { isOperatorDoc, isRegex, truthy } from './match/operators.ts';
import { compileFilter } from './match.ts';

const ALLOWED = new Set(['$eq', '$exists', '$gt', '$gte', '$lt', '$lte', '$type', '$in']);

/** Refuses with code 67 what MongoDB does not take as the filter of a partial index. */
export function refuseForPartial(filter: Doc): void {
  for (const key of keysOf(filter)) {
    const operand = filter[key];
    if (key === '$and' || key === '$or') {
      for (const branch of Array.isArray(operand) ? operand : []) if (isDoc(branch)) refuseForPartial(branch);
    } else if (key.startsWith('$')) throw refused(key);
    else if (isRegex(operand)) throw refused('a regular expression');
    else if (isOperatorDoc(operand)) {
      for (const operator of keysOf(operand)) {
        if (!ALLOWED.has(operator)) throw refused(operator);
        if (operator === '$exists' && !truthy(operand[operator])) throw refused('$exists: false');
      }
    }
  }
}

const refused = (what: string): CommandError =>
  new CommandError(
    67,
    `the filter of a partial index may not hold ${what}; it takes equality, $exists: true, $gt, $gte, $lt, $lte, $type, $in, $and, $or`,
  );

/** Whether every document that a filter finds is in an index of this partial filter. No where it cannot tell. */
export function implies(analysis: Analysis, partial: Doc): boolean {
  return Object.entries(partial).every(([path, condition]) => {
    if (path === '$and' && Array.isArray(condition))
      return condition.every((part) => isDoc(part) && implies(analysis, part));
    const bounds = analysis.paths.get(path);
    if (!bounds) return false;
    if (bounds.conditions.some((one) => equalValues(one, condition)) || passes(bounds, condition))
      return true;
    return (
      isOperatorDoc(condition) &&
      Object.entries(condition).every(([operator, operand]) => demands(bounds, operator, operand))
    );
  });
}

/** The value is one of some, each of which fulfils the condition. */
function passes({ points }: PathBounds, condition: unknown): boolean {
  if (!points) return false;
  const { test } = compileFilter({ v: condition }, { now: new Date(0) });
  return points.every((value) => value !== undefined && test({ v: value }));
}

/** What is asked of the value is at least this. */
function demands(
  { present, conditions, intervals }: PathBounds,
  operator: string,
  operand: unknown,
): boolean {
  if (operator === '$exists') return present;
  const said = (one: unknown) =>
    isOperatorDoc(one) && Object.hasOwn(one, operator) && equalValues(one[operator], operand);
  if (conditions.some(said)) return true;
  if (intervals?.length !== 1 || !usableBound(operand)) return false;
  const inclusive = operator === '$gte' || operator === '$lte';
  if (!inclusive && operator !== '$gt' && operator !== '$lt') return false;
  const from = operator.startsWith('$g');
  const bound = from ? intervals[0]?.lower : intervals[0]?.upper;
  if (!bound || kindOf(bound.value) !== kindOf(operand)) return false;
  const within = compareValues(bound.value, operand) * (from ? 1 : -1);
  return within > 0 || (within === 0 && (inclusive || !bound.inclusive));
}
