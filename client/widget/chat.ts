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
import { exclusively } from './exclusively.ts';
import type { Keep } from './keep.ts';
import { type Line, openLine } from './line.ts';
import { isOutgoing, type Outgoing } from './outbox.ts';
import type { Language, Page, Preview, Told } from './protocol.ts';
import { Sender } from './sender.ts';
import { Thread } from './thread.ts';
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
  /** The last attempt to reach the server failed, or the line is down. */
  offline = false;
  typing: string | null = null;
  isPreview = false;
  readonly thread = new Thread();
  readonly #options: ChatOptions;
  readonly #keep: Keep;
  readonly #sender: Sender;
  readonly #wire: Wire;
  #era = 0;
  #user: Told;
  #session: Promise<void> | null = null;
  #begun: string | null = null;
  #configuring: Promise<void> | null = null;
  #line: Line | null = null;
  #lineOf: string | null = null;
  #pulling: Promise<void> | null = null;
  #pullAgain = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  #poll: ReturnType<typeof setTimeout> | undefined;
  #typedAt = 0;
  #visible = false;

  constructor(options: ChatOptions) {
    this.#options = options;
    this.#keep = options.keep;
    this.#sender = new Sender({
      site: options.site,
      keep: options.keep,
      isOurs: () => this.#isOurs,
      post: (message) => this.#post(message),
      onChange: (offline) => {
        if (offline !== undefined) this.offline = offline;
        options.onChange();
      },
    });
    this.#wire = openWire(options.site, () => this.token);
    options.keep.onChange((key) => this.#heardFromTab(key));
    addEventListener('online', () => this.hurry());
  }

  /** Raised whenever another visitor begins: what was asked or written for the one before has no say any more. */
  get era(): number {
    return this.#era;
  }

  /** Written here, and not yet on the server: of what another tab wrote, the server's word can come before the tab's. */
  get waiting(): readonly Outgoing[] {
    return this.#sender.waiting.filter(({ id }) => !this.thread.has(id));
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
    return this.thread.unread(Number(this.#keep.get('seen')));
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
    this.#sender.reread();
    await this.#configure();
    if (this.token) void this.#attempt(() => this.ready());
    void this.#sender.run();
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
    this.#sender.reread();
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
    if (this.isPreview) this.#spoken(text, files);
    else this.#sender.add(text, files);
  }

  /** What the server would not have, once more under another id. */
  retry(message: Outgoing): void {
    this.#sender.drop(message);
    this.send(message.text, message.files);
  }

  drop(message: Outgoing): void {
    this.#sender.drop(message);
  }

  async leave(contact: VisitorContact): Promise<void> {
    if (!this.isPreview) {
      await this.#readyAsNow();
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
    await this.#readyAsNow();
    return this.#wire.upload(`files?name=${encodeURIComponent(file.name)}`, file, options);
  }

  bytes(file: VisitorFile): Promise<Blob> {
    return this.#wire.bytes(`files/${encodeURIComponent(file.id)}`);
  }

  async older(): Promise<void> {
    const [first] = this.thread.all;
    if (!first) return;
    const era = this.#era;
    await this.#attempt(async () => {
      const page = await this.#wire.call<VisitorMessages>(
        'GET',
        `messages?before=${encodeURIComponent(first.id)}`,
      );
      if (era !== this.#era) return;
      this.thread.more = page.more;
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
    clearTimeout(this.#timer);
    if (!this.token) void this.#configure();
    else if (!this.#begun) void this.#attempt(() => this.ready());
    this.#line?.hurry();
    this.#sender.hurry();
  }

  preview({ config, messages }: Preview): void {
    this.isPreview = true;
    this.#configured(config);
    this.thread.clear();
    for (const message of messages) this.thread.put(message);
    this.#options.onChange();
  }

  /** A session on the server, begun once. Two tabs that begin at the same time take turns, and the second finds the first's token. */
  ready(): Promise<void> {
    this.#session ??= exclusively(`${this.#options.site}:begin`, () => this.#begin()).catch((error) => {
      this.#session = null;
      throw error;
    });
    return this.#session;
  }

  /** @throws Error when another visitor began meanwhile: this was not for them */
  async #readyAsNow(): Promise<void> {
    const era = this.#era;
    await this.ready();
    if (era !== this.#era) throw new Error('another visitor');
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
      this.thread.clear();
      this.#keep.set('seen', null);
    }
    this.#keep.set('user', user?.userId ?? (session.token === token ? this.#keep.get('user') : null));
    this.#keep.set('visitor', session.visitorId);
    this.#keep.set('token', session.token);
    this.#begun = session.token;
    this.contact = session.contact;
    this.thread.more = session.more;
    this.#configured(session.config);
    // What was here before this page is no news; what came between two sessions of one page is.
    this.thread.cursor ||= session.seq;
    for (const message of session.messages) this.#apply(message);
    this.thread.cursor = Math.max(this.thread.cursor, session.seq);
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
        seq: ({ seq }) => seq > this.thread.cursor && void this.#attempt(() => this.#pull()),
        typing: ({ author }) => this.#typing(author),
        read: ({ seq }) => {
          this.thread.read(seq);
          this.#options.onChange();
        },
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
    void this.#sender.run();
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
          const page = await this.#wire.call<VisitorMessages>('GET', `messages?after=${this.thread.cursor}`);
          if (era !== this.#era) return;
          for (const message of page.messages) this.#apply(message);
          this.thread.cursor = Math.max(this.thread.cursor, page.seq);
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
    if (message.seq === this.thread.cursor + 1) this.thread.cursor += 1;
    else if (message.seq > this.thread.cursor) void this.#attempt(() => this.#pull());
    this.#seen();
    this.#options.onChange();
  }

  #apply(message: VisitorMessage): void {
    if (this.thread.put(message)) this.#options.onMessage(message);
    this.#sender.arrived(message.id);
  }

  #seen(): void {
    const { newest } = this.thread;
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

  async #post({ id, text, files }: Outgoing): Promise<boolean> {
    const era = this.#era;
    await this.ready();
    // Another visitor began meanwhile: what was written for the one before must not go with their token.
    if (era !== this.#era) return false;
    try {
      const body = { id, text, fileIds: files.map((file) => file.id) };
      const stored = await this.#wire.call<VisitorMessage>('POST', 'messages', body);
      if (era === this.#era) this.#heard(stored);
      return true;
    } catch (error) {
      if (error instanceof Refused && error.status === 401 && era === this.#era) this.#ended();
      else if (era === this.#era) throw error;
      return false;
    }
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
    void this.#sender.run();
  }

  #wipe(): void {
    const token = this.#keep.get('token');
    if (token) this.#wire.end(token);
    for (const key of this.#keep.keys()) if (key !== 'sound') this.#keep.set(key, null);
    this.#forget();
    this.#sender.reread();
  }

  #forget(): void {
    this.#era += 1;
    this.#session = this.#begun = null;
    this.#hangUp();
    this.thread.clear();
    this.contact = noContact;
    this.#typing(null);
  }

  #hangUp(): void {
    clearTimeout(this.#poll);
    this.#line?.close();
    this.#line = this.#lineOf = null;
  }

  #heardFromTab(key: string): void {
    if (isOutgoing(key)) this.#sender.reread();
    else if (key === 'token' && this.token !== this.#begun) {
      this.#forget();
      this.#sender.reread();
      if (this.token) void this.#attempt(() => this.ready());
    } else if (key === 'seen' || key === 'sound') this.#options.onChange();
  }

  #spoken(text: string, files: VisitorFile[]): void {
    this.thread.put({
      ...{ id: crypto.randomUUID(), text, files, at: new Date().toISOString(), seq: 0 },
      ...{ from: 'visitor', author: null, deleted: false, edited: false, state: 'received' },
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
