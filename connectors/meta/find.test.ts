import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector, ConnectorContext, InboundEvent, InboundMessage, RawEvent } from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { contextOf, TestHost } from '../contract.host.ts';
import { instagram } from '../instagram/index.ts';
import { startSimulator as startInstagram } from '../instagram/simulator.ts';
import { messenger } from '../messenger/index.ts';
import { startSimulator as startMessenger } from '../messenger/simulator.ts';
import { encode } from './json.ts';
import type { MetaSimulator } from './simulator.account.ts';

const hour = 3_600_000;
let now = new Date();
let channels = 0;
let simulator: MetaSimulator;
let context: ConnectorContext;
const running: { host: TestHost; done: Promise<void> }[] = [];
const clock = (): Date => now;

afterEach(async () => {
  for (const { host } of running) host.stop();
  await Promise.allSettled(running.splice(0).map(({ done }) => done));
  await simulator.close();
});

async function begin(start: typeof startMessenger): Promise<void> {
  now = new Date();
  simulator = await start({ deliveryStep: 60_000, now: clock });
  // What was asked for is remembered by channel.
  channels += 1;
  context = contextOf(simulator, { now: clock, channelId: `channel-${channels}` });
}

const asking = (host = context) => ({ ...host, signal: AbortSignal.timeout(10_000) });
const fetching = (host = context) => ({
  ...asking(host),
  event: () => Promise.reject<RawEvent>(new Error('The event was asked for.')),
});

/** A change of the account as its webhook would bring it, completed. */
async function completed(
  connector: Connector,
  item: Record<string, unknown>,
  list = 'changes',
  host = context,
): Promise<InboundEvent[]> {
  const body = encode({
    object: connector === messenger ? 'page' : 'instagram',
    entry: [{ id: connector.accountRef(simulator.settings), time: now.getTime(), [list]: [item] }],
  });
  const raw = { source: 'hook' as const, method: 'POST', path: '/', query: {}, headers: {}, body };
  const [event] = connector.split(raw, simulator.settings).events;
  if (!event) throw new Error('There is no event in it.');
  const payload = await connector.complete?.(event, asking(host));
  return connector.inbound({ ...event, ...(payload ? { payload } : {}) }, simulator.settings);
}

const wrote = (peer: string, account: string) => ({
  sender: { id: peer },
  recipient: { id: account },
  timestamp: now.getTime(),
  message: { mid: 'm_asked-001', text: 'سلام' },
});

describe('what a page’s event only points to', () => {
  const account = '104000000000001';
  beforeEach(() => begin(startMessenger));

  it('is asked for once: the name of whoever writes', async () => {
    const peer = simulator.peer(1);
    await simulator.customerWrites({ peer, name: 'نرگس محمدی', text: 'سلام' });
    const named = { sender: { name: 'نرگس محمدی', display: 'نرگس محمدی', value: `${account}:${peer}` } };
    expect(await completed(messenger, wrote(peer, account), 'messaging')).toMatchObject([named]);
    await simulator.close();
    expect(await completed(messenger, wrote(peer, account), 'messaging')).toMatchObject([named]);
  });

  it('is left out when Meta will not say: the message comes all the same', async () => {
    const unknown = '7100000000000404';
    const [message] = await completed(messenger, wrote(unknown, account), 'messaging');
    expect(message).toMatchObject({ type: 'message', text: 'سلام', sender: { display: unknown } });
    simulator.fail('htmlError', { call: 'object' });
    await simulator.customerWrites({ peer: simulator.peer(2), name: 'رضا', text: 'x' });
    const [other] = await completed(messenger, wrote(simulator.peer(2), account), 'messaging');
    expect(other).toMatchObject({ sender: { display: simulator.peer(2) } });
    // What could not be found is not asked for at every word.
    const [again] = await completed(messenger, wrote(simulator.peer(2), account), 'messaging');
    expect(again).toMatchObject({ sender: { display: simulator.peer(2) } });
    now = new Date(now.getTime() + hour);
    expect(await completed(messenger, wrote(simulator.peer(2), account), 'messaging')).toMatchObject([
      { sender: { display: 'رضا' } },
    ]);
  });

  it('is the post of a comment, and whom our own comment answers', async () => {
    const peer = simulator.peer(1);
    await simulator.act({ do: 'public', peer, text: 'قیمت؟' });
    const [comment] = [...simulator.wall.comments.values()];
    const own = simulator.wall.comment(account, {
      post: comment?.post ?? '',
      parent: comment?.id ?? '',
      text: 'دو',
    });
    const change = (of: typeof own, from: string) => ({
      field: 'feed',
      value: {
        item: 'comment',
        verb: 'add',
        from: { id: from },
        post_id: of.post,
        comment_id: of.id,
        parent_id: of.parent ?? of.post,
        created_time: Math.floor(now.getTime() / 1000),
        message: of.text,
      },
    });
    const [said] = await completed(messenger, change(comment as typeof own, peer));
    expect(said).toMatchObject({
      direction: 'in',
      post: {
        text: 'کالای تازه رسید',
        author: { ours: true, handle: 'فروشگاه نمونه' },
        url: expect.any(String),
      },
    });
    const [answer] = await completed(messenger, change(own, account));
    expect(answer).toMatchObject({
      direction: 'out',
      visibility: 'public',
      sender: { value: `${account}:${peer}` },
      inReplyTo: comment?.id,
      text: 'دو',
    });
  });
});

describe('what an Instagram event only points to', () => {
  const account = '17841400000000001';
  beforeEach(() => begin(startInstagram));

  it('is the name and the reach of whoever writes', async () => {
    const peer = simulator.peer(7);
    await simulator.customerWrites({ peer, name: 'نرگس', text: 'سلام' });
    const [message] = await completed(instagram, wrote(peer, account), 'messaging');
    expect(message).toMatchObject({
      sender: { name: 'نرگس', display: '@user.0007', reach: 7, url: 'https://www.instagram.com/user.0007/' },
    });
  });

  it('is the words of a mention, in a comment or in a post', async () => {
    const person = simulator.peer(1);
    await simulator.act({ do: 'mention', peer: person, text: 'از @example.shop خریدم', comment: true });
    const [comment] = [...simulator.wall.comments.values()];
    const where = { media_id: comment?.post, comment_id: comment?.id };
    expect(await completed(instagram, { field: 'mentions', value: where })).toMatchObject([
      {
        type: 'message',
        text: 'از @example.shop خریدم',
        visibility: 'public',
        threadKey: `post:${comment?.post}`,
        sender: { value: `${account}:@user.0001`, display: '@user.0001' },
        post: { text: 'A post', author: { ours: false } },
      },
    ]);
    await simulator.act({ do: 'mention', peer: person, text: 'معرفی @example.shop' });
    const post = [...simulator.wall.posts.values()].at(-1);
    expect(await completed(instagram, { field: 'mentions', value: { media_id: post?.id } })).toMatchObject([
      {
        type: 'message',
        text: 'معرفی @example.shop',
        externalIds: [post?.id],
        post: { externalId: post?.id },
      },
    ]);
  });

  it('is not there yet when Meta is away: the mention is tried again, not lost', async () => {
    await simulator.act({ do: 'mention', peer: simulator.peer(1), text: 'x' });
    const post = [...simulator.wall.posts.values()].at(-1);
    const item = { field: 'mentions', value: { media_id: post?.id } };
    simulator.fail('serverError', { call: 'object' });
    await expect(completed(instagram, item)).rejects.toMatchObject({ class: 'retryable' });
    expect(await completed(instagram, item)).toMatchObject([{ text: 'x' }]);
  });

  it('is before how many a commenter speaks: of a professional, or of who wrote to us; nobody else’s', async () => {
    const asked: string[] = [];
    const counting = {
      ...context,
      fetch: ((input: URL, init: RequestInit) => {
        asked.push(`${input.pathname.replace(/^\/v[\d.]+/, '')} ${input.searchParams.get('fields')}`);
        return fetch(input, init);
      }) as typeof fetch,
    };
    const comments = async (n: number): Promise<InboundMessage> => {
      const peer = simulator.peer(n);
      await simulator.act({ do: 'public', peer, text: 'افتضاح' });
      const comment = [...simulator.wall.comments.values()].at(-1);
      const value = {
        id: comment?.id,
        from: { id: peer, username: `user.000${n}` },
        media: { id: comment?.post },
        text: 'افتضاح',
      };
      const [said] = await completed(instagram, { field: 'comments', value }, 'changes', counting);
      return said as InboundMessage;
    };
    const peer = (n: number) => simulator.peer(n);
    const profile = (n: number) => `/${peer(n)} name,username,follower_count`;
    const discovery = (n: number) => `/${account} business_discovery.username(user.000${n}){followers_count}`;
    await simulator.act({ do: 'profile', peer: peer(1), followers: 41_200, professional: true });
    await simulator.customerWrites({ peer: peer(2), name: 'نرگس', text: 'سلام' });

    expect((await comments(1)).sender).toMatchObject({ display: '@user.0001', reach: 41_200 });
    expect((await comments(2)).sender).toMatchObject({ display: '@user.0002', name: 'نرگس', reach: 2 });
    const stranger = (await comments(3)).sender;
    expect(stranger).toMatchObject({ display: '@user.0003' });
    expect(stranger).not.toHaveProperty('reach');
    const of = (n: number) => asked.filter((one) => one === profile(n) || one === discovery(n)).length;
    expect([of(1), of(2), of(3)]).toEqual([2, 1, 2]);

    // A refusal holds for a day; whoever writes to us meanwhile is asked about at once.
    now = new Date(now.getTime() + 23 * hour);
    await comments(3);
    expect(of(3)).toBe(2);
    await simulator.customerWrites({ peer: peer(3), name: 'رضا', text: 'سلام' });
    const [message] = await completed(instagram, wrote(peer(3), account), 'messaging');
    expect(message).toMatchObject({ sender: { name: 'رضا', reach: 3 } });
    expect((await comments(3)).sender).toMatchObject({ name: 'رضا', reach: 3 });
    expect(of(3)).toBe(2);

    // While Meta says that it is asked too much, nothing of this is asked.
    simulator.fail('rateLimit', { call: 'object', retryAfter: 600 });
    expect(await comments(4)).toMatchObject({ text: 'افتضاح', sender: { display: '@user.0004' } });
    await comments(5);
    expect([of(4), of(5)]).toEqual([1, 0]);
    now = new Date(now.getTime() + hour);
    await comments(5);
    expect(of(5)).toBe(2);
  });

  it('is before how many a professional account names us, and nothing that is no user name is asked', async () => {
    const person = simulator.peer(1);
    await simulator.act({ do: 'profile', peer: person, followers: 70_000, professional: true });
    const mentions = async () => {
      await simulator.act({ do: 'mention', peer: person, text: 'از @example.shop خریدم', comment: true });
      const [comment] = [...simulator.wall.comments.values()].slice(-1);
      const where = { media_id: comment?.post, comment_id: comment?.id };
      return completed(instagram, { field: 'mentions', value: where });
    };
    expect(await mentions()).toMatchObject([{ type: 'message', sender: { reach: 70_000 } }]);
    await simulator.act({ do: 'profile', peer: person, username: 'x){id},me{access_token' });
    expect(await mentions()).toMatchObject([{ type: 'mention', author: { display: 'Instagram' } }]);
  });

  it('is nothing beside the comment when the account is named under its own post', async () => {
    await simulator.act({ do: 'public', peer: simulator.peer(1), text: '@example.shop قیمت؟' });
    const [comment] = [...simulator.wall.comments.values()];
    const where = { media_id: comment?.post, comment_id: comment?.id };
    expect(await completed(instagram, { field: 'mentions', value: where })).toMatchObject([
      { type: 'ignored' },
    ]);
  });
});

describe('a file', () => {
  beforeEach(() => begin(startMessenger));

  const sent = async (): Promise<InboundMessage['attachments'][number]> => {
    const file = { name: 'photo.png', type: 'image/png', body: new TextEncoder().encode('a picture') };
    await simulator.customerWrites({ peer: simulator.peer(1), text: '', file });
    const host = listening();
    await host.until(() => host.stored.size > 0);
    const [message] = await host.meanings();
    const [attachment] = (message as InboundMessage).attachments;
    if (!attachment) throw new Error('There is no attachment.');
    return attachment;
  };
  const read = async (ref: Record<string, unknown>): Promise<string> => {
    const fetched = await messenger.download?.(ref, fetching());
    const chunks: Uint8Array[] = [];
    for await (const chunk of fetched?.body ?? []) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  };

  it('is fetched by its link, and by a new one when that is over', async () => {
    const { ref, type } = await sent();
    expect(type).toBe('image/jpeg');
    expect(await read(ref)).toBe('a picture');
    now = new Date(now.getTime() + hour);
    expect(await read(ref)).toBe('a picture');
    // Of a story there is no message to ask for another.
    await expect(read({ url: ref.url })).rejects.toMatchObject({ class: 'permanent', code: '403' });
  });

  it('is fetched from nowhere but Meta', async () => {
    for (const url of [
      'http://169.254.169.254/latest/meta-data',
      'https://fbcdn.net.evil.example/x',
      'https://user@scontent.fbcdn.net/x',
      'https://scontent.fbcdn.net:8443/x',
      'http://scontent.fbcdn.net/x',
      'file:///etc/passwd',
      'x',
    ])
      await expect(read({ url })).rejects.toMatchObject({ code: 'badHost' });
    await expect(read({})).rejects.toMatchObject({ code: 'noFile' });
    const elsewhere = (async () =>
      new Response(null, { status: 302, headers: { location: 'http://127.0.0.1/secret' } })) as typeof fetch;
    const { signal, ...rest } = asking();
    const redirected = messenger.download?.(
      { url: 'https://scontent.xx.fbcdn.net/x' },
      { ...fetching({ ...rest, fetch: elsewhere }), signal },
    );
    await expect(redirected).rejects.toMatchObject({ code: 'badHost' });
  });
});

function listening(before?: TestHost): TestHost {
  const host = new TestHost(messenger, context, before);
  running.push({ host, done: messenger.listen?.(host, context) ?? Promise.resolve() });
  return host;
}

describe('catching up', () => {
  beforeEach(() => begin(startMessenger));

  it('reads all that was said while nobody listened, of many people and many pages', async () => {
    const before = listening();
    await before.until(() => before.successes > 0);
    before.stop();
    now = new Date(now.getTime() + 3 * hour);
    for (let n = 0; n < 60; n += 1)
      await simulator.customerWrites({ peer: simulator.peer(n % 30), text: `پیام ${n}` });
    for (let n = 60; n < 120; n += 1)
      await simulator.customerWrites({ peer: simulator.peer(1), text: `پیام ${n}` });
    await simulator.act({ do: 'echo', peer: simulator.peer(1), text: 'از صندوق فیس‌بوک' });
    const after = listening(before);
    await after.until(() => after.successes > 0);
    const said = (await after.meanings()).filter((event) => event.type === 'message');
    expect(new Set(said.map(({ text }) => text)).size).toBe(121);
    const mine = said.filter(({ sender }) => sender.value.endsWith(`:${simulator.peer(1)}`));
    expect(mine.map(({ text }) => text)).toEqual([
      'پیام 1',
      'پیام 31',
      ...Array.from({ length: 60 }, (_, n) => `پیام ${n + 60}`),
      'از صندوق فیس‌بوک',
    ]);
    expect(mine.at(-1)?.direction).toBe('out');
  });

  it('brings nothing that is older than the channel', async () => {
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'پارسال' });
    now = new Date(now.getTime() + hour);
    const host = listening();
    await host.until(() => host.successes > 0);
    expect(host.stored.size).toBe(0);
  });

  it('gives what the webhook brought the same key', async () => {
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'یک' });
    const host = listening();
    await host.until(() => host.stored.size > 0);
    const [message] = simulator.messages();
    expect([...host.stored.values()].map(({ eventKey }) => eventKey)).toEqual([
      `message/${message?.externalId}`,
    ]);
  });

  it('waits as long as Meta says, and ends when the token is refused', async () => {
    simulator.fail('rateLimit', { call: 'conversations', retryAfter: 120 });
    const host = listening();
    await host.until(() => host.failures.length > 0);
    expect(host.failures[0]).toMatchObject({
      class: 'rateLimited',
      retryAt: new Date(now.getTime() + 120_000),
    });
    expect(host.successes).toBe(0);
    now = new Date(now.getTime() + 130_000);
    await host.until(() => host.successes > 0);
    simulator.fail('badCredentials', { call: 'conversations' });
    await expect(running[0]?.done).rejects.toBeInstanceOf(ConnectorError);
  });
});
