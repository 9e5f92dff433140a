import { ensureMongo } from '../../embedded/process/launcher.ts';

/** An engine in a process of its own. */
export interface Apart {
  uri: string;
  close(): Promise<void>;
}

/**
 * Serves a folder from another process, as the program does. One process may not open a store twice: LMDB has one writer for a file,
 * and whoever waits for it here would keep it from ending.
 */
export async function servedApart(dataDir: string, socket: string): Promise<Apart> {
  const { uri, stop } = await ensureMongo({ dataDir, socket, log: () => {} });
  return { uri, close: async () => stop?.() };
}
