import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../connectors/connector.ts';
import { connectors } from '../../connectors/index.ts';
import type { ChannelDetails, ChannelTest } from '../../shared/channel.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { createPost, type Post } from '../../test/post.ts';
import { startSimulators } from '../../test/simulators.ts';
import type { ChannelDoc } from './channel.model.ts';

let app: TestApp;
let post: Post;
let simulators: Record<string, Simulator>;
const token = 'token-value-nobody-may-read';
beforeAll(async () => {
  post = createPost();
  simulators = await startSimulators();
  app = await startTestApp({
    connectors: { ...connectors, post: post.connector },
    endpoints: Object.fromEntries(Object.entries(simulators).map(([id, one]) => [id, one.endpoint])),
  });
});
afterAll(async () => {
  await app.end();
  await Promise.all(Object.values(simulators).map((one) => one.close()));
});

const create = (account: string, more: Record<string, unknown> = {}) =>
  app.admin.createChannel({ connector: 'post', name: 'Post', settings: { account, token, ...more } });

describe('a channel', () => {
  it('never gives its secrets away: not to pages, not to the log, not to the database', async () => {
    const channel = await create('secretive');
    expect(channel.secrets).toEqual({ token: true });
    const answers = [
      channel,
      await app.admin.call('GET', '/api/channels'),
      await app.admin.call('GET', '/api/bootstrap'),
      await app.admin.call('PATCH', `/api/channels/${channel.id}`, { name: 'Renamed' }),
    ];
    expect(JSON.stringify(answers)).not.toContain(token);
    expect(app.logged()).not.toContain(token);
    const doc = await app.context.models.channels.findById(channel.id).lean<ChannelDoc>();
    expect(JSON.stringify(doc)).not.toContain(token);
    expect(app.context.secrets.open(doc?.secrets['token'] ?? '', `${channel.id}:token`)).toBe(token);
  });

  it('is stored only when its settings are right and its credentials good', async () => {
    const before = await app.context.models.channels.countDocuments({});
    await expect(
      app.admin.createChannel({
        connector: 'post',
        name: 'X',
        settings: { token, pace: 'fast', colour: 'red' },
      }),
    ).rejects.toMatchObject({
      code: 'invalid',
      body: {
        fields: {
          'settings.account': expect.any(String),
          'settings.pace': expect.any(String),
          'settings.colour': expect.any(String),
        },
      },
    });
    await expect(
      app.admin.createChannel({ connector: 'post', name: 'X', settings: { account: 'a', token: 'wrong' } }),
    ).rejects.toMatchObject({ code: 'invalid', body: { fields: { 'settings.token': expect.any(String) } } });
    await expect(
      app.admin.createChannel({ connector: 'constructor', name: 'X', settings: {} }),
    ).rejects.toMatchObject({ body: { fields: { connector: expect.any(String) } } });
    expect(await app.context.models.channels.countDocuments({})).toBe(before);
  });

  it('is the only one of its account, and stays with it', async () => {
    const channel = await create('unique');
    await expect(create('unique')).rejects.toMatchObject({ code: 'invalid' });
    await expect(
      app.admin.call('PATCH', `/api/channels/${channel.id}`, { settings: { account: 'another' } }),
    ).rejects.toMatchObject({ code: 'invalid' });
    await app.admin.call('PATCH', `/api/channels/${channel.id}`, { state: 'archived' });
    const again = await create('unique');
    await expect(
      app.admin.call('PATCH', `/api/channels/${channel.id}`, { state: 'connected' }),
    ).rejects.toMatchObject({ code: 'invalid' });
    expect(again.state).toBe('connected');
  });

  it('keeps a secret that a form leaves empty', async () => {
    const channel = await create('kept');
    await app.admin.call('PATCH', `/api/channels/${channel.id}`, {
      settings: { account: 'kept', token: '', pace: '7' },
    });
    const doc = await app.context.models.channels.findById(channel.id).lean<ChannelDoc>();
    expect(doc?.settings).toEqual({ account: 'kept', pace: 7 });
    expect(app.context.secrets.open(doc?.secrets['token'] ?? '', `${channel.id}:token`)).toBe(token);
  });

  it('says how it does', async () => {
    const { id } = await create('healthy');
    const { messages, inbound } = app.context.models;
    await inbound.insertMany(
      (['new', 'failed', 'done'] as const).map((state) => ({
        _id: `h:${state}`,
        hookId: 'h',
        accountRef: 'healthy',
        eventKey: state,
        channelId: id,
        state,
        bytes: 1,
        receivedAt: new Date(),
        attempts: 0,
      })),
    );
    const queuedAt = new Date(Date.now() - 60_000);
    await messages.insertMany(
      (['queued', 'failed', 'sent'] as const).map((state, n) => ({
        _id: `health-${state}`,
        conversationId: 'none',
        kind: 'message',
        direction: 'out',
        seq: n,
        version: 1,
        at: new Date(),
        receivedAt: new Date(),
        visibility: 'private',
        channelId: id,
        delivery: {
          state,
          attempt: 1,
          fence: 1,
          error: null,
          nextAt: new Date(Date.now() + 3_600_000),
          needsConfirm: true,
          queuedAt,
          retryingSince: null,
          pieces: [],
        },
      })),
    );
    const channels = await app.admin.call<ChannelDetails[]>('GET', '/api/channels');
    expect(channels.find((channel) => channel.id === id)?.health).toMatchObject({
      queued: 1,
      oldestQueuedAt: queuedAt.toISOString(),
      outboundFailed: 1,
      inboundFailed: 1,
      lastError: null,
    });
    await messages.deleteMany({ conversationId: 'none' });
    await inbound.deleteMany({ hookId: 'h' });
  });
});

describe('the test of a channel', () => {
  /** The test as it is once `done` holds of it; told by the socket. */
  const progress = async (
    id: string,
    start: () => Promise<unknown>,
    done: (test: ChannelTest) => boolean,
  ) => {
    const socket = await app.admin.socket();
    const finished = new Promise<ChannelTest>((resolve) => {
      socket.on('channelTest.changed', (test) => {
        if (test.channelId === id && done(test)) resolve(test);
      });
    });
    await start();
    return finished;
  };
  const allOk = (test: ChannelTest) => test.steps.every((step) => step.state === 'ok');

  it('writes to a number and hears its answer', async () => {
    const sms = simulators['sms']!;
    const channel = await app.admin.createChannel({ connector: 'sms', name: 'SMS', settings: sms.settings });
    const peer = sms.peer(7);
    const off = sms.onSent((message) => {
      void sms.customerWrites({ peer: message.peer, text: 'received, thank you' });
    });
    const test = await progress(
      channel.id,
      () => app.admin.call('POST', `/api/channels/${channel.id}/test`, { peer }),
      allOk,
    );
    off();
    expect(test.steps.map((step) => step.step)).toEqual(['credentials', 'sent', 'received']);
    expect(test.steps[2]?.detail).toBe('received, thank you');
    expect(sms.messages().filter((message) => message.direction === 'toCustomer')).toHaveLength(1);
    expect(await app.admin.call('GET', `/api/channels/${channel.id}/test`)).toEqual(test);
    await expect(
      app.admin.call('POST', `/api/channels/${channel.id}/test`, { peer: 'no number' }),
    ).rejects.toMatchObject({ body: { fields: { peer: expect.any(String) } } });
  });

  it('answers whoever writes first, where nobody can be written to before', async () => {
    const telegram = simulators['telegram']!;
    const channel = await app.admin.createChannel({
      connector: 'telegram',
      name: 'Telegram',
      settings: telegram.settings,
    });
    const test = await progress(
      channel.id,
      async () => {
        await app.admin.call('POST', `/api/channels/${channel.id}/test`, {});
        await telegram.customerWrites({ peer: telegram.peer(3), name: 'Three', text: 'hello bot' });
      },
      allOk,
    );
    expect(test.steps[2]?.detail).toBe('hello bot');
  });

  it('says what went wrong', async () => {
    const channel = await create('broken-later');
    post.connector.check = () => Promise.reject(new Error('the post is closed'));
    const test = await progress(
      channel.id,
      () => app.admin.call('POST', `/api/channels/${channel.id}/test`, {}),
      (one) => one.steps.some((step) => step.state === 'failed'),
    );
    expect(test.steps[0]).toMatchObject({
      step: 'credentials',
      state: 'failed',
      detail: 'the post is closed',
    });
  });
});
