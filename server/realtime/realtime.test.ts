import { io as connect } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bootstrap, ViewCounts } from '../../shared/conversation.ts';
import type { ConversationChanged, Presence } from '../../shared/events.ts';
import type { Agent, AgentSocket } from '../../test/agent.ts';
import { password, startTestApp, type TestApp } from '../../test/app.ts';
import { addPlainChannel, arrives } from '../../test/inbox.ts';
import { person, plain, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { pauseChannel } from '../channels/channel.state.ts';
import { commit } from '../messages/commit.ts';
import type { MessageDoc } from '../messages/message.model.ts';

let app: TestApp;
let channel: ChannelDoc;
beforeAll(async () => {
  app = await startTestApp({ connectors: { plain } });
  channel = await addPlainChannel(app.context, 'plain');
});
afterAll(() => app.end());

const next = <E extends Parameters<AgentSocket['once']>[0]>(socket: AgentSocket, event: E) =>
  new Promise<unknown>((resolve) =>
    (socket as unknown as { once(e: string, f: (x: unknown) => void): void }).once(event, resolve),
  );

/** The first presence of this conversation that fits. */
const presence = (socket: AgentSocket, fits: (event: Presence) => boolean) =>
  new Promise<Presence>((resolve) => {
    const listen = (event: Presence) => {
      if (!fits(event)) return;
      socket.off('presence', listen);
      resolve(event);
    };
    socket.on('presence', listen);
  });

describe('a socket', () => {
  const refusal = (headers: Record<string, string>) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(app.url, {
        transports: ['websocket'],
        extraHeaders: headers,
        forceNew: true,
        reconnection: false,
      });
      socket.once('connect', () => reject(new Error('It was let in.')));
      socket.once('connect_error', (error) => {
        socket.disconnect();
        resolve(error.message);
      });
    });
  const cookieOf = (agent: Agent) => (agent as unknown as { cookie: string }).cookie;

  it('needs a session and our Origin', async () => {
    const cookie = cookieOf(app.admin);
    expect(await refusal({ origin: app.url })).toBe('unauthenticated');
    expect(await refusal({ origin: app.url, cookie: 'session=made-up' })).toBe('unauthenticated');
    expect(await refusal({ origin: 'https://evil.example', cookie })).toMatch(/websocket error/);
    expect(await refusal({ cookie })).toMatch(/websocket error/);
  });

  it('ends with its session: on signing out, and when an administrator switches the account off', async () => {
    const { agent, user } = await app.join({ channelIds: 'all' });
    const socket = await agent.socket();
    const ended = next(socket, 'session.ended');
    await agent.call('DELETE', '/api/session');
    await ended;
    await agent.signIn(user.email, password);
    const second = await agent.socket();
    const over = Promise.all([next(second, 'session.ended'), next(second, 'disconnect' as never)]);
    await app.admin.call('PATCH', `/api/users/${user.id}`, { active: false });
    await over;
    expect(await refusal({ origin: app.url, cookie: cookieOf(agent) })).toBe('unauthenticated');
  });
});

describe('what happened', () => {
  it('is told once a commit, with what changed', async () => {
    const socket = await app.admin.socket();
    const customer = person('order');
    const heard: ConversationChanged[] = [];
    const first = await arrives(app.context, channel, [written(customer, 'number 0')]);
    socket.on('conversation.changed', (event) => {
      if (event.conversationId === first._id && event.version > first.version) heard.push(event);
    });
    const count = 30;
    const all = app.admin.heard(
      socket,
      (event) => event.conversationId === first._id && event.version === first.version + count,
      'the last of them',
    );
    const write = (n: number) =>
      app.admin.call('POST', `/api/conversations/${first._id}/messages`, {
        id: crypto.randomUUID(),
        kind: 'note',
        text: `note ${n}`,
        fileIds: [],
        lastSeenSeq: 99,
      });
    // Five at a time on one conversation.
    await Promise.all(
      Array.from({ length: 5 }, async (_, writer) => {
        for (let n = writer; n < count; n += 5) await write(n);
      }),
    );
    await all;
    expect(heard.map((event) => event.version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: count }, (_, n) => first.version + 1 + n),
    );
    for (const event of heard) {
      expect(event.header.version).toBe(event.version);
      expect(event.messages).toHaveLength(1);
      expect(event.messages[0]?.version).toBe(event.version);
    }
    expect(new Set(heard.flatMap((event) => event.messages.map((message) => message.id))).size).toBe(count);
  });

  it('is told in the order in which it was announced, whatever has to be looked up for it', async () => {
    const socket = await app.admin.socket();
    const conversation = await arrives(app.context, channel, [written(person('sorted'), 'hello')]);
    const far = conversation.version + 1000;
    const versions: number[] = [];
    const last = app.admin.heard(
      socket,
      (event) => {
        if (event.conversationId === conversation._id && event.version >= far) versions.push(event.version);
        return event.version === far + 20;
      },
      'the last of them',
    );
    for (let n = 0; n <= 20; n += 1)
      app.context.bus.emit('conversation.changed', {
        conversation: { ...conversation, version: far + n },
        channelIdsBefore: [],
        messages: [],
        inserted: [],
      });
    await last;
    expect(versions).toEqual(Array.from({ length: 21 }, (_, n) => far + n));
  });

  it('says only that everything is new when over 200 messages changed at once', async () => {
    const { context } = app;
    const socket = await app.admin.socket();
    const conversation = await arrives(context, channel, [written(person('many'), 'first')]);
    const told = app.admin.heard(
      socket,
      (event) => event.conversationId === conversation._id && event.version === conversation.version + 1,
      'the many',
    );
    const [template] = await context.models.messages
      .find({ conversationId: conversation._id })
      .lean<MessageDoc[]>();
    await commit(context, async (tx) => {
      const before = await tx.models.conversations.findById(conversation._id).session(tx.session).lean();
      if (!before || !template) throw new Error('It is gone.');
      await tx.raise(before, { messages: 201 });
      await tx.insert(
        Array.from({ length: 201 }, () => ({ ...template, _id: context.uuid(), imported: true })),
      );
    });
    const event = await told;
    expect(event.reset).toBe(true);
    expect(event.messages).toEqual([]);
    const changes = await app.admin.call<{ reset: boolean; entries: unknown[] }>(
      'GET',
      `/api/conversations/${conversation._id}/changes?sinceVersion=${conversation.version}`,
    );
    expect(changes).toMatchObject({ reset: true, entries: [] });
  });

  it('reaches the other windows of the same person: drafts and reads, and nobody else', async () => {
    const conversation = await arrives(app.context, channel, [written(person('windows'), 'hello')]);
    const { agent } = await app.join({ channelIds: 'all' });
    const [one, other, admin] = await Promise.all([agent.socket(), agent.socket(), app.admin.socket()]);
    const strange: unknown[] = [];
    admin.on('draft.changed', (event) => strange.push(event));
    admin.on('read.changed', (event) => strange.push(event));
    const drafts = [next(one, 'draft.changed'), next(other, 'draft.changed')];
    const draft = {
      conversationId: conversation._id,
      mode: 'note',
      text: 'half a thought',
      target: null,
      savedAt: 2,
    };
    await agent.call('PUT', `/api/conversations/${conversation._id}/draft`, draft);
    for (const event of await Promise.all(drafts)) expect(event).toMatchObject({ draft });
    const read = next(other, 'read.changed');
    await agent.call('PUT', `/api/conversations/${conversation._id}/read`, { seq: 1 });
    expect(await read).toEqual({ conversationId: conversation._id, seq: 1 });
    const fence = app.admin.heard(admin, (event) => event.conversationId === conversation._id, 'a fence');
    await arrives(app.context, channel, [written(person('windows'), 'fence')]);
    await fence;
    expect(strange).toEqual([]);
  });

  it('is told of an ill channel: a notice to whoever manages channels, a mark that stays to be seen, and its end', async () => {
    const ill = await addPlainChannel(app.context, 'ill');
    const { agent } = await app.join({ channelIds: 'all' });
    const [admin, other] = [await app.admin.socket(), await agent.socket()];
    const told: unknown[] = [];
    other.on('notify', (notice) => told.push(notice));
    const notice = next(admin, 'notify');
    const changed = next(admin, 'channel.changed');
    await pauseChannel(app.context, { channelId: ill._id, reason: 'The key was refused.' });
    expect(await notice).toMatchObject({
      event: 'channel',
      channel: { ill: 'paused' },
      customerName: ill.name,
      text: 'The key was refused.',
      conversationId: '',
      path: '/health',
    });
    expect(await changed).toMatchObject({ channel: { id: ill._id, state: 'paused', ill: 'paused' } });
    // Who was not there finds it when they come.
    const found = async () =>
      (await app.admin.call<Bootstrap>('GET', '/api/bootstrap')).channels.find(({ id }) => id === ill._id);
    expect(await found()).toMatchObject({ ill: 'paused' });
    const over = next(admin, 'channel.changed');
    await app.admin.call('PATCH', `/api/channels/${ill._id}`, { state: 'archived' });
    expect(await over).not.toHaveProperty('channel.ill');
    expect(await found()).not.toHaveProperty('ill');
    expect(told).toEqual([]);
    admin.close();
    other.close();
  });

  it('changes the counts of views, for each what they may see', async () => {
    const other = await addPlainChannel(app.context, `counted-${Date.now()}`);
    const { agent, user } = await app.join({ channelIds: [other._id] });
    const socket = await agent.socket();
    const counts = (fits: (event: ViewCounts) => boolean) =>
      new Promise<ViewCounts>((resolve) => {
        const listen = (event: ViewCounts) => {
          if (!fits(event)) return;
          socket.off('counts.changed', listen);
          resolve(event);
        };
        socket.on('counts.changed', listen);
      });
    const one = counts((event) => event.all === 1);
    const conversation = await arrives(app.context, other, [written(person('counted'), 'hello')]);
    expect(await one).toEqual({
      mine: 0,
      mentions: 0,
      spam: 0,
      unassigned: 1,
      unread: 1,
      snoozed: 0,
      all: 1,
    });
    const assigned = counts((event) => event.mine === 1);
    await agent.call('PATCH', `/api/conversations/${conversation._id}`, {
      deed: 'assign',
      assigneeId: user.id,
    });
    expect(await assigned).toEqual({
      mine: 1,
      mentions: 0,
      spam: 0,
      unassigned: 0,
      unread: 1,
      snoozed: 0,
      all: 1,
    });
    const resolved = counts((event) => event.mine === 0);
    await agent.call('PATCH', `/api/conversations/${conversation._id}`, { deed: 'resolve' });
    expect(await resolved).toEqual({
      mine: 0,
      mentions: 0,
      spam: 0,
      unassigned: 0,
      unread: 0,
      snoozed: 0,
      all: 1,
    });
  });
});

describe('who is looking', () => {
  it('is told to those who look as well, with what they write, and ends when they leave', async () => {
    const conversation = await arrives(app.context, channel, [written(person('watched'), 'hello')]);
    const conversationId = conversation._id;
    const { agent, user } = await app.join({ channelIds: 'all' });
    const [me, other] = await Promise.all([app.admin.socket(), agent.socket()]);
    const alone = presence(me, (event) => event.users.length === 1);
    me.emit('conversation.view', { conversationId });
    await alone;
    const both = presence(me, (event) => event.users.length === 2);
    other.emit('conversation.view', { conversationId });
    expect((await both).users.find((one) => one.userId === user.id)).toEqual({
      userId: user.id,
      typing: null,
    });
    const types = presence(me, (event) => event.users.some((one) => one.typing === 'reply'));
    other.emit('conversation.typing', { conversationId, mode: 'reply' });
    expect((await types).users.find((one) => one.typing)?.userId).toBe(user.id);
    const customerTypes = presence(me, (event) => event.customerTyping);
    app.context.bus.emit('customer.typing', { conversationId });
    await customerTypes;
    // Nobody says that they stopped: it is over by itself.
    await presence(me, (event) => !event.customerTyping && event.users.every((one) => one.typing === null));
    const gone = presence(me, (event) => event.users.length === 1);
    other.disconnect();
    await gone;
  });

  it('survives whatever a client says', async () => {
    const socket = await app.admin.socket();
    const raw = socket as unknown as { emit(event: string, ...args: unknown[]): void };
    raw.emit('conversation.view', null);
    raw.emit('conversation.view', { conversationId: { $gt: '' } });
    raw.emit('conversation.view', { conversationId: 'no such conversation' });
    raw.emit('conversation.typing');
    raw.emit('conversation.typing', { conversationId: 'x'.repeat(1000), mode: 'shout' });
    raw.emit('nothing.at.all', 1);
    const conversation = await arrives(app.context, channel, [written(person('still'), 'hello')]);
    const seen = presence(socket, (event) => event.conversationId === conversation._id);
    socket.emit('conversation.view', { conversationId: conversation._id });
    expect((await seen).users).toHaveLength(1);
  });
});
