import Bull from 'bull';
import { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import { LocalQueue } from './local.ts';
import type { Queue, Topic } from './queue.ts';

interface Job {
  key: string;
}

interface Line {
  bull: Bull.Queue<Job>;
  /** Keys that were woken since their worker began. */
  again: string;
}

/** A worker that died is noticed within these: until then its key is not worked on, unless the sweep's lease says so. */
const lockMs = 15_000;
const stalledMs = 5_000;

/**
 * The queue of several servers: Bull over Redis. A key is one job, so it waits at most once and runs on one server at a time. While
 * Redis is away each server wakes its own workers; leases keep them apart.
 */
export class BullQueue implements Queue {
  private readonly log: Log;
  private readonly client: Redis;
  private readonly subscriber: Redis;
  private readonly blocking: Redis[] = [];
  private readonly prefix: string;
  private readonly local: LocalQueue;
  private readonly lines = new Map<Topic, Line>();
  private readonly running = new Set<Promise<void>>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private closed = false;
  private said = false;

  private constructor(options: { log: Log; client: Redis; prefix: string }) {
    this.log = options.log;
    this.client = options.client;
    this.prefix = options.prefix;
    this.local = new LocalQueue({ log: options.log });
    this.subscriber = this.another();
    this.client.on('error', (error) => this.complain(error));
    this.client.on('ready', () => {
      if (this.said) this.log.info('Redis is back');
      this.said = false;
    });
  }

  /**
   * @param options.prefix of every key in Redis: servers of one database share it, others must not
   * @throws when Redis does not answer at the start; the message has no password
   */
  static async open(options: { redisUrl: string; log: Log; prefix: string }): Promise<BullQueue> {
    const client = new Redis(options.redisUrl, {
      lazyConnect: true,
      enableReadyCheck: false,
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(times * 100, 2_000),
    });
    let first: unknown = null;
    const listen = (error: unknown) => {
      first ??= error;
    };
    client.on('error', listen);
    try {
      await client.connect();
    } catch (error) {
      client.disconnect();
      throw new Error(
        `Redis does not answer at ${hostOf(options.redisUrl)} (${reasonOf(first ?? error)}). Is it running, and is REDIS_URL right?`,
      );
    }
    client.off('error', listen);
    return new BullQueue({ log: options.log, client, prefix: options.prefix });
  }

  wake(topic: Topic, key: string, options: { delayMs?: number } = {}): void {
    if (this.closed) return;
    if (options.delayMs) {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        this.wake(topic, key);
      }, options.delayMs);
      timer.unref();
      this.timers.add(timer);
      return;
    }
    if (this.client.status !== 'ready') {
      this.local.wake(topic, key);
      return;
    }
    this.add(topic, key).catch((error) => {
      this.complain(error);
      this.local.wake(topic, key);
    });
  }

  work(
    topic: Topic,
    concurrency: number,
    work: (key: string) => Promise<void>,
    options: { leaseMs?: number } = {},
  ): void {
    this.local.work(topic, concurrency, work);
    const { bull, again } = this.line(topic);
    void bull
      .process(concurrency, async (job) => {
        const { key } = job.data;
        await this.client.srem(again, key);
        const running = work(key).catch((error) => {
          this.log.error({ err: error, topic, key }, 'a worker failed; the sweep will find what it left');
        });
        this.running.add(running);
        const ended = running.then(() => this.running.delete(running));
        if (await endsWithin(ended, options.leaseMs)) return;
        void ended.then(() => this.wake(topic, key));
      })
      .catch((error) => this.complain(error));
    const next = (job: Bull.Job<Job>) => this.runAgain(topic, job.data.key);
    bull.on('completed', next);
    bull.on('failed', next);
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    const closing = Promise.all([...this.lines.values()].map(({ bull }) => bull.close()));
    // Without Redis Bull would wait for it; the work itself is what must come to its end.
    if (this.client.status === 'ready') await closing;
    await Promise.all(this.running);
    await this.local.close();
    for (const connection of [this.client, this.subscriber, ...this.blocking]) connection.disconnect();
  }

  /** Bull waits for it to be ready and never connects it itself. */
  private another(): Redis {
    const connection = this.client.duplicate({ lazyConnect: false });
    connection.on('error', (error) => this.complain(error));
    return connection;
  }

  /** Marked first: whoever is working on the key sees the mark when done, whatever becomes of the job. */
  private async add(topic: Topic, key: string): Promise<void> {
    const { bull, again } = this.line(topic);
    const marked = this.client.sadd(again, key);
    const added = bull.add({ key }, { jobId: `k${key}`, removeOnComplete: true, removeOnFail: true });
    await Promise.all([marked, added]);
  }

  private runAgain(topic: Topic, key: string): void {
    if (this.closed) return;
    this.client
      .srem(this.line(topic).again, key)
      .then((marked) => {
        if (marked) this.wake(topic, key);
      })
      .catch((error) => this.complain(error));
  }

  private line(topic: Topic): Line {
    const known = this.lines.get(topic);
    if (known) return known;
    const bull = new Bull<Job>(topic, {
      prefix: this.prefix,
      createClient: (type) => {
        if (type === 'client') return this.client;
        if (type === 'subscriber') return this.subscriber;
        const blocking = this.another();
        this.blocking.push(blocking);
        return blocking;
      },
      settings: { lockDuration: lockMs, stalledInterval: stalledMs, maxStalledCount: 100 },
    });
    bull.on('error', (error) => this.complain(error));
    const line = { bull, again: `${this.prefix}:again:${topic}` };
    this.lines.set(topic, line);
    return line;
  }

  /** Once until it is back: a Redis that is away would fill the log. */
  private complain(error: unknown): void {
    if (this.said || this.closed) return;
    this.said = true;
    this.log.warn(
      { reason: reasonOf(error) },
      'Redis does not answer: this server goes on alone until it is back',
    );
  }
}

/** False: it is still going on. */
async function endsWithin(work: Promise<unknown>, ms: number | undefined): Promise<boolean> {
  if (ms === undefined) return work.then(() => true);
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([work.then(() => true), over]);
  } finally {
    clearTimeout(timer);
  }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'that address';
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return String(code ?? message ?? error);
}
