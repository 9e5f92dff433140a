import type { Log } from './log.ts';
import { closeRedis, openRedis } from './redis.ts';

/** What the processes of one installation tell one another. Volatile: whoever must not miss it looks at the database too. */
export interface RelayTopics {
  /** A hook heard that there is something to fetch. */
  'channel.wake': { channelId: string };
  /** A channel's record changed: its listener may have to start again. */
  'channel.changed': { channelId: string };
  /** A user's permissions or sessions changed. */
  'user.changed': { userId: string };
  /** Who is looking at a conversation on another process, all of them; said again while it holds. */
  presence: {
    nodeId: string;
    conversationId: string;
    users: { userId: string; typing: 'reply' | 'note' | null }[];
  };
  'customer.typing': { conversationId: string };
  /** A visitor of the web chat came to the page or left it. */
  'customer.online': { conversationId: string };
  /** A saved search was made or changed: what is sold may be called otherwise. */
  'searches.changed': Record<string, never>;
  /** Some conversation changed: views may hold more or fewer. */
  'counts.stale': Record<string, never>;
}

export interface Relay {
  /** To every other process; this one is not told. */
  publish<T extends keyof RelayTopics>(topic: T, message: RelayTopics[T]): void;
  on<T extends keyof RelayTopics>(topic: T, listener: (message: RelayTopics[T]) => void): () => void;
  close(): Promise<void>;
}

/** Without Redis there is one process alone, which has nobody to tell. */
export function createRelay(options: {
  redisUrl: string | null;
  nodeId: string;
  log: Log;
  /** Of every key in Redis: servers of one database share it. */
  prefix: string;
}): Promise<Relay> {
  const listeners = new Map<string, Set<(message: never) => void>>();
  const on: Relay['on'] = (topic, listener) => {
    const set = listeners.get(topic) ?? new Set();
    listeners.set(topic, set.add(listener));
    return () => void set.delete(listener);
  };
  if (!options.redisUrl)
    return Promise.resolve({ publish: () => undefined, on, close: () => Promise.resolve() });
  return overRedis({ ...options, redisUrl: options.redisUrl, listeners, on });
}

async function overRedis(options: {
  redisUrl: string;
  nodeId: string;
  log: Log;
  prefix: string;
  listeners: Map<string, Set<(message: never) => void>>;
  on: Relay['on'];
}): Promise<Relay> {
  const { log, nodeId, listeners } = options;
  const channel = `${options.prefix}:relay`;
  const connection = { log, for: 'what processes tell one another' };
  const out = openRedis(options.redisUrl, { ...connection, maxRetriesPerRequest: 1 });
  const into = openRedis(options.redisUrl, { ...connection, maxRetriesPerRequest: null });
  into.on('message', (_channel, text) => {
    const { from, topic, message } = JSON.parse(text) as { from: string; topic: string; message: unknown };
    if (from === nodeId) return;
    for (const listener of listeners.get(topic) ?? []) {
      try {
        listener(message as never);
      } catch (error) {
        log.error({ err: error, topic }, 'a relayed message was not understood');
      }
    }
  });
  await into.subscribe(channel);
  return {
    publish(topic, message) {
      // Nobody waits for it: what was not told is found by looking.
      void out.publish(channel, JSON.stringify({ from: nodeId, topic, message })).catch(() => undefined);
    },
    on: options.on,
    async close() {
      await Promise.all([closeRedis(into), closeRedis(out)]);
    },
  };
}
