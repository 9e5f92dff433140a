import type { Faults, Timers } from '../simulator.ts';

export interface Update {
  update_id: number;
  [kind: string]: unknown;
}

export interface Webhook {
  url: string;
  secret: string;
  allowed: string[];
}

interface Waiting {
  offset: number;
  limit: number;
  answer: (updates: Update[]) => void;
  conflict: () => void;
}

const notTheSecret = 'not-the-secret';

/** Beyond this many, the oldest give way, as Telegram forgets after a day. */
const most = 20_000;

/**
 * Telegram's queue of updates for one bot: handed out by getUpdates until they are confirmed by a higher offset, or posted to the
 * webhook one by one until each is answered with 2xx. Only one of the two at a time.
 */
export class UpdateQueue {
  private queue: Update[] = [];
  private waiting: Waiting | null = null;
  private webhook: Webhook | null = null;
  /** Set by tests and the demo: where a webhook's calls really go. */
  private route: string | null = null;
  private below = false;
  private posting = false;
  private lastError = '';
  private next: number;

  constructor(
    private readonly options: { faults: Faults; timers: Timers; firstId: number; retryStep: number },
  ) {
    this.next = options.firstId;
  }

  add(kind: string, body: unknown): void {
    const { faults } = this.options;
    const update: Update = { update_id: this.next++, [kind]: body };
    if (this.webhook && !this.webhook.allowed.includes(kind)) return;
    if (faults.take('update', ['drop'])) return;
    this.queue.push(update);
    if (this.queue.length > 1 && faults.take('update', ['reorder'])) {
      this.queue.splice(-2, 2, update, this.queue.at(-2) as Update);
    }
    if (this.queue.length > most) this.queue.splice(0, this.queue.length - most);
    this.deliver();
  }

  get(
    options: Omit<Waiting, 'answer' | 'conflict'> & { timeout: number },
    reply: Pick<Waiting, 'answer' | 'conflict'>,
  ): () => void {
    if (this.webhook) {
      reply.conflict();
      return () => undefined;
    }
    this.waiting?.conflict();
    const waiting: Waiting = { ...options, ...reply };
    this.waiting = waiting;
    if (options.offset > 0) this.queue = this.queue.filter((update) => update.update_id >= options.offset);
    if (options.offset < 0) this.queue = this.queue.slice(options.offset);
    this.options.timers.after(options.timeout * 1000, () => {
      if (this.waiting === waiting) this.handOut([]);
    });
    this.deliver();
    return () => {
      if (this.waiting === waiting) this.waiting = null;
    };
  }

  setWebhook(webhook: Webhook | null): void {
    this.webhook = webhook;
    this.lastError = '';
    if (webhook && this.waiting) {
      this.waiting.conflict();
      this.waiting = null;
    }
    this.deliver();
  }

  /** @param below the last part of the webhook's own address is kept, for it is its secret. */
  setRoute(url: string | null, below = false): void {
    this.route = url;
    this.below = below;
    this.deliver();
  }

  info(): Record<string, unknown> {
    return {
      url: this.webhook?.url ?? '',
      has_custom_certificate: false,
      pending_update_count: this.queue.length,
      ...(this.lastError ? { last_error_message: this.lastError } : {}),
    };
  }

  private deliver(): void {
    if (this.webhook) {
      if (!this.posting) void this.post();
      return;
    }
    if (this.waiting && this.queue.length > 0) this.handOut(this.queue.slice(0, this.waiting.limit));
  }

  /** `duplicate`: what was handed out before comes once more in front. */
  private handOut(updates: Update[]): void {
    const waiting = this.waiting;
    this.waiting = null;
    const first = updates[0];
    const again = first && this.options.faults.take('update', ['duplicate']);
    waiting?.answer(again ? [first, ...updates] : updates);
  }

  /** One at a time and in order, as with max_connections 1; tried again until it is taken. */
  private async post(): Promise<void> {
    this.posting = true;
    let failures = 0;
    for (let update = this.queue[0]; update && this.webhook; update = this.queue[0]) {
      const { faults } = this.options;
      const wrong = faults.take('update', ['wrongSignature']) !== null;
      const taken = await this.postOne(update, wrong ? notTheSecret : this.webhook.secret);
      if (taken && !faults.take('update', ['duplicate']))
        this.queue = this.queue.filter((other) => other !== update);
      failures = taken ? 0 : failures + 1;
      if (!taken) await this.pause(Math.min(5000, this.options.retryStep * 2 ** Math.min(failures, 10)));
    }
    this.posting = false;
  }

  private async postOne(update: Update, secret: string): Promise<boolean> {
    try {
      const response = await fetch(this.address(secret), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(secret ? { 'x-telegram-bot-api-secret-token': secret } : {}),
        },
        body: JSON.stringify(update),
        signal: AbortSignal.timeout(10_000),
      });
      await response.arrayBuffer();
      this.lastError = response.ok ? '' : `Wrong response from the webhook: ${response.status}`;
      return response.ok;
    } catch {
      this.lastError = 'Connection failed';
      return false;
    }
  }

  private address(secret: string): string {
    const own = this.webhook?.url ?? '';
    if (!this.below) return this.route ?? own;
    const last = secret === notTheSecret ? notTheSecret : own.split('/').at(-1);
    return this.route ? `${this.route}/${last}` : own;
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.options.timers.after(ms, resolve));
  }
}
