import { CommandError, type Doc, docOf, getField, isDoc, setField, unsupported } from '../bson/values.ts';
import type { EvalContext } from '../query/match.ts';
import { arrayOperators } from './arrays.ts';
import { calendarOperators } from './calendar.ts';
import { convertOperators } from './convert.ts';
import { dateOperators } from './dates.ts';
import { logicOperators } from './logic.ts';
import { mathematicsOperators } from './mathematics.ts';
import { numberOperators } from './numbers.ts';
import { objectOperators } from './objects.ts';
import type { Compiler, Evaluate, OperatorTable, Scope } from './operator.ts';
import { severalOperators } from './several.ts';
import { stringOperators } from './strings.ts';

/** `vars` are names without $$; undefined is "missing". */
export type Expression = (doc: Doc, vars?: Doc) => unknown;

const OPERATORS: OperatorTable = {
  ...numberOperators,
  ...logicOperators,
  ...arrayOperators,
  ...stringOperators,
  ...dateOperators,
  ...convertOperators,
  ...objectOperators,
  ...mathematicsOperators,
  ...severalOperators,
  ...calendarOperators,
};

/** What MongoDB knows and this engine does not: refused as such, not as unknown. */
const REFUSED = new Set(
  '$accumulator $createObjectId $deserializeEJSON $encStrContains $encStrEndsWith $encStrNormalizedEq $encStrStartsWith $function $hash $hexHash $median $meta $percentile $sampleRate $serializeEJSON $sigmoid $similarityCosine $similarityDotProduct $similarityEuclidean $subtype $toArray $toHashedIndexKey $toObject'.split(
    ' ',
  ),
);

const SYSTEM_VARIABLES = new Set(['ROOT', 'CURRENT', 'NOW', 'REMOVE']);

class ExpressionCompiler implements Compiler {
  readonly now: Date;
  private readonly names: ReadonlySet<string>;

  constructor(now: Date, names: ReadonlySet<string>) {
    this.now = now;
    this.names = names;
  }

  knowing(names: readonly string[]): Compiler {
    return new ExpressionCompiler(this.now, new Set([...this.names, ...names]));
  }

  compile(expr: unknown): Evaluate {
    if (typeof expr === 'string' && expr.startsWith('$')) return this.reference(expr);
    if (Array.isArray(expr)) {
      const parts = expr.map((each) => this.compile(each));
      return (scope) => parts.map((part) => part(scope) ?? null);
    }
    if (!isDoc(expr)) return () => expr;
    const keys = Object.keys(expr);
    const [first] = keys;
    if (first?.startsWith('$')) {
      if (keys.length > 1) {
        throw new CommandError(
          15983,
          `An object representing an expression must have exactly one field: ${keys.join(', ')}`,
        );
      }
      return this.operator(first, expr[first]);
    }
    return this.document(expr);
  }

  private reference(text: string): Evaluate {
    if (!text.startsWith('$$')) {
      const parts = pathParts(text.slice(1), text);
      return (scope) => valueAt(scope.root, parts, 0);
    }
    const [name = '', ...rest] = text.slice(2).split('.');
    const parts = rest.length > 0 ? pathParts(rest.join('.'), text) : [];
    const read = this.variable(name);
    return parts.length === 0 ? read : (scope) => valueAt(read(scope), parts, 0);
  }

  private variable(name: string): Evaluate {
    if (this.names.has(name)) return (scope) => getField(scope.vars, name);
    if (!SYSTEM_VARIABLES.has(name)) throw new CommandError(17276, `Use of undefined variable: ${name}`);
    if (name === 'NOW') return () => this.now;
    if (name === 'REMOVE') return () => undefined;
    return (scope) => scope.root;
  }

  private operator(name: string, operand: unknown): Evaluate {
    if (Object.hasOwn(OPERATORS, name)) return OPERATORS[name]!(operand, this, name);
    if (REFUSED.has(name)) throw unsupported(`The expression ${name}`);
    throw new CommandError(168, `Unrecognized expression '${name}'`);
  }

  private document(expr: Doc): Evaluate {
    const fields = Object.keys(expr).map((key) => {
      if (key.startsWith('$')) {
        throw new CommandError(
          16404,
          `Expression fields must not begin with $: ${key} stands among field names`,
        );
      }
      if (key.includes('.'))
        throw new CommandError(16405, `dotted field names are only allowed at the top level: ${key}`);
      return { key, value: this.compile(expr[key]) };
    });
    return (scope) => {
      const doc: Doc = {};
      for (const { key, value } of fields) {
        const field = value(scope);
        if (field !== undefined) setField(doc, key, field);
      }
      return doc;
    };
  }
}

function pathParts(path: string, text: string): string[] {
  const parts = path.split('.');
  if (parts.includes('')) {
    throw new CommandError(
      path === '' ? 16872 : 15998,
      `'${text}' is not a valid field path: a part of it is empty`,
    );
  }
  const dollar = parts.find((part) => part.startsWith('$'));
  if (dollar !== undefined)
    throw new CommandError(16410, `Field names of a path may not start with '$': ${text}`);
  return parts;
}

/** A field path in an expression: arrays give an array of what their elements have; numbers name no place in them. */
export function valueAt(value: unknown, parts: readonly string[], from: number): unknown {
  let current = value;
  for (let i = from; i < parts.length; i++) {
    if (Array.isArray(current)) {
      const found: unknown[] = [];
      for (const element of current) {
        const each = valueAt(element, parts, i);
        if (each !== undefined) found.push(each);
      }
      return found;
    }
    const doc = docOf(current);
    if (!doc) return undefined;
    current = getField(doc, parts[i]!);
  }
  return current;
}

/** Compiles an aggregation expression once; an operator that is not on the list is refused. */
export function compileExpression(expr: unknown, ctx: EvalContext): Expression {
  const base: Doc = ctx.let ?? {};
  const evaluate = new ExpressionCompiler(ctx.now, new Set(Object.keys(base))).compile(expr);
  return (doc, vars) => {
    const scope: Scope = { root: doc, vars: vars ? { ...base, ...vars } : base };
    return evaluate(scope);
  };
}

/** The values of a command's `let`, whose expressions may name no fields; later ones do not see earlier ones. */
export function evaluateLet(spec: Doc, now: Date): Doc {
  const values: Doc = {};
  for (const key of Object.keys(spec)) {
    setField(values, key, compileExpression(spec[key], { now })({}) ?? null);
  }
  return values;
}
