import { CommandError, isDoc } from '../bson/values.ts';

/** What an expression is evaluated in: the document at the pipeline's point, and $$variables by name. */
export interface Scope {
  root: Record<string, unknown>;
  vars: Record<string, unknown>;
}

/** A compiled expression; undefined is "missing". */
export type Evaluate = (scope: Scope) => unknown;

export interface Compiler {
  now: Date;
  compile(expr: unknown): Evaluate;
  /** A compiler in whose expressions these variables are known too. */
  knowing(names: readonly string[]): Compiler;
}

/** Compiles the operand of one operator. */
export type Operator = (operand: unknown, compiler: Compiler, name: string) => Evaluate;

export type OperatorTable = Record<string, Operator>;

export const isNullish = (value: unknown): value is null | undefined => value === null || value === undefined;

/** An operator over values: takes between `min` and `max` operands, all evaluated first. A single one needs no array. */
export function over(
  min: number,
  max: number,
  apply: (values: unknown[], name: string) => unknown,
): Operator {
  return (operand, compiler, name) => {
    const operands = Array.isArray(operand) ? operand : [operand];
    if (operands.length < min || operands.length > max) {
      throw min === max
        ? new CommandError(
            16020,
            `Expression ${name} takes exactly ${min} arguments. ${operands.length} were passed in.`,
          )
        : new CommandError(
            28667,
            `Expression ${name} takes at least ${min} arguments, and at most ${max}, but ${operands.length} were passed in.`,
          );
    }
    const parts = operands.map((each) => compiler.compile(each));
    return (scope) =>
      apply(
        parts.map((part) => part(scope)),
        name,
      );
  };
}

/** As `over`, but null if any operand is null or missing. */
export function overPresent(
  min: number,
  max: number,
  apply: (values: unknown[], name: string) => unknown,
): Operator {
  return over(min, max, (values, name) => (values.some(isNullish) ? null : apply(values, name)));
}

export const MANY = Number.MAX_SAFE_INTEGER;

/** The named operands of an operator like $filter, checked against what it knows. */
export function namedOperands(
  operand: unknown,
  name: string,
  known: { required: readonly string[]; optional?: readonly string[] },
): Record<string, unknown> {
  if (!isDoc(operand)) throw new CommandError(9, `${name} only supports an object as its argument`);
  const all = [...known.required, ...(known.optional ?? [])];
  const stranger = Object.keys(operand).find((key) => !all.includes(key));
  if (stranger !== undefined) throw new CommandError(9, `Unrecognized argument to ${name}: ${stranger}`);
  const absent = known.required.find((key) => !Object.hasOwn(operand, key));
  if (absent !== undefined) throw new CommandError(9, `Missing '${absent}' parameter to ${name}`);
  return operand;
}
