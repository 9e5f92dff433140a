import type { Document } from 'bson';
import type { Case } from './cases.ts';

const isPlain = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Every value that is this one with one thing less, or with one thing simpler; boldest first. */
function* smaller(value: unknown, depth = 0): Generator<unknown> {
  if (depth > 12) return;
  if (Array.isArray(value)) {
    if (value.length > 3) yield* [value.slice(0, value.length >> 1), value.slice(value.length >> 1)];
    for (const index of value.keys()) yield value.filter((_, at) => at !== index);
    for (const [index, each] of value.entries())
      for (const next of smaller(each, depth + 1)) yield value.with(index, next);
    return;
  }
  if (!isPlain(value)) {
    if (typeof value === 'string' && value.includes('.')) yield value.slice(0, value.lastIndexOf('.'));
    if (value !== 1 && value !== null && !(typeof value === 'string') && typeof value !== 'boolean') yield 1;
    return;
  }
  const entries = Object.entries(value);
  for (const [index, [key, each]] of entries.entries()) {
    if (key !== '_id') yield Object.fromEntries(entries.filter((_, at) => at !== index));
    // An operator gives its place to what it is applied to.
    if (key.startsWith('$')) {
      if (!isPlain(each) || entries.length === 1) yield each;
      if (Array.isArray(each)) yield* each;
    }
  }
  for (const [index, [key, each]] of entries.entries()) {
    for (const next of smaller(each, depth + 1)) {
      const changed = entries.map((entry, at) => (at === index ? [key, next] : entry));
      yield Object.fromEntries(changed as [string, unknown][]);
    }
    if (key.includes('.') && !key.startsWith('$')) {
      const shorter = [key.slice(0, key.lastIndexOf('.')), each];
      yield Object.fromEntries(
        entries.map((entry, at) => (at === index ? shorter : entry)) as [string, unknown][],
      );
    }
  }
}

function* smallerCases({ indexes, documents, steps }: Case): Generator<Case> {
  for (const index of indexes.keys())
    yield { indexes: indexes.filter((_, at) => at !== index), documents, steps };
  for (const index of steps.keys())
    if (steps.length > 1) yield { indexes, documents, steps: steps.filter((_, at) => at !== index) };
  for (const fewer of smaller(documents) as Generator<Document[]>)
    if (fewer.every(isPlain)) yield { indexes, documents: fewer, steps };
  for (const [index, step] of steps.entries()) {
    if (!('command' in step)) continue;
    const [name = ''] = Object.keys(step.command);
    for (const next of smaller(step.command) as Generator<Document>) {
      if (!isPlain(next) || Object.keys(next)[0] !== name || next[name] !== step.command[name]) continue;
      yield { indexes, documents, steps: steps.with(index, { ...step, command: next }) };
    }
  }
}

/**
 * Takes away from a case whatever it can do without, for as long as `same` says that it still shows the same.
 * @param budget how often `same` may be asked
 */
export async function shrink(
  start: Case,
  same: (smaller: Case) => Promise<boolean>,
  budget = 400,
): Promise<Case> {
  let best = start;
  let asked = 0;
  for (let found = true; found && asked < budget; ) {
    found = false;
    for (const next of smallerCases(best)) {
      if (asked >= budget) break;
      asked += 1;
      if (!(await same(next))) continue;
      best = next;
      found = true;
      break;
    }
  }
  return best;
}
