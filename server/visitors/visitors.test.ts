import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Refused, SimulatedVisitor } from '../../connectors/webchat/simulator.visitor.ts';
import type { ChannelDetails } from '../../shared/channel.ts';
import type { Conversation } from '../../shared/conversation.ts';
import { type Agent, messageOf } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { until } from '../../test/world.ts';
import { checkInvariants } from '../db/invariants.ts';

let app: TestApp;
let agent: Agent;
let channel: ChannelDetails;
let site: string;
const visitors: SimulatedVisitor[] = [];

beforeAll(async () => {
  app = await startTestApp();
  agent = app.admin;
  channel = await agent.createChannel({
    connector: 'webchat',
    name: 'Shop',
    settings: {
      name: 'Example Shop',
      allowedOrigins: 'https://shop.example\n*.pages.example',
      visitorsPerHour: 1000,
    },
  });
  site = String(channel.settings['site']);
});
afterAll(async () => {
  await app?.end();
});
afterEach(async () => {
  for (const visitor of visitors.splice(0)) visitor.leave();
  expect(await checkInvariants(app.context.models)).toEqual([]);
});

function visitor(): SimulatedVisitor {
  const one = new SimulatedVisitor({ url: app.url, site });
  visitors.push(one);
  return one;
}

async function writing(text = 'سلام'): Promise<{ visitor: SimulatedVisitor; header: Conversation }> {
  const one = visitor();
  await one.begin();
  const socket = await agent.socket();
  const heard = agent.heard(socket, (event) => messageOf(event, text) !== undefined, text);
  await one.write(text);
  const { header } = await heard;
  return { visitor: one, header };
}

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => (error instanceof Refused ? error : Promise.reject(error)),
  );

describe('a site', () => {
  it('has a key made for it, and a secret nobody is shown', () => {
    expect(site).toMatch(/^[\w-]{16}$/);
    expect(channel.secrets).toEqual({ identitySecret: true });
    expect(JSON.stringify(channel)).not.toMatch(/[0-9a-f]{64}/);
  });

  it('keeps both when its settings change', async () => {
    const { settings, secrets } = await agent.call<ChannelDetails>('PATCH', `/api/channels/${channel.id}`, {
      settings: { ...channel.settings, welcomeEn: 'Hi!', site: '' },
    });
    expect([settings['site'], secrets]).toEqual([site, { identitySecret: true }]);
  });
});

describe('a visitor', () => {
  it('writes, is answered, and each hears of it at once', async () => {
    const text = `سلام ${randomUUID()}`;
    const { visitor: one, header } = await writing(text);
    expect(one.shown()).toMatchObject([{ text, seq: 1, from: 'visitor', state: 'received' }]);
    await one.connected();
    const answer = new Promise((resolve) => one.connect().on('message', resolve));
    await one.connected();
    await agent.reply(header, 'در خدمتم');
    expect(await answer).toMatchObject({ text: 'در خدمتم', from: 'team', author: 'Admin Example', seq: 2 });
    const socket = await agent.socket();
    for (const word of ['delivered', 'read'] as const) {
      const heard = agent.heard(
        socket,
        (event) => messageOf(event, 'در خدمتم')?.delivery?.state === word,
        `the answer being ${word}`,
      );
      if (word === 'read') one.seen();
      else one.arrived();
      await heard;
    }
  });
});

describe('sessions', () => {
  it('resume', async () => {
    const { visitor: one } = await writing();
    const again = visitor();
    again.token = one.token;
    const session = await again.begin();
    expect(session.messages).toEqual(one.shown());
    expect(session.visitorId).toBe(one.visitorId);
  });
  it('refuses', async () => {
    const one = visitor();
    one.token = `${'A'.repeat(22)}.${'B'.repeat(43)}`;
    expect((await refusal(one.write('x')))?.status).toBe(401);
    await until('nothing', () => true);
  });
});
