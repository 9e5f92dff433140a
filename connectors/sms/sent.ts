/**
 * What this process sent and the listener has not yet taken over into its cursor. Bounded: the oldest give way. A process that dies
 * with ids in here loses only the asking; pushes and `unsettled` still settle them.
 */
const waiting = new Map<string, Map<string, number>>();
const most = 1000;

export function noteSent(channelId: string, externalIds: readonly string[], at: Date): void {
  const ids = waiting.get(channelId) ?? new Map<string, number>();
  waiting.set(channelId, ids);
  for (const id of externalIds) ids.set(id, at.getTime());
  for (const id of ids.keys()) {
    if (ids.size <= most) break;
    ids.delete(id);
  }
}

/** Each id is handed over once. */
export function takeSent(channelId: string): [id: string, sentAt: number][] {
  const ids = [...(waiting.get(channelId) ?? [])];
  waiting.delete(channelId);
  return ids;
}
