import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import type { Connector, ConnectorContext, InboundEvent, InboundMessage, RawRequest } from '../connector.ts';
import { contextOf, TestHost } from '../contract.host.ts';
import { instagram } from '../instagram/index.ts';
import { startSimulator as startInstagram } from '../instagram/simulator.ts';
import { messenger } from '../messenger/index.ts';
import { startSimulator as startMessenger } from '../messenger/simulator.ts';
import type { MetaSimulator } from './simulator.account.ts';

const hour = 3_600_000;
let now = new Date();
let channels = 0;
let simulator: MetaSimulator;
let context: ConnectorContext;
let receiver: Server | null = null;
const running: { host: TestHost; done: Promise<void> }[] = [];
const clock = (): Date => now;

afterEach(async () => {
  for (const { host } of running) host.stop();
  await Promise.allSettled(running.splice(0).map(({ done }) => done));
  await simulator.close();
  receiver?.closeAllConnections();
  receiver?.close();
  receiver = null;
});

async function begin(start: typeof startMessenger): Promise<void> {
  now = new Date();
  simulator = await start({ deliveryStep: 60_000, now: clock });
  channels += 1;
  context = contextOf(simulator, { now: clock, channelId: `channel-${channels}` });
}

function listening(connector: Connector, before?: TestHost): TestHost {
  const host = new TestHost(connector, context, before);
  running.push({ host, done: connector.listen?.(host, context) ?? Promise.resolve() });
  return host;
}

/** Listens for a moment, is away while `meanwhile` happens, and listens again. */
async function away(connector: Connector, meanwhile: () => Promise<void>): Promise<TestHost> {
  const before = listening(connector);
  await before.until(() => before.successes > 0);
  before.stop();
  now = new Date(now.getTime() + 3 * hour);
  await meanwhile();
  now = new Date(now.getTime() + hour);
  const after = listening(connector, before);
  await after.until(() => after.successes > 0);
  after.stop();
  return after;
}

/** The webhook at last: what it has to say of all that happened, by key. */
async function webhooks(connector: Connector, events: number): Promise<Map<string, InboundEvent[]>> {
  const told = new Map<string, InboundEvent[]>();
  const server = createServer();
  receiver = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const done = new Promise<void>((resolve) => {
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const challenge = new URL(request.url ?? '', 'http://x').searchParams.get('hub.challenge');
      response.end(challenge ?? '');
      if (challenge) return;
      const body = new Uint8Array(Buffer.concat(chunks));
      const raw: RawRequest = { source: 'hook', method: 'POST', path: '/', query: {}, headers: {}, body };
      for (const event of connector.split(raw, simulator.settings).events)
        told.set(event.eventKey, meaning(connector, event));
      if (told.size >= events) resolve();
    });
  });
  simulator.setHook(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await done;
  return told;
}

/** A mention of Instagram’s is nothing without its words. */
function meaning(connector: Connector, event: Parameters<Connector['inbound']>[0]): InboundEvent[] {
  if (event.eventKey.startsWith('mention/') && connector === instagram) return [];
  return connector.inbound(event, simulator.settings) as InboundEvent[];
}

const keys = (host: TestHost): string[] => [...host.stored.values()].map(({ eventKey }) => eventKey).sort();

/** The same words by the same people at the same places and times; of a post only which. */
const plain = (events: InboundEvent[] | undefined): unknown =>
  JSON.parse(
    JSON.stringify(events ?? [], (name, value) =>
      name === 'post' ? value.externalId : name === 'url' ? undefined : value,
    ),
  );

it('reads comments, answers beneath them, posts of visitors and mentions of a page, under the keys of its webhooks', async () => {
  await begin(startMessenger);
  const [nadia, omid] = [simulator.peer(1), simulator.peer(2)];
  simulator.wall.newest();
  const old = simulator.wall.comment(nadia, {
    post: simulator.wall.newest().id,
    parent: null,
    text: 'پارسال',
  });
  now = new Date(now.getTime() + hour);
  const host = await away(messenger, async () => {
    for (let n = 0; n < 60; n += 1)
      await simulator.act({ do: 'public', peer: nadia, name: 'نادیا', text: `نظر ${n}` });
    await simulator.act({ do: 'public', peer: omid, name: 'امید', text: 'من هم', parent: old.id });
    await simulator.act({ do: 'ownComment', peer: nadia, text: 'از ما', parent: old.id });
    await simulator.act({ do: 'visitorPost', peer: omid, text: 'از خریدم راضی‌ام' });
    await simulator.act({ do: 'mention', peer: omid, text: 'معرفی فروشگاه نمونه' });
    await simulator.act({ do: 'ownPost', peer: omid, text: 'کالای تازه' });
    await simulator.act({ do: 'public', peer: nadia, text: 'پس گرفتم' });
    const gone = [...simulator.wall.comments.values()].at(-1);
    await simulator.act({ do: 'deleteComment', peer: nadia, externalId: gone?.id });
    now = new Date(now.getTime() + 1000);
  });
  const told = await webhooks(messenger, 67);
  const expected = [...told.keys()].filter((key) => !/^feed\/status\/|\/remove$/.test(key));
  const gone = [...simulator.wall.comments.values()].find(({ deleted }) => deleted);
  expect(keys(host)).toEqual(expected.filter((key) => key !== `feed/comment/${gone?.id}/add`).sort());
  expect(keys(host)).toHaveLength(64);
  for (const event of host.stored.values())
    expect(plain(meaning(messenger, event)), event.eventKey).toEqual(plain(told.get(event.eventKey)));
});

it('reads comments, answers beneath old ones and mentions of an Instagram account, under the keys of its webhooks', async () => {
  await begin(startInstagram);
  const [nadia, omid] = [simulator.peer(1), simulator.peer(2)];
  const post = simulator.wall.newest().id;
  const old = simulator.wall.comment(nadia, { post, parent: null, text: 'پارسال' });
  now = new Date(now.getTime() + hour);
  const host = await away(instagram, async () => {
    for (let n = 0; n < 60; n += 1) await simulator.act({ do: 'public', peer: nadia, text: `نظر ${n}` });
    await simulator.act({ do: 'public', peer: omid, text: 'من هم', parent: old.id });
    await simulator.act({ do: 'ownComment', peer: nadia, text: 'از ما', parent: old.id });
    await simulator.act({ do: 'mention', peer: omid, text: 'معرفی @example.shop' });
    now = new Date(now.getTime() + 1000);
  });
  const told = await webhooks(instagram, 63);
  expect(keys(host)).toEqual([...told.keys()].sort());
  expect(keys(host)).toHaveLength(63);
  const said = (await host.meanings()).filter((event) => event.type === 'message');
  const mentioned = said.find(({ text }) => text === 'معرفی @example.shop');
  expect(mentioned).toMatchObject({
    sender: { display: '@user.0002' },
    visibility: 'public',
    post: { author: { ours: false } },
  });
  expect(said.find(({ text }) => text === 'من هم')).toMatchObject({
    inReplyTo: old.id,
    threadKey: `post:${post}`,
    sender: { value: `${instagram.accountRef(simulator.settings)}:${omid}` },
  });
  expect(said.every(({ at }) => at !== null && Math.abs(at.getTime() - now.getTime()) < 2 * hour)).toBe(true);
});

it('finds an answer beneath an old comment, by the count of comments alone', async () => {
  await begin(startInstagram);
  const post = simulator.wall.newest().id;
  const old = simulator.wall.comment(simulator.peer(1), { post, parent: null, text: 'پارسال' });
  now = new Date(now.getTime() + hour);
  const host = await away(instagram, () =>
    simulator.act({ do: 'public', peer: simulator.peer(2), text: 'هنوز هست؟', parent: old.id }),
  );
  expect(await host.meanings()).toMatchObject([{ text: 'هنوز هست؟', inReplyTo: old.id }]);
});

it('asks for two lists and no more when nothing was said', async () => {
  for (const [connector, start, lists] of [
    [messenger, startMessenger, ['feed', 'tagged']],
    [instagram, startInstagram, ['media', 'tags']],
  ] as const) {
    await begin(start);
    for (let n = 0; n < 20; n += 1) await simulator.act({ do: 'public', peer: simulator.peer(n), text: 'x' });
    now = new Date(now.getTime() + hour);
    const asked: string[] = [];
    const counting: typeof fetch = (input, init) => {
      asked.push(new URL(String(input)).pathname.split('/').at(-1) ?? '');
      return fetch(input, init);
    };
    context = { ...context, fetch: counting };
    const host = listening(connector);
    await host.until(() => host.successes > 0);
    const once = ['conversations', ...lists];
    expect(asked.slice(0, 3)).toEqual(once);
    await host.until(() => host.successes > 1);
    host.stop();
    expect(asked.slice(3, 6)).toEqual(once);
    expect(host.stored.size).toBe(0);
    if (connector === messenger) await simulator.close();
  }
});

it('hears what is private although what is public is refused, and asks again from then on', async () => {
  await begin(startMessenger);
  const refusing: typeof fetch = (input, init) =>
    String(input).includes('/feed?')
      ? Promise.resolve(
          new Response(
            JSON.stringify({ error: { code: 10, message: '(#10) This endpoint requires a permission.' } }),
            { status: 403 },
          ),
        )
      : fetch(input, init);
  const allowed = context;
  context = { ...context, fetch: refusing };
  const before = listening(messenger);
  await before.until(() => before.successes > 0);
  expect(before.failures[0]).toMatchObject({ class: 'permanent', code: '10' });
  await simulator.customerWrites({ peer: simulator.peer(1), text: 'خصوصی' });
  await simulator.act({ do: 'public', peer: simulator.peer(1), text: 'عمومی' });
  now = new Date(now.getTime() + 2 * hour);
  await before.until(() => before.stored.size > 0);
  before.stop();
  context = allowed;
  const after = listening(messenger, before);
  await after.until(() => after.successes > 0);
  expect((await after.meanings()).map((event) => (event as InboundMessage).text)).toEqual(['خصوصی', 'عمومی']);
});

it('does not bring what nobody signed, and says so', async () => {
  await begin(startMessenger);
  const anonymous: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    if (!/\/comments\?/.test(String(input))) return answer;
    const body = (await answer.json()) as { data: Record<string, unknown>[] };
    return Response.json({ ...body, data: body.data.map(({ from: _, ...rest }) => rest) });
  };
  context = { ...context, fetch: anonymous };
  const host = await away(messenger, async () => {
    await simulator.act({ do: 'public', peer: simulator.peer(1), text: 'که گفت؟' });
  });
  expect(host.stored.size).toBe(0);
  expect(host.failures.at(-1)).toMatchObject({ class: 'permanent', code: 'noAuthor' });
});

it('waits when Meta’s limit is nearly used', async () => {
  await begin(startMessenger);
  const busy: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    if (!String(input).includes('/feed?')) return answer;
    return new Response(answer.body, { headers: { 'x-app-usage': '{"call_count":95}' } });
  };
  context = { ...context, fetch: busy };
  const host = listening(messenger);
  await host.until(() => host.failures.length > 0);
  expect(host.failures[0]).toMatchObject({
    class: 'rateLimited',
    retryAt: new Date(now.getTime() + 600_000),
  });
});
