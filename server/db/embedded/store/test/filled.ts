import { encode } from '../../bson/values.ts';
import { Engine } from '../../core.ts';
import { deleteDocuments, insertDocument } from '../../update/writes.ts';
import { Catalog } from '../catalog.ts';
import { buildIndexes, checkSpec } from '../indexes.ts';
import { Store } from '../store.ts';

const pace = { due: () => false };

/** An open store with documents in two collections, each with a unique and a multikey index. */
export async function filled(dir: string, documents: number): Promise<Store> {
  const store = new Store(dir, 'none');
  const engine = new Engine(store, '127.0.0.1:1');
  for (const [at, name] of ['even', 'odd'].entries()) {
    const collection = await engine.catalog.create('t', name);
    const specs = [
      { key: { n: 1 }, name: 'n_1', unique: true },
      { key: { tags: 1 }, name: 'tags_1' },
    ].map(checkSpec);
    await buildIndexes(engine, collection, specs, { deadline: Number.POSITIVE_INFINITY });
    await store.submit(function* (writer) {
      for (let n = at; n < documents; n += 2) {
        const doc = {
          _id: n,
          n,
          tags: [`a${n % 5}`, `b${n % 3}`],
          text: 'x'.repeat(n % 50 === 0 ? 9000 : 300),
        };
        yield* insertDocument(writer, collection, encode(doc), pace);
      }
    });
  }
  return store;
}

/** Deletes documents in small transactions, as a program does over time. */
export async function removeBelow(store: Store, limit: number): Promise<void> {
  const catalog = new Catalog(store).attach();
  for (const collection of catalog.all())
    for (let below = 200; below < limit + 200; below += 200)
      await store.submit((writer) =>
        deleteDocuments(writer, collection, {
          filter: { n: { $lt: Math.min(below, limit) } },
          multi: true,
          context: { now: new Date(0) },
          pace,
        }),
      );
}

/** Deletes every second document of each collection. */
export async function removeEveryOther(store: Store): Promise<void> {
  const catalog = new Catalog(store).attach();
  for (const [at, name] of ['even', 'odd'].entries())
    await store.submit((writer) =>
      deleteDocuments(writer, catalog.get('t', name)!, {
        filter: { n: { $mod: [4, at] } },
        multi: true,
        context: { now: new Date(0) },
        pace,
      }),
    );
}
