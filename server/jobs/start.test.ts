import { afterEach, describe, expect, it } from 'vitest';
import type { RawRequest } from '../../connectors/connector.ts';
import { sms } from '../../connectors/sms/index.ts';
import type { DeliveryState, MessageCreate } from '../../shared/message.ts';
import type { TestContext } from '../../test/context.ts';
import { agent, header, type Outbound, received, say, startOutbound, stored } from '../../test/outbound.ts';
import { pauseChannel } from '../channels/channel.state.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { snoozeConversation } from '../conversations/conversation.snooze.ts';
import { storeEvents } from '../inbound/inbound.store.ts';
import { Contended } from '../messages/commit.ts';
import { type Jobs, startJobs } from './start.ts';
import { sweepLanes } from './sweep.ts';

let world: Outbound;
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await world.close();
});
const start = (ctx: TestContext): Jobs => {
  const jobs = startJobs(ctx, { sweepEveryMs: 100 });
  ends.push(() => jobs.stop());
  return jobs;
};

/** Resolves once a commit on any of these servers leaves things as `look` wants them. */
async function settled(contexts: TestContext[], look: () => Promise<boolean> | boolean): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const offs: (() => void)[] = [];
    const check = async () => {
      try {
        if (!(await look())) return;
      } catch (error) {
        reject(error);
      }
      for (const off of offs) off();
      resolve();
    };
    for (const ctx of contexts) offs.push(ctx.bus.on('conversation.changed', () => void check()));
    void check();
  });
}

/** Writes as people do: when they are told that others are changing the same thing, they try again. */
async function sayUntilTaken(
  ctx: TestContext,
  conversation: ConversationDoc,
  create: Partial<MessageCreate>,
): Promise<void> {
  for (;;)
    try {
      await say(ctx, conversation, create);
      return;
    } catch (error) {
      if (!(error instanceof Contended)) throw error;
    }
}

describe('the jobs of a server', () => {
  it('send a reply as soon as it is written', async () => {
    world = await startOutbound();
    const { ctx, simulator } = world;
    start(ctx);
    const message = await say(ctx, await world.begin(1));
    await settled([ctx], async () => (await stored(ctx, message)).delivery?.state === 'sent');
    expect(received(simulator)).toHaveLength(1);
  });

  it('find what nobody was woken for', async () => {
    world = await startOutbound();
    const { ctx } = world;
    const message = await say(ctx, await world.begin(1));
    // Nothing listened yet: the wake-up is lost.
    start(ctx);
    await settled([ctx], async () => (await stored(ctx, message)).delivery?.state === 'sent');
    expect(received(world.simulator)).toHaveLength(1);
  });

  it('wake a snoozed conversation at its time', async () => {
    world = await startOutbound();
    const { ctx } = world;
    const conversation = await world.begin(1);
    const until = new Date(ctx.now().getTime() + 3_600_000);
    await snoozeConversation(ctx, agent, { conversationId: conversation._id, until });
    world.pass(3_600_001);
    start(ctx);
    await settled([ctx], async () => (await header(ctx, conversation)).status === 'open');
    expect((await header(ctx, conversation)).snoozedUntil).toBeNull();
  });

  it('of two servers send each message exactly once, in its lane’s order', async () => {
    world = await startOutbound();
    const { ctx, simulator } = world;
    const other = await ctx.sibling();
    ends.push(() => other.close());
    start(ctx);
    start(other);
    const lanes = 6;
    const each = 5;
    const conversations = await Promise.all(Array.from({ length: lanes }, (_, n) => world.begin(n)));
    await Promise.all(
      conversations.map(async (conversation, n) => {
        for (let i = 0; i < each; i += 1)
          await sayUntilTaken(i % 2 ? ctx : other, conversation, { text: `${n}.${i}` });
        // The other server is woken for every lane as well.
        await sweepLanes(ctx);
        await sweepLanes(other);
      }),
    );
    const open: DeliveryState[] = ['queued', 'sending', 'unknown', 'failed'];
    await settled(
      [ctx, other],
      async () => (await ctx.models.messages.countDocuments({ 'delivery.state': { $in: open } })) === 0,
    );
    const sent = received(simulator);
    expect(sent).toHaveLength(lanes * each);
    for (let n = 0; n < lanes; n += 1)
      expect(sent.filter((one) => one.text.startsWith(`${n}.`)).map((one) => one.text)).toEqual(
        Array.from({ length: each }, (_, i) => `${n}.${i}`),
      );
  });

  it('leave a paused channel alone, and let it go on when it is back', async () => {
    world = await startOutbound();
    const { ctx, channel } = world;
    const message = await say(ctx, await world.begin(1));
    await pauseChannel(ctx, { channelId: channel._id, reason: 'For a test.' });
    await sweepLanes(ctx);
    start(ctx);
    expect((await stored(ctx, message)).delivery?.state).toBe('queued');
    await ctx.models.channels.updateOne({ _id: channel._id }, { $set: { state: 'connected' } });
    await settled([ctx], async () => (await stored(ctx, message)).delivery?.state === 'sent');
  });

  it('apply a status that comes before the record of its message', async () => {
    world = await startOutbound({
      connector: {
        ...sms,
        async send(request, context) {
          const result = await sms.send(request, context);
          // The provider's word about it is here before its own answer.
          await statusCame(world, result.externalIds[0] ?? '', '10');
          return result;
        },
      },
    });
    const { ctx } = world;
    start(ctx);
    const conversation = await world.begin(1);
    const message = await say(ctx, conversation);
    await settled([ctx], async () => (await stored(ctx, message)).delivery?.state === 'delivered');
    const after = await stored(ctx, message);
    expect(after.delivery?.pieces[0]).toMatchObject({ state: 'delivered', attempt: 1 });
    expect((await header(ctx, conversation)).undelivered).toBe(0);
  });

  it('stop between two messages, and another server goes on', async () => {
    let stopped: Promise<void> = Promise.resolve();
    world = await startOutbound({
      connector: {
        ...sms,
        async send(request, context) {
          if (received(world.simulator).length === 0) stopped = jobs.stop();
          return sms.send(request, context);
        },
      },
    });
    const { ctx, simulator } = world;
    const conversation = await world.begin(1);
    for (const text of ['1', '2', '3']) await say(ctx, conversation, { text });
    const jobs = startJobs(ctx);
    await settled([ctx], () => received(simulator).length > 0);
    await stopped;
    await ctx.queue.close();
    expect(received(simulator).map((one) => one.text)).toEqual(['1']);
    const other = await ctx.sibling();
    ends.push(() => other.close());
    start(other);
    await settled(
      [other],
      async () => (await ctx.models.messages.countDocuments({ 'delivery.state': 'sent' })) === 3,
    );
    expect(received(simulator).map((one) => one.text)).toEqual(['1', '2', '3']);
  });
});

async function statusCame(world: Outbound, externalId: string, status: string): Promise<void> {
  const { ctx, channel } = world;
  const raw: RawRequest = {
    source: 'hook',
    method: 'POST',
    path: '/status',
    query: {},
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new TextEncoder().encode(new URLSearchParams({ messageid: externalId, status }).toString()),
  };
  const { events } = sms.split(raw, channel.settings);
  const { ids } = await storeEvents(ctx, { hookId: channel.hookId, channel, connectorId: 'sms', events });
  if (ids.length !== 1) throw new Error('The status was not one event.');
}
