import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, it } from 'vitest';
import { SimulatedVisitor } from '../../connectors/webchat/simulator.visitor.ts';
import type { Presence } from '../../shared/events.ts';
import { messageOf } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { startRedis } from '../../test/redis.ts';
import { until } from '../../test/world.ts';
import { type App, createApp } from '../app.ts';
import { createLog } from '../log.ts';

let redis: Awaited<ReturnType<typeof startRedis>>;
let app: TestApp;
let second: App;
const visitors: SimulatedVisitor[] = [];

beforeAll(async () => {
  redis = await startRedis();
  app = await startTestApp({ redisUrl: redis.url });
  second = await createApp({
    mongoUri: app.database.uri,
    database: app.database.name,
    redisUrl: redis.url,
    secretKey: 'a key for tests, of no other use at all',
    host: '127.0.0.1',
    port: 0,
    log: createLog({ level: 'silent' }),
  });
});
afterAll(async () => {
  for (const visitor of visitors) visitor.leave();
  await second?.close();
  await app?.end();
  await redis?.close();
});

it('a visitor on one server and an agent on the other hear one another, and so do two windows of the visitor', async () => {
  const { admin } = app;
  const channel = await admin.createChannel({
    connector: 'webchat',
    name: 'Shop',
    settings: { name: 'Shop' },
  });
  const site = String(channel.settings['site']);
  const [here, there] = [app.url, second.url].map((url) => new SimulatedVisitor({ url, site })) as [
    SimulatedVisitor,
    SimulatedVisitor,
  ];
  visitors.push(here, there);
  await there.begin();
  here.token = there.token;
  await here.begin();
  await Promise.all([here.connected(), there.connected()]);

  const desk = await admin.socket();
  const text = randomUUID();
  const heard = admin.heard(desk, (event) => messageOf(event, text) !== undefined, text);
  await there.write(text);
  const { header } = await heard;
  await until('the other window', () => here.shown().some((message) => message.text === text));

  const presences: Presence[] = [];
  desk.on('presence', (event) => presences.push(event));
  desk.emit('conversation.view', { conversationId: header.id });
  await until('the visitor to be there', () => presences.some(({ visit }) => visit?.online));
  there.typing();
  await until('the visitor to type', () => presences.some(({ customerTyping }) => customerTyping));
  desk.emit('conversation.typing', { conversationId: header.id, mode: 'reply' });
  await until('the agent to type', () => there.typists.length && here.typists.length);

  const answer = randomUUID();
  await admin.reply(header, answer);
  await until('the answer in both windows', () =>
    [here, there].every((window) => window.shown().some((message) => message.text === answer)),
  );
  const read = admin.heard(
    desk,
    (event) => messageOf(event, answer)?.delivery?.state === 'read',
    'the answer being read',
  );
  there.seen();
  await read;

  await there.call('DELETE', '/session');
  await until('both windows to end', () => here.ended && there.ended);
});
