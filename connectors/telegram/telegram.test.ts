import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  ConnectorContext,
  InboundEvent,
  OutboundMessage,
  Piece,
  RawEvent,
  RawRequest,
  SendRequest,
} from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { contextOf, TestHost } from '../contract.host.ts';
import { type Listener, serve } from '../simulator.ts';
import { webhookSecret } from './face.ts';
import { telegram } from './index.ts';
import { startSimulator, type TelegramSimulator } from './simulator.ts';

let simulator: TelegramSimulator;
let context: ConnectorContext;
const running: { host: TestHost; done: Promise<void> }[] = [];
const hooks: Listener[] = [];

beforeEach(async () => {
  simulator = await startSimulator({ deliveryStep: 2 });
  context = contextOf(simulator);
});

afterEach(async () => {
  for (const { host } of running) host.stop();
  await Promise.allSettled(running.splice(0).map(({ done }) => done));
  await simulator.close();
  await Promise.all(hooks.splice(0).map((hook) => hook.close()));
});

function listening(before?: TestHost): TestHost {
  const host = new TestHost(telegram, context, before);
  running.push({ host, done: telegram.listen?.(host, context) ?? Promise.resolve() });
  return host;
}

/** Of this connector it is at once. */
const understood = (event: RawEvent) => telegram.inbound(event, context.settings) as InboundEvent[];

function heard(host: TestHost): InboundEvent[] {
  return [...host.stored.values()].flatMap(understood);
}

const texts = (host: TestHost): string[] =>
  heard(host).flatMap((event) => (event.type === 'message' ? [event.text] : []));

function sending(peer: string, piece: Piece, change: Partial<SendRequest> = {}): SendRequest {
  const to = { kind: 'telegramUser' as const, value: peer };
  return { piece, to, threadKey: peer, sendRef: '1', signal: AbortSignal.timeout(10_000), ...change };
}

/** What a download is given; Telegram's events carry no files. */
function fetching(host: ConnectorContext) {
  const event = () => Promise.reject<RawEvent>(new Error('The event was asked for.'));
  return { ...host, signal: AbortSignal.timeout(10_000), event };
}

/** A hook of ours: answers as told, keeps what is genuine. */
async function hooked(
  status: () => number = () => 200,
): Promise<{ url: string; raw: RawRequest[]; until(count: number): Promise<void> }> {
  const raw: RawRequest[] = [];
  let told: () => void = () => undefined;
  const listener = await serve(({ method, headers, body, response }) => {
    const request: RawRequest = {
      source: 'hook',
      method,
      path: '/',
      query: {},
      headers: headers as Record<string, string>,
      body,
    };
    const answer = telegram.verify(request, context.settings) ? status() : 403;
    if (answer === 200) raw.push(request);
    response.writeHead(answer).end();
    told();
  });
  hooks.push(listener);
  const until = async (count: number): Promise<void> => {
    while (raw.length < count) {
      await new Promise<void>((resolve) => {
        told = resolve;
      });
    }
  };
  return { url: `${listener.endpoint}/hooks/x`, raw, until };
}

const keys = (raw: RawRequest[]): string[] =>
  raw.flatMap((request) => telegram.split(request, context.settings).events.map((event) => event.eventKey));

describe('the webhook', () => {
  it('is registered with a secret, the kinds we read and one connection, and taken away again', async () => {
    await telegram.connect?.({ url: 'https://desk.example/hooks/abc' }, context);
    await telegram.connect?.({ url: 'https://desk.example/hooks/abc' }, context);
    expect(simulator.webhookInfo()).toMatchObject({ url: 'https://desk.example/hooks/abc' });
    await telegram.connect?.({ url: null }, context);
    await telegram.connect?.({ url: null }, context);
    expect(simulator.webhookInfo()).toMatchObject({ url: '' });
    expect(webhookSecret(context.settings)).toMatch(/^[A-Za-z0-9_-]{32,256}$/);
  });

  it('receives in order what was refused at first, once each', async () => {
    let refusals = 2;
    const hook = await hooked(() => (refusals-- > 0 ? 500 : 200));
    simulator.setHook(hook.url);
    await telegram.connect?.({ url: 'https://desk.example/hooks/abc' }, context);
    for (const text of ['یک', 'دو', 'سه']) await simulator.customerWrites({ peer: simulator.peer(1), text });
    await hook.until(3);
    const events = hook.raw
      .flatMap((raw) => telegram.split(raw, context.settings).events)
      .flatMap(understood);
    expect(events.map((event) => event.type === 'message' && event.text)).toEqual(['یک', 'دو', 'سه']);
  });

  it('lets nobody in without the secret, and knows a repeated update by its key', async () => {
    const hook = await hooked();
    simulator.setHook(hook.url);
    simulator.fail('wrongSignature');
    simulator.fail('duplicate');
    await telegram.connect?.({ url: 'https://desk.example/hooks/abc' }, context);
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'یک' });
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'دو' });
    await hook.until(3);
    expect(new Set(keys(hook.raw)).size).toBe(2);
  });

  it('keeps the listener from polling as long as it is there', async () => {
    const hook = await hooked();
    simulator.setHook(hook.url);
    await telegram.connect?.({ url: 'https://desk.example/hooks/abc' }, context);
    const host = listening();
    await host.until(() => host.successes > 1);
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'به وب‌هوک' });
    await hook.until(1);
    expect(host.stored.size).toBe(0);
    await telegram.connect?.({ url: null }, context);
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'به پرسش' });
    await host.until(() => texts(host).length === 1);
    expect(texts(host)).toEqual(['به پرسش']);
    expect(host.failures).toEqual([]);
    await telegram.connect?.({ url: 'https://desk.example/hooks/abc' }, context);
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'باز به وب‌هوک' });
    await hook.until(2);
    expect(texts(host)).toEqual(['به پرسش']);
  });
});

describe('polling', () => {
  it('hears everything a person can do', async () => {
    const host = listening();
    const peer = simulator.peer(5);
    const externalId = await simulator.customerWrites({ peer, name: 'سارا', text: 'سلام' });
    await simulator.act({ do: 'edit', peer, externalId, text: 'سلام و درود' });
    await simulator.act({ do: 'reaction', peer, externalId, emoji: '👍' });
    await simulator.act({ do: 'reply', peer, externalId, text: 'و یک پرسش' });
    await simulator.act({ do: 'album', peer, count: 3, text: 'سه عکس' });
    await simulator.act({ do: 'location', peer, latitude: 35.7, longitude: 51.4 });
    await simulator.act({ do: 'contact', peer, phone: '+989901234567' });
    await simulator.act({ do: 'group', peer, text: 'در گروه' });
    await simulator.act({ do: 'block', peer });
    await simulator.act({ do: 'unblock', peer });
    await host.until(() => host.stored.size === 12);
    const events = heard(host);
    expect(events.map((event) => event.type)).toEqual([
      ...['message', 'edit', 'reaction', 'message', 'message', 'message', 'message', 'message', 'message'],
      ...['mention', 'reachability', 'reachability'],
    ]);
    const album = events.slice(4, 7).map((event) => (event.type === 'message' ? event.groupKey : ''));
    expect(album[0]).toBeTruthy();
    expect(new Set(album).size).toBe(1);
    expect(events[3]).toMatchObject({ inReplyTo: externalId });
    expect(events[8]).toMatchObject({
      proves: [{ kind: 'mobile', value: '+989901234567', proof: 'sharedContact' }],
    });
    await expect(simulator.act({ do: 'dance', peer })).rejects.toThrow('dance');
  });

  it('takes updates in another order, twice or not at all without losing its place', async () => {
    const host = listening();
    simulator.fail('drop');
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'نمی‌رسد' });
    simulator.fail('duplicate');
    simulator.fail('reorder');
    for (const text of ['یک', 'دو', 'سه']) await simulator.customerWrites({ peer: simulator.peer(1), text });
    await host.until(() => host.stored.size === 3);
    expect(new Set(texts(host))).toEqual(new Set(['یک', 'دو', 'سه']));
  });

  it('reports another reader of the same bot, and goes on when it is gone', async () => {
    const host = listening();
    await host.until(() => host.successes > 0);
    // The other one may come between two of our calls, and then neither notices.
    while (host.failures.length === 0) {
      await fetch(`${simulator.endpoint}/bot${String(simulator.settings.botToken)}/getUpdates`);
    }
    expect(host.failures[0]).toMatchObject({ class: 'retryable', code: '409' });
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'هنوز' });
    await host.until(() => texts(host).length === 1);
  });

  it('ends when the token is refused, for the host to pause the channel, and does not say the token', async () => {
    simulator.fail('badCredentials', { call: 'getUpdates' });
    const refused = await telegram
      .listen?.(new TestHost(telegram, context), context)
      .catch((error: unknown) => error as ConnectorError);
    expect(refused).toMatchObject({ class: 'auth', field: 'botToken' });
    expect(String(refused?.message)).not.toContain(String(simulator.settings.botToken));
  });

  it('forgets an offset that is a week old, under which new numbers would hide', async () => {
    const host = new TestHost(telegram, context);
    host.cursor = {
      begin: 0,
      offset: Number.MAX_SAFE_INTEGER,
      movedAt: Date.now() - 7 * 24 * 60 * 60 * 1000,
    };
    running.push({ host, done: telegram.listen?.(host, context) ?? Promise.resolve() });
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'شمارهٔ کوچک' });
    await host.until(() => texts(host).length === 1);
  });
});

describe('sending', () => {
  const text = (value: string): Piece => ({ kind: 'text', text: value });

  it('quotes, and sends files with their caption', async () => {
    const peer = simulator.peer(1);
    const externalId = await simulator.customerWrites({ peer, text: 'عکس بفرستید' });
    const pictures: Record<string, Uint8Array> = { a: Buffer.alloc(3000, 1), b: Buffer.alloc(200_000, 2) };
    const withFiles = contextOf(simulator, {
      async *openFile(id) {
        yield pictures[id] ?? new Uint8Array();
      },
    });
    const message: OutboundMessage = {
      text: 'این هم عکس',
      files: [
        { id: 'a', name: 'عکس.jpg', type: 'image/jpeg', bytes: 3000 },
        { id: 'b', name: 'فاکتور.pdf', type: 'application/pdf', bytes: 200_000 },
      ],
      to: { kind: 'telegramUser', value: peer },
      threadKey: peer,
    };
    for (const piece of telegram.pieces(message, context.settings)) {
      await telegram.send(sending(peer, piece, { inReplyTo: externalId }), withFiles);
    }
    expect(simulator.messages().slice(1)).toMatchObject([
      { text: 'این هم عکس', files: [{ name: 'عکس.jpg', bytes: 3000 }] },
      { text: '', files: [{ name: 'فاکتور.pdf', bytes: 200_000 }] },
    ]);
  });

  it('puts a text too long for a caption before its file, and refuses what is too large', () => {
    const message: OutboundMessage = {
      text: 'م'.repeat(1025),
      files: [{ id: 'a', name: 'a.jpg', type: 'image/jpeg', bytes: 3 }],
      to: { kind: 'telegramUser', value: '1' },
      threadKey: '1',
    };
    const cut = telegram.pieces(message, context.settings);
    expect(cut.map(({ kind, text: said }) => [kind, said.length])).toEqual([
      ['text', 1025],
      ['file', 0],
    ]);
    const large = {
      ...message,
      files: [{ id: 'b', name: 'film.mp4', type: 'video/mp4', bytes: 51 * 1024 * 1024 }],
    };
    expect(() => telegram.pieces(large, context.settings)).toThrow('film.mp4');
    expect(() => telegram.pieces({ ...message, text: ' ', files: [] }, context.settings)).toThrow(
      ConnectorError,
    );
  });

  it('follows a group to its new number, once', async () => {
    const peer = simulator.peer(1);
    await simulator.act({ do: 'migrate', peer, to: -1_001_234_567_890 });
    const { externalIds } = await telegram.send(sending(peer, text('سلام')), context);
    expect(externalIds[0]).toMatch(/^-1001234567890:/);
    expect(simulator.messages()).toHaveLength(1);
  });

  it('says that somebody who blocked the bot cannot be reached', async () => {
    const peer = simulator.peer(1);
    await simulator.customerWrites({ peer, text: 'سلام' });
    await simulator.act({ do: 'block', peer });
    await expect(telegram.send(sending(peer, text('؟')), context)).rejects.toMatchObject({
      class: 'permanent',
      unreachable: true,
    });
    await simulator.act({ do: 'unblock', peer });
    await telegram.send(sending(peer, text('!')), context);
  });

  it('waits as long as it is told to', async () => {
    const now = new Date();
    simulator.fail('rateLimit', { retryAfter: 17 });
    const error = await telegram
      .send(sending(simulator.peer(1), text('x')), { ...context, now: () => now })
      .catch((refused: unknown) => refused);
    expect(error).toMatchObject({ class: 'rateLimited', retryAt: new Date(now.getTime() + 17_000) });
  });

  it('has sent nothing when a file of ours cannot be read', async () => {
    const broken = contextOf(simulator, {
      async *openFile() {
        yield new Uint8Array(1);
        throw new Error('disk');
      },
    });
    const piece: Piece = {
      kind: 'file',
      text: '',
      file: { id: 'a', name: 'a.pdf', type: 'application/pdf', bytes: 9 },
    };
    await expect(telegram.send(sending(simulator.peer(1), piece), broken)).rejects.toMatchObject({
      class: 'retryable',
    });
    expect(simulator.messages()).toEqual([]);
  });
});

describe('in a group', () => {
  const text = (value: string): Piece => ({ kind: 'text', text: value });
  const peer = (): string => simulator.peer(9);

  /** What a member says there, as the connector understands it. */
  async function said(action: Record<string, unknown>, host = listening()) {
    const before = host.stored.size;
    await simulator.act({ do: 'group', peer: peer(), text: 'چند است؟', ...action });
    await host.until(() => host.stored.size > before);
    const event = heard(host).at(-1);
    if (event?.type !== 'message' && event?.type !== 'mention')
      throw new Error('Nothing was said in the group.');
    return { event, threadKey: event.threadKey, host };
  }

  it('an answer goes there under what it answers, for all to read', async () => {
    const { event, threadKey, host } = await said({ toBot: true });
    expect(event).toMatchObject({ type: 'message', visibility: 'public' });
    const asked = event.type === 'message' ? String(event.externalIds[0]) : '';
    const request = sending(peer(), text('۲۰ تومان'), { visibility: 'public', threadKey, inReplyTo: asked });
    const { externalIds } = await telegram.send(request, context);
    const [answer] = simulator.messages().filter(({ direction }) => direction === 'toCustomer');
    expect(answer).toMatchObject({ peer: threadKey.replace('post:', ''), inReplyTo: asked });
    const back = await said({ externalId: externalIds[0], text: 'ممنون' }, host);
    expect(back.event).toMatchObject({ type: 'message', inReplyTo: externalIds[0], threadKey });
  });

  it('what is said to nobody of us is a mention of the same thread', async () => {
    const { event, threadKey } = await said({});
    expect(event).toMatchObject({
      type: 'mention',
      kind: 'comment',
      post: { externalId: threadKey.slice(5) },
    });
  });

  it('is handed over to private only with somebody who began a chat with the bot', async () => {
    const { event, threadKey } = await said({ toBot: true });
    const asked = event.type === 'message' ? String(event.externalIds[0]) : '';
    const request = sending(peer(), text('شمارهٔ سفارش؟'), { inReplyTo: asked });
    await expect(telegram.send(request, context)).rejects.toMatchObject({
      class: 'permanent',
      code: 'notStarted',
      unreachable: true,
    });
    await simulator.customerWrites({ peer: peer(), text: '/start' });
    const { externalIds } = await telegram.send(request, context);
    expect(externalIds[0]).toMatch(new RegExp(`^${peer()}:`));
    // Nothing of the group can be quoted there.
    expect(simulator.messages().find(({ externalId }) => externalId === externalIds[0])?.inReplyTo).toBe(
      undefined,
    );
    expect(threadKey).not.toContain(peer());
  });

  it('from which the bot was put out refuses the answer, and nobody is out of reach for it', async () => {
    const { threadKey } = await said({ toBot: true });
    await simulator.act({ do: 'expel', peer: peer() });
    const request = sending(peer(), text('؟'), { visibility: 'public', threadKey });
    const error = (await telegram
      .send(request, context)
      .catch((refused: unknown) => refused)) as ConnectorError;
    expect(error).toMatchObject({ class: 'permanent' });
    expect(error.unreachable).toBeUndefined();
  });

  it('a public answer needs a group', async () => {
    const request = sending(peer(), text('؟'), { visibility: 'public', threadKey: peer() });
    await expect(telegram.send(request, context)).rejects.toMatchObject({ code: 'noGroup' });
  });
});

describe('fetching what somebody sent', () => {
  it('brings the very bytes', async () => {
    const host = listening();
    const body = Buffer.from(Array.from({ length: 300_000 }, (_, n) => n % 251));
    await simulator.customerWrites({
      peer: simulator.peer(1),
      text: 'فاکتور',
      file: { name: 'فاکتور.pdf', type: 'application/pdf', body },
    });
    await host.until(() => host.stored.size === 1);
    const [event] = heard(host);
    const attachment = event?.type === 'message' ? event.attachments[0] : undefined;
    expect(attachment).toMatchObject({ name: 'فاکتور.pdf', type: 'application/pdf', bytes: 300_000 });
    expect(JSON.stringify(attachment)).not.toContain(String(simulator.settings.botToken));
    const file = await telegram.download?.(attachment?.ref ?? {}, fetching(context));
    const chunks: Uint8Array[] = [];
    for await (const chunk of file?.body ?? []) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(body)).toBe(true);
  });

  it.each([
    ['nothing named', {}],
    ['another type', { fileId: 7 }],
    ['unknown', { fileId: 'no-such-file' }],
    ['too large for a bot', { fileId: 'x', bytes: 21 * 1024 * 1024 }],
  ])('refuses for good: %s', async (_, ref) => {
    const call = telegram.download?.(ref, fetching(context));
    await expect(call).rejects.toMatchObject({ class: 'permanent' });
  });

  it.each(['../../etc/passwd', 'http://169.254.169.254/x', '/etc/passwd', 'a/../b', ''])(
    'does not follow Telegram to %s',
    async (file_path) => {
      const hostile = await serve(({ response }) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ ok: true, result: { file_path } }));
      });
      hooks.push(hostile);
      const call = telegram.download?.(
        { fileId: 'x' },
        fetching(contextOf({ endpoint: hostile.endpoint, settings: context.settings })),
      );
      await expect(call).rejects.toMatchObject({ class: 'permanent', code: 'badPath' });
    },
  );
});

it('an answer that is not Telegram’s leaves a message unknown, and tells no token', async () => {
  const captive = await serve(({ response }) => {
    response.end('<html>Please sign in to the hotel network</html>');
  });
  hooks.push(captive);
  const error = (await telegram
    .send(
      sending('5', { kind: 'text', text: 'x' }),
      contextOf({ endpoint: captive.endpoint, settings: context.settings }),
    )
    .catch((refused: unknown) => refused)) as ConnectorError;
  expect(error).toMatchObject({ class: 'unknown', code: 'badAnswer' });
  expect(`${error.message} ${String(error.stack)}`).not.toContain(String(context.settings.botToken));
});
