import { afterAll, beforeAll, expect, it } from 'vitest';
import { instagram } from '../../connectors/instagram/index.ts';
import { startSimulator } from '../../connectors/instagram/simulator.ts';
import type { MetaSimulator } from '../../connectors/meta/simulator.account.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { until } from '../../test/world.ts';
import { identityId } from '../customers/identity.ts';

let app: TestApp;
let simulator: MetaSimulator;

beforeAll(async () => {
  simulator = await startSimulator();
  app = await startTestApp({
    connectors: { instagram },
    endpoints: { instagram: simulator.endpoint },
  });
  const { hookUrl } = await app.admin.createChannel({
    connector: 'instagram',
    name: 'Instagram',
    settings: simulator.settings,
  });
  simulator.setHook(hookUrl);
}, 60_000);
afterAll(async () => {
  await app?.end();
  await simulator?.close();
});

const angry = 'Their kettle is broken, terrible service, worst purchase ever, I hate it';
const stranger = `${angry} as well`;
const author = (n: number) =>
  app.context.models.authors
    .findById(identityId({ kind: 'instagramUser', value: `17841400000000001:${simulator.peer(n)}` }))
    .lean();
const comments = (n: number, text: string) => simulator.act({ do: 'public', peer: simulator.peer(n), text });
const alerts = () => app.context.models.detractors.find({ conversationId: { $ne: null } }).lean();

it('somebody whom many follow and who complains under a post of ours raises an alert', async () => {
  await simulator.act({
    do: 'profile',
    peer: simulator.peer(1),
    followers: 41_200,
    professional: true,
  });
  await comments(1, angry);
  const alert = await until('the alert', async () => (await alerts())[0]);
  expect(alert).toMatchObject({ reach: 41_200, source: 'message' });
  expect(await app.context.models.conversations.findById(alert.conversationId).lean()).toMatchObject({
    priority: 'urgent',
  });
});

it('what Instagram told of somebody who wrote in private counts when they speak aloud', async () => {
  await simulator.act({ do: 'profile', peer: simulator.peer(2), followers: 9_000 });
  await simulator.customerWrites({ peer: simulator.peer(2), name: 'Sara Example', text: 'Hello' });
  await until('the author', async () => (await author(2))?.reach === 9_000);
  // From now on Instagram says nothing more.
  simulator.fail('serverError', { call: 'object', times: 1_000 });
  await comments(2, angry);
  await until('the second alert', async () => (await alerts()).some(({ reach }) => reach === 9_000));
});

it('a stranger of whom Instagram says nothing raises none, and is taken in all the same', async () => {
  await comments(3, stranger);
  await until('the comment', async () => {
    const message = await app.context.models.messages.findOne({
      text: stranger,
      todo: { $nin: ['search', 'listen', 'advocate'] },
    });
    return message && (await author(3));
  });
  expect(await author(3)).toMatchObject({ reach: null });
  expect(await alerts()).toHaveLength(2);
});
