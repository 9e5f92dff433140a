import type { Fault } from '../connector.ts';
import { Refused, type SimulatedVisitor } from './simulator.visitor.ts';

/** What a visitor wrote, as their browser keeps it until the server has it. */
export interface Writing {
  id: string;
  name: string;
  text: string;
  file?: { name: string; type: string; body: Uint8Array };
}

const firstPauseMs = 25;
const longestPauseMs = 500;

/** A visitor's outbox: in order, each under its own id until the server says that it has it, through outages and restarts. */
export class Outbox {
  private readonly visitor: SimulatedVisitor;
  private readonly faults: () => Fault | null;
  private readonly waiting: Writing[] = [];
  private readonly stop = new AbortController();
  private contact: { name: string; email: string; mobile: string } | null = null;
  private named = '';
  private isOpen = false;
  private pumping: Promise<void> = Promise.resolve();

  constructor(options: { visitor: SimulatedVisitor; faults: () => Fault | null }) {
    this.visitor = options.visitor;
    this.faults = options.faults;
  }

  /** The server's address is known. */
  open(): void {
    this.isOpen = true;
    this.pump();
  }

  add(writing: Writing): void {
    this.waiting.push(writing);
    this.pump();
  }

  /** Resolves once the server has it. */
  async leave(contact: { name: string; email: string; mobile: string }): Promise<void> {
    this.contact = contact;
    this.pump();
    await this.pumping;
  }

  /** The page is opened anew, by whoever is there now. */
  async beginAgain(): Promise<void> {
    this.visitor.leave();
    this.pumping = this.pumping.then(() => this.begin());
    await this.pumping;
  }

  close(): Promise<void> {
    this.stop.abort();
    return this.pumping;
  }

  private pump(): void {
    if (!this.isOpen) return;
    this.pumping = this.pumping.then(() => this.drain());
  }

  private async drain(): Promise<void> {
    if (!this.waiting.length && !this.contact) return;
    if (!this.visitor.token) await this.begin();
    const [first] = this.waiting;
    if (first?.name && first.name !== this.named && !this.contact)
      this.contact = { name: first.name, email: '', mobile: '' };
    const { contact } = this;
    if (contact) {
      await this.insist(() => this.visitor.leaveContact(contact));
      this.named = contact.name;
      this.contact = null;
    }
    while (this.waiting.length && !this.stop.signal.aborted) await this.postFirst();
  }

  private async begin(): Promise<void> {
    await this.insist(() => this.visitor.begin());
    if (!this.stop.signal.aborted) this.visitor.connect();
  }

  private async postFirst(): Promise<void> {
    const fault = this.faults();
    if (fault === 'reorder' && this.waiting.length > 1)
      this.waiting.splice(0, 2, ...(this.waiting.slice(0, 2).reverse() as Writing[]));
    const [writing] = this.waiting;
    if (!writing) return;
    const { id, text, file } = writing;
    const upload = file && (await this.insist(() => this.visitor.upload(file)));
    const fileIds = upload ? [upload.id] : [];
    if (fault === 'resetAfterAccept') await this.visitor.writeUnheard(text, { id, fileIds });
    if (fault === 'drop') this.visitor.dropSocket();
    await this.insist(() => this.visitor.write(text, { id, fileIds }));
    if (fault === 'duplicate') await this.insist(() => this.visitor.write(text, { id, fileIds }));
    this.waiting.shift();
  }

  /** Until the server has it or says that it never will; a server that is away is waited for. */
  private async insist<T>(attempt: () => Promise<T>): Promise<T | null> {
    for (
      let pauseMs = firstPauseMs;
      !this.stop.signal.aborted;
      pauseMs = Math.min(longestPauseMs, pauseMs * 2)
    ) {
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof Refused && error.status === 401)
          await this.visitor.begin().catch(() => undefined);
        else if (error instanceof Refused && error.status < 500 && error.status !== 429) return null;
        const asked = error instanceof Refused ? error.retryAfterMs : 0;
        await this.pause(Math.max(pauseMs, asked));
      }
    }
    return null;
  }

  private pause(ms: number): Promise<void> {
    const { signal } = this.stop;
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      timer.unref();
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }
}
