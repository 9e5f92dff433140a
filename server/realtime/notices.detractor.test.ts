import { afterAll, beforeAll, expect, it } from 'vitest';
import type { InboundEvent } from '../../connectors/connector.ts';
import type { Notice } from '../../shared/events.ts';
import type { Agent } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { addPlainChannel } from '../../test/inbox.ts';
import { person, plain, rawEvent } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { storeEvents } from '../inbound/inbound.store.ts';

let app: TestApp;
let theirs: ChannelDoc;
let agent: Agent;
let narrow: Agent;

beforeAll(async () => {
  app = await startTestApp({ connectors: { plain } });
  const mine = await addPlainChannel(app.context, 'mine');
  theirs = await addPlainChannel(app.context, 'theirs');
  ({ agent } = await app.join({ channelIds: 'all' }));
  ({ agent: narrow } = await app.join({ channelIds: [mine._id] }));
}, 60_000);
afterAll(async () => {
  agent?.close();
  narrow?.close();
  await app?.end();
});

it('whoever listens on the channel is told of a detractor whom there is no conversation with; others are not', async () => {
  const { context } = app;
  const [near, far] = await Promise.all([agent.socket(), narrow.socket()]);
  const told: string[] = [];
  const heard = new Promise<Notice>((resolve) => near.once('notify', resolve));
  far.on('notify', ({ id }) => told.push(id));
  const came = new Promise<string>((resolve) => {
    const stop = context.bus.on('mention.changed', ({ mentionId }) => {
      stop();
      resolve(mentionId);
    });
  });
  const event: InboundEvent = {
    type: 'mention',
    kind: 'post',
    externalId: 'far',
    author: person('far', { name: 'Far Example', reach: 70_000 }),
    text: 'Their kettle is here',
    at: new Date(),
    attachments: [],
    threadKey: 'post:far',
  };
  await storeEvents(context, {
    hookId: theirs.hookId,
    channel: theirs,
    connectorId: 'plain',
    events: [rawEvent([event], { accountRef: theirs.accountRef })],
  });
  const sourceId = await came;
  const detractor = {
    _id: 'telegramUser:far:today',
    authorId: 'telegramUser:far',
    source: 'mention' as const,
    sourceId,
    channelId: theirs._id,
    conversationId: null,
    reach: 70_000,
    at: new Date(),
  };
  await context.models.detractors.insertMany([detractor]);
  context.bus.emit('detractor.spoke', { id: detractor._id });
  expect(await heard).toMatchObject({
    event: 'detractor',
    customerName: 'Far Example',
    text: event.text,
    conversationId: '',
    path: '/listening?author=telegramUser%3Afar',
  });
  expect(told).toEqual([]);
});
