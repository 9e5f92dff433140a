import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Message } from '../../shared/message.ts';
import type { Agent } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { addPlainChannel, arrives } from '../../test/inbox.ts';
import { person, plain, written } from '../../test/provider.ts';

let app: TestApp;
let agent: Agent;
let path: string;

beforeAll(async () => {
  app = await startTestApp({ connectors: { plain } });
  const channel = await addPlainChannel(app.context, 'mine');
  ({ agent } = await app.join({ channelIds: [channel._id] }));
  const { _id } = await arrives(app.context, channel, [written(person('sara'), 'The quality is awful')]);
  const message = await app.context.models.messages.findOne({ conversationId: _id, direction: 'in' }).lean();
  path = `/api/conversations/${_id}/messages/${message?._id}/sentiment`;
});
afterAll(() => app.end());

it('an agent corrects how a message is meant, and takes it back', async () => {
  const corrected = await agent.call<Message>('PUT', path, { label: 'neutral' });
  expect(corrected.sentiment).toMatchObject({ label: 'neutral', by: 'agent' });
  const back = await agent.call<Message>('PUT', path, { label: null });
  expect(back.sentiment).toMatchObject({ label: 'negative', by: 'model', byUserId: null });
});

it('a word that is no label is refused', async () => {
  await expect(agent.call('PUT', path, { label: 'angry' })).rejects.toMatchObject({ code: 'invalid' });
});
