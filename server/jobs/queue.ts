/**
 * The port that wakes workers, in this process or, over Redis, in another. It only wakes: what is to be done is in the
 * database, and a sweep finds it there when a wake-up is lost.
 */
export interface Queue {
  /** Wakes one worker of `topic` for `key`; a wake-up for a key that is being worked on is not lost: it runs once more after. */
  wake(topic: Topic, key: string, options?: { delayMs?: number }): void;
  /**
   * @param work must not throw for what it can record; a throw is logged and left to the sweep
   * @param options.leaseMs its keys are kept apart by leases of this life, too: one whose worker stalls for longer may be given to
   *   another server, and is looked at once more when the worker ends after all
   */
  work(
    topic: Topic,
    concurrency: number,
    work: (key: string) => Promise<void>,
    options?: { leaseMs?: number },
  ): void;
  /** Resolves when nothing is running and nothing new is taken. */
  close(): Promise<void>;
}

/** inbound: an event's id. lane: a lane's id. attachment: a message's id. facts, compare, advocates: 'due', whoever they are of. search, listen: 'owed'. */
export type Topic =
  | 'inbound'
  | 'lane'
  | 'attachment'
  | 'facts'
  | 'compare'
  | 'search'
  | 'import'
  | 'advocates'
  | 'listen';
