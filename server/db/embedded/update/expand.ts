import { arrayIndexOf, childOf } from '../bson/paths.ts';
import { CommandError, type Doc, isDoc, show } from '../bson/values.ts';
import { compileFilter, type EvalContext } from '../query/match.ts';

/** Tests of the array filters, by their identifier. */
export type ArrayFilters = Map<string, (element: unknown) => boolean>;

const LOGICAL = new Set(['$and', '$or', '$nor']);

function identifiersOf(filter: Doc, found: Set<string>): Set<string> {
  for (const key of Object.keys(filter)) {
    const operand = filter[key];
    if (LOGICAL.has(key) && Array.isArray(operand)) {
      for (const branch of operand) if (isDoc(branch)) identifiersOf(branch, found);
    } else found.add(key.split('.')[0]!);
  }
  return found;
}

/** Compiles array filters; the element stands in a document under the filter's identifier. */
export function compileArrayFilters(filters: readonly Doc[], ctx: EvalContext): ArrayFilters {
  const tests: ArrayFilters = new Map();
  for (const filter of filters) {
    const compiled = compileFilter(filter, ctx, { noExpr: true });
    const names = identifiersOf(filter, new Set());
    const [name] = names;
    if (name === undefined) {
      throw new CommandError(9, 'Cannot use an expression without a top-level field name in arrayFilters');
    }
    if (names.size > 1) {
      throw new CommandError(
        9,
        `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${[...names].join("' and '")}'`,
      );
    }
    if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) {
      throw new CommandError(
        2,
        `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
      );
    }
    if (tests.has(name)) {
      throw new CommandError(9, `Found multiple array filters with the same top-level field name ${name}`);
    }
    tests.set(name, (element) => compiled.test({ [name]: element }));
  }
  return tests;
}

/** The identifier of `$[name]`, '' of `$[]`; undefined for any other part. */
export function identifierOf(part: string): string | undefined {
  return /^\$\[(.*)\]$/.exec(part)?.[1];
}

export const isDynamic = (part: string, at: number): boolean =>
  at > 0 && (part === '$' || identifierOf(part) !== undefined);

export interface ExpandContext {
  filters: ArrayFilters;
  positional: number | undefined;
}

/** The paths that one path with `$`, `$[]` or `$[id]` stands for in this document as it was before the update. */
export function expandPath(doc: Doc, path: readonly string[], ctx: ExpandContext): string[][] {
  let open: { value: unknown; path: string[] }[] = [{ value: doc, path: [] }];
  path.forEach((part, at) => {
    if (!isDynamic(part, at)) {
      open = open.map(({ value, path: before }) => step(value, before, part));
    } else if (part === '$') {
      if (ctx.positional === undefined) {
        throw new CommandError(2, 'The positional operator did not find the match needed from the query.');
      }
      const place = String(ctx.positional);
      open = open.map(({ value, path: before }) => step(value, before, place));
    } else {
      const name = identifierOf(part)!;
      const test = name === '' ? undefined : ctx.filters.get(name);
      open = open.flatMap(({ value, path: before }) => elementsOf(value, before, test));
    }
  });
  return open.map((place) => place.path);
}

const step = (value: unknown, before: string[], part: string): { value: unknown; path: string[] } => ({
  value: childOf(value, part),
  path: [...before, part],
});

function elementsOf(
  value: unknown,
  path: string[],
  test: ((element: unknown) => boolean) | undefined,
): { value: unknown; path: string[] }[] {
  if (value === undefined) {
    throw new CommandError(
      2,
      `The path '${path.join('.')}' must exist in the document in order to apply array updates.`,
    );
  }
  if (!Array.isArray(value)) {
    throw new CommandError(
      2,
      `Cannot apply array updates to non-array element ${path.at(-1)}: ${show(value)}`,
    );
  }
  return value.flatMap((element: unknown, i) =>
    !test || test(element) ? [{ value: element, path: [...path, String(i)] }] : [],
  );
}

/** Lexicographic by parts, places in arrays by number: the order in which new fields are made. */
export function comparePaths(a: readonly string[], b: readonly string[]): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    if (a[i] === b[i]) continue;
    const x = arrayIndexOf(a[i]!);
    const y = arrayIndexOf(b[i]!);
    if (x !== undefined && y !== undefined) return x - y;
    return a[i]! < b[i]! ? -1 : 1;
  }
  return a.length - b.length;
}

/** Refuses paths of which one is another or leads into it; `sorted` by comparePaths. */
export function refuseConflicts(sorted: readonly (readonly string[])[]): void {
  for (let i = 1; i < sorted.length; i++) {
    const before = sorted[i - 1]!;
    const path = sorted[i]!;
    if (before.every((part, k) => part === path[k])) {
      throw new CommandError(
        40,
        `Updating the path '${path.join('.')}' would create a conflict at '${before.join('.')}'`,
      );
    }
  }
}
