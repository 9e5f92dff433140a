import { EJSON } from 'bson';
import { SpecFailure, unknownTo } from './failure.ts';
import { canonical, isDocument, numberOf, shown, typeAliases, typeOf } from './values.ts';

/** What matching needs of a test's entities; each throws for a name that is not there or of another kind. */
export interface MatchWorld {
  /** A result saved under a name. */
  value(name: string): unknown;
  /** A session's logical id, `{id: UUID}`. */
  lsid(name: string): unknown;
}

export interface MatchOptions {
  world: MatchWorld;
  /** A root document may have keys beyond the expected ones. */
  root?: boolean;
  /** The elements of an array are root documents: what a cursor gave. */
  rootElements?: boolean;
  /** Where in the whole, for the sentence. */
  path?: string;
}

/**
 * Holds an actual value against an expected one by the rules of the unified test format ("Evaluating Matches"): document
 * keys in any order, no further keys but at the root, arrays element by element, int, long and double equal by value,
 * every other type by type and value, `$$` operators. Throws a SpecFailure that says where and what.
 */
export function match(expected: unknown, given: unknown, options: MatchOptions): void {
  const { path = '' } = options;
  // The driver sends documents whose order counts (sort, index keys) as maps.
  const actual = given instanceof Map ? Object.fromEntries(given) : given;
  if (isDocument(expected)) {
    const operator = operatorOf(expected);
    if (operator === undefined) matchDocument(expected, actual, options);
    else matchOperator(operator, expected[operator], actual, options);
    return;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) throw amiss(path, `should be an array, is ${described(actual)}`);
    if (actual.length !== expected.length)
      throw amiss(path, `should have ${expected.length} elements, has ${actual.length}: ${shown(actual)}`);
    for (const [index, element] of expected.entries())
      match(element, actual[index], {
        world: options.world,
        root: options.rootElements === true,
        path: `${path}[${index}]`,
      });
    return;
  }
  matchScalar(expected, actual, path);
}

/** The `$$` operator that a document is, if it is one: its first and only key. */
function operatorOf(document: Record<string, unknown>): string | undefined {
  const keys = Object.keys(document);
  const first = keys[0];
  return keys.length === 1 && first !== undefined && first.startsWith('$$') ? first : undefined;
}

function matchDocument(expected: Record<string, unknown>, actual: unknown, options: MatchOptions): void {
  const { path = '', root = false, world } = options;
  if (!isDocument(actual)) throw amiss(path, `should be a document, is ${described(actual)}`);
  for (const [key, value] of Object.entries(expected)) {
    const at = path ? `${path}.${key}` : key;
    const own = Object.hasOwn(actual, key) ? actual[key] : undefined;
    if (isDocument(value) && operatorOf(value) === '$$exists') matchExists(value['$$exists'], own, at);
    else match(value, own, { world, path: at });
  }
  if (root) return;
  const extra = Object.keys(actual).filter(
    (key) => actual[key] !== undefined && !Object.hasOwn(expected, key),
  );
  if (extra.length > 0)
    throw amiss(
      path,
      `has more than it should: ${extra.map((key) => `${key}: ${shown(actual[key])}`).join(', ')}`,
    );
}

function matchExists(exists: unknown, actual: unknown, path: string): void {
  if (typeof exists !== 'boolean') throw amiss(path, '$$exists takes a boolean');
  if (exists && actual === undefined) throw amiss(path, 'should be there, is not');
  if (!exists && actual !== undefined) throw amiss(path, `should not be there, is ${shown(actual)}`);
}

function matchOperator(operator: string, argument: unknown, actual: unknown, options: MatchOptions): void {
  const { path = '', world } = options;
  switch (operator) {
    case '$$exists':
      throw amiss(path, '$$exists stands for the value of a key only');
    case '$$type':
      matchType(argument, actual, path);
      break;
    case '$$unsetOrMatches':
      if (actual !== undefined) match(argument, actual, options);
      break;
    case '$$matchesEntity':
      match(world.value(text(argument, operator, path)), actual, options);
      break;
    case '$$sessionLsid':
      match(world.lsid(text(argument, operator, path)), actual, { world, path });
      break;
    case '$$matchesHexBytes':
      matchHexBytes(text(argument, operator, path), actual, path);
      break;
    case '$$lte':
      matchLte(argument, actual, path);
      break;
    case '$$matchAsRoot':
      if (!isDocument(argument) || !isDocument(actual))
        throw amiss(path, `$$matchAsRoot takes documents, not ${described(actual)}`);
      match(argument, actual, { world, path, root: true });
      break;
    case '$$matchAsDocument':
      match(argument, parsedDocument(actual, path), { world, path });
      break;
    default:
      throw unknownTo(`the matcher ${operator}${path ? ` (at ${path})` : ''}`);
  }
}

function matchType(argument: unknown, actual: unknown, path: string): void {
  const wanted = Array.isArray(argument) ? argument : [argument];
  for (const alias of wanted)
    if (typeof alias !== 'string' || !typeAliases.has(alias)) throw unknownTo(`the type ${shown(alias)}`);
  const type = typeOf(actual);
  const number = ['int', 'long', 'double', 'decimal'].includes(type);
  if (!wanted.includes(type) && !(number && wanted.includes('number')))
    throw amiss(path, `should be of type ${wanted.join(' or ')}, is ${described(actual)}`);
}

function matchHexBytes(hex: string, actual: unknown, path: string): void {
  if (!/^([0-9a-f]{2})*$/i.test(hex))
    throw amiss(path, `$$matchesHexBytes takes hexadecimal bytes, not ${shown(hex)}`);
  const bytes =
    actual instanceof Uint8Array
      ? Buffer.from(actual)
      : typeof actual === 'string'
        ? Buffer.from(actual)
        : undefined;
  if (bytes?.toString('hex') !== hex.toLowerCase())
    throw amiss(path, `should be the bytes ${hex}, is ${bytes ? bytes.toString('hex') : described(actual)}`);
}

function matchLte(argument: unknown, actual: unknown, path: string): void {
  const limit = numberOf(argument);
  const number = numberOf(actual);
  if (limit === undefined) throw amiss(path, '$$lte takes a number');
  if (number === undefined || number > limit)
    throw amiss(path, `should be at most ${limit}, is ${described(actual)}`);
}

function parsedDocument(actual: unknown, path: string): unknown {
  if (typeof actual !== 'string') throw amiss(path, `should be extended JSON, is ${described(actual)}`);
  let document: unknown;
  try {
    document = EJSON.parse(actual, { relaxed: false });
  } catch (error) {
    throw amiss(path, `should be extended JSON: ${(error as Error).message}`);
  }
  if (!isDocument(document)) throw amiss(path, `should be the JSON of a document, is ${shown(actual)}`);
  return document;
}

function matchScalar(expected: unknown, actual: unknown, path: string): void {
  const number = numberOf(expected);
  const other = numberOf(actual);
  if (number !== undefined && other !== undefined) {
    if (equalNumbers(number, other)) return;
  } else if (typeOf(expected) === typeOf(actual) && canonical(expected) === canonical(actual)) return;
  throw amiss(path, `should be ${shown(expected)}, is ${described(actual)}`);
}

/**
 * Holds an operation's result against the expected one. The ids of inserted documents are the driver's own account (no
 * server says them): if they alone are amiss, it is the driver's fault.
 */
export function matchResult(expected: unknown, actual: unknown, options: MatchOptions): void {
  try {
    match(expected, actual, options);
  } catch (error) {
    if (!(error instanceof SpecFailure) || !/^[a-z ]+\.insertedIds?\b/.test(error.message)) throw error;
    const inner =
      isDocument(expected) && operatorOf(expected) === '$$unsetOrMatches'
        ? expected['$$unsetOrMatches']
        : expected;
    if (!isDocument(inner)) throw error;
    const { insertedIds: _ids, insertedId: _id, ...rest } = inner;
    match(rest, actual, options);
    throw new SpecFailure(error.message, 'client');
  }
}

/** By value, a long against a double too: neither is below the other. NaN equals NaN only. */
const equalNumbers = (a: number | bigint, b: number | bigint) =>
  Number.isNaN(a) || Number.isNaN(b) ? Number.isNaN(a) && Number.isNaN(b) : !(a < b) && !(a > b);

/**
 * Holds a collection's documents against those of an outcome: nothing more, nothing less, in this order, numbers of the
 * same type too; only the order of keys is free.
 */
export function matchOutcome(expected: readonly unknown[], actual: readonly unknown[], path: string): void {
  if (actual.length !== expected.length)
    throw amiss(path, `should hold ${expected.length} documents, holds ${actual.length}: ${shown(actual)}`);
  for (const [index, document] of expected.entries())
    if (canonical(document) !== canonical(actual[index]))
      throw amiss(
        `${path}[${index}]`,
        `should be ${EJSON.stringify(document, { relaxed: false })}, is ${EJSON.stringify(actual[index], { relaxed: false })}`,
      );
}

const text = (value: unknown, operator: string, path: string): string => {
  if (typeof value !== 'string') throw amiss(path, `${operator} takes a string`);
  return value;
};

const described = (value: unknown) => (value === undefined ? 'missing' : `${typeOf(value)} ${shown(value)}`);

const amiss = (path: string, what: string) => new SpecFailure(path ? `${path} ${what}` : what);
