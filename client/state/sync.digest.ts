import { isTombstone } from '../../shared/message.ts';
import type { Gap } from './apply.ts';
import { type ListWindow, windowKey } from './model.ts';
import type { SyncOptions } from './sync.ts';

const deepest = 200;

/** Whether a visible window differs from the server's digest of it; entries older than ours are ignored. */
export async function checkWindow(
  { calls, store }: Pick<SyncOptions, 'calls' | 'store'>,
  { view, channelId, filter, ids, next }: ListWindow,
): Promise<boolean> {
  const scope = { view, channelId, filter };
  const limit = Math.min(deepest, Math.max(ids.length, 1));
  const digest = await calls.viewDigest({ ...scope, limit });
  const { headers } = store.get();
  const behind = digest.versions.some(([id, version]) => (headers.get(id)?.version ?? -1) < version);
  if (behind) return true;
  const listed = new Set(digest.versions.map(([id]) => id));
  const rows = store.get().windows.get(windowKey(scope))?.ids ?? [];
  // Read to its end, and yet there are more.
  if (next === null && digest.count > rows.length) return true;
  // A digest that is not full lists the whole view: what it does not name does not belong there.
  const shown = listed.size < limit ? rows.slice(0, limit) : rows.slice(0, listed.size);
  return shown.some((id) => !listed.has(id)) || shown.length < Math.min(listed.size, limit);
}

/**
 * The messages of one conversation between the loaded ends against the server's digest. False: what is held differs in
 * a way that no version explains, and the timeline must be read afresh.
 */
export async function checkTimeline(
  { calls, store }: Pick<SyncOptions, 'calls' | 'store'>,
  customerId: string,
  conversationId: string,
  fill: (gap: Gap) => Promise<void>,
): Promise<boolean> {
  const held = () => store.get().timelines.get(customerId);
  const before = held();
  if (!before) return true;
  const mine = before.messages.filter((message) => message.conversationId === conversationId);
  const fromSeq = mine.reduce((least, { seq }) => Math.min(least, seq), Number.POSITIVE_INFINITY);
  const digest = await calls.timelineDigest(conversationId, Number.isFinite(fromSeq) ? fromSeq : 0);
  const reached = held()?.versions.get(conversationId) ?? 0;
  if (digest.version > reached) {
    await fill({ conversationId, since: reached });
    return true;
  }
  const now = held();
  if (!now) return true;
  const onServer = new Map(digest.versions);
  for (const message of mine) {
    const entry = now.entries.get(`${conversationId}:${message.id}`);
    const known = onServer.get(message.id);
    if (!entry || isTombstone(entry)) continue;
    if (known === undefined ? entry.version <= digest.version : entry.version < known) return false;
  }
  if (now.ceiling || now.floor) return true;
  return digest.versions.every(
    ([id, version]) =>
      version > digest.version || (now.entries.get(`${conversationId}:${id}`)?.version ?? -1) >= version,
  );
}
