import { BSONRegExp } from 'bson';
import { type Bound, Kind, kindOf } from '../bson/order.ts';
import { arrayIndexOf } from '../bson/paths.ts';
import { type Doc, isDoc, numberOf } from '../bson/values.ts';
import { isOperatorDoc, isRegex } from './match/operators.ts';

export interface Interval {
  lower?: Bound;
  upper?: Bound;
}

/** What a filter says about one path, as far as an index can use it. Always a superset: the matcher has the last word. */
export interface PathBounds {
  /** The value is one of these. */
  points?: unknown[];
  /** The value lies in one of these. */
  intervals?: Interval[];
  /** Missing and null do not match. */
  present: boolean;
  /** The conditions as written, for comparison with a partial index's filter. */
  conditions: unknown[];
  /** The path names a place in an array: an entry holds what is there, null may also mean that a field `0` is missing. */
  placed: boolean;
}

export interface Analysis {
  paths: Map<string, PathBounds>;
  /** Branches of each $or. */
  ors: Doc[][];
  /** Something in the filter is not expressed by `paths`. */
  residual: boolean;
}

const usablePoint = (value: unknown) => !Array.isArray(value) && value !== undefined && !isRegex(value);

/** Values that a range operator can carry into an index: those whose type bracket is their own type. */
export function usableBound(value: unknown): boolean {
  if (value === null || value === undefined || Array.isArray(value) || isRegex(value) || isDoc(value))
    return false;
  const kind = kindOf(value);
  if (kind === Kind.minKey || kind === Kind.maxKey || kind === Kind.undefined) return false;
  return !Number.isNaN(numberOf(value));
}

/** Reads the conditions of a filter that every match must fulfil. */
export function analyse(filter: Doc): Analysis {
  const analysis: Analysis = { paths: new Map(), ors: [], residual: false };
  collect(filter, analysis);
  return analysis;
}

function collect(filter: Doc, analysis: Analysis): void {
  for (const [path, condition] of Object.entries(filter)) {
    if (path === '$and' && Array.isArray(condition)) {
      for (const part of condition) if (isDoc(part)) collect(part, analysis);
    } else if (path === '$or' && Array.isArray(condition) && condition.every(isDoc)) {
      analysis.residual = true;
      if (condition.length === 1) collect(condition[0] as Doc, analysis);
      else analysis.ors.push(condition as Doc[]);
    } else if (path.startsWith('$')) {
      if (path !== '$comment') analysis.residual = true;
    } else addCondition(analysis, path, condition);
  }
}

function addCondition(analysis: Analysis, path: string, condition: unknown): void {
  const bounds = analysis.paths.get(path) ?? {
    present: false,
    conditions: [],
    placed: path.split('.').some((part) => arrayIndexOf(part) !== undefined),
  };
  analysis.paths.set(path, bounds);
  bounds.conditions.push(condition);
  if (!isOperatorDoc(condition)) {
    if (isRegex(condition)) addRegex(analysis, bounds, condition);
    else addPoints(analysis, bounds, [condition]);
    return;
  }
  for (const [operator, operand] of Object.entries(condition)) {
    if (operator === '$regex') addRegex(analysis, bounds, regexOf(operand, condition['$options']));
    else addOperator(analysis, bounds, operator, operand);
  }
}

function addOperator(analysis: Analysis, bounds: PathBounds, operator: string, operand: unknown): void {
  switch (operator) {
    case '$eq':
      if (isRegex(operand)) analysis.residual = true;
      else addPoints(analysis, bounds, [operand]);
      return;
    case '$in':
      if (Array.isArray(operand)) addPoints(analysis, bounds, operand);
      return;
    case '$gt':
    case '$gte':
      addBound(analysis, bounds, { lower: { value: operand, inclusive: operator === '$gte' } }, operand);
      return;
    case '$lt':
    case '$lte':
      addBound(analysis, bounds, { upper: { value: operand, inclusive: operator === '$lte' } }, operand);
      return;
    case '$exists':
      analysis.residual = true;
      if (operand === true || (numberOf(operand) ?? 0) !== 0) bounds.present ||= false;
      return;
    default:
      analysis.residual = true;
  }
}

function addPoints(analysis: Analysis, bounds: PathBounds, values: unknown[]): void {
  if (!values.every(usablePoint) || (bounds.placed && values.includes(null))) {
    analysis.residual = true;
    return;
  }
  if (bounds.points && bounds.points.length <= values.length) {
    analysis.residual = true;
    return;
  }
  if (bounds.points) analysis.residual = true;
  // An empty array below a path is indexed as undefined, and null may match there: both keys are looked at.
  bounds.points = values.flatMap((value) => (value === null ? [null, undefined] : [value]));
  if (values.every((value) => value !== null)) bounds.present = true;
  else analysis.residual = true;
}

function addBound(analysis: Analysis, bounds: PathBounds, side: Interval, value: unknown): void {
  if (!usableBound(value)) {
    analysis.residual = true;
    return;
  }
  bounds.present = true;
  const last = bounds.intervals?.[0];
  const free = bounds.intervals === undefined || bounds.intervals.length === 1;
  if (!free || (side.lower && last?.lower) || (side.upper && last?.upper)) {
    analysis.residual = true;
    return;
  }
  bounds.intervals = [{ ...last, ...side }];
}

function addRegex(analysis: Analysis, bounds: PathBounds, regex: unknown): void {
  analysis.residual = true;
  const prefix = literalPrefix(regex);
  bounds.present = true;
  const next = prefix && nextString(prefix);
  if (!prefix || !next || bounds.intervals) return;
  bounds.intervals = [
    { lower: { value: prefix, inclusive: true }, upper: { value: next, inclusive: false } },
    { lower: { value: regex, inclusive: true }, upper: { value: regex, inclusive: true } },
  ];
}

/** {$regex, $options} as one value. */
function regexOf(operand: unknown, options: unknown): unknown {
  if (typeof operand === 'string') return new BSONRegExp(operand, typeof options === 'string' ? options : '');
  if (options === undefined) return operand;
  const { pattern } = operand as { pattern?: string };
  return new BSONRegExp(pattern ?? '', typeof options === 'string' ? options : '');
}

/** The text that every string matched by /^text…/ begins with. */
function literalPrefix(regex: unknown): string {
  if (!isRegex(regex)) return '';
  const { pattern, options } =
    regex instanceof RegExp
      ? { pattern: regex.source, options: regex.flags }
      : (regex as { pattern: string; options: string });
  if (options !== '' || !pattern.startsWith('^') || pattern.includes('|')) return '';
  let prefix = '';
  for (let i = 1; i < pattern.length; i++) {
    let char = String.fromCodePoint(pattern.codePointAt(i)!);
    if (char === '\\') {
      const escaped = pattern[i + 1] ?? '';
      if (escaped === '' || /[A-Za-z0-9]/.test(escaped)) return prefix;
      char = escaped;
      i++;
    } else if ('.[]()^$*+?{}'.includes(char)) return prefix;
    const after = pattern[i + char.length] ?? '';
    if (after !== '' && '*?{'.includes(after)) return prefix;
    prefix += char;
    i += char.length - 1;
  }
  return prefix;
}

/** The least string above all that begin with this one, in the order of code points. */
function nextString(text: string): string | undefined {
  const points = [...text];
  while (points.length > 0) {
    const last = points.pop()!.codePointAt(0)!;
    if (last === 0x10ffff) continue;
    return points.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1);
  }
  return undefined;
}
