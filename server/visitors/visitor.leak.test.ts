import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SimulatedVisitor } from '../../connectors/webchat/simulator.visitor.ts';
import type { ChannelDetails } from '../../shared/channel.ts';
import type { Conversation } from '../../shared/conversation.ts';
import type { Customer } from '../../shared/customer.ts';
import type { Tag } from '../../shared/tag.ts';
import type { VisitorMessage } from '../../shared/visitor.ts';
import type { Agent, AgentSocket } from '../../test/agent.ts';
import { messageOf } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { deliver } from '../../test/intake.ts';
import { person, plain, written } from '../../test/provider.ts';
import { until } from '../../test/world.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { commit } from '../messages/commit.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { presentForVisitor } from './visitor.presenter.ts';

/** Every word that the team, other channels and other visitors must keep for themselves holds this. */
const mark = 'CONFIDENTIAL';

let app: TestApp;
let agent: Agent;
let desk: AgentSocket;
let site: string;
let visitor: SimulatedVisitor;
let other: SimulatedVisitor;
let conversation: Conversation;
let customer: Customer;
/** Ids of what is not the visitor's to see. */
const hidden: { messages: string[]; files: string[] } = { messages: [], files: [] };
const sockets: Socket[] = [];

beforeAll(async () => {
  app = await startTestApp({
    connectors: { ...(await import('../../connectors/index.ts')).connectors, plain },
  });
  agent = app.admin;
  await agent.call('PATCH', '/api/profile', { name: 'Nora' });
  desk = await agent.socket();
  const channel = await agent.createChannel({
    connector: 'webchat',
    name: `${mark} name of the channel`,
    settings: { name: 'Example Shop', identitySecret: `${mark}-secret-of-the-site` },
  });
  site = String(channel.settings['site']);
  [visitor, other] = [
    new SimulatedVisitor({ url: app.url, site }),
    new SimulatedVisitor({ url: app.url, site }),
  ];
  conversation = await write(visitor, 'Where is my order?');
  hidden.messages.push((await messageIn(await write(other, `${mark} words of another visitor`))).id);
  await agent.reply(conversation, 'On its way.');
  await furnish(channel);
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});
afterAll(async () => {
  visitor?.leave();
  other?.leave();
  await app?.end();
});

async function write(from: SimulatedVisitor, text: string): Promise<Conversation> {
  if (!from.token) await from.begin();
  const heard = agent.heard(desk, (event) => messageOf(event, text) !== undefined, text);
  await from.write(text);
  return (await heard).header;
}

async function messageIn({ customerId }: Conversation): Promise<{ id: string }> {
  const { messages } = await agent.timeline(customerId);
  const message = messages.find((entry) => 'direction' in entry && entry.direction === 'in');
  if (!message) throw new Error('There is no message.');
  return message;
}

/** Whatever the team can hang on the visitor's conversation and customer, each with the mark in it. */
async function furnish(channel: ChannelDetails): Promise<void> {
  const { id } = conversation;
  const tag = await agent.call<Tag>('POST', '/api/tags', { name: `${mark} tag`, colour: 'red' });
  const { user } = await app.join({ channelIds: 'all', name: `${mark} colleague` });
  await agent.call('PATCH', `/api/conversations/${id}`, { deed: 'assign', assigneeId: user.id });
  await agent.call('PATCH', `/api/conversations/${id}`, { deed: 'tag', add: [tag.id], remove: [] });
  await agent.call('PATCH', `/api/conversations/${id}`, { deed: 'priority', priority: 'urgent' });
  await agent.call('PATCH', `/api/customers/${conversation.customerId}`, {
    name: `${mark} name of the customer`,
  });
  const note = { id: randomUUID(), kind: 'note', text: `${mark} note`, fileIds: [], lastSeenSeq: 99 };
  await agent.call('POST', `/api/conversations/${id}/messages`, note);
  hidden.messages.push(note.id);

  // Somebody of another channel, who is the same customer, writes into the same conversation, and is answered there.
  const elsewhere: ChannelDoc = {
    _id: randomUUID(),
    connector: 'plain',
    name: 'plain',
    state: 'connected',
    pausedReason: null,
    settings: {},
    secrets: {},
    hookId: randomUUID(),
    accountRef: 'plain',
    createdAt: new Date(),
  };
  await app.context.models.channels.insertMany([elsewhere]);
  const sara = person(`${mark}-sara`);
  const heard = agent.heard(desk, (event) => messageOf(event, `${mark} another channel`) !== undefined, 'it');
  await deliver(app.context, elsewhere, [written(sara, `${mark} another channel`)]);
  const theirs = (await heard).header;
  ({ customer } = await agent.call<{ customer: Customer }>(
    'POST',
    `/api/customers/${conversation.customerId}/merge`,
    { otherId: theirs.customerId, reason: `${mark} reason` },
  ));
  await deliver(app.context, elsewhere, [written(sara, `${mark} another channel, after the link`)]);
  // The older of the two conversations goes on in the other.
  const { header } = await agent.call<{ header: Conversation }>('GET', `/api/conversations/${id}`);
  const live = header.successorId ?? id;
  conversation = (await agent.call<{ header: Conversation }>('GET', `/api/conversations/${live}`)).header;
  for (const message of await app.context.models.messages
    .find({ channelId: elsewhere._id }, { _id: 1 })
    .lean<Pick<MessageDoc, '_id'>[]>())
    hidden.messages.push(message._id);
  for (const line of await app.context.models.messages
    .find({ kind: 'event' }, { _id: 1 })
    .lean<Pick<MessageDoc, '_id'>[]>())
    hidden.messages.push(line._id);

  // A reply that waits, and a file of an agent's that is in no message the visitor sees.
  await app.context.models.channels.updateOne({ _id: channel.id }, { state: 'connected' });
  const upload = await fetch(`${app.url}/api/files?name=${mark}.txt`, {
    method: 'POST',
    headers: { origin: app.url, cookie: (agent as unknown as { cookie: string }).cookie },
    body: `${mark} file`,
  });
  hidden.files.push(((await upload.json()) as { id: string }).id);
  const { id: otherFile } = await other.upload({ name: 'a.txt', body: Buffer.from(`${mark} upload`) });
  await other.write(`${mark} with a file`, { fileIds: [otherFile] });
  hidden.files.push(otherFile);
}

interface Answer {
  status: number;
  text: string;
  json: unknown;
}

async function get(path: string, headers: { cookie?: string } = {}): Promise<Answer> {
  const response = await fetch(`${app.url}${path}`, {
    headers: { authorization: `Bearer ${visitor.token}`, ...headers },
  });
  const text = await response.text();
  return { status: response.status, text, json: text.startsWith('{') ? JSON.parse(text) : null };
}

/** Of no answer may anything be known beside the visitor's own. */
function mustBeClean(answer: Pick<Answer, 'text'>, what: string): void {
  expect(answer.text, what).not.toContain(mark);
  for (const secret of ['admin@example.com', 'agent1@example.com', conversation.id, customer.id, 'urgent'])
    expect(answer.text, what).not.toContain(secret);
  for (const id of [...hidden.messages, ...hidden.files]) expect(answer.text, what).not.toContain(id);
}

const fields = ['at', 'author', 'deleted', 'edited', 'files', 'from', 'id', 'seq', 'state', 'text'];

describe('a visitor who holds a token gets nothing but their own words and the answers to them', () => {
  it('in a session and in every range of messages', async () => {
    const session = await visitor.begin();
    mustBeClean({ text: JSON.stringify(session) }, 'session');
    expect(session.messages.map(({ text }) => text)).toEqual(['Where is my order?', 'On its way.']);
    for (const message of session.messages) expect(Object.keys(message).sort()).toEqual(fields);
    const ranges = [
      '',
      '?after=0',
      '?after=1',
      '?after=-1',
      '?after=1e9',
      '?after[$gt]=0',
      '?after[]=0',
      '?before=zzz',
      `?before=${session.messages[1]?.id}`,
      '?before[$ne]=x',
      '?after=0&before=x',
      '?limit=9999',
      '?after=0&limit=9999',
      ...hidden.messages.map((id) => `?before=${id}`),
    ];
    for (const range of ranges) {
      const answer = await get(`/chat/${site}/messages${range}`);
      mustBeClean(answer, range);
      if (answer.status === 200)
        for (const { text } of (answer.json as { messages: VisitorMessage[] }).messages)
          expect(['Where is my order?', 'On its way.']).toContain(text);
      else expect([404, 422], range).toContain(answer.status);
    }
  });

  it('by ids of anything else: messages, files, sites, whatever they are put into', async () => {
    const ids = [...hidden.messages, ...hidden.files, conversation.id, customer.id];
    for (const id of [...ids, '__proto__', 'constructor', '%00', '..%2f..%2fapi%2fbootstrap', '$where']) {
      const answer = await get(`/chat/${site}/files/${id}`);
      expect([400, 404, 422], id).toContain(answer.status);
      mustBeClean({ text: answer.text.replace(id, '') }, id);
    }
    for (const where of [
      '__proto__',
      'constructor',
      'toString',
      `${site}%2f..`,
      'example-shop',
      '..%2fapi',
    ]) {
      const answer = await get(`/chat/${where}/messages?after=0`);
      expect([400, 401, 404], where).toContain(answer.status);
      mustBeClean(answer, where);
    }
  });

  it('from what they write: an id that is taken, files that are not theirs, names that are no names', async () => {
    const thief = new SimulatedVisitor({ url: app.url, site });
    await thief.begin();
    for (const id of hidden.messages.filter((one) => /^[0-9a-f-]{36}$/.test(one))) {
      const own = await thief.write('mine', { id });
      expect(own).toMatchObject({ id, text: 'mine', from: 'visitor' });
      expect(await app.context.models.messages.findById(id).lean()).not.toMatchObject({ text: 'mine' });
    }
    for (const id of hidden.files) {
      const outcome = await visitor.write('give me', { fileIds: [id] }).then(
        () => 'sent',
        (error: { status: number }) => error.status,
      );
      expect(outcome).toBe(422);
    }
    for (const body of [
      '{"__proto__":{"identityId":"x"},"id":"1","text":"a","fileIds":[]}',
      JSON.stringify({
        id: randomUUID(),
        text: 'hello',
        fileIds: [],
        identityId: 'webVisitor:x',
        conversationId: conversation.id,
        kind: 'note',
        visitorId: other.visitorId,
        channelId: 'x',
      }),
    ]) {
      const response = await fetch(`${app.url}/chat/${site}/messages`, {
        method: 'POST',
        headers: {
          origin: app.url,
          authorization: `Bearer ${visitor.token}`,
          'content-type': 'application/json',
        },
        body,
      });
      mustBeClean({ text: await response.text() }, body);
    }
    const stored = await app.context.models.messages.findOne({ text: 'hello' }).lean<MessageDoc>();
    expect(stored).toMatchObject({
      kind: 'message',
      direction: 'in',
      identityId: expect.stringContaining(visitor.visitorId),
    });
  });

  it('of the API behind the sign-in, by bearer, cookie or as a visitor’s site', async () => {
    const paths = [
      '/api/bootstrap',
      '/api/session',
      '/api/users',
      '/api/channels',
      '/api/conversations?view=all',
      `/api/conversations/${conversation.id}`,
      `/api/conversations/${conversation.id}/changes?sinceVersion=0`,
      `/api/customers/${customer.id}`,
      `/api/customers/${customer.id}/timeline`,
      ...hidden.files.map((id) => `/api/files/${id}`),
      '/api/inbound?state=done',
    ];
    for (const path of paths)
      for (const headers of [
        {},
        { cookie: `session=${visitor.token}` },
        { cookie: `session=${visitor.visitorId}` },
      ]) {
        const answer = await get(path, headers);
        expect(answer.status, path).toBe(401);
        mustBeClean(answer, path);
      }
  });

  it('over sockets: of no room, of no namespace, whatever they ask for', async () => {
    const heard: unknown[] = [];
    const open = (namespace: string, auth: unknown) => {
      const socket = io(`${app.url}${namespace}`, {
        transports: ['websocket'],
        extraHeaders: { origin: app.url },
        auth: auth as Record<string, unknown>,
        forceNew: true,
        reconnection: false,
      });
      sockets.push(socket);
      socket.onAny((...event) => heard.push(event));
      return new Promise<string>((resolve) => {
        socket.once('connect', () => resolve('connected'));
        socket.once('connect_error', (error) => resolve(error.message));
      });
    };
    expect(await open('/visitor', { site, token: visitor.token })).toBe('connected');
    const [own] = sockets;
    expect(await open('/', { site, token: visitor.token })).toBe('unauthenticated');
    for (const auth of [
      {},
      { site, token: other.visitorId },
      { site, token: { $ne: '' } },
      { site: { $ne: '' }, token: visitor.token },
      { site: '__proto__', token: visitor.token },
      { site, token: `${other.visitorId}.${visitor.token?.split('.')[1]}` },
    ])
      expect(await open('/visitor', auth)).toBe('unauthenticated');
    for (const [event, value] of [
      ['join', `visitor:webVisitor:${site}%3A${other.visitorId}`],
      ['conversation.view', { conversationId: conversation.id }],
      ['subscribe', 'everyone'],
      ['seen', { seq: 'all' }],
      ['seen', { $gt: 0 }],
      ['arrived', null],
      ['seen', { seq: -1 }],
      ['__proto__', {}],
    ] as const)
      own?.emit(event, value);
    // Everything that goes on at the desk and with others; last of all something that is the visitor's to hear.
    const { id } = conversation;
    await agent.call('POST', `/api/conversations/${id}/messages`, {
      id: randomUUID(),
      kind: 'note',
      text: `${mark} second note`,
      fileIds: [],
      lastSeenSeq: 99,
    });
    await agent.call('PATCH', `/api/conversations/${id}`, { deed: 'priority', priority: 'low' });
    await other.write(`${mark} second word of another`);
    await app.context.bus.emit('read.changed', { userId: 'x', conversationId: id, seq: 99 });
    const header = (await agent.call<{ header: Conversation }>('GET', `/api/conversations/${id}`)).header;
    const identityId = `webVisitor:${site}%3A${visitor.visitorId}`;
    const { channelId } = (await app.context.models.visitors.findOne({ identityId }).lean()) ?? {};
    await agent.reply(header, 'For you alone.', {
      target: { channelId: channelId ?? '', identityId, threadKey: 'chat' },
      sendAnyway: true,
    });
    await until('the answer', () => JSON.stringify(heard).includes('For you alone.'));
    mustBeClean({ text: JSON.stringify(heard) }, 'sockets');
    const events = new Set((heard as [string][]).map(([event]) => event));
    // Every few seconds also the number of their newest message.
    events.delete('seq');
    expect(events).toEqual(new Set(['message', 'read']));
  });

  it('by the presenter: what is not theirs is a fault, not an answer', async () => {
    const shown = { names: new Map(), teamReadAt: null };
    for (const message of await app.context.models.messages.find({}).lean<MessageDoc[]>()) {
      const mine = message.kind === 'message' && message.identityId?.startsWith('webVisitor:');
      if (mine) expect(Object.keys(presentForVisitor(message, shown)).sort()).toEqual(fields);
      else expect(() => presentForVisitor(message, shown)).toThrow();
    }
  });

  it('of posts, of how something was said, of templates and of calls', async () => {
    const identityId = `webVisitor:${site}%3A${visitor.visitorId}`;
    const shown = { names: new Map(), teamReadAt: null };
    const [own] = await app.context.models.messages
      .find({ identityId, direction: 'in' })
      .sort({ seq: 1 })
      .lean<MessageDoc[]>();
    if (!own) throw new Error('There is no message of theirs.');
    const beside: Partial<MessageDoc> = {
      postId: mark,
      answers: mark,
      url: `https://social.example/${mark}`,
      sentiment: {
        label: 'negative',
        score: -0.9,
        confidence: 0.9,
        language: 'en',
        about: [{ aspect: 'price', product: mark, label: 'negative' }],
        words: [{ at: [0, 1], weight: -1 }],
        by: 'agent',
        byUserId: mark,
      },
      template: { name: mark, language: 'en', values: [mark] },
      call: {
        direction: 'in',
        state: 'ended',
        disposition: 'missed',
        number: mark,
        startedAt: new Date(),
        answeredAt: null,
        endedAt: new Date(),
        talked: null,
        agentId: mark,
        extension: mark,
        recording: null,
        logged: true,
      } as MessageDoc['call'] & object,
    };
    expect(presentForVisitor({ ...own, ...beside }, shown)).toEqual(presentForVisitor(own, shown));
    expect(() => presentForVisitor({ ...own, ...beside, kind: 'call' }, shown)).toThrow();
    expect(() => presentForVisitor({ ...own, visibility: 'public' }, shown)).toThrow();
  });

  it('of a reply that waits, failed, or was taken back', async () => {
    const identityId = `webVisitor:${site}%3A${visitor.visitorId}`;
    const [sent] = await app.context.models.messages
      .find({ identityId, direction: 'out' })
      .sort({ seq: 1 })
      .lean<MessageDoc[]>();
    if (!sent?.delivery) throw new Error('There is no reply.');
    const shown = { names: new Map(), teamReadAt: null };
    for (const state of ['queued', 'sending', 'unknown', 'failed'] as const)
      expect(() =>
        presentForVisitor(
          { ...sent, delivery: { ...(sent.delivery as never as object), state } as never },
          shown,
        ),
      ).toThrow();
    await commit(app.context, async (tx) => {
      const conversation = await tx.models.conversations
        .findById(sent.conversationId, null, { session: tx.session, lean: true })
        .exec();
      if (!conversation) throw new Error('There is no conversation.');
      await tx.raise(conversation, {});
      await tx.change(sent, { set: { text: `${mark} taken back`, deletedAt: new Date() } });
    });
    const answer = await get(`/chat/${site}/messages?after=0`);
    mustBeClean(answer, 'taken back');
    expect(
      (answer.json as { messages: VisitorMessage[] }).messages.find(({ id }) => id === sent._id),
    ).toMatchObject({
      deleted: true,
      text: '',
      files: [],
    });
  });
});
