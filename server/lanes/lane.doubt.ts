import { ConnectorError, type LookupResult } from '../../connectors/connector.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { holdChannel, noteError, pauseChannel } from '../channels/channel.state.ts';
import { connectorContext, connectorOf } from '../channels/runtime.ts';
import type { Context } from '../context.ts';
import { applyPieceState, requeuePiece } from '../messages/delivery.ts';
import type { DeliveryDoc, MessageDoc } from '../messages/message.model.ts';
import { scopeOf } from '../messages/parts.ts';
import { turnDelivery } from '../messages/turn.ts';
import { callProvider } from './lane.call.ts';
import { extendLane, type HeldLane } from './lane.lease.ts';
import { callTimeout, holdUntil, leaseFor, retryAt } from './lane.pace.ts';

/** Can this channel's provider be asked whether it has a message? */
export function canAsk(ctx: Context, channel: Pick<ChannelDoc, 'connector'>): boolean {
  const connector = Object.hasOwn(ctx.connectors, channel.connector)
    ? ctx.connectors[channel.connector]
    : undefined;
  return connector?.manifest.capabilities.lookup === true && connector.lookup !== undefined;
}

/** What a piece becomes whose call may or may not have happened. With `lookup` it asks at once, else an agent decides. */
export function inDoubt(
  delivery: DeliveryDoc,
  doubt: { piece: number; error: DeliveryDoc['error']; now: Date; ask: boolean },
): DeliveryDoc | null {
  const attempt = delivery.pieces[doubt.piece]?.attempt ?? 0;
  const next = applyPieceState(delivery, {
    piece: doubt.piece,
    attempt,
    state: 'unknown',
    error: doubt.error,
    at: doubt.now,
  });
  return next && { ...next, nextAt: doubt.ask ? doubt.now : null };
}

/** Whoever takes over a lane and finds `sending` treats it as `unknown`: nothing is resent blindly. */
export async function takeOver(ctx: Context, held: HeldLane, channel: ChannelDoc): Promise<void> {
  const { conversationId, channelId } = held;
  const interrupted = await ctx.models.messages
    .find({ conversationId, channelId, 'delivery.state': 'sending' }, null, { lean: true })
    .exec();
  for (const message of interrupted) {
    if (!message.delivery) continue;
    await turnDelivery(ctx, {
      messageId: message._id,
      fence: message.delivery.fence,
      become: (delivery) => {
        const piece = delivery.pieces.findIndex(({ state }) => state === 'sending');
        if (piece < 0) return null;
        const error = {
          class: 'unknown' as const,
          code: 'interrupted',
          message: 'The server stopped while this was on its way: the provider may have it or not.',
        };
        const next = inDoubt(delivery, { piece, error, now: ctx.now(), ask: canAsk(ctx, channel) });
        return next && { ...next, fence: held.fence };
      },
    });
  }
}

/**
 * Asks the provider about a message in doubt. Found: its status. Not found, and it could not still be on its way: queued again under
 * the same reference. No answer: it asks later, for ten minutes, then an agent decides.
 */
export async function askProvider(
  ctx: Context,
  held: HeldLane,
  asked: { channel: ChannelDoc; message: MessageDoc },
): Promise<void> {
  const { channel, message } = asked;
  const connector = connectorOf(ctx, channel);
  const piece = message.delivery?.pieces.findIndex(({ state }) => state === 'unknown') ?? -1;
  const doubtful = message.delivery?.pieces[piece];
  if (!message.delivery || !doubtful) return;
  const { fence } = message.delivery;
  const { sendRef, attempt } = doubtful;
  const since = doubtful.at ?? ctx.now();
  const turn = { messageId: message._id, fence };
  const later = (nextAt: Date | null) =>
    turnDelivery(ctx, {
      ...turn,
      become: (delivery) => (isStill(delivery) ? { ...delivery, nextAt } : null),
    });
  const isStill = (delivery: DeliveryDoc) =>
    delivery.pieces[piece]?.state === 'unknown' && delivery.pieces[piece]?.attempt === attempt;

  const lookup = connector.lookup?.bind(connector);
  if (!lookup || !sendRef) {
    await later(null);
    return;
  }
  const timeout = callTimeout(ctx, { file: null });
  held.until = await extendLane(ctx, held, { ms: leaseFor(ctx, timeout) });
  let answer: LookupResult;
  try {
    const context = connectorContext(ctx, channel);
    answer = await callProvider(ctx, { timeout, call: (signal) => lookup({ sendRef, signal }, context) });
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    noteError(ctx, { channelId: channel._id, class: error.class, code: error.code, message: error.message });
    await later(await whenToAskAgain(ctx, { channel, error, since }));
    return;
  }
  if (answer.found) {
    const { externalIds, scope, state = 'sent' } = answer;
    const refused = {
      class: 'permanent' as const,
      code: 'refused',
      message: 'The provider has the message and says that it failed.',
    };
    await turnDelivery(ctx, {
      ...turn,
      become: (delivery) => {
        const error = state === 'failed' ? refused : null;
        const next = applyPieceState(delivery, { piece, attempt, state, externalIds, error, at: null });
        return next && { ...next, nextAt: null };
      },
      parts: { scope: scopeOf(channel._id, scope), externalIds, piece, attempt, state },
    });
    return;
  }
  const settled = new Date(since.getTime() + callTimeout(ctx, doubtful));
  if (settled > ctx.now()) {
    await later(settled);
    return;
  }
  await turnDelivery(ctx, {
    ...turn,
    become: (delivery) =>
      isStill(delivery)
        ? requeuePiece(delivery, { piece, nextAt: null, error: null, retryingSince: delivery.retryingSince })
        : null,
  });
}

async function whenToAskAgain(
  ctx: Context,
  failed: { channel: ChannelDoc; error: ConnectorError; since: Date },
): Promise<Date | null> {
  const { channel, error, since } = failed;
  const now = ctx.now();
  switch (error.class) {
    case 'rateLimited': {
      const until = holdUntil(now, error.retryAt);
      await holdChannel(ctx, { channelId: channel._id, until });
      return until;
    }
    case 'auth':
      await pauseChannel(ctx, { channelId: channel._id, reason: error.message, code: error.code });
      return now;
    case 'retryable':
    case 'unknown':
      return retryAt(now, since);
    default:
      return null;
  }
}
