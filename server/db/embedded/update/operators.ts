import { equalValues } from '../bson/order.ts';
import { arrayIndexOf, childOf, isContainer } from '../bson/paths.ts';
import { CommandError, cloneValue, type Doc, isDoc, show, typeAlias } from '../bson/values.ts';
import type { EvalContext } from '../query/match.ts';
import { addToSet, pop, pull, pullAll, push } from './arrays.ts';
import { type Change, type Operation, SAME, UNSET } from './change.ts';
import { isDynamic } from './expand.ts';
import {
  bitwise,
  currentDate,
  type FieldOperator,
  increment,
  keepGreatest,
  keepLeast,
  multiply,
  setTo,
  unset,
} from './fields.ts';

const FIELD_OPERATORS: Record<string, FieldOperator> = {
  $set: setTo,
  $setOnInsert: setTo,
  $unset: unset,
  $inc: increment,
  $mul: multiply,
  $min: keepLeast,
  $max: keepGreatest,
  $currentDate: currentDate,
  $bit: bitwise,
};

const ARRAY_OPERATORS: Record<string, (operand: unknown, path: string, ctx: EvalContext) => Change> = {
  $push: push,
  $addToSet: addToSet,
  $pull: pull,
  $pullAll: pullAll,
  $pop: pop,
};

const CREATE_NOTHING = new Set(['$unset', '$pull', '$pullAll', '$pop']);

/** The parts of an update's path, checked. */
function updatePath(path: string): string[] {
  const parts = path.split('.');
  if (parts.includes('')) {
    throw new CommandError(
      56,
      `The update path '${path}' contains an empty field name, which is not allowed.`,
    );
  }
  if (parts[0] === '$' || parts[0]!.startsWith('$[')) {
    throw new CommandError(
      2,
      `Cannot have positional (i.e. '$') or array filter element in the first position in path '${path}'`,
    );
  }
  if (parts[0]!.startsWith('$')) {
    throw new CommandError(
      52,
      `The dollar ($) prefixed field '${parts[0]}' in '${path}' is not valid for storage.`,
    );
  }
  return parts;
}

/** The operations of an update document, one a path, in the order given. */
export function parseOperators(update: Doc, ctx: EvalContext): Operation[] {
  return Object.keys(update).flatMap((operator) => {
    const fields = update[operator];
    if (
      !Object.hasOwn(FIELD_OPERATORS, operator) &&
      !Object.hasOwn(ARRAY_OPERATORS, operator) &&
      operator !== '$rename'
    ) {
      throw new CommandError(
        9,
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    if (!isDoc(fields)) {
      throw new CommandError(
        9,
        `Modifiers operate on fields but we found type ${typeAlias(fields)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${show(fields)}}`,
      );
    }
    return Object.keys(fields).flatMap((path) => parseField({ operator, path, operand: fields[path], ctx }));
  });
}

interface FieldInput {
  operator: string;
  path: string;
  operand: unknown;
  ctx: EvalContext;
}

function parseField({ operator, path, operand, ctx }: FieldInput): Operation[] {
  const parts = updatePath(path);
  if (operator === '$rename') return rename(path, parts, operand);
  const change =
    FIELD_OPERATORS[operator]?.(operand, path, ctx.now) ?? ARRAY_OPERATORS[operator]!(operand, path, ctx);
  const operation: Operation = { operator, path: parts, change, creates: !CREATE_NOTHING.has(operator) };
  if (operator === '$setOnInsert') operation.onlyInsert = true;
  return [operation];
}

/** $rename is two operations: the target takes what the source had when the update began, the source goes. */
function rename(path: string, parts: string[], operand: unknown): Operation[] {
  if (typeof operand !== 'string') {
    throw new CommandError(2, `The 'to' field for $rename must be a string: ${path}: ${show(operand)}`);
  }
  const target = updatePath(operand);
  if (operand.includes('\0'))
    throw new CommandError(2, `$rename: the new name of '${path}' holds a zero character`);
  for (const [name, each] of [
    [path, parts],
    [operand, target],
  ] as const) {
    if (each.some(isDynamic)) {
      throw new CommandError(2, `The source and target field for $rename may not be dynamic: ${name}`);
    }
  }
  if (path === operand) {
    throw new CommandError(2, `The source and target field for $rename must differ: ${path}: "${operand}"`);
  }
  const shared = Math.min(parts.length, target.length);
  if (parts.slice(0, shared).every((part, i) => part === target[i])) {
    throw new CommandError(2, `$rename: neither of '${path}' and '${operand}' may lie within the other`);
  }
  const idle = (before: Doc): boolean => readPlain(before, parts, 'source') === undefined;
  const take: Change = (old, before) => {
    readPlain(before, target, 'destination');
    const value = readPlain(before, parts, 'source');
    return old !== undefined && equalValues(old, value) ? SAME : cloneValue(value);
  };
  return [
    { operator: '$rename', path: parts, creates: false, change: () => UNSET, idle },
    { operator: '$rename', path: target, creates: true, change: take, idle },
  ];
}

function readPlain(doc: Doc, path: string[], role: 'source' | 'destination'): unknown {
  return path.reduce<unknown>((value, part, i) => {
    if (value === undefined) return undefined;
    const named = Array.isArray(value) && arrayIndexOf(part) === undefined;
    if (role === 'source' && (named || !isContainer(value))) {
      throw new CommandError(
        28,
        `'${path.join('.')}' leads nowhere: ${path[i - 1]} is ${show(value)} and has no field ${part}`,
      );
    }
    if (Array.isArray(value)) {
      if (role === 'source' && arrayIndexOf(part)! >= value.length) return undefined;
      throw new CommandError(
        2,
        `The ${role} field cannot be an array element, '${path.join('.')}' in doc with _id: ${show(doc['_id'])} has an array field called '${path[i - 1]}'`,
      );
    }
    return childOf(value, part);
  }, doc);
}
