import { describe, expect, it } from 'vitest';
import { decode, encode, numberOf } from '../../server/db/embedded/bson/values.ts';
import { openExisting } from '../../server/db/embedded/store/backup.ts';
import { Catalog, type Collection } from '../../server/db/embedded/store/catalog.ts';
import { type Entry, readRange } from '../../server/db/embedded/store/view.ts';
import { engine } from './engine.ts';

/** Runs one round over a file that is changed behind the killed engine's back. */
async function tampered(
  name: string,
  change: (collection: Collection, first: Entry) => void,
): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const code = await engine({
    rounds: 1,
    seed: 7,
    short: true,
    say: (line) => lines.push(line),
    async tamper(dir) {
      const store = openExisting(dir);
      await store.once(() => {
        const collection = new Catalog(store).get('chaos', name);
        const [first] = collection ? readRange(collection.docs, { limit: 1 }) : [];
        if (!collection || !first) throw new Error(`There is nothing in ${name} to tamper with.`);
        change(collection, first);
      });
      await store.close();
    },
  });
  return { code, lines };
}

/** The figures of the last line. */
function figures(lines: readonly string[]): Record<string, number> {
  const words = (lines.at(-1) ?? '').split(' ');
  const pairs = words.flatMap((word, n) => (n % 2 ? [] : [[word, Number(words[n + 1])] as const]));
  return Object.fromEntries(pairs);
}

describe('the kill test of the engine', () => {
  it('finds nothing where nothing is wrong', async () => {
    const lines: string[] = [];
    const code = await engine({ rounds: 1, seed: 7, short: true, say: (line) => lines.push(line) });
    expect(lines.join('\n')).toMatch(/rounds 1 acknowledged [1-9]\d* lost 0 duplicated 0 faults 0$/);
    expect(code).toBe(0);
  });

  it('reports an acknowledged document that is gone as lost, and its index entries as faults', async () => {
    const { code, lines } = await tampered('plain', ({ docs }, { key }) => docs.db.removeSync(key));
    const { lost, faults } = figures(lines);
    expect(lost).toBe(1);
    expect(faults).toBeGreaterThan(0);
    expect(code).toBe(1);
  });

  it('reports a counter that went on twice as duplicated', async () => {
    const { code, lines } = await tampered('counters', ({ docs }, { key, value }) => {
      const doc = decode(value);
      docs.db.putSync(key, encode({ ...doc, n: (numberOf(doc['n']) ?? 0) + 100 }));
    });
    expect(figures(lines)['duplicated']).toBe(1);
    expect(code).toBe(1);
  });

  it('reports a transfer of which only the record is left', async () => {
    const { code, lines } = await tampered('accounts', ({ docs }, { key, value }) => {
      const doc = decode(value);
      docs.db.putSync(key, encode({ ...doc, balance: (numberOf(doc['balance']) ?? 0) - 1 }));
    });
    expect(figures(lines)['faults']).toBeGreaterThan(0);
    expect(code).toBe(1);
  });
});
