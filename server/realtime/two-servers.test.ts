import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Presence } from '../../shared/events.ts';
import { Agent } from '../../test/agent.ts';
import { password, startTestApp, type TestApp } from '../../test/app.ts';
import { addPlainChannel, arrives } from '../../test/inbox.ts';
import { createPost, type Post } from '../../test/post.ts';
import { person, plain, written } from '../../test/provider.ts';
import { startRedis } from '../../test/redis.ts';
import { type App, createApp } from '../app.ts';
import { createLog } from '../log.ts';

/** Two servers on one database, which hear one another over a real Redis. */
let redis: Awaited<ReturnType<typeof startRedis>>;
let app: TestApp;
let second: App;
let post: Post;
let redisLives = true;
const folder = mkdtempSync(join(tmpdir(), 'yekja-two-'));

beforeAll(async () => {
  redis = await startRedis();
  post = createPost();
  const connectors = { plain, post: post.connector };
  app = await startTestApp({ connectors, redisUrl: redis.url });
  second = await createApp({
    mongoUri: app.database.uri,
    database: app.database.name,
    redisUrl: redis.url,
    connectors,
    secretKey: 'a key for tests, of no other use at all',
    host: '127.0.0.1',
    port: 0,
    log: createLog({ level: 'silent' }),
  });
});
afterAll(async () => {
  await second?.close();
  await app?.end();
  if (redisLives) await redis?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('an agent on one hears what came in on the other, sees who looks there, and loses the session on both', async () => {
  const channel = await addPlainChannel(app.context, 'plain');
  const { agent, user } = await app.join({ channelIds: 'all' });
  const there = agent.at(second.url);
  const socket = await there.socket();
  const heard = there.heard(socket, (event) => event.header.preview?.text === 'across', 'the message');
  const conversation = await arrives(app.context, channel, [written(person('anna'), 'across')]);
  expect((await heard).conversationId).toBe(conversation._id);

  const admin = await app.admin.socket();
  const both = new Promise<Presence>((resolve) => {
    admin.on('presence', (event) => {
      if (event.users.length === 2) resolve(event);
    });
  });
  admin.emit('conversation.view', { conversationId: conversation._id });
  socket.emit('conversation.view', { conversationId: conversation._id });
  expect((await both).users.map((one) => one.userId)).toContain(user.id);

  const counted = new Promise((resolve) => {
    socket.on('counts.changed', (counts) => {
      if (counts.mine === 1) resolve(counts);
    });
  });
  await app.admin.call('PATCH', `/api/conversations/${conversation._id}`, {
    deed: 'assign',
    assigneeId: user.id,
  });
  expect(await counted).toMatchObject({ mine: 1, unassigned: 0 });

  const ended = new Promise<void>((resolve) => socket.once('session.ended', resolve));
  await app.admin.call('PATCH', `/api/users/${user.id}`, { active: false });
  await ended;
});

it('a hook on one wakes the listener that runs on the other', async () => {
  const begins = post.nextListener();
  const channel = await app.admin.createChannel({
    connector: 'post',
    name: 'Post',
    settings: { account: 'one', token: 'sesame' },
  });
  const { host } = await begins;
  for (const url of [app.url, second.url]) {
    const woken = host.wake(600_000);
    const response = await fetch(`${url}${new URL(channel.hookUrl).pathname}`, {
      method: 'POST',
      headers: { 'x-token': 'sesame' },
      body: '{"wake":true}',
    });
    expect(response.status).toBe(200);
    await woken;
  }
  expect(post.listening).toHaveLength(1);
});

it('a server without Redis is refused beside them', async () => {
  await expect(
    createApp({
      mongoUri: app.database.uri,
      database: app.database.name,
      secretKey: 'a key for tests, of no other use at all',
      host: '127.0.0.1',
      port: 0,
      log: createLog({ level: 'silent' }),
    }),
  ).rejects.toMatchObject({ reason: 'secondServer', message: expect.stringContaining('REDIS_URL') });
  await new Agent(second.url).signIn('admin@example.com', password);
});

it('losing Redis loses no message: what comes in on a server still reaches its own agents', async () => {
  const channel = await addPlainChannel(app.context, 'without-redis');
  const socket = await app.admin.socket();
  await redis.close();
  redisLives = false;
  const heard = app.admin.heard(
    socket,
    (event) => event.header.preview?.text === 'still here',
    'the message',
  );
  const conversation = await arrives(app.context, channel, [written(person('boris'), 'still here')]);
  expect((await heard).conversationId).toBe(conversation._id);
  const there = app.admin.at(second.url);
  const page = await there.conversations('all');
  expect(page.conversations.map((one) => one.id)).toContain(conversation._id);
});
