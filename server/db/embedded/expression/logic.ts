import { Int32 } from 'bson';
import { compareValues } from '../bson/order.ts';
import { CommandError, isDoc } from '../bson/values.ts';
import { truthy } from '../query/match/operators.ts';
import {
  type Compiler,
  type Evaluate,
  isNullish,
  MANY,
  namedOperands,
  type Operator,
  type OperatorTable,
  over,
} from './operator.ts';

/** Comparison in BSON order; missing is below null. */
const comparing = (holds: (order: number) => boolean): Operator =>
  over(2, 2, ([a, b]) => holds(compareValues(a, b)));

const operandsOf = (operand: unknown, compiler: Compiler): Evaluate[] =>
  (Array.isArray(operand) ? operand : [operand]).map((each) => compiler.compile(each));

function condParts(operand: unknown, name: string): unknown[] {
  if (Array.isArray(operand)) return operand;
  const named = namedOperands(operand, name, { required: ['if', 'then', 'else'] });
  return [named['if'], named['then'], named['else']];
}

const cond: Operator = (operand, compiler, name) => {
  if (Array.isArray(operand) && operand.length !== 3) {
    throw new CommandError(
      16020,
      `Expression $cond takes exactly 3 arguments. ${operand.length} were passed in.`,
    );
  }
  const [test, yes, no] = condParts(operand, name).map((part) => compiler.compile(part));
  return (scope) => (truthy(test!(scope)) ? yes!(scope) : no!(scope));
};

const choose: Operator = (operand, compiler, name) => {
  const { branches, default: fallback } = namedOperands(operand, name, {
    required: ['branches'],
    optional: ['default'],
  });
  if (!Array.isArray(branches) || branches.length === 0) {
    throw new CommandError(40068, '$switch requires at least one branch.');
  }
  const compiled = branches.map((branch) => {
    const named = namedOperands(branch, `${name}'s branch`, { required: ['case', 'then'] });
    return { when: compiler.compile(named['case']), result: compiler.compile(named['then']) };
  });
  const otherwise =
    isDoc(operand) && Object.hasOwn(operand, 'default') ? compiler.compile(fallback) : undefined;
  return (scope) => {
    const branch = compiled.find(({ when }) => truthy(when(scope)));
    if (branch) return branch.result(scope);
    if (otherwise) return otherwise(scope);
    throw new CommandError(
      40066,
      '$switch could not find a matching branch for an input, and no default was specified.',
    );
  };
};

const bind: Operator = (operand, compiler, name) => {
  const { vars, in: body } = namedOperands(operand, name, { required: ['vars', 'in'] });
  if (!isDoc(vars)) throw new CommandError(9, '$let needs a document of variables in vars');
  const names = Object.keys(vars);
  for (const each of names) checkVariable(each);
  const values = names.map((each) => compiler.compile(vars[each]));
  const inner = compiler.knowing(names).compile(body);
  return (scope) => {
    const bound = { ...scope.vars };
    names.forEach((each, i) => {
      bound[each] = values[i]!(scope);
    });
    return inner({ root: scope.root, vars: bound });
  };
};

/** User variables begin with a lower-case letter (or beyond ASCII); CURRENT may be bound anew in MongoDB, not here. */
export function checkVariable(name: string): void {
  if (/^[a-z\u0080-\uffff][\w\u0080-\uffff]*$/.test(name)) return;
  throw new CommandError(9, `'${name}' starts with or holds an invalid character for a user variable name`);
}

export const logicOperators: OperatorTable = {
  $eq: comparing((order) => order === 0),
  $ne: comparing((order) => order !== 0),
  $gt: comparing((order) => order > 0),
  $gte: comparing((order) => order >= 0),
  $lt: comparing((order) => order < 0),
  $lte: comparing((order) => order <= 0),
  $cmp: over(2, 2, ([a, b]) => new Int32(Math.sign(compareValues(a, b)))),
  $and: (operand, compiler) => {
    const parts = operandsOf(operand, compiler);
    return (scope) => parts.every((part) => truthy(part(scope)));
  },
  $or: (operand, compiler) => {
    const parts = operandsOf(operand, compiler);
    return (scope) => parts.some((part) => truthy(part(scope)));
  },
  $not: over(1, 1, ([value]) => !truthy(value)),
  $cond: cond,
  $switch: choose,
  $let: bind,
  $ifNull: (operand, compiler) => {
    const parts = operandsOf(operand, compiler);
    if (parts.length < 2 || parts.length > MANY) {
      throw new CommandError(1257300, '$ifNull needs at least two arguments, had: 1');
    }
    return (scope) => {
      let value: unknown;
      for (const part of parts) {
        value = part(scope);
        if (!isNullish(value)) return value;
      }
      return value;
    };
  },
  $literal: (operand) => () => operand,
};
