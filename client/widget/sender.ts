import type { VisitorFile } from '../../shared/visitor.ts';
import { exclusively } from './exclusively.ts';
import type { Keep } from './keep.ts';
import { type Outgoing, outbox } from './outbox.ts';
import { Refused } from './wire.ts';

export interface SenderOptions {
  site: string;
  keep: Keep;
  /** What is kept is of the visitor whom this page knows. */
  isOurs: () => boolean;
  /** Brings it to the server. @returns whether it is there; false: not yet, and another attempt is to be made at once */
  post: (message: Outgoing) => Promise<boolean>;
  /** Something changed; `offline` when it is known anew whether the server can be reached. */
  onChange: (offline?: boolean) => void;
}

/** Sends what waits in the outbox: in its order, one after the other, by one tab at a time, again after a growing pause. */
export class Sender {
  waiting: Outgoing[] = [];
  readonly #options: SenderOptions;
  readonly #out: ReturnType<typeof outbox>;
  #sending = false;
  #pause = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#out = outbox(options.keep);
  }

  add(text: string, files: VisitorFile[]): void {
    const last = this.waiting.at(-1)?.at ?? 0;
    const message: Outgoing = { id: crypto.randomUUID(), text, files, at: Math.max(Date.now(), last + 1) };
    this.#out.put(message);
    this.waiting = [...this.waiting, message];
    this.#options.onChange();
    void this.run();
  }

  drop(message: Outgoing): void {
    this.#out.strike(message);
    this.reread();
  }

  /** The server has the message of this id. */
  arrived(id: string): void {
    const message = this.waiting.find((one) => one.id === id);
    if (message) this.drop(message);
  }

  /** Another tab may have sent it, or another visitor's coming have struck it off. */
  has(message: Outgoing): boolean {
    return this.#out.has(message);
  }

  reread(): void {
    this.waiting = this.#options.isOurs() ? this.#out.all() : [];
    this.#options.onChange();
  }

  hurry(): void {
    this.#pause = 0;
    void this.run();
  }

  async run(): Promise<void> {
    if (this.#sending || !this.#next()) return;
    clearTimeout(this.#timer);
    this.#sending = true;
    let offline = false;
    try {
      await exclusively(`${this.#options.site}:send`, async () => {
        for (let next = this.#next(); next; next = this.#next()) await this.#one(next);
      });
      this.#pause = 0;
    } catch (error) {
      offline = !(error instanceof Refused);
      this.#pause = Math.min(30_000, this.#pause * 2 || 1_000);
      const asked = error instanceof Refused ? error.retryAfter * 1_000 : 0;
      const pause = Math.max(asked, this.#pause * (0.5 + Math.random()));
      this.#timer = setTimeout(() => void this.run(), pause);
    }
    this.#sending = false;
    this.#options.onChange(offline);
  }

  #next(): Outgoing | undefined {
    return this.waiting.find(({ refused }) => !refused);
  }

  async #one(message: Outgoing): Promise<void> {
    if (!this.has(message)) return this.reread();
    try {
      if (await this.#options.post(message)) this.drop(message);
    } catch (error) {
      if (!(error instanceof Refused && error.isFinal)) throw error;
      this.#out.put({ ...message, refused: error.status });
      this.reread();
    }
  }
}
