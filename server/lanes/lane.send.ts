import { ConnectorError, type SendRequest, type SendResult } from '../../connectors/connector.ts';
import type { Capabilities } from '../../shared/connector.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { holdChannel, noteError, noteOut, pauseChannel } from '../channels/channel.state.ts';
import { connectorContext, connectorOf } from '../channels/runtime.ts';
import { isTagged, windowOf } from '../channels/window.ts';
import type { Context } from '../context.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { reached } from '../customers/identity.ts';
import { applyPieceState, failQueued, nextPiece, requeuePiece, startPiece } from '../messages/delivery.ts';
import type { DeliveryDoc, MessageDoc, PieceDoc } from '../messages/message.model.ts';
import { scopeOf } from '../messages/parts.ts';
import { quotedMessage } from '../messages/quoted.ts';
import { failStale, isStale, openPiece } from '../messages/sealed.ts';
import { type Turn, turnDelivery } from '../messages/turn.ts';
import { callProvider, kept } from './lane.call.ts';
import { canAsk, inDoubt } from './lane.doubt.ts';
import { extendLane, type HeldLane, remaining } from './lane.lease.ts';
import { callTimeout, holdUntil, leaseFor, mintSendRef, retryAt } from './lane.pace.ts';
import { persist } from './lane.persist.ts';

/**
 * Sends the next piece of a queued message: `sending, attempt, sendRef, fence` are written before the call, what became of it
 * after, with the fence in the filter.
 * @throws LaneLost
 */
export async function sendNextPiece(
  ctx: Context,
  held: HeldLane,
  queued: { channel: ChannelDoc; message: MessageDoc },
): Promise<void> {
  const { channel, message } = queued;
  const delivery = message.delivery;
  if (!delivery) return;
  const index = nextPiece(delivery);
  const piece = delivery.pieces[index];
  if (!piece) return;
  const connector = connectorOf(ctx, channel);
  const context = connectorContext(ctx, channel);
  const identity = await ctx.models.identities.findById(message.identityId, null, { lean: true }).exec();
  if (!identity) {
    const error = {
      class: 'permanent' as const,
      code: 'noIdentity',
      message: 'The one it is to is not known any more.',
    };
    await turnDelivery(ctx, {
      messageId: message._id,
      fence: delivery.fence,
      become: (now) => (now.state === 'queued' ? failQueued(now, error, ctx.now()) : null),
    });
    return;
  }
  if (isStale(piece, ctx.now())) {
    await turnDelivery(ctx, {
      messageId: message._id,
      fence: delivery.fence,
      become: (now) => (now.state === 'queued' ? failStale(now, ctx.now()) : null),
    });
    return;
  }
  const quoted = message.inReplyTo ? await quotedMessage(ctx, message.inReplyTo) : null;
  const inReplyTo = quoted?.externalId;
  const inPublic = message.visibility === 'public';
  const { capabilities } = connector.manifest;

  const timeout = callTimeout(ctx, piece);
  const started = await start(ctx, held, { message, index, timeout });
  if (!started) return;
  const call: Call = {
    held,
    channel,
    message,
    index,
    attempt: started.attempt,
    fence: held.fence,
    // An answer before all says nothing of whether they can be written to alone.
    outOfReach: identity.unreachable && !message.letter?.forward && message.visibility !== 'public',
  };

  if (remaining(held) <= timeout) {
    await requeue(ctx, call, { nextAt: null, error: null });
    return;
  }
  const request: Omit<SendRequest, 'signal'> = {
    piece: {
      kind: piece.kind,
      ...openPiece(ctx, piece, message._id),
      ...(piece.file ? { file: piece.file } : {}),
      ...(piece.files ? { files: piece.files } : {}),
      ...(piece.template ? { template: piece.template } : {}),
    },
    to: reached(identity),
    threadKey: message.threadKey ?? '',
    // In public all of it stands in one place.
    ...(inReplyTo && (index === 0 || inPublic) ? { inReplyTo } : {}),
    ...(inPublic ? { visibility: 'public' } : {}),
    // What answers a public word in private has the provider's own time for it.
    ...(!quoted?.inPublic && isLate(capabilities, { message, piece, identity, now: ctx.now() })
      ? { tagged: true }
      : {}),
    sendRef: started.sendRef ?? '',
    ...(message.automatic ? { automatic: true } : {}),
  };
  try {
    const result = await callProvider(ctx, {
      timeout,
      call: (signal) => connector.send({ ...request, signal }, context),
    });
    await succeeded(ctx, call, result);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    await failed(ctx, call, error);
  }
}

/** Whether it leaves as a person's answer after the window: judged when it leaves, which may be long after it was written. */
function isLate(
  capabilities: Pick<Capabilities, 'window'>,
  of: { message: MessageDoc; piece: PieceDoc; identity: IdentityDoc; now: Date },
): boolean {
  const { message, piece, identity, now } = of;
  if (message.visibility === 'public' || message.automatic || piece.template || !message.channelId)
    return false;
  return isTagged(windowOf(capabilities, { identity, channelId: message.channelId }), now);
}

interface Call {
  held: HeldLane;
  channel: ChannelDoc;
  message: MessageDoc;
  index: number;
  attempt: number;
  fence: number;
  /** The one written to was thought to be out of reach. */
  outOfReach: boolean;
}

/** @returns the piece as it is being sent; null when it is not to be sent any more */
async function start(
  ctx: Context,
  held: HeldLane,
  options: { message: MessageDoc; index: number; timeout: number },
): Promise<PieceDoc | null> {
  const { message, index, timeout } = options;
  const sendRef = mintSendRef(ctx.random);
  let until = held.until;
  const after = await turnDelivery(ctx, {
    messageId: message._id,
    fence: message.delivery?.fence ?? 0,
    become: (delivery) =>
      delivery.state === 'queued' &&
      delivery.attempt === message.delivery?.attempt &&
      nextPiece(delivery) === index
        ? startPiece(delivery, { piece: index, sendRef, fence: held.fence, now: ctx.now() })
        : null,
    finish: async (tx) => {
      until = await extendLane(ctx, held, { ms: leaseFor(ctx, timeout), session: tx.session });
    },
  });
  if (after?.delivery?.fence !== held.fence || after.delivery.state !== 'sending') return null;
  held.until = until;
  return after.delivery.pieces[index] ?? null;
}

async function succeeded(ctx: Context, call: Call, result: SendResult): Promise<void> {
  const { index: piece, attempt, channel } = call;
  const { externalIds, scope, state = 'sent', warning } = result;
  noteOut(ctx, channel._id);
  await record(ctx, call, {
    become: (delivery) => {
      const next = applyPieceState(delivery, {
        piece,
        attempt,
        state,
        externalIds,
        at: ctx.now(),
        ...(warning ? { warning } : {}),
      });
      return next && { ...next, nextAt: null, retryingSince: null };
    },
    parts: { scope: scopeOf(channel._id, scope), externalIds, piece, attempt, state },
    ...(call.outOfReach && { unreachable: false }),
  });
}

/** What each class of error means for the message, its lane and its channel. */
async function failed(ctx: Context, call: Call, error: ConnectorError): Promise<void> {
  const { channel, message, index: piece, attempt } = call;
  const now = ctx.now();
  noteError(ctx, { channelId: channel._id, class: error.class, code: error.code, message: error.message });
  switch (error.class) {
    case 'retryable': {
      const since = message.delivery?.retryingSince ?? now;
      const nextAt = retryAt(now, since);
      if (nextAt) await requeue(ctx, call, { nextAt, error, retryingSince: since });
      else await fail(ctx, call, error);
      return;
    }
    case 'rateLimited': {
      const until = holdUntil(now, error.retryAt);
      await requeue(ctx, call, { nextAt: until, error });
      await holdChannel(ctx, { channelId: channel._id, until });
      return;
    }
    case 'auth':
      await requeue(ctx, call, { nextAt: null, error });
      await pauseChannel(ctx, { channelId: channel._id, reason: error.message, code: error.code });
      return;
    case 'unknown':
      await record(ctx, call, {
        become: (delivery) =>
          delivery.pieces[piece]?.attempt === attempt
            ? inDoubt(delivery, { piece, error: kept(error), now, ask: canAsk(ctx, channel) })
            : null,
      });
      return;
    case 'permanent':
    case 'windowClosed':
      await fail(ctx, call, error);
  }
}

async function fail(ctx: Context, call: Call, error: ConnectorError): Promise<void> {
  const { index: piece, attempt } = call;
  await record(ctx, call, {
    become: (delivery) => {
      const next = applyPieceState(delivery, {
        piece,
        attempt,
        state: 'failed',
        error: kept(error),
        at: ctx.now(),
      });
      return next && { ...next, nextAt: null, retryingSince: null };
    },
    // Whoever it was forwarded to is not the customer.
    ...(error.unreachable && !call.message.letter?.forward ? { unreachable: true } : {}),
  });
}

async function requeue(
  ctx: Context,
  call: Call,
  again: { nextAt: Date | null; error: ConnectorError | null; retryingSince?: Date },
): Promise<void> {
  const { index: piece } = call;
  const error: DeliveryDoc['error'] = again.error && kept(again.error);
  await record(ctx, call, {
    become: (delivery) => {
      const retryingSince = again.retryingSince ?? delivery.retryingSince;
      const next = requeuePiece(delivery, { piece, nextAt: again.nextAt, error, retryingSince });
      return next === delivery ? null : next;
    },
  });
}

/** A result that nobody else may drop: it is tried for as long as the lease lasts. */
async function record(
  ctx: Context,
  call: Call,
  turn: Pick<Turn, 'become' | 'parts' | 'unreachable'>,
): Promise<void> {
  const { held, message, fence } = call;
  const after = await persist(held, () => turnDelivery(ctx, { messageId: message._id, fence, ...turn }));
  if (!after) ctx.log.warn({ messageId: message._id, fence }, 'a result came after the lane was taken over');
}
