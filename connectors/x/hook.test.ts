import { afterEach, describe, expect, it } from 'vitest';
import type { InboundEvent, RawEvent, RawRequest } from '../connector.ts';
import { contextOf } from '../contract.host.ts';
import { serve } from '../simulator.ts';
import { x } from './index.ts';
import type { Family } from './simulator.push.ts';
import { startSimulator, type XSimulator, type XSimulatorOptions } from './simulator.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server of ours, as far as X sees it: the connector behind a socket. */
class Receiver {
  readonly events: InboundEvent[] = [];
  readonly raw: RawEvent[] = [];
  refused = 0;
  url = '';
  private waiting: { done: () => boolean; resolve: () => void }[] = [];

  constructor(private secret: string) {}

  async open(): Promise<this> {
    const listener = await serve(async ({ method, url, headers, body, response }) => {
      const raw: RawRequest = {
        source: 'hook',
        method,
        path: '/',
        query: Object.fromEntries(url.searchParams),
        headers: headers as Record<string, string>,
        body,
      };
      const settings = { appSecret: this.secret };
      const answer = x.handshake?.(raw, settings);
      const genuine = !answer && x.verify(raw, settings);
      if (answer) response.setHeader('content-type', answer.type);
      response.writeHead(answer?.status ?? (genuine ? 200 : 403));
      response.end(answer?.body ?? '');
      if (genuine)
        for (const event of x.split(raw, settings).events) {
          this.raw.push(event);
          this.events.push(...(await x.inbound(event, settings)));
        }
      else if (!answer) this.refused += 1;
      this.waiting = this.waiting.filter(({ done, resolve }) => !done() || void resolve());
    });
    closing.push(() => listener.close());
    this.url = `${listener.endpoint}/hooks/abc`;
    return this;
  }

  until(done: () => boolean): Promise<void> {
    if (done()) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ done, resolve }));
  }

  types(): string[] {
    return this.events.map((event) => event.type);
  }
}

async function scene(
  options: XSimulatorOptions = {},
): Promise<{ simulator: XSimulator; receiver: Receiver }> {
  const simulator = await startSimulator({ deliveryStep: 2, ...options });
  closing.push(() => simulator.close());
  const receiver = await new Receiver(String(simulator.settings.appSecret)).open();
  return { simulator, receiver };
}

const families: Family[] = ['accountActivity', 'activity'];

describe('what X tells by itself', () => {
  it.each(families)('comes in alike, whichever way it tells: %s', async (family) => {
    const { simulator, receiver } = await scene({ family });
    expect(await simulator.hookSet(receiver.url)).toBe(true);
    const peer = simulator.peer(1);
    await simulator.customerWrites({ peer, name: 'نرگس', text: 'سلام & درود <ها> https://example.com/a' });
    await receiver.until(() => receiver.events.length === 1);
    await simulator.act({ do: 'public', peer, text: 'سفارشم کو؟', picture: true });
    await receiver.until(() => receiver.events.length === 2);
    const post = simulator.messages().at(-1)?.externalId ?? '';
    await simulator.act({ do: 'echo', peer, text: 'پیگیری می‌کنیم', replyTo: post });
    await receiver.until(() => receiver.events.length === 3);
    await simulator.act({ do: 'ownPost', peer, text: 'کیف تازه رسید' });
    await receiver.until(() => receiver.events.length === 4);
    await simulator.act({ do: 'echo', peer, text: 'خصوصی' });
    await receiver.until(() => receiver.events.length === 5);
    await simulator.act({ do: 'read', peer });
    await simulator.act({ do: 'typing', peer });
    await receiver.until(() => receiver.events.length === 7);
    await simulator.act({ do: 'delete', peer, externalId: post });
    await receiver.until(() => receiver.events.length === 9);

    const [direct, mention, answer, own, echo] = receiver.events;
    const thread = `${peer}-1716450569358098432`;
    expect(direct).toMatchObject({
      text: 'سلام & درود <ها> https://example.com/a',
      sender: { kind: 'xUser', value: peer, name: 'نرگس', reach: 12 },
      threadKey: thread,
      visibility: 'private',
    });
    expect(mention).toMatchObject({
      externalIds: [post],
      text: '@simulated_shop سفارشم کو؟',
      visibility: 'public',
      threadKey: `post:${post}`,
      attachments: [{ type: 'image/png' }],
      post: { externalId: post, author: { ours: false } },
    });
    expect(answer).toMatchObject({
      type: 'message',
      direction: 'out',
      sender: { value: peer },
      threadKey: `post:${post}`,
      visibility: 'public',
    });
    expect(own).toMatchObject({ type: 'post', post: { text: 'کیف تازه رسید', author: { ours: true } } });
    expect(echo).toMatchObject({
      direction: 'out',
      sender: { value: peer },
      threadKey: thread,
      text: 'خصوصی',
    });
    const rest = receiver.events.slice(5);
    expect(rest.map((event) => event.type).sort()).toEqual(['delete', 'post', 'typing', 'watermark']);
    expect(rest.find((event) => event.type === 'watermark')).toMatchObject({
      state: 'read',
      sender: { value: peer },
    });
    expect(rest.find((event) => event.type === 'delete')).toMatchObject({ externalId: post });
  });

  it('is told where nobody holds the secret: never', async () => {
    const { simulator } = await scene();
    const stranger = await new Receiver('another secret').open();
    expect(await simulator.hookSet(stranger.url)).toBe(false);
    expect(simulator.webhook()).toEqual({ url: stranger.url, valid: false });
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'سلام' });
    expect(await simulator.hookSet('http://127.0.0.1:1/hooks/abc')).toBe(false);
    expect(stranger.events).toEqual([]);
    expect(stranger.refused).toBe(0);
  });

  it('comes although it was signed wrongly once, twice where it is told twice, and late where others overtake it', async () => {
    const { simulator, receiver } = await scene();
    await simulator.hookSet(receiver.url);
    const peer = simulator.peer(1);
    simulator.fail('wrongSignature');
    await simulator.customerWrites({ peer, text: 'یک' });
    await receiver.until(() => receiver.events.length === 1);
    expect(receiver.refused).toBe(1);
    simulator.fail('duplicate');
    await simulator.customerWrites({ peer, text: 'دو' });
    await receiver.until(() => receiver.events.length === 3);
    expect(receiver.raw[1]?.eventKey).toBe(receiver.raw[2]?.eventKey);
    simulator.fail('reorder');
    await simulator.customerWrites({ peer, text: 'سه' });
    await simulator.customerWrites({ peer, text: 'چهار' });
    await receiver.until(() => receiver.events.length === 5);
    simulator.fail('drop');
    await simulator.customerWrites({ peer, text: 'پنج' });
    await simulator.customerWrites({ peer, text: 'شش' });
    await receiver.until(() => receiver.events.length === 6);
    const said = receiver.events.map((event) => (event.type === 'message' ? event.text : ''));
    expect([...said].sort()).toEqual(['یک', 'دو', 'دو', 'سه', 'چهار', 'شش'].sort());
  });

  it('names the whole talk once it is asked, where the push names only what was answered', async () => {
    const { simulator, receiver } = await scene();
    await simulator.hookSet(receiver.url);
    await simulator.act({ do: 'ownPost', peer: '1', text: 'کیف تازه رسید' });
    const root = simulator.messages().at(-1)?.externalId ?? '';
    await simulator.act({ do: 'public', peer: simulator.peer(1), text: 'چند؟', replyTo: root });
    const question = simulator.messages().at(-1)?.externalId ?? '';
    const pushed = await pushOf(simulator, receiver, { text: 'من هم', replyTo: question });
    const context = { ...contextOf(simulator), signal: AbortSignal.timeout(10_000) };
    const threadOf = async (payload: Uint8Array) => {
      const [event] = await x.inbound({ ...pushed, payload }, simulator.settings);
      return event?.type === 'message' ? [event.threadKey, event.inReplyTo] : null;
    };
    expect(await threadOf(pushed.payload)).toEqual([`post:${question}`, undefined]);
    const whole = await x.complete?.(pushed, context);
    expect(await threadOf(whole ?? new Uint8Array())).toEqual([`post:${root}`, question]);
    // Where X does not say, it is left as it is.
    simulator.fail('rateLimit', { call: 'tweet' });
    expect(await x.complete?.(pushed, context)).toBeNull();
    expect(await x.complete?.({ ...pushed, payload: whole ?? pushed.payload }, context)).toBeNull();
  });
});

/** A comment that names us, by another customer, as it is pushed. */
async function pushOf(
  simulator: XSimulator,
  receiver: Receiver,
  comment: { text: string; replyTo: string },
): Promise<RawEvent> {
  const text = `@${String(simulator.settings.handle)} ${comment.text}`;
  await simulator.act({ do: 'public', peer: simulator.peer(2), text, replyTo: comment.replyTo });
  const key = `post/${simulator.messages().at(-1)?.externalId}`;
  const pushed = () => receiver.raw.find((event) => event.eventKey === key);
  await receiver.until(() => pushed() !== undefined);
  return pushed() as RawEvent;
}

describe('a hook that registers itself', () => {
  const url = 'https://inbox.example/hooks/abc';

  async function registering(): Promise<{
    simulator: XSimulator;
    receiver: Receiver;
    warned: string[];
    connect: (to?: string | null, settings?: Record<string, string>) => Promise<void>;
  }> {
    const holder = { url: '' };
    const { simulator, receiver } = await scene({ routeOf: () => holder.url });
    holder.url = receiver.url;
    const warned: string[] = [];
    const connect = async (to: string | null = url, settings: Record<string, string> = {}) => {
      const context = contextOf(
        {
          ...simulator,
          settings: { ...simulator.settings, bearerToken: 'simulatedBearerTokenOfNoRealApp', ...settings },
        },
        { log: { info: () => undefined, warn: (message) => void warned.push(message) } },
      );
      await x.connect?.({ url: to }, context);
    };
    return { simulator, receiver, warned, connect };
  }

  it('is registered once, and the account subscribed to it', async () => {
    const { simulator, receiver, warned, connect } = await registering();
    await connect();
    await connect();
    expect(simulator.webhook()?.valid).toBe(true);
    expect(simulator.calls('subscriptions')).toBe(2);
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'سلام' });
    await receiver.until(() => receiver.events.length === 1);
    expect(warned).toEqual([]);
  });

  it('is asked for the secret again when X thinks it invalid', async () => {
    const { simulator, connect } = await registering();
    await connect();
    await simulator.hookSet('http://127.0.0.1:1/');
    expect(simulator.webhook()?.valid).toBe(false);
    await connect();
    expect(simulator.webhook()?.valid).toBe(true);
  });

  it('is left to polling without a bearer token, without https, with a port, and where X refuses', async () => {
    const { simulator, warned, connect } = await registering();
    await connect(url, { bearerToken: '' });
    await connect(null);
    expect(simulator.calls('webhooks')).toBe(0);
    await connect('https://inbox.example:8443/hooks/abc');
    expect(simulator.calls('webhooks')).toBe(0);
    await connect(url, { bearerToken: 'simulated but another' });
    await connect();
    await connect('https://other.example/hooks/def');
    expect(warned).toHaveLength(3);
    simulator.fail('serverError', { call: 'webhooks' });
    await expect(connect()).rejects.toMatchObject({ class: 'retryable' });
  });
});
