import { afterAll, beforeAll, expect, it } from 'vitest';
import type { InboundEvent } from '../../connectors/connector.ts';
import type { Notice } from '../../shared/events.ts';
import type { Agent } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { addPlainChannel } from '../../test/inbox.ts';
import { person, plain, rawEvent } from '../../test/provider.ts';
import { usualSettings } from '../advocates/advocate.settings.ts';
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

const loud = (name: string) => person(name.toLowerCase(), { name: `${name} Example`, reach: 70_000 });
const says = (name: string, text: string): InboundEvent => ({
  type: 'mention',
  kind: 'post',
  externalId: name,
  author: loud(name),
  text,
  at: new Date(),
  attachments: [],
  threadKey: `post:${name}`,
});
const angry = 'Their kettle is broken, terrible service, worst purchase ever, I hate it';
async function heard(name: string): Promise<void> {
  await storeEvents(app.context, {
    hookId: theirs.hookId,
    channel: theirs,
    connectorId: 'plain',
    events: [rawEvent([says(name, angry)], { accountRef: theirs.accountRef })],
  });
}
/** The first notice of a detractor that comes to an agent, and whom else one came to meanwhile. */
async function told(first: Agent, others: Record<string, Agent>) {
  const also: string[] = [];
  const near = await first.socket();
  const one = new Promise<Notice>((resolve) =>
    near.on('notify', (notice) => notice.event === 'detractor' && resolve(notice)),
  );
  for (const [name, other] of Object.entries(others))
    (await other.socket()).on('notify', ({ event }) => event === 'detractor' && also.push(name));
  return { one, also };
}

it('the conversation that comes of what somebody with reach says is the support team’s, who are told alone', async () => {
  const { context } = app;
  await context.models.teams.insertMany([
    { _id: 'support', name: 'Support', archived: false, touched: 0, createdAt: new Date() } as never,
  ]);
  await context.models.advocateSettings.updateOne(
    { _id: 'settings' },
    { $set: { ...usualSettings, supportTeamId: 'support' } },
    { upsert: true },
  );
  const { agent: helper, user } = await app.join({ channelIds: 'all' });
  await context.models.users.updateOne({ _id: user.id }, { $set: { teamIds: ['support'] } });
  const { one, also } = await told(helper, { agent, narrow });
  await heard('Loud');
  const notice = await one;
  expect(notice).toMatchObject({ event: 'detractor', customerName: 'Loud Example', text: angry });
  expect(notice.path).toBeUndefined();
  expect(await context.models.conversations.findById(notice.conversationId).lean()).toMatchObject({
    status: 'open',
    priority: 'urgent',
    teamId: 'support',
  });
  expect(also).toEqual([]);
  helper.close();
});

it('without a team whoever may see the conversation is told, and nobody else', async () => {
  const { context } = app;
  await context.models.advocateSettings.deleteMany({});
  const { one, also } = await told(agent, { narrow });
  await heard('Far');
  expect(await one).toMatchObject({ event: 'detractor', customerName: 'Far Example' });
  expect(also).toEqual([]);
});
