import type {
  SignedUser,
  VisitorBegin,
  VisitorContact,
  VisitorFile,
  VisitorMessage,
  VisitorMessages,
  VisitorSession,
  WidgetConfig,
} from '../../shared/visitor.ts';
import type { Keep } from './keep.ts';
import { type Line, openLine } from './line.ts';
import { isOutgoing, type Outgoing, outbox } from './outbox.ts';
import type { Language, Page, Preview, Told } from './protocol.ts';
import { openWire, Refused, type Wire } from './wire.ts';

export interface ChatOptions {
  site: string;
  keep: Keep;
  language: () => Language;
  page: () => Page;
  /** Something that is drawn has changed. */
  onChange: () => void;
  /** A message of the team that was not here before. */
  onMessage: (message: VisitorMessage) => void;
  onRefusedUser: () => void;
}

const noContact: VisitorContact = { name: '', email: '', mobile: '' };

/**
 * A visitor's side of their conversation. Nothing is begun on the server for somebody who only looks: the session starts with
 * the first deed, or at once when this browser holds a token. What is written waits in the outbox until the server has it.
 */
export class Chat {
  config: WidgetConfig | null = null;
  contact = noContact;
  /** There are older messages than those here. */
  more = false;
  /** The last attempt to reach the server failed, or the line is down. */
  offline = false;
  typing: string | null = null;
  isPreview = false;
  waiting: Outgoing[] = [];
  /** Of the team, arrived since this page was loaded: what is said aloud. */
  news: VisitorMessage[] = [];
  readonly #options: ChatOptions;
  readonly #keep: Keep;
  readonly #out: ReturnType<typeof outbox>;
  readonly #messages = new Map<string, VisitorMessage>();
  readonly #wire: Wire;
  /** Everything up to this number of the visitor's is here. */
  #cursor = 0;
  #era = 0;
  #user: Told;
  #session: Promise<void> | null = null;
  #begun: string | null = null;
  #configuring: Promise<void> | null = null;
  #line: Line | null = null;
  #lineOf: string | null = null;
  #pulling: Promise<void> | null = null;
  #pullAgain = false;
  #sending = false;
  #pause = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  #poll: ReturnType<typeof setTimeout> | undefined;
  #typedAt = 0;
  #visible = false;

  constructor(options: ChatOptions) {
    this.#options = options;
    this.#keep = options.keep;
    this.#out = outbox(options.keep);
    this.#wire = openWire(options.site, () => this.token);
    options.keep.onChange((key) => this.#heardFromTab(key));
    addEventListener('online', () => this.hurry());
  }

  /** Raised whenever another visitor begins: what was asked or written for the one before has no say any more. */
  get era(): number {
    return this.#era;
  }

  get messages(): VisitorMessage[] {
    return [...this.#messages.values()].sort((a, b) => (a.at + a.id < b.at + b.id ? -1 : 1));
  }

  /** What this browser remembers is not of a user whom this page has not named. */
  get #isOurs(): boolean {
    const bound = this.#keep.get('user');
    return !bound || this.#user?.userId === bound;
  }

  /** Before anything is written: what is somebody else's goes. */
  #claim(): void {
    if (!this.#isOurs) this.#wipe();
  }

  get token(): string | null {
    return this.#isOurs ? this.#keep.get('token') : null;
  }

  /** The browser keeps what this frame remembers. */
  get isKept(): boolean {
    return this.#keep.isKept;
  }

  get unread(): number {
    const seen = Number(this.#keep.get('seen'));
    return this.messages.filter(({ from, seq, deleted }) => from === 'team' && !deleted && seq > seen).length;
  }

  get draft(): string {
    return (this.#isOurs && this.#keep.get('draft')) || '';
  }
  set draft(text: string) {
    this.#claim();
    this.#keep.set('draft', text || null);
  }

  get muted(): boolean {
    return (this.#keep.get('sound') ?? (this.config?.sound ? 'on' : 'off')) === 'off';
  }
  set muted(off: boolean) {
    this.#keep.set('sound', off ? 'off' : 'on');
    this.#options.onChange();
  }

  /** The form before the first message was passed over. */
  get skipped(): boolean {
    return this.#keep.get('skipped') !== null;
  }
  skip(): void {
    this.#keep.set('skipped', '1');
    this.#options.onChange();
  }

  async start(user: Told): Promise<void> {
    this.identify(user);
    this.#reread();
    await this.#configure();
    if (this.token) void this.#attempt(() => this.ready());
    void this.#send();
  }

  async #configure(): Promise<void> {
    if (this.config) return;
    this.#configuring ??= this.#attempt(async () =>
      this.#configured(await this.#wire.call('GET', 'config')),
    ).finally(() => {
      this.#configuring = null;
    });
    await this.#configuring;
  }

  /** Another user, or nobody after somebody: what the one before wrote and read leaves this browser. */
  identify(user: Told): void {
    if (user === undefined || this.isPreview) return;
    const bound = this.#keep.get('user');
    const before = this.#user;
    this.#user = user;
    if (bound && bound !== user?.userId) this.#wipe();
    else if (user && before?.hash !== user.hash && this.#begun) this.#forget();
    this.#reread();
    if (this.token || (user && this.#visible)) void this.#attempt(() => this.ready());
  }

  /** The panel is before somebody's eyes, or no longer. */
  look(visible: boolean): void {
    this.#visible = visible;
    if (!visible || this.isPreview) return;
    if (this.#user && !this.token) void this.#attempt(() => this.ready());
    this.#seen();
    this.hurry();
  }

  send(text: string, files: VisitorFile[]): void {
    this.#claim();
    const last = this.waiting.at(-1)?.at ?? 0;
    const message: Outgoing = { id: crypto.randomUUID(), text, files, at: Math.max(Date.now(), last + 1) };
    if (this.isPreview) {
      this.#spoken(message);
      return;
    }
    this.#out.put(message);
    this.waiting = [...this.waiting.filter(({ id }) => id !== message.id), message];
    this.#options.onChange();
    void this.#send();
  }

  retry(message: Outgoing): void {
    this.#out.strike(message);
    this.send(message.text, message.files);
    this.#reread();
  }

  drop(message: Outgoing): void {
    this.#out.strike(message);
    this.#reread();
  }

  async leave(contact: VisitorContact): Promise<void> {
    if (!this.isPreview) {
      await this.ready();
      await this.#wire.call('PUT', 'contact', contact);
    }
    this.contact = contact;
    this.#options.onChange();
  }

  async upload(
    file: File,
    options: { onProgress: (share: number) => void; signal: AbortSignal },
  ): Promise<VisitorFile> {
    if (this.isPreview) throw new Refused(403, 0);
    await this.ready();
    return this.#wire.upload(`files?name=${encodeURIComponent(file.name)}`, file, options);
  }

  bytes(file: VisitorFile): Promise<Blob> {
    return this.#wire.bytes(`files/${encodeURIComponent(file.id)}`);
  }

  async older(): Promise<void> {
    const first = this.messages[0];
    if (!first) return;
    const era = this.#era;
    await this.#attempt(async () => {
      const page = await this.#wire.call<VisitorMessages>(
        'GET',
        `messages?before=${encodeURIComponent(first.id)}`,
      );
      if (era !== this.#era) return;
      this.more = page.more;
      for (const message of page.messages) this.#apply(message);
    });
    this.#options.onChange();
  }

  typed(): void {
    if (Date.now() - this.#typedAt < 2_500) return;
    this.#typedAt = Date.now();
    this.#line?.say('typing');
  }

  hurry(): void {
    this.#pause = 0;
    clearTimeout(this.#timer);
    if (!this.token) void this.#configure();
    else if (!this.#begun) void this.#attempt(() => this.ready());
    this.#line?.hurry();
    void this.#send();
  }

  preview({ config, messages }: Preview): void {
    this.isPreview = true;
    this.#configured(config);
    this.#messages.clear();
    for (const message of messages) this.#messages.set(message.id, message);
    this.#options.onChange();
  }

  /** A session on the server, begun once. Two tabs that begin at the same time take turns, and the second finds the first's token. */
  ready(): Promise<void> {
    this.#session ??= exclusively('begin', this.#options.site, () => this.#begin()).catch((error) => {
      this.#session = null;
      throw error;
    });
    return this.#session;
  }

  async #begin(): Promise<void> {
    this.#claim();
    const era = this.#era;
    const user: SignedUser | undefined = this.#user ?? undefined;
    const token = this.token;
    const body: VisitorBegin = {
      language: this.#options.language(),
      page: this.#options.page(),
      ...(token && { token }),
      ...(user && { user }),
    };
    const session = await this.#wire.call<VisitorSession>('POST', 'session', body).catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error;
      if (user && error.status === 403) {
        this.#user = null;
        this.#options.onRefusedUser();
      } else if (token && error.status === 401) {
        this.#keep.set('user', null);
        this.#keep.set('token', null);
      } else throw error;
      return this.#begin().then(() => null);
    });
    if (!session || era !== this.#era) return;
    if (this.#keep.get('visitor') !== session.visitorId) {
      this.#messages.clear();
      this.#cursor = 0;
      this.#keep.set('seen', null);
    }
    this.#keep.set('user', user?.userId ?? (session.token === token ? this.#keep.get('user') : null));
    this.#keep.set('visitor', session.visitorId);
    this.#keep.set('token', session.token);
    this.#begun = session.token;
    this.contact = session.contact;
    this.more = session.more;
    this.#configured(session.config);
    // What was here before this page is no news; what came between two sessions of one page is.
    const isFirst = this.#cursor === 0;
    if (isFirst) this.#cursor = session.seq;
    for (const message of session.messages) this.#apply(message);
    this.#cursor = Math.max(this.#cursor, session.seq);
    this.#seen();
    this.#options.onChange();
    this.#listen(session.token);
  }

  #listen(token: string): void {
    if (this.#lineOf === token) return;
    this.#hangUp();
    this.#lineOf = token;
    this.#line = openLine({
      origin: location.origin.replace(/^http/, 'ws'),
      site: this.#options.site,
      token,
      onState: (connected) => this.#connected(connected),
      on: {
        message: (message) => this.#heard(message),
        seq: ({ seq }) => seq > this.#cursor && void this.#attempt(() => this.#pull()),
        typing: ({ author }) => this.#typing(author),
        read: ({ seq }) => this.#readUpTo(seq),
        config: (config) => this.#configured(config),
        ended: () => this.#ended(),
      },
    });
  }

  #connected(connected: boolean): void {
    clearTimeout(this.#poll);
    if (!connected) {
      // Short breaks are no news. In a longer one, and where no WebSocket gets through, it is asked by HTTP.
      this.#poll = setTimeout(() => void this.#ask(), 3_000);
      return;
    }
    this.offline = false;
    this.#options.onChange();
    void this.#attempt(() => this.#pull());
    void this.#send();
  }

  async #ask(): Promise<void> {
    const line = this.#line;
    clearTimeout(this.#poll);
    this.#poll = setTimeout(() => void this.#ask(), this.#visible ? 5_000 : 60_000);
    await this.#attempt(() => this.#pull());
    if (line !== this.#line) clearTimeout(this.#poll);
  }

  /** Everything that changed since the cursor; asked for again when more was missed meanwhile. */
  #pull(): Promise<void> {
    this.#pullAgain = true;
    this.#pulling ??= (async () => {
      try {
        while (this.#pullAgain) {
          this.#pullAgain = false;
          const era = this.#era;
          const page = await this.#wire.call<VisitorMessages>('GET', `messages?after=${this.#cursor}`);
          if (era !== this.#era) return;
          for (const message of page.messages) this.#apply(message);
          this.#cursor = Math.max(this.#cursor, page.seq);
          this.#pullAgain ||= page.more;
        }
        this.#seen();
        this.#options.onChange();
      } finally {
        this.#pulling = null;
      }
    })();
    return this.#pulling;
  }

  #heard(message: VisitorMessage): void {
    if (message.from === 'team') this.#typing(null);
    this.#apply(message);
    if (message.seq === this.#cursor + 1) this.#cursor += 1;
    else if (message.seq > this.#cursor) void this.#attempt(() => this.#pull());
    this.#seen();
    this.#options.onChange();
  }

  /** The newer of two states of a message stays. */
  #apply(message: VisitorMessage): void {
    const known = this.#messages.get(message.id);
    if (known && known.seq > message.seq) return;
    this.#messages.set(message.id, message);
    const sent = this.waiting.find(({ id }) => id === message.id);
    if (sent) this.drop(sent);
    if (known || message.from === 'visitor' || message.seq <= this.#cursor || message.deleted) return;
    this.news = [...this.news.slice(-9), message];
    this.#options.onMessage(message);
  }

  #readUpTo(seq: number): void {
    for (const message of this.#messages.values())
      if (message.from === 'visitor' && message.seq <= seq)
        this.#messages.set(message.id, { ...message, state: 'read' });
    this.#options.onChange();
  }

  #seen(): void {
    const newest = Math.max(0, ...[...this.#messages.values()].map(({ seq }) => seq));
    if (!newest) return;
    this.#line?.say(this.#visible ? 'seen' : 'arrived', { seq: newest });
    if (!this.#visible || newest <= Number(this.#keep.get('seen'))) return;
    this.#keep.set('seen', String(newest));
    this.#options.onChange();
  }

  #typing(author: string | null): void {
    clearTimeout(this.#typingTimer);
    this.typing = author;
    if (author !== null) this.#typingTimer = setTimeout(() => this.#typing(null), 5_000);
    this.#options.onChange();
  }

  /** The outbox in its order, one after the other, by one tab at a time. */
  async #send(): Promise<void> {
    if (this.#sending || this.isPreview || !this.#next()) return;
    this.#sending = true;
    try {
      await exclusively('send', this.#options.site, async () => {
        for (let next = this.#next(); next; next = this.#next()) await this.#post(next);
      });
      this.#pause = 0;
      this.offline = false;
    } catch (error) {
      this.offline = !(error instanceof Refused);
      this.#pause = Math.min(30_000, this.#pause * 2 || 1_000);
      const asked = error instanceof Refused ? error.retryAfter * 1_000 : 0;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#send(), Math.max(asked, this.#pause * (0.5 + Math.random())));
    } finally {
      this.#sending = false;
      this.#options.onChange();
    }
  }

  #next(): Outgoing | undefined {
    return this.waiting.find(({ refused }) => !refused);
  }

  async #post(message: Outgoing): Promise<void> {
    await this.ready();
    const era = this.#era;
    // Another tab may have sent it while this one waited for its turn.
    if (!this.#out.has(message)) return this.#reread();
    const body = { id: message.id, text: message.text, fileIds: message.files.map(({ id }) => id) };
    try {
      const stored = await this.#wire.call<VisitorMessage>('POST', 'messages', body);
      if (era === this.#era) this.#heard(stored);
      this.drop(message);
    } catch (error) {
      if (era !== this.#era) return;
      if (!(error instanceof Refused && error.isFinal)) throw error;
      if (error.status === 401) return this.#ended();
      this.#out.put({ ...message, refused: error.status });
      this.#reread();
    }
  }

  #reread(): void {
    this.waiting = this.#isOurs ? this.#out.all() : [];
    this.#options.onChange();
  }

  #configured(config: WidgetConfig): void {
    this.config = config;
    this.#options.onChange();
  }

  /** The token holds no longer; what was written and not sent goes to whoever begins next in this place. */
  #ended(): void {
    this.#keep.set('token', null);
    this.#keep.set('user', null);
    this.#forget();
    if (this.#next()) void this.#send();
  }

  #wipe(): void {
    const token = this.#keep.get('token');
    if (token) this.#wire.end(token);
    for (const key of this.#keep.keys()) if (key !== 'sound') this.#keep.set(key, null);
    this.#forget();
    this.#reread();
  }

  #forget(): void {
    this.#era += 1;
    this.#session = this.#begun = null;
    this.#hangUp();
    this.#messages.clear();
    this.news = [];
    this.#cursor = 0;
    this.more = false;
    this.contact = noContact;
    this.#typing(null);
  }

  #hangUp(): void {
    clearTimeout(this.#poll);
    this.#line?.close();
    this.#line = this.#lineOf = null;
  }

  #heardFromTab(key: string): void {
    if (isOutgoing(key)) this.#reread();
    else if (key === 'token' && this.token !== this.#begun) {
      this.#forget();
      this.#reread();
      if (this.token) void this.#attempt(() => this.ready());
    } else if (key === 'seen' || key === 'sound') this.#options.onChange();
  }

  #spoken(message: Outgoing): void {
    const { id, text, files } = message;
    const at = new Date().toISOString();
    this.#messages.set(id, {
      ...{ id, text, files, at, seq: 0, from: 'visitor', author: null },
      ...{ deleted: false, edited: false, state: 'received' },
    });
    this.#options.onChange();
  }

  /** What may fail without a word: the line and the outbox try again, and the banner tells. */
  async #attempt(run: () => Promise<void>): Promise<void> {
    try {
      await run();
      if (this.offline) this.#options.onChange();
      this.offline = false;
    } catch (error) {
      if (error instanceof Refused && error.status === 401) return this.#ended();
      this.offline ||= !(error instanceof Refused);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.hurry(), 5_000 + Math.random() * 5_000);
      this.#options.onChange();
    }
  }
}

/** One tab at a time, where the browser can tell; elsewhere two may do it at once, which the ids make harmless. */
function exclusively(what: string, site: string, run: () => Promise<void>): Promise<void> {
  if (!navigator.locks) return run();
  let began = false;
  return navigator.locks
    .request(`yekja:${site}:${what}`, () => {
      began = true;
      return run();
    })
    .catch((error: unknown) => {
      // A frame that may keep nothing may not lock either.
      if (began) throw error;
      return run();
    });
}
