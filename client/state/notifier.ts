import type { Notice } from '../../shared/events.ts';
import type { Me } from '../../shared/user.ts';
import type { Connection } from '../api/socket.ts';
import { ring } from '../lib/ring.ts';
import type { Attention } from './attention.ts';
import { ringingFor } from './notice.rules.ts';

export interface NotifierOptions {
  connection: Connection;
  attention: Attention;
  /** The person with the rules they have now. */
  me: () => Me | null;
  goTo: (conversationId: string) => void;
  /** A page that is about no conversation. */
  goToPage: (path: string) => void;
  /** The words over a notice, in the person's language; null until the page is drawn. */
  titleOf: () => ((notice: Notice) => string) | null;
}

const remembered = 200;

/** Tells a person of what wants their attention: one of their windows rings, by their own rules. */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #told = new Set<string>();
  readonly #shown = new Map<string, Notification>();

  constructor(options: NotifierOptions) {
    this.#options = options;
    options.connection.on('notify', (notice) => this.#tell(notice));
  }

  /** What was said about a conversation leaves the screen when it is opened. */
  seen(conversationId: string | null): void {
    if (!conversationId) return;
    this.#shown.get(conversationId)?.close();
    this.#shown.delete(conversationId);
  }

  close(): void {
    for (const notification of this.#shown.values()) notification.close();
    this.#shown.clear();
  }

  #tell(notice: Notice): void {
    // Every window remembers, so that whoever rings next does not begin anew.
    if (this.#told.has(notice.id)) return;
    this.#told.add(notice.id);
    if (this.#told.size > remembered) this.#told.delete(this.#told.values().next().value ?? '');
    const { attention, me } = this.#options;
    const person = me();
    if (!attention.speaks || !person) return;
    const { notify, timeZone } = person.preferences;
    const { sound, desktop } = ringingFor(notice, {
      notify,
      timeZone,
      now: Date.now(),
      inSight: attention.inSight(),
    });
    if (sound) ring(notify.volume);
    if (desktop) this.#show(notice, person);
  }

  #show(notice: Notice, { preferences }: Me): void {
    const title = this.#options.titleOf()?.(notice);
    // Asked for by a press in the settings, never from here.
    if (!title || typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
    const { conversationId, text, id, path } = notice;
    // What is about no conversation stands by itself.
    const about = conversationId || id;
    const notification = new Notification(title, {
      body: text,
      tag: `yekja ${about}`,
      icon: '/icon.svg',
      lang: preferences.language,
      dir: preferences.language === 'fa' ? 'rtl' : 'ltr',
      silent: true,
      data: { id },
    });
    this.#shown.set(about, notification);
    notification.onclick = () => {
      window.focus();
      if (conversationId) this.#options.goTo(conversationId);
      else if (path) this.#options.goToPage(path);
      notification.close();
    };
    notification.onclose = () => {
      if (this.#shown.get(about) === notification) this.#shown.delete(about);
    };
  }
}
