import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
// biome-ignore lint/style/noRestrictedImports: the simulated visitor is a browser, and a browser's widget speaks Socket.IO.
import { io, type Socket } from 'socket.io-client';
import type {
  ServerToVisitor,
  SignedUser,
  VisitorFile,
  VisitorMessage,
  VisitorMessages,
  VisitorSession,
  VisitorToServer,
} from '../../shared/visitor.ts';

const retryMs = 200;

type VisitorSocket = Socket<ServerToVisitor, VisitorToServer>;

/** What the server said no to. */
export class Refused extends Error {
  readonly status: number;
  readonly body: { code?: string; reason?: string; fields?: Record<string, string> };
  readonly retryAfterMs: number;

  constructor(status: number, body: Refused['body'] & { message?: string }, retryAfter: number) {
    super(`${status} ${body.message ?? ''}`);
    this.name = 'Refused';
    this.status = status;
    this.body = body;
    this.retryAfterMs = retryAfter * 1000;
  }
}

/** One visitor at the widget, over the same HTTP and socket that a browser's frame uses. It keeps no more than a browser does. */
export class SimulatedVisitor {
  readonly site: string;
  language: 'fa' | 'en' = 'fa';
  page: { url: string; title: string } | undefined;
  user: SignedUser | undefined;
  token: string | undefined;
  visitorId = '';
  /** The number up to which everything is known. */
  cursor = 0;
  readonly messages = new Map<string, VisitorMessage>();
  readonly typists: string[] = [];
  /** The team has read what they wrote up to this time. */
  private readAt = '';
  private arrivedAt = 0;
  private seenAt = 0;
  ended = false;
  private origin: string;
  private socket: VisitorSocket | null = null;
  private catchingUp: Promise<void> | null = null;
  private readonly hears: (message: VisitorMessage) => void;

  constructor(options: { url: string; site: string; hears?: (message: VisitorMessage) => void }) {
    this.origin = new URL(options.url).origin;
    this.site = options.site;
    this.hears = options.hears ?? (() => undefined);
  }

  /** The site's server from now on. */
  moveTo(url: string): void {
    this.origin = new URL(url).origin;
  }

  /** @throws Refused, or what the network says */
  async call<T>(
    method: string,
    path: string,
    options: { body?: unknown; raw?: Uint8Array } = {},
  ): Promise<T> {
    const response = await fetch(`${this.origin}/chat/${this.site}${path}`, {
      method,
      headers: {
        origin: this.origin,
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.raw ? { 'content-type': 'application/octet-stream' } : {}),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.raw ? { body: new Uint8Array(options.raw) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw refused(response.status, text, Number(response.headers.get('retry-after') ?? 0));
    return (text ? JSON.parse(text) : undefined) as T;
  }

  async begin(): Promise<VisitorSession> {
    const session = await this.call<VisitorSession>('POST', '/session', {
      body: {
        token: this.token,
        language: this.language,
        ...(this.user ? { user: this.user } : {}),
        ...(this.page ? { page: this.page } : {}),
      },
    });
    if (session.visitorId !== this.visitorId) this.forget();
    this.token = session.token;
    this.visitorId = session.visitorId;
    for (const message of session.messages) this.apply(message);
    this.cursor = Math.max(this.cursor, session.seq);
    this.teamRead(session.readAt);
    return session;
  }

  private teamRead(at: string | null): void {
    if (at && at > this.readAt) this.readAt = at;
    for (const message of this.messages.values())
      if (message.from === 'visitor' && message.at <= this.readAt) message.state = 'read';
  }

  /** Nothing of whoever was here before stays. */
  private forget(): void {
    this.messages.clear();
    this.cursor = 0;
    this.arrivedAt = 0;
    this.seenAt = 0;
    this.readAt = '';
  }

  async write(text: string, options: { id?: string; fileIds?: string[] } = {}): Promise<VisitorMessage> {
    const { id = randomUUID(), fileIds = [] } = options;
    const message = await this.call<VisitorMessage>('POST', '/messages', { body: { id, text, fileIds } });
    this.hear(message);
    return message;
  }

  /** The server gets the whole message, and its answer never comes. */
  writeUnheard(text: string, options: { id: string; fileIds?: string[] }): Promise<void> {
    const { id, fileIds = [] } = options;
    return new Promise((resolve) => {
      const request = httpRequest(`${this.origin}/chat/${this.site}/messages`, {
        method: 'POST',
        headers: {
          origin: this.origin,
          authorization: `Bearer ${this.token}`,
          'content-type': 'application/json',
        },
      });
      request.on('response', (response) => {
        response.destroy();
        request.destroy();
      });
      request.on('error', () => resolve());
      request.on('close', () => resolve());
      request.end(JSON.stringify({ id, text, fileIds }));
    });
  }

  upload(file: { name: string; body: Uint8Array }): Promise<VisitorFile> {
    return this.call('POST', `/files?name=${encodeURIComponent(file.name)}`, { raw: file.body });
  }

  leaveContact(contact: { name?: string; email?: string; mobile?: string }): Promise<void> {
    const { name = '', email = '', mobile = '' } = contact;
    return this.call('PUT', '/contact', { body: { name, email, mobile } });
  }

  /** Opens the socket; it comes back by itself, and asks for what was missed whenever it does. */
  connect(): VisitorSocket {
    this.socket?.disconnect();
    const socket: VisitorSocket = io(`${this.origin}/visitor`, {
      transports: ['websocket'],
      extraHeaders: { origin: this.origin },
      auth: { site: this.site, token: this.token },
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 500,
    });
    this.socket = socket;
    // Refused for the moment: the library leaves asking again to its user.
    socket.on('connect_error', (error) => {
      if (error.message === 'unavailable' && this.socket === socket)
        setTimeout(() => socket.connect(), retryMs).unref();
    });
    socket.on('connect', () => {
      // What was said of the team's words before may not have been heard: saying it again changes nothing.
      if (this.arrivedAt) socket.emit('arrived', { seq: this.arrivedAt });
      if (this.seenAt) socket.emit('seen', { seq: this.seenAt });
      void this.resume().catch(() => undefined);
    });
    socket.on('message', (message) => this.live(message));
    socket.on('typing', ({ author }) => this.typists.push(author));
    socket.on('read', ({ at }) => {
      this.teamRead(at);
    });
    socket.on('seq', ({ seq }) => {
      if (seq > this.cursor) void this.resume().catch(() => undefined);
    });
    socket.on('ended', () => {
      this.ended = true;
      socket.disconnect();
    });
    return socket;
  }

  /** Resolves once the socket is in its rooms and what was missed is here. */
  async connected(): Promise<VisitorSocket> {
    const socket = this.socket ?? this.connect();
    if (!socket.connected)
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', () => resolve());
        // What the network did is tried again by itself; what the server said no to is not.
        socket.on('connect_error', (error) => {
          if (!socket.active) reject(error);
        });
      });
    await this.resume();
    return socket;
  }

  get online(): boolean {
    return this.socket?.connected ?? false;
  }

  /** The network takes the connection away without a word. */
  dropSocket(): void {
    if (this.online) this.socket?.io.engine?.close();
  }

  leave(): void {
    this.socket?.disconnect();
    this.socket = null;
  }

  typing(): void {
    this.socket?.emit('typing');
  }

  /** Nothing above the number up to which everything is known is claimed to be here. */
  arrived(): void {
    this.arrivedAt = this.cursor;
    if (this.online) this.socket?.emit('arrived', { seq: this.arrivedAt });
  }

  seen(): void {
    this.seenAt = this.cursor;
    if (this.online) this.socket?.emit('seen', { seq: this.seenAt });
  }

  /** Everything that changed since; asked for at most once at a time. */
  resume(): Promise<void> {
    this.catchingUp ??= this.catchUp().finally(() => {
      this.catchingUp = null;
    });
    return this.catchingUp;
  }

  private async catchUp(): Promise<void> {
    for (;;) {
      const page = await this.call<VisitorMessages>('GET', `/messages?after=${this.cursor}`);
      this.cursor = Math.max(this.cursor, page.seq);
      for (const message of page.messages) this.hear(message);
      this.teamRead(page.readAt);
      if (page.more) continue;
      // What came alone before the gap was filled has its number only now.
      if (this.arrivedAt) this.arrived();
      return;
    }
  }

  private live(message: VisitorMessage): void {
    const gap = message.seq > this.cursor + 1;
    if (!gap) this.cursor = Math.max(this.cursor, message.seq);
    this.hear(message);
    if (gap) void this.resume().catch(() => undefined);
  }

  private hear(message: VisitorMessage): void {
    if (this.apply(message)) this.hears(message);
  }

  /** An older word about a message changes nothing. */
  private apply(message: VisitorMessage): boolean {
    const known = this.messages.get(message.id);
    if (known && known.seq >= message.seq) return false;
    this.messages.set(message.id, message);
    this.teamRead(null);
    return true;
  }

  /** As they stand on its screen. */
  shown(): VisitorMessage[] {
    return [...this.messages.values()].sort((a, b) =>
      a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1,
    );
  }
}

function refused(status: number, text: string, retryAfter: number): Refused {
  try {
    return new Refused(status, JSON.parse(text) as Refused['body'], retryAfter);
  } catch {
    return new Refused(status, { message: text.slice(0, 200) }, retryAfter);
  }
}
