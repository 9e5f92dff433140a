import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bootstrap, ConversationPage, TimelinePage, ViewDigest } from '../../shared/conversation.ts';
import type { Customer } from '../../shared/customer.ts';
import type { ConversationChanged, Presence } from '../../shared/events.ts';
import type { Attachment } from '../../shared/message.ts';
import type { Agent } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { addPlainChannel, arrives } from '../../test/inbox.ts';
import { person, plain, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';

/** Two channels; an agent has the first and lacks the second. One customer wrote on each, a third on both. */
let app: TestApp;
let mine: ChannelDoc;
let theirs: ChannelDoc;
let agent: Agent;
let visible: ConversationDoc;
let hidden: ConversationDoc;

beforeAll(async () => {
  app = await startTestApp({ connectors: { plain } });
  mine = await addPlainChannel(app.context, 'mine');
  theirs = await addPlainChannel(app.context, 'theirs');
  ({ agent } = await app.join({ channelIds: [mine._id] }));
  const anna = person('anna', { name: 'Anna Visible' });
  const basil = person('basil', { name: 'Basil Hidden' });
  visible = await arrives(app.context, mine, [written(anna, 'I am visible')]);
  hidden = await arrives(app.context, theirs, [written(basil, 'I am hidden')]);
});
afterAll(() => app.end());

describe('an agent who lacks a channel', () => {
  it('is told that its conversations do not exist, by every road', async () => {
    const id = hidden._id;
    const target = { channelId: theirs._id, identityId: 'telegramUser:basil', threadKey: 'basil' };
    const message = { id: randomUUID(), fileIds: [], lastSeenSeq: 1, text: 'x' };
    const [first] = await app.context.models.messages.find({ conversationId: id }).lean();
    const roads: [string, string, unknown?][] = [
      ['GET', `/api/conversations/${id}`],
      ['GET', `/api/conversations/${id}/changes?sinceVersion=0`],
      ['GET', `/api/conversations/${id}/digest?fromSeq=0`],
      ['GET', `/api/conversations/${id}/messages/${first?._id}/whole`],
      ['GET', `/api/conversations/${id}/messages/${first?._id}/whole.html`],
      ['PATCH', `/api/conversations/${id}`, { deed: 'resolve' }],
      ['PATCH', `/api/conversations/${id}`, { deed: 'reopen' }],
      ['PATCH', `/api/conversations/${id}`, { deed: 'assign', assigneeId: null }],
      [
        'PATCH',
        `/api/conversations/${id}`,
        { deed: 'snooze', until: new Date(Date.now() + 60_000).toISOString() },
      ],
      ['PUT', `/api/conversations/${id}/read`, { seq: 1 }],
      [
        'PUT',
        `/api/conversations/${id}/draft`,
        { conversationId: id, mode: 'note', text: 'x', target: null, savedAt: 1 },
      ],
      ['POST', `/api/conversations/${id}/messages`, { ...message, kind: 'note' }],
      ['POST', `/api/conversations/${id}/messages`, { ...message, kind: 'message', target }],
      [
        'POST',
        `/api/conversations/${id}/messages/${first?._id}/delivery`,
        { decision: 'cancel', attempt: 1 },
      ],
      ['GET', `/api/customers/${hidden.customerId}`],
      ['PATCH', `/api/customers/${hidden.customerId}`, { name: 'Renamed' }],
      [
        'POST',
        `/api/customers/${visible.customerId}/merge`,
        { otherId: hidden.customerId, reason: 'curious' },
      ],
      ['GET', `/api/customers/${hidden.customerId}/timeline`],
      ['GET', `/api/conversations?view=all&channelId=${theirs._id}`],
      ['GET', `/api/conversations/digest?view=all&channelId=${theirs._id}`],
    ];
    for (const [method, path, body] of roads) {
      const outcome = await agent.call(method, path, body).then(
        () => 'let in',
        (error) => error.code,
      );
      expect([method, path, outcome]).toEqual([
        method,
        path,
        expect.stringMatching(/^(notFound|forbidden)$/),
      ]);
    }
    const after = await app.context.models.conversations.findById(id).lean<ConversationDoc>();
    expect(after?.version).toBe(hidden.version);
    expect(await app.context.models.drafts.countDocuments({})).toBe(0);
    expect(await app.context.models.reads.countDocuments({})).toBe(0);
  });

  it('finds nothing of it in lists, counts, digests and search', async () => {
    const page = await agent.call<ConversationPage>('GET', '/api/conversations?view=all');
    expect(page.conversations.map((one) => one.id)).toEqual([visible._id]);
    expect(page.customers.map((one) => one.id)).toEqual([visible.customerId]);
    const digest = await agent.call<ViewDigest>('GET', '/api/conversations/digest?view=unread');
    expect(digest).toMatchObject({ count: 1, versions: [[visible._id, visible.version]] });
    const start = await agent.call<Bootstrap>('GET', '/api/bootstrap');
    expect(start.counts).toMatchObject({ all: 1, unread: 1, unassigned: 1 });
    expect(start.channels.map((channel) => channel.id)).toEqual([mine._id]);
    const search = (q: string) =>
      agent.call<{ customers: { id: string }[] }>('GET', `/api/customers?q=${encodeURIComponent(q)}`);
    expect((await search('Basil')).customers).toEqual([]);
    expect((await search('Anna')).customers.map((one) => one.id)).toEqual([visible.customerId]);
    const everyone = await app.admin.call<ConversationPage>('GET', '/api/conversations?view=all');
    expect(everyone.conversations).toHaveLength(2);
  });

  it('sees of a customer of both channels only what is theirs', async () => {
    const { context } = app;
    const carla = person('carla', { name: 'Carla Both' });
    const first = await arrives(context, theirs, [written(carla, 'secret of the other channel')]);
    await app.admin.call('PATCH', `/api/conversations/${first._id}`, { deed: 'resolve' });
    // Long resolved: what comes next begins another conversation.
    const long = new Date(Date.now() - 30 * 24 * 3_600_000);
    await context.models.conversations.updateOne({ _id: first._id }, { $set: { resolvedAt: long } });
    const second = await arrives(context, mine, [written(carla, 'open to everyone')]);
    expect(second.customerId).toBe(first.customerId);
    expect(second._id).not.toBe(first._id);
    const customer = await agent.call<Customer>('GET', `/api/customers/${first.customerId}`);
    expect(customer.conversations.map((one) => one.id)).toEqual([second._id]);
    const timeline = await agent.call<TimelinePage>('GET', `/api/customers/${first.customerId}/timeline`);
    expect(JSON.stringify([customer, timeline])).not.toContain('secret');
    expect(timeline.headers.map((one) => one.id)).toEqual([second._id]);
    const [hiddenMessage] = await context.models.messages.find({ conversationId: first._id }).lean();
    await expect(
      agent.call('GET', `/api/customers/${first.customerId}/timeline?around=${hiddenMessage?._id}`),
    ).rejects.toMatchObject({ code: 'notFound' });
  });

  it('hears nothing of it on the socket, and is seen by nobody there', async () => {
    const socket = await agent.socket();
    const heard: ConversationChanged[] = [];
    socket.on('conversation.changed', (event) => heard.push(event));
    const presences: Presence[] = [];
    socket.on('presence', (event) => presences.push(event));
    const adminSocket = await app.admin.socket();
    const adminSees = new Promise<Presence>((resolve) => adminSocket.once('presence', resolve));
    socket.emit('conversation.view', { conversationId: hidden._id });
    socket.emit('conversation.typing', { conversationId: hidden._id, mode: 'reply' });
    adminSocket.emit('conversation.view', { conversationId: hidden._id });
    expect((await adminSees).users).toHaveLength(1);
    await arrives(app.context, theirs, [written(person('basil'), 'more that is hidden')]);
    // What they may see comes after it on the same socket: nothing was on its way.
    const own = agent.heard(socket, (event) => event.conversationId === visible._id, 'their own');
    await arrives(app.context, mine, [written(person('anna'), 'more that is visible')]);
    await own;
    expect(heard.map((event) => event.conversationId)).toEqual([visible._id]);
    expect(presences).toEqual([]);
  });

  it('cannot read its files, nor a colleague’s that nobody has sent yet', async () => {
    const upload = async (who: Agent, name: string) => {
      const cookie = (who as unknown as { cookie: string }).cookie;
      const response = await fetch(`${app.url}/api/files?name=${name}`, {
        method: 'POST',
        headers: { cookie, origin: app.url, 'content-type': 'application/octet-stream' },
        body: `content of ${name}`,
      });
      return (await response.json()) as Attachment;
    };
    const read = (who: Agent, id: string) =>
      fetch(`${app.url}/api/files/${id}`, {
        headers: { cookie: (who as unknown as { cookie: string }).cookie },
      }).then((response) => response.status);
    const secret = await upload(app.admin, 'secret.txt');
    expect(await read(app.admin, secret.id)).toBe(200);
    expect(await read(agent, secret.id)).toBe(404);
    await app.admin.call('POST', `/api/conversations/${hidden._id}/messages`, {
      id: randomUUID(),
      kind: 'note',
      text: 'see the file',
      fileIds: [secret.id],
      lastSeenSeq: 99,
    });
    expect(await read(agent, secret.id)).toBe(404);
    const shared = await upload(app.admin, 'shared.txt');
    await app.admin.call('POST', `/api/conversations/${visible._id}/messages`, {
      id: randomUUID(),
      kind: 'note',
      text: 'see the file',
      fileIds: [shared.id],
      lastSeenSeq: 99,
    });
    expect(await read(agent, shared.id)).toBe(200);
  });

  it('is let in at once when the channel is given, and shut out when it is taken', async () => {
    const { agent: other, user } = await app.join({ channelIds: [] });
    const socket = await other.socket();
    const list = async () =>
      (await other.call<ConversationPage>('GET', '/api/conversations?view=all')).conversations.map(
        (one) => one.id,
      );
    expect(await list()).toEqual([]);
    const told = new Promise<void>((resolve) => socket.once('reset', resolve));
    await app.admin.call('PATCH', `/api/users/${user.id}`, { channelIds: [theirs._id] });
    await told;
    expect(await list()).toContain(hidden._id);
    const heard = other.heard(socket, (event) => event.conversationId === hidden._id, 'the given channel');
    await arrives(app.context, theirs, [written(person('basil'), 'now you see me')]);
    await heard;
    const again = new Promise<void>((resolve) => socket.once('reset', resolve));
    await app.admin.call('PATCH', `/api/users/${user.id}`, { channelIds: [mine._id] });
    await again;
    const events: string[] = [];
    socket.on('conversation.changed', (event) => events.push(event.conversationId));
    await arrives(app.context, theirs, [written(person('basil'), 'now you do not')]);
    const own = other.heard(socket, (event) => event.conversationId === visible._id, 'their own');
    await arrives(app.context, mine, [written(person('anna'), 'this you do')]);
    await own;
    expect(events).toEqual([visible._id]);
  });
});
