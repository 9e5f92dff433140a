import type { Doc } from '../embedded/bson/values.ts';
import { checkNamespace } from '../embedded/store/catalog.ts';
import { checkSpec } from '../embedded/store/indexes.ts';
import type { Listed } from './inventory.ts';

/** Options that change nothing about what a collection holds or does. */
const HARMLESS = new Set(['uuid', 'flags', 'autoIndexId', 'recordIdsReplicated', 'storageEngine']);

const says = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** One thing that the embedded engine cannot hold: its name, as `--leave-out` takes it, and why. */
export interface Refusal {
  name: string;
  why: string;
}

/** How an index is named in messages and on the command line. */
export const indexName = (ns: string, spec: Doc) => `${ns}:${String(spec['name'])}`;

/** Everything of these collections that the embedded engine cannot hold. */
export function refusals(collections: readonly Listed[]): Refusal[] {
  return collections.flatMap((one) => {
    const why = whyNot(one);
    if (why !== undefined) return [{ name: one.ns, why }];
    return one.indexes.flatMap((spec) => {
      const wrong = whyNoIndex(spec);
      return wrong === undefined ? [] : [{ name: indexName(one.ns, spec), why: wrong }];
    });
  });
}

function whyNot({ db, name, type, options }: Listed): string | undefined {
  if (type === 'view') return 'a view';
  if (type === 'timeseries') return 'a time series collection';
  try {
    checkNamespace(db, name);
  } catch (error) {
    return says(error);
  }
  const set = Object.entries(options).filter(([field, value]) => !HARMLESS.has(field) && matters(value));
  if (set.length === 0) return undefined;
  if (options['capped'] === true) return 'a capped collection';
  return `a collection with ${set.map(([field]) => field).join(', ')}`;
}

/** `{enabled: false}` is how some options say that they are off. */
const matters = (value: unknown) =>
  value !== false && (value as { enabled?: unknown } | null)?.enabled !== false;

function whyNoIndex(spec: Doc): string | undefined {
  try {
    checkSpec(Object.fromEntries(Object.entries(spec).filter(([field]) => field !== 'ns')));
    return undefined;
  } catch (error) {
    const kinds = Object.values((spec['key'] as Doc | undefined) ?? {}).filter(
      (kind) => typeof kind === 'string',
    );
    if (kinds.length > 0) return `an index of the kind ${kinds.join(', ')}`;
    return `an index: ${says(error).replace(/^.* :: caused by :: /, '')}`;
  }
}
