/** What one window of this person tells the others: what it shows, and whether it has their eyes. */
interface Glance {
  window: string;
  conversationId: string | null;
  focused: boolean;
  /** The window is closing. */
  gone?: true;
}

type Word = Glance | { ask: true };

/**
 * Which conversations the person has before their eyes, whichever window shows them; and which one of the windows speaks
 * for all of them. One window holds a lock for as long as it lives, the next one takes it over.
 */
export class Attention {
  readonly #channel: BroadcastChannel;
  readonly #others = new Map<string, Glance>();
  readonly #mine: Glance = { window: crypto.randomUUID(), conversationId: null, focused: false };
  readonly #stop = new AbortController();
  #release: (() => void) | undefined;
  #speaks = false;

  constructor(userId: string) {
    this.#channel = new BroadcastChannel(`yekja-attention-${userId}`);
    this.#channel.onmessage = ({ data }: MessageEvent<Word>) => this.#hear(data);
    const { signal } = this.#stop;
    const look = () => this.#look();
    for (const name of ['focus', 'blur']) window.addEventListener(name, look, { signal });
    document.addEventListener('visibilitychange', look, { signal });
    window.addEventListener('pagehide', () => this.#say({ ...this.#mine, gone: true }), { signal });
    this.#look();
    this.#say({ ask: true });
    // Without locks (a page without https in some browsers) each window speaks for itself.
    if (!('locks' in navigator)) this.#speaks = true;
    else
      navigator.locks
        .request(`yekja-bell-${userId}`, { signal }, () => {
          this.#speaks = true;
          return new Promise<void>((resolve) => {
            this.#release = resolve;
          });
        })
        .catch(() => undefined);
  }

  /** This window is the one that rings. */
  get speaks(): boolean {
    return this.#speaks;
  }

  show(conversationId: string | null): void {
    if (conversationId === this.#mine.conversationId) return;
    this.#mine.conversationId = conversationId;
    this.#say(this.#mine);
  }

  inSight(): ReadonlySet<string> {
    const seen = [this.#mine, ...this.#others.values()].filter(({ focused }) => focused);
    return new Set(seen.flatMap(({ conversationId }) => (conversationId ? [conversationId] : [])));
  }

  close(): void {
    this.#say({ ...this.#mine, gone: true });
    this.#stop.abort();
    this.#release?.();
    this.#channel.close();
  }

  #look(): void {
    this.#mine.focused = document.visibilityState === 'visible' && document.hasFocus();
    this.#say(this.#mine);
  }

  #say(word: Word): void {
    this.#channel.postMessage(word);
  }

  #hear(word: Word): void {
    if ('ask' in word) this.#say(this.#mine);
    else if (word.gone) this.#others.delete(word.window);
    else this.#others.set(word.window, word);
  }
}
