import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDatabase } from '../server/db/connect.ts';
import { startEngine } from '../server/db/embedded/engine.ts';
import { startWireProxy } from './chaos/wire-proxy.ts';

/** A database of one test file's own. */
export interface TestDatabase {
  uri: string;
  name: string;
  /** Drops what was made here, and nothing else. */
  close(): Promise<void>;
}

/**
 * On the server that MONGODB_URI names, beside whatever database it names, which is never touched; without it on an embedded engine
 * of its own that waits for no disk.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const given = process.env.MONGODB_URI;
  if (given) {
    return {
      uri: given,
      name,
      async close() {
        const connection = await connectDatabase(given, { database: name, poolSize: 1 });
        await connection.dropDatabase();
        await connection.close();
      },
    };
  }
  const dir = await mkdtemp(join(tmpdir(), 'yekja-test-'));
  const engine = await startEngine({
    path: join(dir, 'db'),
    socket: join(dir, 'engine.sock'),
    durability: 'none',
  });
  // What is sent is recorded on its way, when a record is asked for.
  const wire = process.env.YEKJA_WIRE_LOG ? await startWireProxy(engine.uri) : null;
  return {
    uri: wire?.uri ?? engine.uri,
    name,
    async close() {
      await wire?.close();
      await engine.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
