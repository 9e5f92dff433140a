import { afterEach, describe, expect, it } from 'vitest';
import { sms } from '../../connectors/sms/index.ts';
import {
  agent,
  header,
  laneOf,
  mute,
  type Outbound,
  received,
  say,
  startOutbound,
  stored,
} from '../../test/outbound.ts';
import { connectorContext } from '../channels/runtime.ts';
import type { Context } from '../context.ts';
import { decideDelivery } from '../messages/decision.ts';
import { startPiece } from '../messages/delivery.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { turnDelivery } from '../messages/turn.ts';
import { takeLane } from './lane.lease.ts';
import { workLane } from './lane.worker.ts';

/** What a server leaves behind that is killed during a call: all it wrote before, and maybe the call. */
async function dieWhileSending(ctx: Context, message: MessageDoc, reached: boolean): Promise<void> {
  const held = await takeLane(ctx, laneOf(message));
  if (!held) throw new Error('The lane is held.');
  const sendRef = '4503599627370497';
  await turnDelivery(ctx, {
    messageId: message._id,
    fence: 0,
    become: (delivery) => startPiece(delivery, { piece: 0, sendRef, fence: held.fence, now: ctx.now() }),
  });
  if (reached) {
    const channel = await ctx.models.channels.findById(message.channelId).lean();
    const piece = message.delivery?.pieces[0];
    if (!channel || !piece) throw new Error('Nothing to send.');
    await sms.send(
      {
        piece: { kind: 'text', text: piece.text },
        to: { kind: 'mobile', value: message.identityId?.replace(/^mobile:/, '') ?? '' },
        threadKey: message.threadKey ?? '',
        sendRef,
        signal: new AbortController().signal,
      },
      connectorContext(ctx, channel),
    );
  }
  await expire(ctx, message);
}

/** The lease's time is over, by the database's clock. */
const expire = (ctx: Context, message: MessageDoc) =>
  ctx.models.lanes.updateOne({ _id: laneOf(message) }, { $set: { 'lease.until': new Date(0) } });

describe('an unknown outcome', () => {
  let world: Outbound;
  afterEach(() => world.close());

  it('is asked about where the provider can be asked: it had the message', async () => {
    world = await startOutbound();
    const { ctx, simulator } = world;
    const message = await say(ctx, await world.begin(1));
    simulator.fail('resetAfterAccept');
    await workLane(ctx, laneOf(message));
    const after = await stored(ctx, message);
    expect(after.delivery).toMatchObject({ state: 'sent', error: null, nextAt: null });
    expect(after.delivery?.pieces[0]?.externalIds).toEqual([received(simulator)[0]?.externalId]);
    expect(received(simulator)).toHaveLength(1);
  });

  it('is asked about: it had not, and once it cannot be on its way any more it is sent under the same reference', async () => {
    // Long beside any pause of a busy machine between the call and the question after it.
    world = await startOutbound({ context: { leaseMs: 60_000 } });
    const { ctx, simulator } = world;
    const conversation = await world.begin(1);
    const message = await say(ctx, conversation, { text: 'first' });
    await say(ctx, conversation, { text: 'second' });
    simulator.fail('resetBeforeAccept');
    await workLane(ctx, laneOf(message));
    const doubtful = await stored(ctx, message);
    expect(doubtful.delivery?.state).toBe('unknown');
    expect(doubtful.delivery?.nextAt).not.toBeNull();
    expect(received(simulator)).toHaveLength(0);
    world.pass(ctx.leaseMs);
    await workLane(ctx, laneOf(message));
    expect(received(simulator).map((sent) => sent.text)).toEqual(['first', 'second']);
    expect(received(simulator)[0]?.sendRef).toBe(doubtful.delivery?.pieces[0]?.sendRef);
    expect((await header(ctx, conversation)).undelivered).toBe(0);
  });

  it('asks later while the provider does not answer, and leaves it to an agent after ten minutes', async () => {
    world = await startOutbound();
    const { ctx, simulator } = world;
    const message = await say(ctx, await world.begin(1));
    simulator.fail('resetAfterAccept');
    simulator.fail('serverError', { call: 'sms/statuslocalmessageid', times: 2 });
    await workLane(ctx, laneOf(message));
    expect((await stored(ctx, message)).delivery).toMatchObject({
      state: 'unknown',
      nextAt: expect.any(Date),
    });
    world.pass(11 * 60_000);
    await workLane(ctx, laneOf(message));
    expect((await stored(ctx, message)).delivery).toMatchObject({ state: 'unknown', nextAt: null });
  });

  it('is left to an agent where the provider cannot be asked, and holds up nothing', async () => {
    world = await startOutbound({ connector: mute });
    const { ctx, simulator } = world;
    const conversation = await world.begin(1);
    const message = await say(ctx, conversation, { text: 'in doubt' });
    await say(ctx, conversation, { text: 'next' });
    simulator.fail('resetAfterAccept');
    await workLane(ctx, laneOf(message));
    await workLane(ctx, laneOf(message));
    expect((await stored(ctx, message)).delivery).toMatchObject({
      state: 'unknown',
      nextAt: null,
      error: { class: 'unknown' },
    });
    expect(received(simulator).map((sent) => sent.text)).toEqual(['in doubt', 'next']);
    expect((await header(ctx, conversation)).undelivered).toBe(1);
    await decideDelivery(ctx, agent, {
      conversationId: conversation._id,
      messageId: message._id,
      decision: 'markSent',
      attempt: 1,
    });
    expect((await stored(ctx, message)).delivery).toMatchObject({ state: 'sent', error: null });
    expect((await header(ctx, conversation)).undelivered).toBe(0);
  });

  it('is what a call becomes that gives no answer within its time', async () => {
    world = await startOutbound({ connector: mute, context: { leaseMs: 900 } });
    const { ctx, simulator } = world;
    const message = await say(ctx, await world.begin(1));
    simulator.fail('hang');
    await workLane(ctx, laneOf(message));
    expect((await stored(ctx, message)).delivery).toMatchObject({
      state: 'unknown',
      error: { class: 'unknown', code: 'timeout' },
    });
  });

  it('is dropped at its time-out whatever the connector does', async () => {
    world = await startOutbound({
      connector: { ...mute, send: () => new Promise(() => undefined) },
      context: { leaseMs: 600 },
    });
    const { ctx } = world;
    const message = await say(ctx, await world.begin(1));
    await workLane(ctx, laneOf(message));
    expect((await stored(ctx, message)).delivery).toMatchObject({
      state: 'unknown',
      error: { code: 'timeout' },
    });
  });
});

describe('whoever takes a lane over', () => {
  let world: Outbound;
  afterEach(() => world.close());

  it('cannot take one that is held', async () => {
    world = await startOutbound();
    const { ctx } = world;
    const message = await say(ctx, await world.begin(1));
    expect(await takeLane(ctx, laneOf(message))).toMatchObject({ fence: 1 });
    expect(await takeLane(ctx, laneOf(message))).toBeNull();
    await workLane(ctx, laneOf(message));
    expect(received(world.simulator)).toHaveLength(0);
  });

  it('finds what the dead one sent at the provider', async () => {
    world = await startOutbound();
    const { ctx, simulator } = world;
    const message = await say(ctx, await world.begin(1));
    await dieWhileSending(ctx, message, true);
    await workLane(ctx, laneOf(message));
    expect((await stored(ctx, message)).delivery?.state).toBe('sent');
    expect(received(simulator)).toHaveLength(1);
  });

  it('sends what the dead one did not, once no call of it can still be on its way', async () => {
    world = await startOutbound();
    const { ctx, simulator } = world;
    const message = await say(ctx, await world.begin(1));
    await dieWhileSending(ctx, message, false);
    await workLane(ctx, laneOf(message));
    expect((await stored(ctx, message)).delivery?.state).toBe('unknown');
    expect(received(simulator)).toHaveLength(0);
    world.pass(ctx.leaseMs);
    await workLane(ctx, laneOf(message));
    expect((await stored(ctx, message)).delivery?.state).toBe('sent');
    expect(received(simulator).map((sent) => sent.sendRef)).toEqual(['4503599627370497']);
  });

  it('sends nothing blindly where the provider cannot be asked', async () => {
    world = await startOutbound({ connector: mute });
    const { ctx, simulator } = world;
    const conversation = await world.begin(1);
    const message = await say(ctx, conversation, { text: 'maybe' });
    await dieWhileSending(ctx, message, true);
    await say(ctx, conversation, { text: 'after' });
    await workLane(ctx, laneOf(message));
    world.pass(11 * 60_000);
    await workLane(ctx, laneOf(message));
    expect((await stored(ctx, message)).delivery).toMatchObject({
      state: 'unknown',
      error: { code: 'interrupted' },
    });
    expect(received(simulator).map((sent) => sent.text)).toEqual(['maybe', 'after']);
  });

  it('is not overwritten by the result of a holder that stalled', async () => {
    let accepted = () => {};
    let release = () => {};
    const called = new Promise<void>((resolve) => {
      accepted = resolve;
    });
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    world = await startOutbound({
      connector: {
        ...mute,
        async send(request, context) {
          const result = await sms.send(request, context);
          accepted();
          await gate;
          return result;
        },
      },
    });
    const { ctx } = world;
    const message = await say(ctx, await world.begin(1));
    const stalled = workLane(ctx, laneOf(message));
    await called;
    await expire(ctx, message);
    const other = await ctx.sibling();
    await workLane(other, laneOf(message));
    const taken = await stored(ctx, message);
    expect(taken.delivery).toMatchObject({ state: 'unknown', fence: 2 });
    release();
    await stalled;
    expect(await stored(ctx, message)).toEqual(taken);
    await other.close();
  });
});
