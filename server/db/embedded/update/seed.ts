import { CommandError, cloneValue, type Doc, isDoc, setField } from '../bson/values.ts';
import { isOperatorDoc, isRegex } from '../query/match/operators.ts';
import { changeAt } from './change.ts';
import { comparePaths } from './expand.ts';

/**
 * The document an upsert begins with: the equalities of the filter, of a replacement's filter that of `_id` alone. Refuses
 * $expr with code 224, a field that is matched twice with 54.
 */
export function seedFromFilter(filter: Doc, replacement = false): Doc {
  const all: [string[], unknown][] = [];
  gather(filter, all);
  const found = replacement ? all.filter(([path]) => path[0] === '_id') : all;
  if (replacement && found.some(([path]) => path.length > 1)) {
    throw new CommandError(111, "a replacement's filter must give _id as a whole, not parts of it");
  }
  found.sort(([a], [b]) => comparePaths(a, b));
  for (let i = 1; i < found.length; i++) {
    const before = found[i - 1]![0];
    const path = found[i]![0];
    if (before.every((part, k) => part === path[k])) {
      const twice =
        before.length === path.length
          ? `path '${path.join('.')}' is matched twice`
          : `'${path.join('.')}' lies within '${before.join('.')}'`;
      throw new CommandError(54, `cannot infer query fields to set, ${twice}`);
    }
  }
  const seed: Doc = {};
  const order = found.map(([path]) => path.join('.'));
  if (order.includes('_id')) setField(seed, '_id', null);
  for (const [path, value] of found) {
    changeAt(seed, path, { operator: '$set', path, creates: true, change: () => cloneValue(value) }, seed);
  }
  return seed;
}

function gather(filter: Doc, found: [string[], unknown][]): void {
  for (const key of Object.keys(filter)) {
    const operand = filter[key];
    if (key === '$expr') {
      throw new CommandError(224, '$expr is not allowed in the query predicate for an upsert');
    }
    if (key === '$and' || key === '$or' || key === '$nor') gatherBranches(key, operand, found);
    else if (!key.startsWith('$')) gatherField(key.split('.'), operand, found);
  }
}

/** Every branch of $and gives its equalities, $or only if it has but one branch; all are searched for $expr. */
function gatherBranches(operator: string, operand: unknown, found: [string[], unknown][]): void {
  if (!Array.isArray(operand)) return;
  const counts = operator === '$and' || (operator === '$or' && operand.length === 1);
  for (const branch of operand) if (isDoc(branch)) gather(branch, counts ? found : []);
}

function gatherField(path: string[], operand: unknown, found: [string[], unknown][]): void {
  if (isRegex(operand) || operand === undefined) return;
  if (!isOperatorDoc(operand)) {
    found.push([path, operand]);
    return;
  }
  for (const operator of ['$eq', '$in', '$all']) {
    if (!Object.hasOwn(operand, operator)) continue;
    const value = operand[operator];
    if (operator === '$eq') found.push([path, value]);
    else if (Array.isArray(value) && (operator === '$all' || value.length === 1)) {
      for (const each of value) if (!isRegex(each) && !isOperatorDoc(each)) found.push([path, each]);
    }
  }
}
