import type { Attachment } from '../../shared/message.ts';
import { pathOf } from '../api/http.ts';
import { upload } from '../api/upload.ts';
import { Watched } from './watched.ts';

export interface Upload {
  key: string;
  name: string;
  bytes: number;
  /** Of the file here, as the system names it. */
  type: string;
  /** A share between 0 and 1; 1 with `attachment` when it is done. */
  progress: number;
  attachment: Attachment | null;
  error: unknown;
}

const nothing: readonly Upload[] = [];

/** Files on their way to the messages being written, by conversation: they stay when the agent looks elsewhere. */
export class Uploads extends Watched {
  #uploads: ReadonlyMap<string, readonly Upload[]> = new Map();
  readonly #aborts = new Map<string, AbortController>();
  /** Of uploads that are not done. */
  readonly #files = new Map<string, File>();

  readonly of = (conversationId: string): readonly Upload[] => this.#uploads.get(conversationId) ?? nothing;

  add(conversationId: string, file: File): void {
    const key = crypto.randomUUID();
    const { name, size: bytes, type } = file;
    this.#files.set(key, file);
    this.#set(conversationId, [
      ...this.of(conversationId),
      { key, name, bytes, type, progress: 0, attachment: null, error: null },
    ]);
    this.#send(conversationId, key, file);
  }

  /** Once more, what could not leave. */
  retry(conversationId: string, key: string): void {
    const file = this.#files.get(key);
    if (file) this.#send(conversationId, key, file);
  }

  /** Whether it can be sent again: files of another page are known by their name only. */
  canRetry(key: string): boolean {
    return this.#files.has(key);
  }

  #send(conversationId: string, key: string, file: File): void {
    const abort = new AbortController();
    this.#aborts.set(key, abort);
    const change = (part: Partial<Upload>) =>
      this.#set(
        conversationId,
        this.of(conversationId).map((each) => (each.key === key ? { ...each, ...part } : each)),
      );
    change({ progress: 0, error: null });
    upload<Attachment>(pathOf('/api/files', { name: file.name || 'file' }), file, {
      onProgress: (progress) => change({ progress }),
      signal: abort.signal,
    })
      .then(
        (attachment) => {
          this.#files.delete(key);
          change({ attachment, progress: 1 });
        },
        (error: unknown) => change({ error }),
      )
      .finally(() => this.#aborts.delete(key));
  }

  /** What a message that was taken back had with it. */
  giveBack(conversationId: string, attachments: readonly Attachment[]): void {
    const known = new Set(this.of(conversationId).map(({ attachment }) => attachment?.id));
    const back = attachments
      .filter(({ id }) => !known.has(id))
      .map((attachment) => ({
        key: attachment.id,
        name: attachment.name,
        bytes: attachment.bytes ?? 0,
        type: attachment.type,
        progress: 1,
        attachment,
        error: null,
      }));
    if (back.length > 0) this.#set(conversationId, [...this.of(conversationId), ...back]);
  }

  remove(conversationId: string, key: string): void {
    this.#aborts.get(key)?.abort();
    this.#aborts.delete(key);
    this.#files.delete(key);
    this.#set(
      conversationId,
      this.of(conversationId).filter((each) => each.key !== key),
    );
  }

  /** Nothing goes on after the person left. */
  stop(): void {
    for (const abort of this.#aborts.values()) abort.abort();
    this.#aborts.clear();
  }

  /** They left with their message. */
  clear(conversationId: string): void {
    this.#set(conversationId, []);
  }

  #set(conversationId: string, uploads: readonly Upload[]): void {
    const next = new Map(this.#uploads);
    if (uploads.length > 0) next.set(conversationId, uploads);
    else next.delete(conversationId);
    this.#uploads = next;
    this.changed();
  }
}
