import type { ChannelDoc } from '../channels/channel.model.ts';
import { heldUntil, pauseChannel } from '../channels/channel.state.ts';
import { connectorContext } from '../channels/runtime.ts';
import type { Context } from '../context.ts';
import { failQueued } from '../messages/delivery.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { turnDelivery } from '../messages/turn.ts';
import { askProvider, takeOver } from './lane.doubt.ts';
import { type HeldLane, LaneLost, letLaneGo, takeLane } from './lane.lease.ts';
import { staleMs } from './lane.pace.ts';
import { sendNextPiece } from './lane.send.ts';

/**
 * Sends what is queued in one lane, in its order, until nothing is left that may leave now. Whoever holds the lane is alone in it;
 * a second caller returns at once.
 *
 * @param signal stops it between two messages: what remains is found by the next sweep
 */
export async function workLane(ctx: Context, laneId: string, signal?: AbortSignal): Promise<void> {
  const held = await takeLane(ctx, laneId);
  if (!held) return;
  try {
    await holdLane(ctx, held, signal);
  } catch (error) {
    if (error instanceof LaneLost) {
      ctx.log.warn({ laneId, fence: held.fence }, error.message);
      return;
    }
    await letLaneGo(ctx, held).catch(() => undefined);
    throw error;
  }
}

async function holdLane(ctx: Context, held: HeldLane, signal?: AbortSignal): Promise<void> {
  const channel = await channelOf(ctx, held);
  await takeOver(ctx, held, channel);
  for (;;) {
    const until = await drain(ctx, held, signal);
    const left = await letLaneGo(ctx, held);
    if (left === 'touched' && !signal?.aborted) continue;
    if (left === 'touched') await letLaneGo(ctx, held);
    if (until)
      ctx.queue.wake('lane', held.laneId, { delayMs: Math.max(0, until.getTime() - ctx.now().getTime()) });
    return;
  }
}

/** @returns when there is more to do; null: nothing, or nobody knows */
async function drain(ctx: Context, held: HeldLane, signal?: AbortSignal): Promise<Date | null> {
  while (!signal?.aborted) {
    // Read afresh for each message: it may have been paused, archived or connected anew meanwhile.
    const channel = await channelOf(ctx, held);
    const message = await firstOf(ctx, held);
    if (!message?.delivery) return null;
    if (channel.state === 'archived') {
      await leaveBehind(ctx, message);
      continue;
    }
    if (channel.state === 'paused') return null;
    const until = (await heldUntil(ctx, channel._id)) ?? message.delivery.nextAt;
    if (until && until > ctx.now()) return until;
    if (!(await canSpeak(ctx, channel))) return null;

    if (message.delivery.state === 'unknown') await askProvider(ctx, held, { channel, message });
    else if (isStale(ctx, message)) await askFirst(ctx, message);
    else await sendNextPiece(ctx, held, { channel, message });
  }
  return null;
}

async function channelOf(ctx: Context, held: HeldLane): Promise<ChannelDoc> {
  const channel = await ctx.models.channels.findById(held.channelId, null, { lean: true }).exec();
  if (!channel) throw new Error(`Lane ${held.laneId} is of a channel that does not exist.`);
  return channel;
}

/** The first that is to leave, or that the provider is still to be asked about: it holds up those after it. */
function firstOf(ctx: Context, held: HeldLane): Promise<MessageDoc | null> {
  const { conversationId, channelId } = held;
  return ctx.models.messages
    .findOne(
      {
        conversationId,
        channelId,
        $or: [
          { 'delivery.state': 'queued', 'delivery.needsConfirm': false },
          { 'delivery.state': 'unknown', 'delivery.nextAt': { $ne: null } },
        ],
      },
      null,
      { lean: true },
    )
    .sort({ seq: 1 })
    .exec();
}

/** A channel whose connector is not here, or whose secrets cannot be opened, is for an administrator. */
async function canSpeak(ctx: Context, channel: ChannelDoc): Promise<boolean> {
  try {
    connectorContext(ctx, channel);
    if (Object.hasOwn(ctx.connectors, channel.connector)) return true;
    throw new Error(`This server has no connector "${channel.connector}".`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'The channel cannot be used.';
    await pauseChannel(ctx, { channelId: channel._id, reason });
    return false;
  }
}

/** An archived channel carries nothing any more: what waits fails, what is in doubt is an agent's to decide. */
async function leaveBehind(ctx: Context, message: MessageDoc): Promise<void> {
  const error = { class: 'permanent' as const, code: 'archived', message: 'The channel was archived.' };
  await turnDelivery(ctx, {
    messageId: message._id,
    fence: message.delivery?.fence ?? 0,
    become: (delivery) => {
      if (delivery.state === 'queued') return failQueued(delivery, error, ctx.now());
      return delivery.state === 'unknown' && delivery.nextAt ? { ...delivery, nextAt: null } : null;
    },
  });
}

function isStale(ctx: Context, message: MessageDoc): boolean {
  const queuedAt = message.delivery?.queuedAt;
  return queuedAt !== undefined && ctx.now().getTime() - queuedAt.getTime() > staleMs;
}

async function askFirst(ctx: Context, message: MessageDoc): Promise<void> {
  await turnDelivery(ctx, {
    messageId: message._id,
    fence: message.delivery?.fence ?? 0,
    become: (delivery) =>
      delivery.state === 'queued' && !delivery.needsConfirm
        ? { ...delivery, needsConfirm: true, nextAt: null }
        : null,
  });
}
