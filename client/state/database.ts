import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Draft } from '../../shared/conversation.ts';
import type { OutboxItem } from './outbox.ts';

/** A draft as this browser keeps it: with the newest `seq` that was on screen when it was begun. */
export type KeptDraft = Draft & { baseSeq: number };

interface Kept extends DBSchema {
  drafts: { key: string; value: KeptDraft };
  outbox: { key: string; value: OutboxItem };
}

/** What a person wrote and nobody else has yet. */
export interface Keep {
  drafts(): Promise<KeptDraft[]>;
  putDraft(key: string, draft: KeptDraft): Promise<void>;
  dropDraft(key: string): Promise<void>;
  outbox(): Promise<OutboxItem[]>;
  putItem(item: OutboxItem): Promise<void>;
  dropItem(id: string): Promise<void>;
}

/** In memory: for tests, and where the browser allows no storage. */
export function memoryDatabase(): Keep {
  const drafts = new Map<string, KeptDraft>();
  const items = new Map<string, OutboxItem>();
  return {
    drafts: async () => [...drafts.values()],
    putDraft: async (key, draft) => void drafts.set(key, draft),
    dropDraft: async (key) => void drafts.delete(key),
    outbox: async () => [...items.values()],
    putItem: async (item) => void items.set(item.id, item),
    dropItem: async (id) => void items.delete(id),
  };
}

/** One database for each person who signs in on this browser. */
export async function openDatabase(userId: string): Promise<{ database: Keep; kept: boolean }> {
  try {
    const db: IDBPDatabase<Kept> = await openDB<Kept>(`yekja-${userId}`, 1, {
      upgrade(opened) {
        opened.createObjectStore('drafts');
        opened.createObjectStore('outbox', { keyPath: 'id' });
      },
    });
    return { database: over(db), kept: true };
  } catch {
    // Private windows of some browsers refuse IndexedDB: the page works, and says what that costs.
    return { database: memoryDatabase(), kept: false };
  }
}

function over(db: IDBPDatabase<Kept>): Keep {
  return {
    drafts: () => db.getAll('drafts'),
    putDraft: async (key, draft) => void (await db.put('drafts', draft, key)),
    dropDraft: (key) => db.delete('drafts', key),
    outbox: () => db.getAll('outbox'),
    putItem: async (item) => void (await db.put('outbox', item)),
    dropItem: (id) => db.delete('outbox', id),
  };
}
