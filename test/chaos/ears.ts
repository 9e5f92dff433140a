import { isTombstone } from '../../shared/message.ts';
import type { AgentSocket } from '../agent.ts';

/** An agent's socket on one server, and all it heard. */
export class Ear {
  private readonly versions = new Map<string, Set<number>>();
  private readonly places = new Map<string, string>();
  private readonly waiting = new Set<() => void>();

  constructor(socket: AgentSocket) {
    socket.on('conversation.changed', ({ conversationId, version, messages }) => {
      const heard = this.versions.get(conversationId) ?? new Set();
      this.versions.set(conversationId, heard.add(version));
      for (const entry of messages)
        if (!isTombstone(entry) && entry.text) this.places.set(entry.text, conversationId);
      for (const look of this.waiting) look();
    });
  }

  /** The conversation that the message with this text came to. */
  arrived(text: string): Promise<string> {
    return this.until(`"${text}"`, () => this.places.get(text));
  }

  /** Resolves once every version up to this one was heard. @throws naming those that were not */
  async heardAll(conversationId: string, version: number, ms: number): Promise<void> {
    const missing = () => {
      const heard = this.versions.get(conversationId);
      return Array.from({ length: version }, (_, index) => index + 1).filter((one) => !heard?.has(one));
    };
    await this.until('all versions', () => !missing().length, ms).catch(() => {
      throw new Error(`did not hear of version ${missing().join(', ')} of ${version}`);
    });
  }

  private until<T>(what: string, look: () => T | undefined | false, ms = 20_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const again = () => {
        const found = look();
        if (!found) return;
        clearTimeout(timer);
        this.waiting.delete(again);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.waiting.delete(again);
        reject(new Error(`No agent's socket heard of ${what} within ${ms} ms.`));
      }, ms);
      this.waiting.add(again);
      again();
    });
  }
}
