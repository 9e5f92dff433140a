import * as z from 'zod/mini';
import { identityKinds } from '../../shared/customer.ts';
import { invalid } from '../http/validate.ts';

type Part = z.core.$ZodTypes;

/** So many unknown names are told at once: enough to mend a program by. */
const mostTold = 20;

/**
 * The same schema, which refuses what it does not know, in every object within it: a misspelt parameter must not be the same as none.
 * The document says so too (`additionalProperties: false`).
 */
export function strict<S extends z.ZodMiniType>(schema: S): S {
  return closed(schema) as unknown as S;
}

function closed(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = (schema as Part)._zod;
  const otherwise = (change: object) => z.core.clone(schema, { ...def, ...change } as typeof schema._zod.def);
  switch (def.type) {
    case 'object':
      return otherwise({
        shape: Object.fromEntries(Object.entries(def.shape).map(([key, part]) => [key, closed(part)])),
        catchall: z.never(),
      });
    case 'array':
      return otherwise({ element: closed(def.element) });
    case 'record':
      return otherwise({ valueType: closed(def.valueType) });
    case 'union':
      return otherwise({ options: def.options.map(closed) });
    case 'pipe':
      return otherwise({ in: closed(def.in) });
    case 'optional':
    case 'nullable':
    case 'default':
      return otherwise({ innerType: closed(def.innerType) });
    default:
      return schema;
  }
}

/**
 * What a program sent, as it should be.
 * @param schema a `strict` one
 * @throws AppError invalid, with a sentence for each wrong or unknown field; of an unknown one with what was probably meant
 */
export function parseStrictly(schema: z.ZodMiniType, value: unknown, of: 'query' | 'body'): unknown {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const wrong = result.error.issues.flatMap((issue): [string, string][] =>
    issue.code === 'unrecognized_keys' ? [] : [[issue.path.join('.') || of, issue.message]],
  );
  const unknown = result.error.issues
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ path: issue.path, key })) : [],
    )
    .slice(0, mostTold)
    .map(({ path, key }): [string, string] => [
      [...path, key.slice(0, 100)].join('.'),
      sentence(key, { known: keysAt(schema, path), of }),
    ]);
  // What is unknown comes first: a name that is missing is mostly there, misspelt.
  throw invalid(Object.fromEntries([...unknown, ...wrong]));
}

/** The names that the object at a path knows. */
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const { def } = (schema as Part)._zod;
  const [step, ...rest] = path;
  if (def.type === 'optional' || def.type === 'nullable' || def.type === 'default')
    return keysAt(def.innerType, path);
  if (def.type === 'pipe') return keysAt(def.in, path);
  if (def.type === 'array') return keysAt(def.element, rest);
  if (def.type === 'record') return keysAt(def.valueType, rest);
  if (def.type !== 'object') return [];
  if (step === undefined) return Object.keys(def.shape);
  const part = def.shape[String(step)];
  return part ? keysAt(part, rest) : [];
}

function sentence(key: string, { known, of }: { known: readonly string[]; of: 'query' | 'body' }): string {
  const none = of === 'query' ? 'There is no such parameter here.' : 'There is no such field here.';
  const meant = nearest(key, known) ?? asIdentity(key, { known, of });
  const all = known.length ? `Known are: ${known.join(', ')}.` : 'None is known.';
  return [none, meant && `Perhaps you meant: ${meant}.`, all].filter(Boolean).join(' ');
}

/** A number or an address that is given as a field of its own, where identities have a kind and a value. */
function asIdentity(key: string, { known, of }: { known: readonly string[]; of: string }): string | null {
  const kind = nearest(key, identityKinds);
  if (!kind) return null;
  if (known.includes('identities')) return `identities: [{ "kind": "${kind}", "value": … }]`;
  if (!known.includes('kind') || !known.includes('value')) return null;
  return of === 'query' ? `kind=${kind}&value=…` : `"kind": "${kind}", "value": …`;
}

/** The one that is written most alike; null when none is alike. */
function nearest(key: string, known: readonly string[]): string | null {
  const asked = plain(key);
  const [best] = known
    .filter((one) => alike(asked, plain(one)))
    .sort((a, b) => distance(asked, plain(a)) - distance(asked, plain(b)));
  return best ?? null;
}

const plain = (key: string) =>
  key
    .slice(0, 60)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');

/** One is within the other, both begin alike (`tagIds`, `tags`), or they differ in a letter or two. */
function alike(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length < 3) return short === long;
  if (long.includes(short)) return true;
  let same = 0;
  while (same < short.length && short[same] === long[same]) same += 1;
  return (same >= 3 && same * 2 >= long.length) || distance(a, b) <= (short.length > 4 ? 2 : 1);
}

/** Letters to add, drop or change until one is the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1]),
        ),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}
