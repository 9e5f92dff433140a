import type { Listed } from './inventory.ts';
import { explained, type Side } from './side.ts';

/** Documents that the server may send in one answer. */
const BATCH = 1000;

type Named = Pick<Listed, 'db' | 'name' | 'ns'>;

/** The documents of a collection in the order of `_id`, one after the other, as bytes. */
export async function* documentsOf(side: Side, { db, name, ns }: Named): AsyncGenerator<Buffer, void, void> {
  const cursor = side.client
    .db(db)
    .collection(name)
    .find(
      {},
      {
        raw: true,
        sort: { _id: 1 },
        hint: { _id: 1 },
        batchSize: BATCH,
        // A batch on its slow way to the other side must not cost the cursor.
        noCursorTimeout: true,
        ...(side.set !== undefined && { readConcern: { level: 'majority' } }),
      },
    );
  try {
    for await (const raw of cursor) {
      const bytes = raw as unknown as Uint8Array;
      yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
  } catch (error) {
    throw explained(error, { address: side.address, ns });
  } finally {
    await cursor.close().catch(() => {});
  }
}

/** How many documents a server says it has. */
export async function countOf(side: Side, { db, name, ns }: Named): Promise<number> {
  try {
    return await side.client.db(db).collection(name).estimatedDocumentCount();
  } catch (error) {
    throw explained(error, { address: side.address, ns });
  }
}
