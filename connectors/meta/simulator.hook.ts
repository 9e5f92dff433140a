import { randomBytes } from 'node:crypto';
import type { Faults, Timers } from '../simulator.ts';
import { sign } from './signature.ts';

/** Beyond this many, the oldest give way. */
const most = 20_000;
/** Of one POST. */
const batchSize = 50;

/** One thing of one account: the entry it goes into is made when it is sent. */
export interface HookItem {
  account: string;
  /** `messaging`, `standby` or `changes`. */
  list: string;
  item: Record<string, unknown>;
}

/**
 * Meta's webhook sender: the address is confirmed by a challenge first, then what waits is posted signed, in batches of many entries,
 * one POST after the other, each again and again until it is answered with 2xx. Letters beyond ASCII and slashes are escaped as Meta
 * escapes them, so that only the raw bytes have the signature.
 *
 * Faults of the call `event`: `duplicate`, `reorder`, `drop`, `wrongSignature`.
 */
export class HookSender {
  private waiting: HookItem[] = [];
  private url: string | null = null;
  private verified = false;
  private posting = false;

  constructor(
    private readonly options: {
      object: string;
      appSecret: string;
      verifyToken: string;
      faults: Faults;
      timers: Timers;
      retryStep: number;
      now: () => Date;
    },
  ) {}

  setUrl(url: string | null): void {
    this.url = url;
    this.verified = false;
    this.wake();
  }

  add(...items: HookItem[]): void {
    const { faults } = this.options;
    if (faults.take('event', ['drop'])) return;
    this.waiting.push(...items);
    if (this.waiting.length > items.length && faults.take('event', ['reorder'])) this.waiting.reverse();
    if (this.waiting.length > most) this.waiting.splice(0, this.waiting.length - most);
    this.wake();
  }

  /** The next turn of the event loop, so that what happens at once is one batch. */
  private wake(): void {
    if (this.posting || !this.url) return;
    this.posting = true;
    setImmediate(() => void this.deliver());
  }

  private async deliver(): Promise<void> {
    let failures = 0;
    while (this.url && (this.waiting.length > 0 || !this.verified)) {
      const done = this.verified ? await this.post() : await this.confirm();
      failures = done ? 0 : failures + 1;
      if (!done) await this.pause(Math.min(5000, this.options.retryStep * 2 ** Math.min(failures, 10)));
    }
    this.posting = false;
  }

  private async confirm(): Promise<boolean> {
    const url = new URL(this.url ?? '');
    const challenge = String(randomBytes(4).readUInt32BE());
    url.searchParams.set('hub.mode', 'subscribe');
    url.searchParams.set('hub.challenge', challenge);
    url.searchParams.set('hub.verify_token', this.options.verifyToken);
    const answer = await this.call(url, { method: 'GET' });
    this.verified = answer?.status === 200 && answer.text === challenge;
    return this.verified;
  }

  private async post(): Promise<boolean> {
    const batch = this.waiting.slice(0, batchSize);
    const body = escaped({ object: this.options.object, entry: this.entries(batch) });
    const wrong = this.options.faults.take('event', ['wrongSignature']) !== null;
    const signature = sign(body, wrong ? 'another secret' : this.options.appSecret);
    const answer = await this.call(new URL(this.url ?? ''), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
      body,
    });
    const taken = answer !== null && answer.status >= 200 && answer.status < 300;
    if (taken && !this.options.faults.take('event', ['duplicate'])) {
      const gone = new Set(batch);
      this.waiting = this.waiting.filter((item) => !gone.has(item));
    }
    return taken;
  }

  /** One entry for what follows one another of one account and kind. */
  private entries(batch: HookItem[]): Record<string, unknown>[] {
    const groups: HookItem[][] = [];
    for (const item of batch) {
      const group = groups.at(-1);
      if (group?.[0]?.account === item.account && group[0].list === item.list) group.push(item);
      else groups.push([item]);
    }
    const time = this.options.now().getTime();
    return groups.map((group) => ({
      id: group[0]?.account,
      time,
      [group[0]?.list ?? '']: group.map(({ item }) => item),
    }));
  }

  private async call(url: URL, init: RequestInit): Promise<{ status: number; text: string } | null> {
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
      return { status: response.status, text: await response.text() };
    } catch {
      return null;
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.options.timers.after(ms, resolve));
  }
}

/** JSON as Meta writes it: `\u0633`, `\/`. */
export function escaped(value: unknown): string {
  return JSON.stringify(value)
    .replace(/\//g, '\\/')
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
