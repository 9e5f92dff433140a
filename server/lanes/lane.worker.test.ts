import { afterEach, describe, expect, it } from 'vitest';
import { sms } from '../../connectors/sms/index.ts';
import {
  agent,
  header,
  laneOf,
  mute,
  type Outbound,
  received,
  refusing,
  say,
  startOutbound,
  stored,
} from '../../test/outbound.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { decideDelivery } from '../messages/decision.ts';
import { patienceMs } from './lane.pace.ts';
import { workLane } from './lane.worker.ts';

const longText = `${'الف '.repeat(300)}.`;

describe('a lane', () => {
  let world: Outbound;
  afterEach(() => world.close());
  const texts = () => received(world.simulator).map((message) => message.text);

  it('carries a reply to the provider and writes down what it said', async () => {
    world = await startOutbound();
    const { ctx, simulator } = world;
    const conversation = await world.begin(1);
    const message = await say(ctx, conversation, { text: 'سلام' });
    expect(message.delivery).toMatchObject({ state: 'queued', attempt: 1 });
    await workLane(ctx, laneOf(message));
    const [sent] = received(simulator);
    expect(sent).toMatchObject({ text: 'سلام', peer: simulator.peer(1) });
    const after = await stored(ctx, message);
    expect(after.delivery).toMatchObject({ state: 'sent', error: null, nextAt: null });
    expect(after.delivery?.pieces[0]).toMatchObject({
      sendRef: sent?.sendRef,
      externalIds: [sent?.externalId],
    });
    const part = await ctx.models.parts.findOne({ messageId: message._id }).lean();
    expect(part).toMatchObject({ piece: 0, attempt: 1, state: 'sent' });
    expect((await header(ctx, conversation)).version).toBe(after.version);
  });

  it('keeps its order, and does not wait for another lane', async () => {
    world = await startOutbound();
    const { ctx, simulator } = world;
    const one = await world.begin(1);
    const two = await world.begin(2);
    simulator.fail('serverError');
    const held = await say(ctx, one, { text: 'one 1' });
    await say(ctx, one, { text: 'one 2' });
    const free = await say(ctx, two, { text: 'two 1' });
    await workLane(ctx, laneOf(held));
    await workLane(ctx, laneOf(free));
    expect(texts()).toEqual(['two 1']);
    world.pass(2_500);
    await workLane(ctx, laneOf(held));
    expect(texts()).toEqual(['two 1', 'one 1', 'one 2']);
  });

  it('tries again under the same reference what certainly did not leave', async () => {
    world = await startOutbound();
    const { ctx, simulator } = world;
    const message = await say(ctx, await world.begin(1));
    simulator.fail('serverError');
    await workLane(ctx, laneOf(message));
    const waiting = await stored(ctx, message);
    expect(waiting.delivery).toMatchObject({ state: 'queued', attempt: 1, error: { class: 'retryable' } });
    expect(waiting.delivery?.nextAt?.getTime()).toBeGreaterThan(ctx.now().getTime());
    await workLane(ctx, laneOf(message));
    expect(received(simulator)).toHaveLength(0);
    world.pass(2_500);
    await workLane(ctx, laneOf(message));
    const sent = await stored(ctx, message);
    expect(sent.delivery).toMatchObject({ state: 'sent', error: null, retryingSince: null });
    expect(received(simulator)[0]?.sendRef).toBe(waiting.delivery?.pieces[0]?.sendRef);
  });

  it('gives up after ten minutes of trying, and goes on with the next', async () => {
    world = await startOutbound();
    const { ctx, simulator } = world;
    const conversation = await world.begin(1);
    const message = await say(ctx, conversation, { text: 'first' });
    const next = await say(ctx, conversation, { text: 'second' });
    simulator.fail('serverError', { times: 2 });
    await workLane(ctx, laneOf(message));
    world.pass(patienceMs + 1);
    await workLane(ctx, laneOf(message));
    expect((await stored(ctx, message)).delivery).toMatchObject({
      state: 'failed',
      error: { class: 'retryable' },
      nextAt: null,
    });
    expect((await stored(ctx, next)).delivery?.state).toBe('sent');
    expect((await header(ctx, conversation)).undelivered).toBe(1);
  });

  it('holds the whole channel while the provider limits it', async () => {
    world = await startOutbound();
    const { ctx, simulator } = world;
    const one = await say(ctx, await world.begin(1), { text: 'one' });
    const two = await say(ctx, await world.begin(2), { text: 'two' });
    simulator.fail('rateLimit');
    await workLane(ctx, laneOf(one));
    await workLane(ctx, laneOf(two));
    expect(texts()).toEqual([]);
    const health = await ctx.models.channelHealth.findById(world.channel._id).lean();
    expect(health?.heldUntil?.getTime()).toBeGreaterThan(ctx.now().getTime());
    expect((await stored(ctx, one)).delivery).toMatchObject({ state: 'queued', retryingSince: null });
    world.pass(61_000);
    await workLane(ctx, laneOf(two));
    await workLane(ctx, laneOf(one));
    expect(texts()).toEqual(['two', 'one']);
  });

  it('pauses the channel when its credentials are refused, tells of it, and sends once it is back', async () => {
    world = await startOutbound();
    const { ctx, simulator, channel } = world;
    const changed: string[] = [];
    ctx.bus.on('channel.changed', ({ channelId }) => changed.push(channelId));
    const message = await say(ctx, await world.begin(1));
    simulator.fail('badCredentials');
    await workLane(ctx, laneOf(message));
    const paused = await ctx.models.channels.findById(channel._id).lean();
    expect(paused).toMatchObject({ state: 'paused' });
    expect(paused?.pausedReason).toMatch(/API key/);
    expect(changed).toContain(channel._id);
    await workLane(ctx, laneOf(message));
    expect((await stored(ctx, message)).delivery?.state).toBe('queued');
    await ctx.models.channels.updateOne({ _id: channel._id }, { $set: { state: 'connected' } });
    await workLane(ctx, laneOf(message));
    expect((await stored(ctx, message)).delivery).toMatchObject({ state: 'sent', error: null });
    expect(received(simulator)).toHaveLength(1);
  });

  it.each(['permanent', 'windowClosed'] as const)(
    'fails what is refused as %s, and the next still leaves',
    async (kind) => {
      world = await startOutbound({ connector: refusing([{ class: kind, code: 'x1', message: 'No.' }]) });
      const { ctx } = world;
      const conversation = await world.begin(1);
      const message = await say(ctx, conversation, { text: 'refused' });
      await say(ctx, conversation, { text: 'taken' });
      await workLane(ctx, laneOf(message));
      expect((await stored(ctx, message)).delivery).toMatchObject({
        state: 'failed',
        error: { class: kind, code: 'x1', message: 'No.' },
      });
      expect(texts()).toEqual(['taken']);
    },
  );

  it('remembers of an identity that it cannot be reached any more', async () => {
    world = await startOutbound({
      connector: refusing([{ class: 'permanent', code: '403', message: 'Blocked.', unreachable: true }]),
    });
    const { ctx } = world;
    const message = await say(ctx, await world.begin(1));
    const before = await ctx.models.identities.findById(message.identityId).lean<IdentityDoc>();
    await workLane(ctx, laneOf(message));
    const after = await ctx.models.identities.findById(message.identityId).lean<IdentityDoc>();
    expect(after?.unreachable).toBe(true);
    expect(after?.touched).toBeGreaterThan(before?.touched ?? 0);
  });

  it('forgets that when a resend reaches it after all', async () => {
    world = await startOutbound({
      connector: refusing([{ class: 'permanent', code: '403', message: 'Blocked.', unreachable: true }]),
    });
    const { ctx } = world;
    const conversation = await world.begin(1);
    const message = await say(ctx, conversation);
    await workLane(ctx, laneOf(message));
    world.pass(1_000);
    await decideDelivery(ctx, agent, {
      conversationId: conversation._id,
      messageId: message._id,
      decision: 'resend',
      attempt: 1,
    });
    await workLane(ctx, laneOf(message));
    expect((await stored(ctx, message)).delivery?.state).toBe('sent');
    const after = await ctx.models.identities.findById(message.identityId).lean<IdentityDoc>();
    expect(after?.unreachable).toBe(false);
  });

  it('begins a resend at the first piece that has not left, with a new reference', async () => {
    const calls: string[] = [];
    let refuse = true;
    world = await startOutbound({
      connector: {
        ...sms,
        async send(request, context) {
          calls.push(request.sendRef);
          if (calls.length === 2 && refuse)
            return refusing([{ class: 'permanent', code: '1', message: 'No.' }]).send(request, context);
          return sms.send(request, context);
        },
      },
    });
    const { ctx, simulator } = world;
    const conversation = await world.begin(1);
    const message = await say(ctx, conversation, { text: longText });
    expect(message.delivery?.pieces).toHaveLength(2);
    await workLane(ctx, laneOf(message));
    const failed = await stored(ctx, message);
    expect(failed.delivery?.pieces.map((piece) => piece.state)).toEqual(['sent', 'failed']);
    refuse = false;
    await decideDelivery(ctx, agent, {
      conversationId: conversation._id,
      messageId: message._id,
      decision: 'resend',
      attempt: 1,
    });
    await workLane(ctx, laneOf(message));
    const sent = await stored(ctx, message);
    expect(sent.delivery).toMatchObject({ state: 'sent', attempt: 2 });
    expect(received(simulator)).toHaveLength(2);
    expect(new Set(calls).size).toBe(3);
    expect((await header(ctx, conversation)).undelivered).toBe(0);
  });

  it('asks before it sends what waited for more than a day, and lets newer ones pass', async () => {
    world = await startOutbound();
    const { ctx, channel } = world;
    const conversation = await world.begin(1);
    const old = await say(ctx, conversation, { text: 'old' });
    await ctx.models.channels.updateOne({ _id: channel._id }, { $set: { state: 'paused' } });
    await workLane(ctx, laneOf(old));
    world.pass(25 * 3_600_000);
    await ctx.models.channels.updateOne({ _id: channel._id }, { $set: { state: 'connected' } });
    await say(ctx, conversation, { text: 'new' });
    await workLane(ctx, laneOf(old));
    expect(texts()).toEqual(['new']);
    expect((await stored(ctx, old)).delivery).toMatchObject({ state: 'queued', needsConfirm: true });
    await decideDelivery(ctx, agent, {
      conversationId: conversation._id,
      messageId: old._id,
      decision: 'resend',
      attempt: 1,
    });
    await workLane(ctx, laneOf(old));
    expect(texts()).toEqual(['new', 'old']);
  });

  it('fails what waits on an archived channel, with that reason', async () => {
    world = await startOutbound();
    const { ctx, channel } = world;
    const message = await say(ctx, await world.begin(1));
    await ctx.models.channels.updateOne({ _id: channel._id }, { $set: { state: 'archived' } });
    await workLane(ctx, laneOf(message));
    expect((await stored(ctx, message)).delivery).toMatchObject({
      state: 'failed',
      error: { code: 'archived' },
    });
    expect(texts()).toEqual([]);
  });

  it('still sends what was queued in a conversation that is continued elsewhere', async () => {
    world = await startOutbound();
    const { ctx } = world;
    const conversation = await world.begin(1);
    const message = await say(ctx, conversation);
    await ctx.models.conversations.updateOne(
      { _id: conversation._id },
      { $set: { status: 'continued', successorId: 'another' } },
    );
    await workLane(ctx, laneOf(message));
    expect((await stored(ctx, message)).delivery?.state).toBe('sent');
    expect(texts()).toHaveLength(1);
  });

  it('does not let a lane go while something was queued unseen', async () => {
    let second: Promise<unknown> = Promise.resolve();
    let begun = false;
    world = await startOutbound({
      connector: {
        ...sms,
        async send(request, context) {
          if (!begun) {
            begun = true;
            second = say(world.ctx, conversation, { text: 'queued meanwhile' });
            await second;
          }
          return sms.send(request, context);
        },
      },
    });
    const conversation = await world.begin(1);
    const message = await say(world.ctx, conversation, { text: 'first' });
    await workLane(world.ctx, laneOf(message));
    expect(texts()).toEqual(['first', 'queued meanwhile']);
  });

  it('pauses a channel whose connector is not on this server', async () => {
    world = await startOutbound();
    const { ctx, channel } = world;
    const message = await say(ctx, await world.begin(1));
    await ctx.models.channels.updateOne({ _id: channel._id }, { $set: { connector: 'pigeon' } });
    await workLane(ctx, laneOf(message));
    const paused = await ctx.models.channels.findById(channel._id).lean();
    expect(paused).toMatchObject({ state: 'paused', pausedReason: expect.stringContaining('pigeon') });
    expect((await stored(ctx, message)).delivery?.state).toBe('queued');
  });

  it('treats a fault of a connector as an unknown outcome', async () => {
    world = await startOutbound({
      connector: {
        ...mute,
        send: async () => {
          throw new TypeError('a fault of ours');
        },
      },
    });
    const { ctx } = world;
    const message = await say(ctx, await world.begin(1));
    await workLane(ctx, laneOf(message));
    expect((await stored(ctx, message)).delivery).toMatchObject({
      state: 'unknown',
      error: { code: 'fault' },
    });
  });
});
