import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import type { ChannelDetails } from '../shared/channel.ts';
import type { Conversation, ConversationPage, TimelinePage } from '../shared/conversation.ts';
import { AppError, type ErrorBody } from '../shared/errors.ts';
import type { ClientToServer, ConversationChanged, ServerToClient } from '../shared/events.ts';
import { isTombstone, type Message, type MessageCreate } from '../shared/message.ts';
import type { Me, SetUp } from '../shared/user.ts';
import type { ViewKey } from '../shared/view.ts';

export type AgentSocket = Socket<ServerToClient, ClientToServer>;

/** A person at the inbox, over the same HTTP and socket that the browser uses. */
export class Agent {
  readonly url: string;
  private cookie = '';
  private sockets: AgentSocket[] = [];

  constructor(url: string) {
    this.url = url;
  }

  /** The same person's session, on another server of the same data. */
  at(url: string): Agent {
    const agent = new Agent(url);
    agent.cookie = this.cookie;
    return agent;
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: {
        origin: new URL(this.url).origin,
        ...(this.cookie ? { cookie: this.cookie } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const set = response.headers.getSetCookie().find((line) => line.startsWith('session='));
    if (set) this.cookie = set.split(';')[0] ?? '';
    const text = await response.text();
    if (!response.ok) {
      let error: ErrorBody = {
        code: 'internal',
        message: `${method} ${path}: ${response.status} ${text.slice(0, 300)}`,
      };
      try {
        error = JSON.parse(text) as ErrorBody;
      } catch {
        // Not the product's own words: the status and the text say enough.
      }
      throw new AppError(error);
    }
    return (text ? JSON.parse(text) : undefined) as T;
  }

  /** The answer as it comes, whatever its status, with its headers. */
  answer(
    method: string,
    path: string,
    body?: Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(new URL(path, this.url), {
      method,
      headers: { origin: new URL(this.url).origin, cookie: this.cookie, ...headers },
      ...(body ? { body } : {}),
    });
  }

  setUp(form: SetUp): Promise<Me> {
    return this.call('POST', '/api/setup', form);
  }

  signIn(email: string, password: string): Promise<Me> {
    return this.call('POST', '/api/session', { email, password });
  }

  createChannel(channel: {
    connector: string;
    name: string;
    settings: Record<string, unknown>;
  }): Promise<ChannelDetails> {
    return this.call('POST', '/api/channels', channel);
  }

  conversations(view: ViewKey = 'all', limit = 50): Promise<ConversationPage> {
    return this.call('GET', `/api/conversations?view=${view}&limit=${limit}`);
  }

  timeline(customerId: string): Promise<TimelinePage> {
    return this.call('GET', `/api/customers/${customerId}/timeline?limit=100`);
  }

  /** Replies to the conversation's default target. `id` given: the same reply again. */
  reply(conversation: Conversation, text: string, more: Partial<MessageCreate> = {}): Promise<Message> {
    const target = more.target ?? conversation.replyTarget;
    if (!target) throw new Error(`Conversation ${conversation.id} has no reply target.`);
    return this.call('POST', `/api/conversations/${conversation.id}/messages`, {
      id: randomUUID(),
      kind: 'message',
      text,
      fileIds: [],
      lastSeenSeq: conversation.seq,
      ...more,
      target,
    } satisfies MessageCreate);
  }

  /** Resolves once connected and in its rooms. */
  async socket(): Promise<AgentSocket> {
    const socket: AgentSocket = io(this.url, {
      transports: ['websocket'],
      extraHeaders: { cookie: this.cookie, origin: new URL(this.url).origin },
      forceNew: true,
    });
    this.sockets.push(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('connect_error', reject);
    });
    return socket;
  }

  /** The first `conversation.changed` that fits, heard from now on. */
  heard(
    socket: AgentSocket,
    fits: (event: ConversationChanged) => boolean,
    what: string,
    ms = 20_000,
  ): Promise<ConversationChanged> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        socket.off('conversation.changed', listen);
        reject(new Error(`No agent's socket heard of ${what} within ${ms} ms.`));
      }, ms);
      const listen = (event: ConversationChanged) => {
        if (!fits(event)) return;
        clearTimeout(timer);
        socket.off('conversation.changed', listen);
        resolve(event);
      };
      socket.on('conversation.changed', listen);
    });
  }

  close(): void {
    for (const socket of this.sockets) socket.disconnect();
    this.sockets = [];
  }
}

/** The message with this text in what a commit announced. */
export function messageOf(event: ConversationChanged, text: string): Message | undefined {
  for (const entry of event.messages) if (!isTombstone(entry) && entry.text === text) return entry;
  return undefined;
}
