import { AppError, type ErrorBody } from '../../shared/errors.ts';
import type { Attachment, Message, MessageCreate } from '../../shared/message.ts';
import type { Calls } from '../api/calls.ts';
import { isPassing } from '../api/http.ts';
import type { Keep } from './database.ts';
import { Watched } from './watched.ts';

/** A message that was written here and that the server has not confirmed yet. */
export interface OutboxItem {
  id: string;
  conversationId: string;
  create: MessageCreate;
  /** What was attached, to be drawn. */
  attachments: Attachment[];
  /** The words of what leaves as a template, whose own text is empty. */
  shown?: string;
  /** Milliseconds since 1970, and the order of sending within a conversation. */
  createdAt: number;
  /** `blocked` waits for the agent's word, `refused` will not be accepted as it is. */
  state: 'waiting' | 'sending' | 'blocked' | 'refused';
  error: ErrorBody | null;
}

export interface OutboxOptions {
  calls: Pick<Calls, 'createMessage' | 'conversation'>;
  database: Keep;
  /** Before an item leaves: drafts that are being saved must not come back after it, nor the next one go with it. */
  before: (item: OutboxItem) => Promise<void>;
  /** It has left, or could not. */
  after: (item: OutboxItem) => void;
  /** The server has the message: its conversation is brought up to date before the row here goes. */
  accepted: (message: Message) => Promise<void>;
  /** The conversation goes on in another: where the person is taken. */
  moved: (item: OutboxItem, conversationId: string) => void;
  now?: () => number;
}

const firstPause = 1_000;
const longestPause = 30_000;

/**
 * Sends what was written, in order within each conversation, until the server has it. The message's id was minted here,
 * so sending it again is the same message. Survives a reload.
 */
export class Outbox extends Watched {
  readonly #options: OutboxOptions;
  readonly #busy = new Set<string>();
  #items: readonly OutboxItem[] = [];
  #pause = firstPause;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(options: OutboxOptions) {
    super();
    this.#options = options;
  }

  readonly items = (): readonly OutboxItem[] => this.#items;

  async restore(): Promise<void> {
    const kept = await this.#options.database.outbox();
    const here = new Set(this.#items.map(({ id }) => id));
    const restored = kept
      .filter(({ id }) => !here.has(id))
      .map((item) => (item.state === 'sending' ? { ...item, state: 'waiting' as const } : item));
    this.#set([...restored, ...this.#items].sort((a, b) => a.createdAt - b.createdAt));
    this.hurry();
  }

  /** Takes a message; it is on screen when this returns. */
  add(item: Pick<OutboxItem, 'conversationId' | 'create' | 'attachments' | 'shown'>): void {
    const last = this.#items.at(-1)?.createdAt ?? 0;
    const createdAt = Math.max((this.#options.now ?? Date.now)(), last + 1);
    const added: OutboxItem = { ...item, id: item.create.id, createdAt, state: 'waiting', error: null };
    this.#set([...this.#items, added]);
    void this.#options.database.putItem(added);
    this.#run(item.conversationId);
  }

  /** Tries everything that waits, now: the connection is back, or somebody signed in again. */
  hurry(): void {
    clearTimeout(this.#timer);
    this.#pause = firstPause;
    for (const { conversationId } of this.#items) this.#run(conversationId);
  }

  /** Takes a refused message to the conversation that the server named instead: text, files and target go along. */
  async moveTo(id: string, conversationId: string): Promise<void> {
    const item = this.#items.find((each) => each.id === id);
    if (item?.state === 'refused') await this.#follow(item, conversationId);
  }

  retry(id: string, change: Partial<MessageCreate> = {}): void {
    const item = this.#items.find((each) => each.id === id);
    if (!item) return;
    this.#change(item, { state: 'waiting', error: null, create: { ...item.create, ...change } });
    this.#run(item.conversationId);
  }

  /** Takes a message back that the server does not have. */
  discard(id: string): OutboxItem | undefined {
    const item = this.#items.find((each) => each.id === id);
    if (!item || item.state === 'sending') return undefined;
    this.#set(this.#items.filter((each) => each.id !== id));
    void this.#options.database.dropItem(id);
    this.#run(item.conversationId);
    return item;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** The first item of a conversation, if it may go; the others wait behind it. */
  #run(conversationId: string): void {
    if (this.#stopped || this.#busy.has(conversationId)) return;
    const item = this.#items.find((each) => each.conversationId === conversationId);
    if (item?.state !== 'waiting') return;
    this.#busy.add(conversationId);
    void this.#send(item).then((goOn) => {
      this.#busy.delete(conversationId);
      if (goOn) this.#run(conversationId);
    });
  }

  /** False: nothing of this conversation may overtake the item, which is tried again after a pause. */
  async #send(item: OutboxItem): Promise<boolean> {
    this.#change(item, { state: 'sending' });
    try {
      await this.#options.before(item);
      const message = await this.#options.calls.createMessage(item.conversationId, item.create);
      this.#pause = firstPause;
      await this.#options.accepted(message).catch(() => undefined);
      this.#set(this.#items.filter(({ id }) => id !== item.id));
      await this.#options.database.dropItem(item.id);
      return true;
    } catch (error) {
      return this.#failed(item, error);
    } finally {
      this.#options.after(item);
    }
  }

  async #failed(item: OutboxItem, error: unknown): Promise<boolean> {
    if (!(error instanceof AppError) || isPassing(error) || error.code === 'unauthenticated') {
      this.#change(item, { state: 'waiting' });
      this.#later(error instanceof AppError ? error.body.retryAfter : undefined);
      return false;
    }
    const successorId = dataOf(error, 'successorId');
    if (error.reason === 'continued' && successorId) {
      await this.#follow(item, successorId);
      return true;
    }
    const state = error.reason === 'colleagueReplied' ? 'blocked' : 'refused';
    this.#change(item, { state, error: error.body });
    return true;
  }

  /** Its conversation goes on elsewhere: text and target go along. */
  async #follow(item: OutboxItem, successorId: string): Promise<void> {
    const seen = await this.#options.calls.conversation(successorId).catch(() => null);
    this.#change(item, {
      state: 'waiting',
      error: null,
      conversationId: successorId,
      create: { ...item.create, ...(seen && { lastSeenSeq: seen.header.seq }) },
    });
    this.#options.moved(item, successorId);
    this.#run(successorId);
  }

  #later(seconds: number | undefined): void {
    clearTimeout(this.#timer);
    const wait = seconds === undefined ? this.#pause * (0.75 + Math.random() / 2) : seconds * 1000;
    this.#pause = Math.min(longestPause, this.#pause * 2);
    this.#timer = setTimeout(() => {
      for (const { conversationId } of this.#items) this.#run(conversationId);
    }, wait);
  }

  #change(item: Pick<OutboxItem, 'id'>, change: Partial<OutboxItem>): void {
    this.#set(this.#items.map((each) => (each.id === item.id ? { ...each, ...change } : each)));
    const kept = this.#items.find((each) => each.id === item.id);
    if (kept) void this.#options.database.putItem(kept);
  }

  #set(items: readonly OutboxItem[]): void {
    this.#items = items;
    this.changed();
  }
}

/** What the server's answer names for its reason: a successor, the active conversation. */
export function dataOf(error: Pick<AppError, 'body'>, key: string): string | undefined {
  const { data } = error.body;
  if (typeof data !== 'object' || data === null) return undefined;
  const value = (data as Record<string, unknown>)[key];
  return typeof value === 'string' ? value : undefined;
}
