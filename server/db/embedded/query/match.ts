import { CommandError, type Doc, docOf, isDoc, keysOf, unsupported } from '../bson/values.ts';
import { compileExpression } from '../expression/expression.ts';
import { exactLongOf, hasBits } from './match/bits.ts';
import {
  compares,
  equals,
  hasRemainder,
  hasSize,
  hasType,
  isOneOf,
  isOperatorDoc,
  isRegex,
  matchesRegex,
  truthy,
} from './match/operators.ts';
import { type Hit, type Node, pathNode, type Test } from './match/walk.ts';

/** `now` is the command's one clock ($$NOW); `let` are the variables of $expr. */
export interface EvalContext {
  now: Date;
  let?: Doc;
}

/** Where a condition stands: $expr is of the whole document, and not of every one that has a filter. */
interface Place extends EvalContext {
  within?: boolean;
  noExpr?: boolean;
}

export interface Filter {
  test(doc: Doc): boolean;
  /** null: no match. `positional`: the index that `$` in an update or projection stands for. */
  match(doc: Doc): { positional?: number } | null;
}

const REFUSED = new Set(
  [
    '$text $where $jsonSchema $near $nearSphere $geoWithin $geoIntersects $within $geoNear $sampleRate $rand',
    '$minDistance $maxDistance $geometry $box $center $polygon $encStrContains $encStrStartsWith $encStrEndsWith',
  ]
    .join(' ')
    .split(' '),
);

/** Compiles a query filter once; refuses what it does not know with code 2 or 115. */
export function compileFilter(filter: Doc, ctx: EvalContext, how: { noExpr?: boolean } = {}): Filter {
  const node = compileDoc(filter, { ...ctx, ...how });
  return {
    test: (doc) => node(doc, null),
    match: (doc) => {
      const hit: Hit = {};
      return node(doc, hit) ? hit : null;
    },
  };
}

function allOf(nodes: Node[]): Node {
  if (nodes.length === 1) return nodes[0]!;
  return (doc, hit) => {
    for (const node of nodes) if (!node(doc, hit)) return false;
    return true;
  };
}

const not =
  (node: Node): Node =>
  (doc) =>
    !node(doc, null);

const DBREF_FIELDS = new Set(['$ref', '$id', '$db']);

function compileDoc(filter: Doc, ctx: Place): Node {
  const nodes: Node[] = [];
  for (const key of keysOf(filter)) {
    const operand = filter[key];
    if (DBREF_FIELDS.has(key)) nodes.push(pathNode(key, true, equals(operand)));
    else if (key.startsWith('$')) {
      const node = compileTopLevel(key, operand, ctx);
      if (node) nodes.push(node);
    } else nodes.push(...compileField(key, operand, ctx));
  }
  return allOf(nodes);
}

function compileTopLevel(operator: string, operand: unknown, ctx: Place): Node | undefined {
  switch (operator) {
    case '$and':
      return allOf(branches(operator, operand, ctx));
    case '$or': {
      // As in MongoDB, what matched inside $or gives the positional `$` no place.
      const nodes = branches(operator, operand, ctx);
      return (doc) => nodes.some((node) => node(doc, null));
    }
    case '$nor': {
      const nodes = branches(operator, operand, ctx);
      return (doc) => !nodes.some((node) => node(doc, null));
    }
    case '$expr': {
      if (ctx.within)
        throw new CommandError(2, '$expr is of the whole document: it cannot stand where elements are asked');
      if (ctx.noExpr)
        throw new CommandError(224, '$expr cannot be used here: not in upserts, array filters and $pull');
      const expression = compileExpression(operand, ctx);
      return (doc) => truthy(expression(doc as Doc));
    }
    case '$comment':
      return undefined;
    case '$alwaysTrue':
    case '$alwaysFalse': {
      if (exactLongOf(operand) !== 1n) throw new CommandError(9, `${operator} takes the number 1`);
      const answer = operator === '$alwaysTrue';
      return () => answer;
    }
    default:
      if (REFUSED.has(operator)) throw unsupported(`The query operator ${operator}`);
      throw new CommandError(2, `unknown top level operator: ${operator}`);
  }
}

function branches(operator: string, operand: unknown, ctx: Place): Node[] {
  if (!Array.isArray(operand)) throw new CommandError(2, `${operator} must be an array`);
  if (operand.length === 0) throw new CommandError(2, '$and/$or/$nor must be a nonempty array');
  return operand.map((branch) => {
    if (!isDoc(branch)) throw new CommandError(2, '$or/$and/$nor entries need to be full objects');
    return compileDoc(branch, ctx);
  });
}

function compileField(path: string, operand: unknown, ctx: Place): Node[] {
  if (isRegex(operand)) return [pathNode(path, true, matchesRegex(operand))];
  if (!isOperatorDoc(operand)) return [pathNode(path, true, equals(operand))];
  return compileOperators({ path, operators: operand, ctx, enter: true });
}

interface OperatorsInput {
  path: string;
  operators: Doc;
  ctx: Place;
  /** Whether an array at the path's end is entered; $elemMatch meets an array within an array as a whole. */
  enter: boolean;
}

interface OperatorInput extends OperatorsInput {
  operator: string;
  operand: unknown;
}

/** The operators of `{path: {$gt: 1, $lt: 5}}`, one node each. */
function compileOperators(input: OperatorsInput): Node[] {
  const { operators } = input;
  const nodes: Node[] = [];
  for (const operator of Object.keys(operators)) {
    if (operator === '$options') {
      if (!Object.hasOwn(operators, '$regex')) throw new CommandError(2, '$options needs a $regex');
    } else nodes.push(compileOperator({ ...input, operator, operand: operators[operator] }));
  }
  return nodes;
}

function compileOperator(input: OperatorInput): Node {
  const { path, operator, operand, operators, ctx, enter } = input;
  const entering = (test: Test): Node => pathNode(path, enter, test);
  switch (operator) {
    case '$eq':
      return entering(equals(operand));
    case '$ne':
      if (isRegex(operand)) throw new CommandError(2, "Can't have regex as arg to $ne.");
      return not(entering(equals(operand)));
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return entering(compares(operator, operand));
    case '$in':
      return entering(isOneOf(operator, operand));
    case '$nin':
      return not(entering(isOneOf(operator, operand)));
    case '$exists': {
      const exists = entering((value) => value !== undefined);
      return truthy(operand) ? exists : not(exists);
    }
    case '$type':
      return entering(hasType(operand));
    case '$regex':
      return entering(regexOperator(operand, operators));
    case '$mod':
      return entering(hasRemainder(operand));
    case '$bitsAllSet':
    case '$bitsAllClear':
    case '$bitsAnySet':
    case '$bitsAnyClear':
      return entering(hasBits(operator, operand));
    case '$size':
      return pathNode(path, false, hasSize(operand));
    case '$all':
      return compileAll(input);
    case '$elemMatch':
      return pathNode(path, false, elementMatch(operand, ctx));
    case '$not':
      return compileNot(input);
    case '$comment':
      return () => true;
    default:
      if (REFUSED.has(operator)) throw unsupported(`The query operator ${operator}`);
      throw new CommandError(2, `unknown operator: ${operator}`);
  }
}

function regexOperator(pattern: unknown, operators: Doc): Test {
  if (typeof pattern !== 'string' && !isRegex(pattern))
    throw new CommandError(2, '$regex has to be a string');
  const options = operators['$options'];
  if (options === undefined) return matchesRegex(pattern);
  if (typeof options !== 'string') throw new CommandError(2, '$options has to be a string');
  if (isRegex(pattern) && ((pattern as { options?: string }).options ?? (pattern as RegExp).flags) !== '') {
    throw new CommandError(51075, 'options set in both $regex and $options');
  }
  return matchesRegex(pattern, options);
}

function compileNot(input: OperatorInput): Node {
  const { path, operand, enter } = input;
  if (isRegex(operand)) return not(pathNode(path, enter, matchesRegex(operand)));
  if (!isDoc(operand)) throw new CommandError(2, '$not needs a regex or a document');
  if (Object.keys(operand).length === 0) throw new CommandError(2, '$not cannot be empty');
  if (!isOperatorDoc(operand)) throw new CommandError(2, `unknown operator: ${Object.keys(operand)[0]}`);
  return not(allOf(compileOperators({ ...input, operators: operand })));
}

/** Every operand must be met by some element; all of them $elemMatch, or none. */
function compileAll({ path, operand, ctx, enter }: OperatorInput): Node {
  if (!Array.isArray(operand)) throw new CommandError(2, '$all needs an array');
  if (operand.length === 0) return () => false;
  const isElemMatch = (value: unknown): boolean => isDoc(value) && Object.keys(value)[0] === '$elemMatch';
  if (operand.some(isElemMatch)) {
    if (!operand.every(isElemMatch)) throw new CommandError(2, '$all/$elemMatch has to be consistent');
    return allOf(operand.map((value: Doc) => pathNode(path, false, elementMatch(value['$elemMatch'], ctx))));
  }
  return allOf(
    operand.map((value) => {
      if (isOperatorDoc(value)) throw new CommandError(2, 'no $ expressions in $all');
      return pathNode(path, enter, isRegex(value) ? matchesRegex(value) : equals(value));
    }),
  );
}

/** What stands at a filter's top, not under a field: an element is then asked for its fields. */
const TOP_LEVEL = new Set(
  '$and $or $nor $expr $comment $where $text $jsonSchema $alwaysTrue $alwaysFalse $sampleRate $ref $id $db'.split(
    ' ',
  ),
);

/** Whether a condition is of operators on the element itself (`{$gt: 5}`), not a filter on its fields. */
export function isElementCondition(condition: Doc): boolean {
  const first = keysOf(condition)[0];
  return first?.startsWith('$') === true && !TOP_LEVEL.has(first);
}

/** One element meets the whole condition: of operators on itself, or of a filter on its fields. */
export function compileElement(
  condition: Doc,
  ctx: EvalContext,
  how: { enter?: boolean; noExpr?: boolean } = {},
): (element: unknown) => boolean {
  const within = how.noExpr ? { ...ctx, noExpr: true } : { ...ctx, within: true };
  if (isElementCondition(condition)) {
    // The element stands as the field `e` of a document.
    const nodes = compileOperators({
      path: 'e',
      operators: condition,
      ctx: within,
      enter: how.enter ?? false,
    });
    return (element) => nodes.every((node) => node({ e: element }, null));
  }
  const node = compileDoc(condition, within);
  return (element) => {
    if (Array.isArray(element)) return node({ ...element }, null);
    return docOf(element) !== undefined && node(element, null);
  };
}

function elementMatch(operand: unknown, ctx: EvalContext): Test {
  if (!isDoc(operand)) throw new CommandError(2, '$elemMatch needs an Object');
  const meets = compileElement(operand, ctx);
  return (value, hit) => {
    if (!Array.isArray(value)) return false;
    const index = value.findIndex(meets);
    if (index < 0) return false;
    if (hit) hit.positional = index;
    return true;
  };
}
