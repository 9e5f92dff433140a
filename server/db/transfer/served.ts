import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEngine } from '../embedded/engine.ts';
import { connect, type Side } from './side.ts';

/**
 * Serves a folder for the time of some work, on a socket that nobody else knows; what TTL indexes would delete stays.
 *
 * @param name how the side is told to the person
 */
export async function served<T>(folder: string, name: string, work: (side: Side) => Promise<T>): Promise<T> {
  const place = mkdtempSync(path.join(tmpdir(), 'yekja-copy-'));
  const clear = () => rmSync(place, { recursive: true, force: true });
  process.once('exit', clear);
  try {
    const running = await startEngine({ path: folder, socket: path.join(place, 'engine.sock') });
    running.engine.expiring = false;
    try {
      const side = await connect(running.uri);
      try {
        return await work({ ...side, address: { ...side.address, name } });
      } finally {
        await side.client.close();
      }
    } finally {
      await running.close();
    }
  } finally {
    clear();
    process.off('exit', clear);
  }
}
