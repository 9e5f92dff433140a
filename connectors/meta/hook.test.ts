import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector, InboundEvent, RawEvent, RawRequest } from '../connector.ts';
import { instagram } from '../instagram/index.ts';
import { startSimulator as startInstagram } from '../instagram/simulator.ts';
import { messenger } from '../messenger/index.ts';
import { startSimulator as startMessenger } from '../messenger/simulator.ts';
import { type Listener, serve } from '../simulator.ts';
import { answerChallenge } from './signature.ts';
import type { MetaSimulator } from './simulator.account.ts';

let simulator: MetaSimulator;
let listener: Listener | null = null;
const raw: RawRequest[] = [];
let told: () => void = () => undefined;
let turnedAway = 0;

beforeEach(() => {
  raw.length = 0;
  turnedAway = 0;
});
afterEach(async () => {
  await simulator.close();
  await listener?.close();
  listener = null;
});

/** A hook of ours: it answers the challenge, and keeps what is genuine. `status`: of what it takes. */
async function hooked(connector: Connector, status: () => number = () => 200): Promise<string> {
  listener = await serve(({ method, url, headers, body, response }) => {
    const request: RawRequest = {
      source: 'hook',
      method,
      path: '/',
      query: Object.fromEntries(url.searchParams),
      headers: headers as Record<string, string>,
      body,
    };
    const challenge = connector.handshake?.(request, simulator.settings);
    if (challenge) {
      response.writeHead(challenge.status, { 'content-type': challenge.type }).end(challenge.body);
      return;
    }
    const answer = connector.verify(request, simulator.settings) ? status() : 403;
    if (answer === 200) raw.push(request);
    if (answer === 403) turnedAway += 1;
    response.writeHead(answer).end();
    told();
  });
  return `${listener.endpoint}/hooks/x`;
}

const events = (connector: Connector): RawEvent[] =>
  raw.flatMap((request) => connector.split(request, simulator.settings).events);

const meanings = (connector: Connector): InboundEvent[] =>
  events(connector).flatMap((event) => connector.inbound(event, simulator.settings) as InboundEvent[]);

async function until(
  connector: Connector,
  done: (heard: InboundEvent[]) => boolean,
): Promise<InboundEvent[]> {
  for (;;) {
    const heard = meanings(connector);
    if (done(heard)) return heard;
    await new Promise<void>((resolve) => {
      told = resolve;
    });
  }
}

const texts = (heard: InboundEvent[]): string[] =>
  heard.flatMap((event) => (event.type === 'message' ? [event.text] : []));

describe('the webhook of a page', () => {
  beforeEach(async () => {
    simulator = await startMessenger({ deliveryStep: 2 });
  });

  it('is confirmed first, and then brings what was written, escaped and signed', async () => {
    simulator.setHook(await hooked(messenger));
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'سلام/«یک»' });
    const heard = await until(messenger, (all) => all.length > 0);
    expect(texts(heard)).toEqual(['سلام/«یک»']);
    const body = Buffer.from(raw[0]?.body ?? []).toString();
    expect(body).toContain('\\u0633');
    expect(body).toContain('\\/');
  });

  it('loses nothing that was refused at first, and knows a repeated event by its key', async () => {
    let refusals = 2;
    simulator.setHook(await hooked(messenger, () => (refusals-- > 0 ? 500 : 200)));
    simulator.fail('duplicate');
    for (const text of ['یک', 'دو', 'سه']) await simulator.customerWrites({ peer: simulator.peer(1), text });
    await until(messenger, (all) => texts(all).length >= 6);
    expect(new Set(events(messenger).map((event) => event.eventKey)).size).toBe(3);
    expect(texts(meanings(messenger)).slice(0, 3)).toEqual(['یک', 'دو', 'سه']);
  });

  it('lets nobody in whose signature is wrong', async () => {
    simulator.setHook(await hooked(messenger));
    simulator.fail('wrongSignature', { times: 2 });
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'یک' });
    await until(messenger, (all) => texts(all).length === 1);
    expect(turnedAway).toBe(2);
    expect(raw).toHaveLength(1);
  });

  it('cuts a batch of several pages into events of each', async () => {
    simulator.setHook(await hooked(messenger));
    await simulator.customerWrites({ peer: simulator.peer(1), text: 'به ما' });
    simulator.foreign(
      {
        sender: { id: '7100000000000099' },
        recipient: { id: '104000000000009' },
        timestamp: Date.now(),
        message: { mid: 'm_foreign-01', text: 'به دیگری' },
      },
      '104000000000009',
    );
    await simulator.customerWrites({ peer: simulator.peer(2), text: 'باز به ما' });
    await until(messenger, (all) => texts(all).length === 3);
    expect(raw).toHaveLength(1);
    expect(events(messenger).map((event) => event.accountRef)).toEqual([
      '104000000000001',
      '104000000000009',
      '104000000000001',
    ]);
  });

  it('brings comments, their edits and ends, visitors’ posts and who names the page', async () => {
    simulator.setHook(await hooked(messenger));
    const peer = simulator.peer(1);
    await simulator.act({ do: 'public', peer, text: 'قیمت؟' });
    const comment = [...simulator.wall.comments.keys()][0];
    await simulator.act({ do: 'editComment', peer, externalId: comment, text: 'قیمت آبی؟' });
    await simulator.act({ do: 'like', peer, externalId: comment });
    await simulator.act({ do: 'visitorPost', peer, text: 'راضی‌ام' });
    await simulator.act({ do: 'mention', peer, text: 'فروشگاه نمونه عالی' });
    await simulator.act({ do: 'ownPost', peer, text: 'رنگ تازه' });
    await simulator.act({ do: 'deleteComment', peer, externalId: comment });
    const heard = await until(messenger, (all) => all.some((event) => event.type === 'delete'));
    expect(heard.map((event) => event.type)).toEqual([
      'message',
      'edit',
      'reaction',
      'message',
      'message',
      'post',
      'delete',
    ]);
    expect(heard[0]).toMatchObject({
      visibility: 'public',
      post: { url: expect.stringContaining('/posts/') },
    });
    expect(heard[3]).toMatchObject({ threadKey: expect.stringContaining('post:104000000000001_') });
  });

  it('tells what was delivered, read, taken back, edited and pressed', async () => {
    simulator.setHook(await hooked(messenger));
    const peer = simulator.peer(1);
    const mid = await simulator.customerWrites({ peer, text: 'یک' });
    await simulator.act({ do: 'edit', peer, externalId: mid, text: 'دو' });
    await simulator.act({ do: 'reaction', peer, externalId: mid, emoji: '👍' });
    await simulator.act({ do: 'postback', peer, text: 'پیگیری' });
    await simulator.act({ do: 'echo', peer, text: 'از صندوق فیس‌بوک' });
    await simulator.act({ do: 'referral', peer });
    await simulator.act({ do: 'standby', peer, text: 'به ربات' });
    await simulator.act({ do: 'read', peer });
    await simulator.act({ do: 'unsend', peer, externalId: mid });
    const heard = await until(messenger, (all) => all.some((event) => event.type === 'delete'));
    expect(heard.map((event) => event.type)).toEqual([
      'message',
      'edit',
      'reaction',
      'message',
      'message',
      'ignored',
      'message',
      'watermark',
      'delete',
    ]);
    expect(heard[4]).toMatchObject({ direction: 'out', text: 'از صندوق فیس‌بوک' });
  });
});

describe('the webhook of an Instagram account', () => {
  beforeEach(async () => {
    simulator = await startInstagram({ deliveryStep: 2 });
  });

  it('brings messages, stories, comments, also of a broadcast, and what was seen', async () => {
    simulator.setHook(await hooked(instagram));
    const peer = simulator.peer(1);
    await simulator.customerWrites({ peer, text: 'سلام' });
    await simulator.act({ do: 'storyMention', peer });
    await simulator.act({ do: 'storyReply', peer, text: 'قشنگ' });
    await simulator.act({ do: 'public', peer, text: 'قیمت؟' });
    await simulator.act({ do: 'public', peer, text: 'پخش زنده', live: true });
    await simulator.act({ do: 'read', peer, externalId: 'aWdfZAGseenZD' });
    const heard = await until(instagram, (all) => all.some((event) => event.type === 'status'));
    expect(texts(heard)).toEqual(['سلام', '📣 Story', 'قشنگ', 'قیمت؟', 'پخش زنده']);
    expect(heard.map((event) => event.type === 'message' && event.attachments.length)).toEqual([
      0,
      1,
      1,
      0,
      0,
      false,
    ]);
    expect(heard[3]).toMatchObject({ visibility: 'public', sender: { display: '@user.0001' } });
  });
});

describe('the challenge', () => {
  const ask = (query: Record<string, string>, method = 'GET'): RawRequest => ({
    source: 'hook',
    method,
    path: '/',
    query,
    headers: {},
    body: new Uint8Array(),
  });
  const good = { 'hub.mode': 'subscribe', 'hub.verify_token': 'token-1234', 'hub.challenge': '1158201444' };

  beforeEach(async () => {
    simulator = await startMessenger();
  });

  it('is repeated to whoever knows the token, and to nobody else', () => {
    expect(answerChallenge(ask(good), 'token-1234')).toEqual({
      status: 200,
      type: 'text/plain',
      body: '1158201444',
    });
    expect(answerChallenge(ask({ ...good, 'hub.verify_token': 'token-1235' }), 'token-1234')).toBeNull();
    expect(answerChallenge(ask({ ...good, 'hub.verify_token': '' }), '')).toBeNull();
    expect(answerChallenge(ask({ ...good, 'hub.mode': 'unsubscribe' }), 'token-1234')).toBeNull();
    expect(answerChallenge(ask(good, 'POST'), 'token-1234')).toBeNull();
  });

  it('is never a page of somebody else’s making', () => {
    const page = { ...good, 'hub.challenge': '<script>alert(1)</script>' };
    expect(answerChallenge(ask(page), 'token-1234')).toBeNull();
    expect(answerChallenge(ask({ ...good, 'hub.challenge': '' }), 'token-1234')).toBeNull();
  });
});
