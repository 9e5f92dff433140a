import * as z from 'zod/mini';
import { AppError } from '../../../shared/errors.ts';
import type { Catalog } from '../../i18n/fa.ts';

/** What is wrong with one field, before it has words. */
export type FieldIssue =
  | {
      kind:
        | 'required'
        | 'email'
        | 'url'
        | 'number'
        | 'choose'
        | 'format'
        | 'taken'
        | 'invalid'
        | 'wrongPassword';
    }
  | { kind: 'tooShort' | 'tooLong'; limit: number }
  /** Of a manifest, in the reader's language. */
  | { kind: 'said'; text: string }
  /** The provider refused the value; `text` are its own words. */
  | { kind: 'refused'; text: string };

/** Field path → issue; none when all is well. */
export type Issues = Readonly<Record<string, FieldIssue>>;

type Issue = z.core.$ZodIssue;

function issueOf(issue: Issue): FieldIssue {
  switch (issue.code) {
    case 'too_small':
      return Number(issue.minimum) <= 1
        ? { kind: 'required' }
        : { kind: 'tooShort', limit: Number(issue.minimum) };
    case 'too_big':
      return { kind: 'tooLong', limit: Number(issue.maximum) };
    case 'invalid_format':
      return { kind: issue.format === 'email' ? 'email' : 'format' };
    default:
      return { kind: 'invalid' };
  }
}

/** Reads a form by the schema that the server reads it by, so that most mistakes are found before anything is sent. */
export function check<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: z.input<Schema>,
): { data: z.output<Schema>; issues: null } | { data: null; issues: Issues } {
  const result = z.safeParse(schema, value);
  if (result.success) return { data: result.data, issues: null };
  const issues: Record<string, FieldIssue> = {};
  for (const issue of result.error.issues) {
    const path = issue.path.join('.');
    const empty = valueAt(value, issue.path) === '';
    // The first thing wrong with a field is the one to say, and of an empty field only that it is empty.
    issues[path] ??= empty ? { kind: 'required' } : issueOf(issue);
  }
  return { data: null, issues };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined;
  return at;
}

/**
 * The fields that the server objected to.
 * @param known what an objection to a field means where the form has checked everything else already
 */
export function issuesFrom(error: unknown, known: Readonly<Record<string, FieldIssue>> = {}): Issues {
  if (!(error instanceof AppError) || !error.body.fields) return {};
  return Object.fromEntries(
    Object.keys(error.body.fields).map((path) => [path, known[path] ?? { kind: 'invalid' }]),
  );
}

export function issueText(t: Catalog, issue: FieldIssue | undefined): string | undefined {
  if (!issue) return undefined;
  switch (issue.kind) {
    case 'tooShort':
    case 'tooLong':
      return t.fields[issue.kind](issue.limit);
    case 'said':
      return issue.text;
    case 'refused':
      return t.fields.refused;
    default:
      return t.fields[issue.kind];
  }
}
