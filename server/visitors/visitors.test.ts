import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Refused, SimulatedVisitor } from '../../connectors/webchat/simulator.visitor.ts';
import type { ChannelDetails } from '../../shared/channel.ts';
import type { Conversation } from '../../shared/conversation.ts';
import type { Customer } from '../../shared/customer.ts';
import type { Presence } from '../../shared/events.ts';
import { isTombstone, type Message } from '../../shared/message.ts';
import type { SignedUser, VisitorFile } from '../../shared/visitor.ts';
import { type Agent, type AgentSocket, messageOf } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { until } from '../../test/world.ts';
import { checkInvariants } from '../db/invariants.ts';
import { browsersOf } from '../duplicates/browsers.ts';
import { visitorIdentity, visitorKey } from './visitor.find.ts';

let app: TestApp;
let agent: Agent;
let desk: AgentSocket;
let channel: ChannelDetails;
let site: string;
const secret = 'the-secret-of-the-example-shop';
const visitors: SimulatedVisitor[] = [];
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

beforeAll(async () => {
  app = await startTestApp();
  agent = app.admin;
  desk = await agent.socket();
  channel = await agent.createChannel({
    connector: 'webchat',
    name: 'Shop',
    settings: {
      name: 'Example Shop',
      allowedOrigins: 'https://shop.example\n*.pages.example',
      identitySecret: secret,
      visitorsPerHour: 1000,
    },
  });
  site = String(channel.settings['site']);
});
afterAll(async () => {
  await app?.end();
});
afterEach(async () => {
  for (const visitor of visitors.splice(0)) visitor.leave();
  expect(await checkInvariants(app.context.models)).toEqual([]);
});

function newcomer(change: Partial<SimulatedVisitor> = {}): SimulatedVisitor {
  const one = Object.assign(new SimulatedVisitor({ url: app.url, site }), change);
  visitors.push(one);
  return one;
}

/** A new visitor who wrote this, and the conversation it came to. */
async function written(text: string = `سلام ${randomUUID()}`, change: Partial<SimulatedVisitor> = {}) {
  const visitor = newcomer(change);
  await visitor.begin();
  return { visitor, text, header: await write(visitor, text) };
}

async function write(visitor: SimulatedVisitor, text: string): Promise<Conversation> {
  const heard = agent.heard(desk, (event) => messageOf(event, text) !== undefined, text);
  await visitor.write(text);
  return (await heard).header;
}

/** Resolves once the visitor has this on their screen. */
const shows = (visitor: SimulatedVisitor, text: string) =>
  until(`“${text}” on the visitor’s screen`, () => visitor.shown().find((message) => message.text === text));

async function refusal(call: Promise<unknown>): Promise<Refused> {
  const outcome = await call.then(
    () => null,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(Refused);
  return outcome as Refused;
}

const customerOf = (header: Conversation) =>
  agent.call<Customer>('GET', `/api/customers/${header.customerId}`);

function signed(user: Partial<Omit<SignedUser, 'hash'>> & { userId: string }, key = secret): SignedUser {
  const { userId, name = '', email = '', mobile = '' } = user;
  const said = JSON.stringify([userId, name, email, mobile]);
  return { userId, name, email, mobile, hash: createHmac('sha256', key).update(said).digest('hex') };
}

describe('a site', () => {
  it('has a key made for it, and a secret that nobody is shown', async () => {
    const made = await agent.createChannel({
      connector: 'webchat',
      name: 'Other',
      settings: { name: 'Other' },
    });
    expect(made.settings['site']).toMatch(/^[\w-]{16}$/);
    expect(made.secrets).toEqual({ identitySecret: true });
    expect(JSON.stringify(made)).not.toMatch(/[0-9a-f]{64}/);
    const kept = await agent.call<ChannelDetails>('PATCH', `/api/channels/${made.id}`, {
      settings: { ...made.settings, welcomeEn: 'Hi!', site: '' },
    });
    expect(kept.settings['site']).toBe(made.settings['site']);
    await expect(
      agent.call('PATCH', `/api/channels/${made.id}`, {
        settings: { ...made.settings, allowedOrigins: '*' },
      }),
    ).rejects.toMatchObject({ body: { fields: { 'settings.allowedOrigins': expect.any(String) } } });
  });

  it('says how its widget looks, to itself and to the pages that may hold it', async () => {
    const ask = (origin?: string) =>
      fetch(`${app.url}/chat/${site}/config`, { headers: origin ? { origin } : {} });
    expect(await (await ask()).json()).toMatchObject({
      site,
      name: 'Example Shop',
      open: true,
      preChat: 'off',
    });
    for (const origin of ['https://shop.example', 'https://a.pages.example', 'https://a.b.pages.example']) {
      const response = await ask(origin);
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
      expect(response.headers.get('vary')).toContain('Origin');
    }
    for (const origin of [
      'https://shop.example.evil.example',
      'http://shop.example',
      'https://pages.example',
      'https://evilpages.example',
      'null',
      'https://evil.example',
    ]) {
      const response = await ask(origin);
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    }
    expect((await fetch(`${app.url}/chat/no-such-site/config`)).status).toBe(404);
  });
});

describe('what is said', () => {
  it('goes both ways at once, and each side hears what became of it', async () => {
    const { visitor, text, header } = await written();
    expect(visitor.shown()).toMatchObject([
      { text, seq: 1, from: 'visitor', author: null, state: 'received' },
    ]);
    await visitor.connected();
    const answer = `پاسخ ${randomUUID()}`;
    const sent = await agent.reply(header, answer);
    expect(await shows(visitor, answer)).toMatchObject({
      id: sent.id,
      from: 'team',
      author: 'Admin Example',
      seq: 2,
    });
    for (const word of ['delivered', 'read'] as const) {
      const heard = agent.heard(desk, (event) => messageOf(event, answer)?.delivery?.state === word, word);
      if (word === 'read') visitor.seen();
      else visitor.arrived();
      await heard;
    }
    await agent.call('PUT', `/api/conversations/${header.id}/read`, { seq: header.seq });
    await until('the visitor’s word to be read', () => visitor.shown()[0]?.state === 'read');
    expect((await visitor.begin()).messages.map(({ state }) => state)).toEqual(['read', null]);
  });

  it('under one id is said once, however often and wherever it is sent', async () => {
    const { visitor } = await written();
    const id = randomUUID();
    const same = await Promise.all(['one', 'two', 'three'].map((text) => visitor.write(text, { id })));
    expect(new Set(same.map((message) => message.text)).size).toBe(1);
    expect(await visitor.write('four', { id })).toEqual(same[0]);
    const { visitor: other } = await written();
    expect(await other.write('the same id, somebody else', { id })).toMatchObject({
      id,
      text: 'the same id, somebody else',
    });
    expect(visitor.shown().filter((message) => message.id === id)).toHaveLength(1);
  });

  it('is nothing when it is empty, and too much over its length', async () => {
    const { visitor } = await written();
    expect((await refusal(visitor.write('  \n'))).body.fields).toMatchObject({ text: expect.any(String) });
    expect((await refusal(visitor.write('x'.repeat(4001)))).status).toBe(422);
    expect((await refusal(visitor.write('x', { id: 'no uuid' }))).status).toBe(422);
    expect((await refusal(visitor.write('x', { fileIds: [randomUUID()] }))).body.fields).toMatchObject({
      fileIds: expect.any(String),
    });
  });

  it('is resumed without loss: from a number, from the newest, and back to the beginning', async () => {
    const { visitor, header } = await written('first');
    const socket = await visitor.connected();
    socket.disconnect();
    for (let n = 0; n < 4; n += 1) await agent.reply(header, `answer ${n}`, { lastSeenSeq: 99 });
    await until('the answers to be offered', async () => {
      const { seq } = await visitor.call<{ seq: number }>('GET', '/messages?after=0');
      return seq === 5;
    });
    await visitor.resume();
    expect(visitor.shown().map(({ text }) => text)).toEqual([
      'first',
      'answer 0',
      'answer 1',
      'answer 2',
      'answer 3',
    ]);
    const before = await visitor.call<{ messages: { text: string }[]; more: boolean }>(
      'GET',
      `/messages?before=${visitor.shown()[2]?.id}`,
    );
    expect([before.messages.map(({ text }) => text), before.more]).toEqual([['first', 'answer 0'], false]);
    expect((await refusal(visitor.call('GET', `/messages?before=${randomUUID()}`))).status).toBe(404);
  });

  it('has arrived when somebody without a socket asks for what came after it', async () => {
    const { visitor, header } = await written();
    const answer = randomUUID();
    const state = (word: string) =>
      agent.heard(desk, (event) => messageOf(event, answer)?.delivery?.state === word, word);
    const sent = state('sent');
    await agent.reply(header, answer);
    await sent;
    const delivered = state('delivered');
    await visitor.resume();
    await visitor.resume();
    await delivered;
  });

  it('is not seen while its channel is paused, and is offered when it goes on', async () => {
    const { visitor, header } = await written();
    const answer = `later ${randomUUID()}`;
    await visitor.connected();
    await agent.call('PATCH', `/api/channels/${channel.id}`, { state: 'paused' });
    await expect(agent.reply(header, answer)).rejects.toMatchObject({ reason: 'channelUnavailable' });
    await agent.call('PATCH', `/api/channels/${channel.id}`, { state: 'connected' });
    await agent.reply(header, answer);
    await shows(visitor, answer);
  });
});

describe('who it is', () => {
  it('is known by the token alone: another one, one of another site, none', async () => {
    const { visitor } = await written();
    const other = await agent.createChannel({
      connector: 'webchat',
      name: 'Third',
      settings: { name: 'Third' },
    });
    const token = visitor.token ?? '';
    for (const [wrong, where] of [
      [undefined, site],
      ['', site],
      [`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, site],
      [token.split('.')[1], site],
      [token, String(other.settings['site'])],
    ] as const) {
      const stranger = Object.assign(new SimulatedVisitor({ url: app.url, site: where }), { token: wrong });
      expect((await refusal(stranger.write('let me in'))).status).toBe(401);
      expect((await refusal(stranger.resume())).status).toBe(401);
      const begun = await stranger.begin();
      expect([begun.messages, begun.visitorId === visitor.visitorId]).toEqual([[], false]);
    }
  });

  it('ends when the token is given up: calls, sockets and sessions', async () => {
    const { visitor } = await written();
    await visitor.connected();
    await visitor.call('DELETE', '/session');
    await until('the socket to be told', () => visitor.ended);
    expect((await refusal(visitor.resume())).status).toBe(401);
    const was = visitor.visitorId;
    expect((await visitor.begin()).visitorId).not.toBe(was);
  });

  it('is one customer on two devices, when their site says so', async () => {
    const userId = randomUUID();
    const [one, two] = [
      await written('from the computer', { user: signed({ userId, name: 'Nora' }) }),
      await written('from the phone', { user: signed({ userId, name: 'Nora' }) }),
    ];
    const customer = await until('the two to be one', async () => {
      const found = await customerOf(
        (await agent.call<{ header: Conversation }>('GET', `/api/conversations/${two.header.id}`)).header,
      );
      return found.identities.length === 3 ? found : null;
    });
    expect(customer.identities.map(({ kind }) => kind).sort()).toEqual([
      'siteUser',
      'webVisitor',
      'webVisitor',
    ]);
    expect(customer.name).toBe('Nora');
    // What one device said stays with it.
    expect((await one.visitor.begin()).messages.map(({ text }) => text)).toEqual(['from the computer']);
    expect((await two.visitor.begin()).messages.map(({ text }) => text)).toEqual(['from the phone']);
  });

  it('is proven by a signature after the first word too, with the address in it', async () => {
    const { visitor, header } = await written();
    visitor.user = signed({
      userId: randomUUID(),
      email: 'Sara.Signed@Example.com',
      mobile: '0912 000 11 22',
    });
    const was = visitor.visitorId;
    expect((await visitor.begin()).visitorId).toBe(was);
    const { identities } = await customerOf(header);
    expect(identities.map(({ kind, value, proof }) => [kind, value, proof])).toEqual(
      expect.arrayContaining([
        ['emailAddress', 'sara.signed@example.com', 'signed'],
        ['mobile', '+989120001122', 'signed'],
      ]),
    );
  });

  it('is not told to whoever comes after in the same browser', async () => {
    const { visitor } = await written('a secret', { user: signed({ userId: 'first' }) });
    const { token, visitorId } = visitor;
    for (const user of [undefined, signed({ userId: 'second' })]) {
      const next = newcomer({ token, user });
      const session = await next.begin();
      expect(session.visitorId).not.toBe(visitorId);
      expect(JSON.stringify(session)).not.toContain('a secret');
    }
    expect((await visitor.begin()).messages.map(({ text }) => text)).toEqual(['a secret']);
  });

  it('is a sign, for agents alone, that whoever comes after in the same browser may be them', async () => {
    const { visitor } = await written('one', { user: signed({ userId: 'one' }) });
    const { token, visitorId } = visitor;
    const next = newcomer({ token, user: signed({ userId: 'other' }) });
    const session = await next.begin();
    await write(next, 'other');
    const identities = [visitorId, session.visitorId].map((id) => ({
      _id: visitorIdentity(site, id),
      kind: 'webVisitor' as const,
    }));
    const first = visitorKey(site, visitorId);
    expect([...(await browsersOf(app.context, identities)).values()]).toEqual([first, first]);
    expect(JSON.stringify(session)).not.toContain(visitorId);
  });

  it.each([
    ['another secret', (user: SignedUser) => ({ ...user, hash: signed({ userId: 'x' }, 'another').hash })],
    ['another user', (user: SignedUser) => ({ ...user, userId: 'y' })],
    ['an address that was not signed', (user: SignedUser) => ({ ...user, email: 'z@example.com' })],
  ])('is not proven by %s', async (_what, forge) => {
    const visitor = newcomer({ user: forge(signed({ userId: 'x' })) });
    expect(await refusal(visitor.begin())).toMatchObject({ status: 403, body: { reason: 'badSignature' } });
  });

  it('is not proven by somebody who calls themselves what is signed of another', async () => {
    const { userId, name, email, mobile } = signed({ userId: 'victim', email: 'victim@example.com' });
    const { hash } = signed({ userId: JSON.stringify([userId, name, email, mobile]) });
    const plain = createHmac('sha256', secret).update(JSON.stringify([userId, name, email, mobile]));
    await newcomer({ user: { userId, name, email, mobile, hash: plain.digest('hex') } }).begin();
    for (const forged of [hash, createHmac('sha256', secret).update(userId).digest('hex')]) {
      const visitor = newcomer({ user: { userId, name, email, mobile, hash: forged } });
      expect(await refusal(visitor.begin())).toMatchObject({ status: 403, body: { reason: 'badSignature' } });
    }
  });
});

describe('files', () => {
  it('go to the team and back, each to those who may have them', async () => {
    const { visitor } = await written();
    const { visitor: other } = await written();
    const upload = await visitor.upload({ name: '../عکس\u202Egnp.png', body: png });
    expect(upload).toMatchObject({ type: 'image/png', width: 1, state: 'ready', dangerous: false });
    expect((await refusal(other.write('mine?', { fileIds: [upload.id] }))).status).toBe(422);
    expect((await refusal(other.call('GET', `/files/${upload.id}`))).status).toBe(404);

    const ready = agent.heard(
      desk,
      (event) =>
        event.messages.some((entry) => !isTombstone(entry) && entry.attachments[0]?.state === 'ready'),
      'the file at the desk',
    );
    const message = await visitor.write('', { fileIds: [upload.id] });
    expect(message.files).toMatchObject([{ id: upload.id, state: 'ready' }]);
    const event = await ready;
    const stored = (event.messages.find((entry) => !isTombstone(entry)) as Message | undefined)
      ?.attachments[0];
    await visitor.resume();
    const [file] = (visitor.messages.get(message.id)?.files ?? []) as [VisitorFile];
    expect(file.id).toBe(stored?.id);
    for (const id of [upload.id, file.id]) {
      const response = await fetch(`${app.url}/chat/${site}/files/${id}`, {
        headers: { authorization: `Bearer ${visitor.token}` },
      });
      expect(Buffer.from(await response.arrayBuffer())).toEqual(png);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('content-security-policy')).toContain('sandbox');
      expect((await refusal(other.call('GET', `/files/${id}`))).status).toBe(404);
    }
    expect((await fetch(`${app.url}/chat/${site}/files/${file.id}`)).status).toBe(401);

    const form = await fetch(`${app.url}/api/files/${file.id}`, {
      headers: { authorization: `Bearer ${visitor.token}` },
    });
    expect(form.status).toBe(401);
  });

  it('that are programs, empty or too large are refused, and nothing of them stays', async () => {
    const { visitor } = await written();
    const count = () => app.context.models.files.countDocuments({});
    const before = await count();
    const program = Buffer.concat([Buffer.from('7f454c4602010100', 'hex'), Buffer.alloc(64)]);
    expect((await refusal(visitor.upload({ name: 'holiday.png', body: program }))).message).toMatch(
      /program/,
    );
    expect((await refusal(visitor.upload({ name: 'a.txt', body: new Uint8Array() }))).status).toBe(422);
    expect(
      (await refusal(visitor.upload({ name: 'a', body: new Uint8Array(10 * 1024 * 1024 + 1) }))).status,
    ).toBe(413);
    expect(await count()).toBe(before);
  });
});

describe('too much', () => {
  it('of one visitor is refused with the time to wait, and keeps nobody else from writing', async () => {
    const { visitor } = await written();
    const { visitor: other } = await written();
    const refusals: Refused[] = [];
    // At once: a machine too slow to take them in would else never be written to too fast.
    await Promise.all(
      Array.from({ length: 25 }, (_, n) =>
        visitor.write(`${n}`).catch((error: Refused) => refusals.push(error)),
      ),
    );
    expect(refusals[0]).toMatchObject({ status: 429 });
    expect(refusals[0]?.retryAfterMs).toBeGreaterThan(0);
    await other.write('still here');
  });

  it('new visitors from one place are refused', async () => {
    const small = await agent.createChannel({
      connector: 'webchat',
      name: 'Small',
      settings: { name: 'Small', visitorsPerHour: 2 },
    });
    const begin = () => new SimulatedVisitor({ url: app.url, site: String(small.settings['site']) }).begin();
    await begin();
    await begin();
    expect((await refusal(begin())).status).toBe(429);
  });

  it('windows of one visitor are refused', async () => {
    const { visitor } = await written();
    const windows = Array.from({ length: 5 }, () => newcomer({ token: visitor.token }));
    for (const one of windows) await one.connected();
    const sixth = newcomer({ token: visitor.token });
    await expect(sixth.connected()).rejects.toThrow('tooManySockets');
    windows[0]?.leave();
    sixth.leave();
    await until('a place', () =>
      sixth.connected().then(
        () => true,
        () => sixth.leave(),
      ),
    );
  });
});

describe('while they are there', () => {
  it('each side sees that the other writes, and the team where they are', async () => {
    const page = { url: 'https://shop.example/shoes', title: 'Shoes' };
    const { visitor, header } = await written(undefined, { page });
    const seen: Presence[] = [];
    desk.on('presence', (event) => {
      if (event.conversationId === header.id) seen.push(event);
    });
    desk.emit('conversation.view', { conversationId: header.id });
    await until('the visitor to be away', () => seen.find(({ visit }) => visit?.online === false));
    await visitor.connected();
    await until('the visitor to be there', () =>
      seen.find(({ visit }) => visit?.online && visit.page?.url === page.url),
    );
    visitor.typing();
    await until('the visitor to type', () => seen.find((event) => event.customerTyping));
    desk.emit('conversation.typing', { conversationId: header.id, mode: 'note' });
    desk.emit('conversation.typing', { conversationId: header.id, mode: 'reply' });
    await until('the agent to type', () => visitor.typists.includes('Admin Example'));
    expect(visitor.typists).toHaveLength(1);
    seen.length = 0;
    visitor.leave();
    await until('the visitor to be gone', () => seen.find(({ visit }) => visit?.online === false));
    desk.off('presence');
  });
});

describe('somebody who is blocked', () => {
  it('is answered politely, and nobody reads it', async () => {
    const { visitor, header } = await written();
    const { identities } = await customerOf(header);
    await agent.call('PUT', `/api/identities/${encodeURIComponent(identities[0]?.id ?? '')}/block`, {
      blocked: true,
    });
    const text = `ignored ${randomUUID()}`;
    expect(await visitor.write(text)).toMatchObject({ text, state: 'received', seq: 0 });
    expect(await app.context.models.messages.countDocuments({ text })).toBe(0);
  });
});

describe('a page elsewhere', () => {
  it('cannot act for a visitor, even with their token', async () => {
    const { visitor } = await written();
    for (const origin of ['https://shop.example', 'null', undefined]) {
      const response = await fetch(`${app.url}/chat/${site}/messages`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${visitor.token}`,
          'content-type': 'application/json',
          ...(origin ? { origin } : {}),
        },
        body: JSON.stringify({ id: randomUUID(), text: 'x', fileIds: [] }),
      });
      expect(response.status).toBe(403);
    }
  });
});

describe('the words after an answer', () => {
  it('lead to a page whose button ends it', async () => {
    const { visitor } = await written();
    const doc = await app.context.models.visitors.findOne({ visitorId: visitor.visitorId }).lean();
    await app.context.models.visitors.updateOne({ _id: doc?._id }, { stopCode: 'a-code-of-twenty-letters' });
    const url = `${app.url}/chat/${site}/stop/${visitor.visitorId}.a-code-of-twenty-letters`;
    expect((await fetch(`${url}x`)).status).toBe(404);
    const noFollowUp = async () => (await app.context.models.visitors.findById(doc?._id).lean())?.noFollowUp;
    expect(await (await fetch(url)).text()).toContain('<form method="post">');
    expect(await noFollowUp()).toBe(false);
    await fetch(url, { method: 'POST', headers: { origin: app.url } });
    expect(await noFollowUp()).toBe(true);
  });
});
