import type { Draft } from '../../shared/conversation.ts';
import type { LetterCreate, Target } from '../../shared/message.ts';
import type { Calls } from '../api/calls.ts';
import type { Keep, KeptDraft } from './database.ts';
import { draftKey } from './model.ts';
import { Watched } from './watched.ts';

export type DraftMode = Draft['mode'];

export interface DraftsOptions {
  calls: Pick<Calls, 'saveDraft' | 'drafts'>;
  database: Keep;
  now?: () => number;
}

const debounce = 300;

/**
 * What is being written, for each conversation and mode: in memory at once, on this browser and on the server a moment
 * later, and back again everywhere. The newest `savedAt` wins.
 */
export class Drafts extends Watched {
  readonly #options: DraftsOptions;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #saving = new Map<string, Promise<void>>();
  readonly #unsaved = new Set<string>();
  readonly #held = new Set<string>();
  #drafts: ReadonlyMap<string, KeptDraft> = new Map();

  constructor(options: DraftsOptions) {
    super();
    this.#options = options;
  }

  readonly all = (): ReadonlyMap<string, KeptDraft> => this.#drafts;

  of(conversationId: string, mode: DraftMode): KeptDraft | undefined {
    return this.#drafts.get(draftKey(conversationId, mode));
  }

  /** `saved` on the server, still `saving`, or `local` only. */
  status(conversationId: string, mode: DraftMode): 'saved' | 'saving' | 'local' {
    const key = draftKey(conversationId, mode);
    if (this.#timers.has(key) || this.#saving.has(key)) return 'saving';
    return this.#unsaved.has(key) ? 'local' : 'saved';
  }

  async restore(): Promise<void> {
    for (const draft of await this.#options.database.drafts()) this.#take(draft);
    await this.fetch();
  }

  /** What was written elsewhere; and what was written here without a connection goes to the server. */
  async fetch(): Promise<void> {
    const drafts = await this.#options.calls.drafts().catch(() => null);
    if (!drafts) return;
    for (const draft of drafts) this.receive(draft, draft.conversationId, draft.mode);
    for (const key of this.#unsaved) this.#save(key);
  }

  write(draft: {
    conversationId: string;
    mode: DraftMode;
    text: string;
    target: Target | null;
    letter?: LetterCreate | null;
    seq: number;
  }): void {
    const { conversationId, mode, text, target, seq } = draft;
    const before = this.of(conversationId, mode);
    const letter = draft.letter === undefined ? (before?.letter ?? null) : draft.letter;
    const savedAt = Math.max((this.#options.now ?? Date.now)(), (before?.savedAt ?? 0) + 1);
    const baseSeq = before?.text ? before.baseSeq : seq;
    this.#set({ conversationId, mode, text, target, letter, savedAt, baseSeq });
    this.#schedule(draftKey(conversationId, mode));
  }

  /** The agent has seen what was answered meanwhile. */
  rebase(conversationId: string, mode: DraftMode, baseSeq: number): void {
    const draft = this.of(conversationId, mode);
    if (draft) this.#set({ ...draft, baseSeq });
  }

  /** Sent, or thrown away. The server strikes a sent draft off by itself. */
  clear(conversationId: string, mode: DraftMode, { sent = false } = {}): void {
    const draft = this.of(conversationId, mode);
    if (!draft) return;
    const key = draftKey(conversationId, mode);
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.#unsaved.delete(key);
    const savedAt = Math.max((this.#options.now ?? Date.now)(), draft.savedAt + 1);
    this.#set({ ...draft, text: '', letter: null, savedAt });
    void this.#options.database.dropDraft(key);
    if (!sent) this.#save(key);
  }

  /** Their conversation goes on in another one, and so do they. One that finds another there is added to it: no words are lost. */
  move(from: string, to: string, seq: number): void {
    for (const mode of ['reply', 'note'] as const) {
      const draft = this.of(from, mode);
      if (!draft?.text && !draft?.letter) continue;
      const there = this.of(to, mode);
      const text = [there?.text, draft.text].filter(Boolean).join('\n\n');
      const { target, letter } = there?.text ? there : draft;
      // The server may have moved what it has of it already.
      if (there?.text !== draft.text)
        this.write({ conversationId: to, mode, text, target, letter: letter ?? null, seq });
      this.clear(from, mode);
    }
  }

  /** From another tab or machine; older than ours is dropped. */
  receive(draft: Draft | null, conversationId: string, mode: DraftMode): void {
    const mine = this.of(conversationId, mode);
    const key = draftKey(conversationId, mode);
    if (!draft) {
      // Struck off elsewhere (sent): unless something newer is being written here.
      if (mine?.text && !this.#timers.has(key) && !this.#unsaved.has(key))
        this.#set({ ...mine, text: '', letter: null });
      return;
    }
    if (mine && mine.savedAt >= draft.savedAt) return;
    this.#set({ ...draft, baseSeq: mine?.baseSeq ?? Number.MAX_SAFE_INTEGER });
    void this.#options.database.putDraft(key, {
      ...draft,
      baseSeq: mine?.baseSeq ?? Number.MAX_SAFE_INTEGER,
    });
  }

  /**
   * A message leaves, and the server strikes off whatever draft it has then. Resolves when no save of it is under way; what is written
   * from now on, the next message, stays on this browser until `release`.
   */
  async hold(conversationId: string, mode: DraftMode): Promise<void> {
    const key = draftKey(conversationId, mode);
    this.#held.add(key);
    await this.#saving.get(key);
    const draft = this.#drafts.get(key);
    // The server strikes this one off too, though it is of the message after.
    if (draft?.text || draft?.letter) this.#unsaved.add(key);
  }

  /** The message has arrived, or not this time. */
  release(conversationId: string, mode: DraftMode): void {
    const key = draftKey(conversationId, mode);
    this.#held.delete(key);
    if (this.#unsaved.has(key) && !this.#timers.has(key)) this.#save(key);
  }

  #take(draft: KeptDraft): void {
    const key = draftKey(draft.conversationId, draft.mode);
    const mine = this.#drafts.get(key);
    if (mine && mine.savedAt >= draft.savedAt) return;
    this.#unsaved.add(key);
    this.#set(draft);
  }

  #set(draft: KeptDraft): void {
    this.#drafts = new Map(this.#drafts).set(draftKey(draft.conversationId, draft.mode), draft);
    this.changed();
  }

  #schedule(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#unsaved.add(key);
    this.#timers.set(
      key,
      setTimeout(() => {
        this.#timers.delete(key);
        this.#save(key);
      }, debounce),
    );
  }

  /** One save at a time for a draft; what was written meanwhile follows. */
  #save(key: string): void {
    if (this.#saving.has(key)) {
      this.#schedule(key);
      return;
    }
    const draft = this.#drafts.get(key);
    if (!draft) return;
    this.#saving.set(
      key,
      this.#put(key, draft).finally(() => {
        this.#saving.delete(key);
        this.changed();
      }),
    );
    this.changed();
  }

  async #put(key: string, draft: KeptDraft): Promise<void> {
    const { baseSeq: _, ...wire } = draft;
    if (draft.text || draft.letter) await this.#options.database.putDraft(key, draft).catch(() => undefined);
    else await this.#options.database.dropDraft(key).catch(() => undefined);
    if (this.#held.has(key)) return;
    try {
      await this.#options.calls.saveDraft(wire);
      if (this.#drafts.get(key)?.savedAt === draft.savedAt) this.#unsaved.delete(key);
    } catch {
      // Kept on this browser; tried again with the next word, and when the connection is back.
      this.#unsaved.add(key);
    }
  }
}
