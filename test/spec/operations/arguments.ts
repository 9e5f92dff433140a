import { SpecFailure, unknownTo } from '../failure.ts';
import { copied, isDocument, plain, shown } from '../values.ts';
import { readPreference, type World } from '../world.ts';

/**
 * How an argument reaches the driver: `value` as BSON with its types; `plain` with JavaScript numbers (sorts, index keys,
 * options that the driver reads itself); the others are checked and converted.
 */
export type ArgumentKind =
  | 'value'
  | 'plain'
  | 'string'
  | 'number'
  | 'boolean'
  | 'documents'
  | 'session'
  | 'readPreference'
  | 'returnDocument';

export type Arguments = Record<string, unknown>;

/** What an operation on a kind of entity takes and does. */
export interface Deed<T> {
  takes: Record<string, ArgumentKind>;
  needs?: readonly string[];
  /** The result's documents are root documents of their own: it came from a cursor. */
  documents?: boolean;
  run(target: T, args: Arguments, world: World): Promise<unknown>;
}

/** What every operation on a server takes. */
export const common: Record<string, ArgumentKind> = {
  session: 'session',
  comment: 'value',
  timeoutMS: 'number',
  rawData: 'boolean',
  readPreference: 'readPreference',
  readConcern: 'plain',
  writeConcern: 'plain',
};

/**
 * Results with their BSON types, as far as the driver's own work allows: with every number kept as an object it would not
 * know the codes of errors that it retries.
 */
export const typed = { promoteLongs: false, promoteBuffers: false } as const;

/** Resolves an operation's arguments; one that it does not take, or lacks, is a failure. */
export function resolve<T>(
  name: string,
  given: Record<string, unknown>,
  options: { deed: Deed<T>; world: World },
) {
  const { deed, world } = options;
  for (const need of deed.needs ?? [])
    if (given[need] === undefined) throw new SpecFailure(`${name} needs the argument ${need}`);
  const args: Arguments = {};
  for (const [key, value] of Object.entries(given)) {
    const kind = Object.hasOwn(deed.takes, key) ? deed.takes[key] : undefined;
    if (kind === undefined) throw unknownTo(`the argument ${key} of ${name}`);
    args[key] = converted(value, { kind, world, name: `${name}'s ${key}` });
  }
  return args;
}

function converted(value: unknown, options: { kind: ArgumentKind; world: World; name: string }): unknown {
  const { kind, world, name } = options;
  switch (kind) {
    case 'value':
      return copied(value);
    case 'plain':
      return plain(value);
    case 'session':
      return world.get('session', value);
    case 'readPreference':
      return readPreference(value);
    case 'documents':
      if (!Array.isArray(value) || !value.every(isDocument)) throw amiss(name, 'documents', value);
      return copied(value);
    case 'returnDocument': {
      const lower = typeof value === 'string' ? value.toLowerCase() : '';
      if (lower !== 'before' && lower !== 'after') throw amiss(name, '"before" or "after"', value);
      return lower;
    }
    default: {
      const flat = plain(value);
      const type: string = typeof flat;
      if (type !== kind) throw amiss(name, `a ${kind}`, value);
      return flat;
    }
  }
}

const amiss = (name: string, wanted: string, value: unknown) =>
  new SpecFailure(`${name} should be ${wanted}, is ${shown(value)}`);

/** The arguments without those that a deed passes by position. */
export function without(args: Arguments, ...names: string[]): Arguments {
  return Object.fromEntries(Object.entries(args).filter(([key]) => !names.includes(key)));
}

/** A cursor's first document, taken when it was made, waits for the first call. */
export async function held(cursor: {
  next(): Promise<unknown>;
  tryNext(): Promise<unknown>;
  close(): Promise<void>;
}) {
  let first: unknown = await cursor.tryNext();
  const take = (otherwise: () => Promise<unknown>) => {
    if (first === null || first === undefined) return otherwise();
    const document = first;
    first = undefined;
    return Promise.resolve(document);
  };
  return {
    next: () => take(() => cursor.next()),
    tryNext: () => take(() => cursor.tryNext()),
    close: () => cursor.close(),
  };
}
