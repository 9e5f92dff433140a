import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import type { AppError } from '../../shared/errors.ts';
import type { DeliveryDecision } from '../../shared/message.ts';
import {
  agent,
  colleague,
  header,
  laneOf,
  mute,
  type Outbound,
  received,
  say,
  startOutbound,
  stored,
} from '../../test/outbound.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { workLane } from '../lanes/lane.worker.ts';
import { decideDelivery } from './decision.ts';
import { applyPieceState, undeliveredChange } from './delivery.ts';
import type { MessageDoc } from './message.model.ts';
import { turnDelivery } from './turn.ts';

let world: Outbound;
let conversation: ConversationDoc;
let message: MessageDoc;
beforeEach(async () => {
  world = await startOutbound({ connector: mute });
  conversation = await world.begin(1);
  message = await say(world.ctx, conversation);
});
afterEach(() => world.close());

const decide = (decision: DeliveryDecision['decision'], attempt = 1, viewer: Viewer = agent) =>
  decideDelivery(world.ctx, viewer, {
    conversationId: conversation._id,
    messageId: message._id,
    decision,
    attempt,
  });
const refusal = async (deed: Promise<unknown>) => {
  const error = await deed.then(
    () => null,
    (thrown: AppError) => thrown,
  );
  if (!error) throw new Error('It was not refused.');
  return { status: error.status, reason: error.reason, data: error.body.data };
};
const doubt = async () => {
  world.simulator.fail('resetAfterAccept');
  await workLane(world.ctx, laneOf(message));
};
const undelivered = async () => (await header(world.ctx, conversation)).undelivered;

describe('the agent’s word on a message', () => {
  it('resends it in a new attempt with a new reference', async () => {
    const { ctx, simulator } = world;
    await doubt();
    const touched = (await ctx.models.lanes.findById(laneOf(message)).lean())?.touched ?? 0;
    const again = await decide('resend');
    expect(again.delivery).toMatchObject({ state: 'queued', attempt: 2, error: null });
    expect(await undelivered()).toBe(0);
    expect((await ctx.models.lanes.findById(laneOf(message)).lean())?.touched).toBe(touched + 1);
    await workLane(ctx, laneOf(message));
    const refs = received(simulator).map((sent) => sent.sendRef);
    expect(refs).toHaveLength(2);
    expect(new Set(refs).size).toBe(2);
  });

  it('is heard once: a second word about the same attempt is too late', async () => {
    await doubt();
    const both = await Promise.allSettled([decide('resend'), decide('resend', 1, colleague)]);
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await refusal(decide('markSent'))).toMatchObject({
      status: 409,
      reason: 'stateChanged',
      data: { header: { id: conversation._id } },
    });
    expect((await stored(world.ctx, message)).delivery?.attempt).toBe(2);
  });

  it('is not asked for while nothing stands still', async () => {
    expect(await refusal(decide('resend'))).toMatchObject({ reason: 'stateChanged' });
    await workLane(world.ctx, laneOf(message));
    for (const decision of ['resend', 'markSent', 'cancel'] as const)
      expect(await refusal(decide(decision))).toMatchObject({ reason: 'stateChanged' });
    expect(received(world.simulator)).toHaveLength(1);
  });

  it('gives it up: it counts as nobody’s to do, and late good news is still believed', async () => {
    const { ctx } = world;
    await doubt();
    expect(await undelivered()).toBe(1);
    const cancelled = await decide('cancel');
    expect(cancelled.delivery).toMatchObject({ state: 'failed', error: { code: 'cancelled' } });
    expect(await undelivered()).toBe(0);
    await turnDelivery(ctx, {
      messageId: message._id,
      fence: cancelled.delivery?.fence ?? 0,
      become: (delivery) =>
        applyPieceState(delivery, { piece: 0, attempt: 1, state: 'delivered', at: new Date() }),
    });
    expect((await stored(ctx, message)).delivery).toMatchObject({ state: 'delivered', error: null });
    expect(await undelivered()).toBe(0);
  });

  it('gives up what asks before it leaves, which cannot be marked as sent', async () => {
    const { ctx, simulator } = world;
    world.pass(25 * 3_600_000);
    await workLane(ctx, laneOf(message));
    expect(await refusal(decide('markSent'))).toMatchObject({ reason: 'stateChanged' });
    await decide('cancel');
    await workLane(ctx, laneOf(message));
    expect(received(simulator)).toHaveLength(0);
    expect((await stored(ctx, message)).delivery).toMatchObject({ state: 'failed', needsConfirm: false });
  });

  it('sends nothing on a channel that is paused', async () => {
    await doubt();
    await world.ctx.models.channels.updateOne({ _id: world.channel._id }, { $set: { state: 'paused' } });
    expect(await refusal(decide('resend'))).toMatchObject({ status: 409, reason: 'channelUnavailable' });
    expect((await decide('markSent')).delivery?.state).toBe('sent');
  });

  it('is only theirs who have the channel, and only about what goes out here', async () => {
    await doubt();
    const none: Viewer = { id: 'x', role: 'agent', channelIds: [], teamIds: [] };
    expect(await refusal(decide('resend', 1, none))).toMatchObject({ status: 404 });
    const other = await world.begin(2);
    const elsewhere = decideDelivery(world.ctx, agent, {
      conversationId: other._id,
      messageId: message._id,
      decision: 'resend',
      attempt: 1,
    });
    expect(await refusal(elsewhere)).toMatchObject({ status: 404 });
  });
});

it('what an agent gave up changes the count neither way', () => {
  const given = { state: 'failed', error: { class: 'permanent', code: 'cancelled', message: '' } } as const;
  const failed = { state: 'failed', error: { class: 'permanent', code: '1', message: '' } } as const;
  expect(undeliveredChange(given, { state: 'delivered', error: null })).toBe(0);
  expect(undeliveredChange(failed, given)).toBe(-1);
  expect(undeliveredChange(given, given)).toBe(0);
});
