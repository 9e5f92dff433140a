import type { Log } from '../log.ts';
import type { Queue, Topic } from './queue.ts';

interface Crew {
  concurrency: number;
  work: (key: string) => Promise<void>;
}

/** What one topic has to do: each key waits at most once and is worked on by one worker at a time. */
class Desk {
  readonly waiting = new Set<string>();
  readonly running = new Set<string>();
  readonly again = new Set<string>();
  crew: Crew | null = null;
}

/** The queue of a server that is alone: in this process, gone with it. */
export class LocalQueue implements Queue {
  private readonly log: Log;
  private readonly desks = new Map<Topic, Desk>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private closed = false;
  private idle: (() => void)[] = [];

  constructor(options: { log: Log }) {
    this.log = options.log;
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
    const desk = this.desk(topic);
    if (desk.running.has(key)) desk.again.add(key);
    else desk.waiting.add(key);
    this.pull(topic, desk);
  }

  work(topic: Topic, concurrency: number, work: (key: string) => Promise<void>): void {
    const desk = this.desk(topic);
    if (desk.crew) throw new Error(`There are workers for '${topic}' already.`);
    desk.crew = { concurrency, work };
    this.pull(topic, desk);
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    if (this.busy()) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private desk(topic: Topic): Desk {
    const desk = this.desks.get(topic) ?? new Desk();
    this.desks.set(topic, desk);
    return desk;
  }

  private busy(): boolean {
    return [...this.desks.values()].some((desk) => desk.running.size > 0);
  }

  private pull(topic: Topic, desk: Desk): void {
    while (desk.crew && !this.closed && desk.running.size < desk.crew.concurrency) {
      const [key] = desk.waiting;
      if (key === undefined) return;
      desk.waiting.delete(key);
      desk.running.add(key);
      void this.run(topic, desk, { crew: desk.crew, key });
    }
  }

  private async run(topic: Topic, desk: Desk, job: { crew: Crew; key: string }): Promise<void> {
    const { crew, key } = job;
    try {
      // Not within the caller's own turn: waking is never doing.
      await null;
      await crew.work(key);
    } catch (error) {
      this.log.error({ err: error, topic, key }, 'a worker failed; the sweep will find what it left');
    } finally {
      desk.running.delete(key);
      if (desk.again.delete(key)) desk.waiting.add(key);
      this.pull(topic, desk);
      if (this.closed && !this.busy()) for (const resolve of this.idle.splice(0)) resolve();
    }
  }
}
