import type { VisitorMessage } from '../../shared/visitor.ts';

/** What the visitor may see of their conversation, as far as it is here, and up to which of their numbers it is whole. */
export class Thread {
  /** Everything up to this number is here. */
  cursor = 0;
  /** There are older ones. */
  more = false;
  /** Of the team, arrived since this page was loaded: what is said aloud. */
  news: VisitorMessage[] = [];
  readonly #messages = new Map<string, VisitorMessage>();

  get all(): VisitorMessage[] {
    return [...this.#messages.values()].sort((a, b) => (a.at + a.id < b.at + b.id ? -1 : 1));
  }

  /** The highest number of what is here. */
  get newest(): number {
    return Math.max(0, ...[...this.#messages.values()].map(({ seq }) => seq));
  }

  has(id: string): boolean {
    return this.#messages.has(id);
  }

  unread(seen: number): number {
    return this.all.filter(({ from, seq, deleted }) => from === 'team' && !deleted && seq > seen).length;
  }

  /**
   * The newer of two states of a message stays.
   * @returns whether it is news: of the team, and after everything that was here
   */
  put(message: VisitorMessage): boolean {
    const known = this.#messages.get(message.id);
    if (known && known.seq > message.seq) return false;
    this.#messages.set(message.id, message);
    if (known || message.from === 'visitor' || message.seq <= this.cursor || message.deleted) return false;
    this.news = [...this.news.slice(-9), message];
    return true;
  }

  /** The team has read everything of the visitor's up to this number. */
  read(seq: number): void {
    for (const message of this.#messages.values())
      if (message.from === 'visitor' && message.seq <= seq)
        this.#messages.set(message.id, { ...message, state: 'read' });
  }

  clear(): void {
    this.#messages.clear();
    this.news = [];
    this.cursor = 0;
    this.more = false;
  }
}
