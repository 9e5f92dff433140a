import { Int32, Long } from 'bson';
import { CommandError, type Doc, integerOf, isDoc, setField, show } from '../bson/values.ts';
import type { Docs } from './context.ts';

export function limitOf(spec: unknown): number {
  const limit = integerOf(spec);
  if (limit === undefined || limit < 0)
    throw new CommandError(
      5107201,
      `invalid argument to $limit stage: Expected a number in: $limit: ${show(spec)}`,
    );
  if (limit === 0) throw new CommandError(15958, 'the limit must be positive');
  return limit;
}

export function skipOf(spec: unknown): number {
  const skip = integerOf(spec);
  if (skip === undefined || skip < 0) {
    throw new CommandError(
      5107200,
      `invalid argument to $skip stage: Expected a non-negative number in: $skip: ${show(spec)}`,
    );
  }
  return skip;
}

export function* limited(source: Docs, limit: number): Generator<Doc | null> {
  let left = limit;
  for (const doc of source) {
    yield doc;
    if (doc) left -= 1;
    if (left === 0) return;
  }
}

export function* skipping(source: Docs, skip: number): Generator<Doc | null> {
  let left = skip;
  for (const doc of source) {
    if (doc && left > 0) left -= 1;
    else yield doc;
  }
}

/** $count: the number of documents under a name; nothing if there are none. */
export function compileCount(name: unknown): (source: Docs) => Docs {
  if (typeof name !== 'string' || name === '' || name.startsWith('$') || name.includes('.')) {
    throw new CommandError(
      40156,
      'the count field must be a non-empty string, without $ in front and without a dot',
    );
  }
  return function* (source) {
    let count = 0;
    for (const doc of source) {
      if (doc) count += 1;
      else yield null;
    }
    if (count === 0) return;
    const result: Doc = {};
    setField(result, name, count > 0x7fffffff ? Long.fromNumber(count) : new Int32(count));
    yield result;
  };
}

/** $sample: so many documents, each as likely as any other. */
export function compileSample(spec: unknown): (source: Docs) => Docs {
  const size = isDoc(spec) ? integerOf(spec['size']) : undefined;
  if (size === undefined || size < 1)
    throw new CommandError(28747, '$sample takes {size: a positive number}');
  return function* (source) {
    const drawn: Doc[] = [];
    let seen = 0;
    for (const doc of source) {
      if (!doc) {
        yield null;
        continue;
      }
      seen += 1;
      const place = Math.floor(Math.random() * seen);
      if (drawn.length < size) {
        // The one that stood there goes to the end: every order is as likely as any other.
        drawn.push(doc);
        [drawn[place], drawn[drawn.length - 1]] = [doc, drawn[place]!];
      } else if (place < size) drawn[place] = doc;
    }
    yield* drawn;
  };
}
