import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { Simulator } from '../../connectors/connector.ts';
import { createTestDatabase } from '../database.ts';
import { bundle, ServerProcess } from '../process.ts';
import { startSimulators, zoneOf } from '../simulators.ts';
import { builtPages } from './pages.ts';

/** The product as somebody finds it who has just started it: no data, the pages, and the code in the terminal. */
export interface Installation {
  url: string;
  setUpCode: string;
  simulators: Record<string, Simulator>;
  server: ServerProcess;
  close(): Promise<void>;
}

/** The pages as they are in the working tree, into a folder of their own. */
export async function buildPages(outDir: string): Promise<void> {
  await build({
    configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)),
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  });
}

export async function install(): Promise<Installation> {
  const dir = await mkdtemp(join(tmpdir(), 'yekja-installation-'));
  const closing: (() => Promise<unknown>)[] = [() => rm(dir, { recursive: true, force: true })];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const database = await createTestDatabase({ migrated: true });
    closing.push(() => database.close());
    const simulators = await startSimulators();
    closing.push(() => Promise.all(Object.values(simulators).map((simulator) => simulator.close())));
    const entry = await bundle('test/server.ts');
    const server = new ServerProcess(entry, {
      mongoUri: database.uri,
      endpoints: Object.fromEntries(
        Object.entries(simulators).map(([id, simulator]) => [id, simulator.endpoint]),
      ),
      zone: zoneOf(simulators),
      dataDir: join(dir, 'data'),
      leaseMs: 15_000,
      clientDir: builtPages(),
    });
    closing.push(() => server.stop());
    const url = await server.start();
    return { url, setUpCode: server.setUpCode, simulators, server, close };
  } catch (error) {
    await close();
    throw error;
  }
}
