import { CommandError, type Doc, isDoc, keysOf } from '../bson/values.ts';
import { isOperatorDoc, isRegex, truthy } from './match/operators.ts';

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
