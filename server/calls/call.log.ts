import { canSee, canUseChannel, may, type Viewer } from '../../shared/access.ts';
import type { CallLog } from '../../shared/call.ts';
import { AppError } from '../../shared/errors.ts';
import { mintCid } from '../../shared/text/cid.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { connectorOf } from '../channels/runtime.ts';
import type { Context } from '../context.ts';
import { blankMessage } from '../conversations/conversation.line.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { commit, type NewMessage, type Tx } from '../messages/commit.ts';
import { placeFor } from '../messages/intake.place.ts';
import type { CallDoc, MessageDoc } from '../messages/message.model.ts';
import { invalid } from '../messages/outgoing.ts';
import { partyOf } from './call.person.ts';
import { enterCall } from './call.place.ts';

/**
 * An agent logs a call, while it goes on or after it. It stands in the customer's conversation; where there is none, it begins one,
 * the agent's own. The same id again is the same call.
 *
 * @throws AppError 403 notTheAuthor; 409 channelUnavailable where a conversation must begin and there is no telephone channel; invalid
 */
export async function logCall(ctx: Context, viewer: Viewer, log: CallLog): Promise<MessageDoc> {
  if (!may(viewer, 'conversation.write') || !may(viewer, 'customer.read'))
    throw new AppError({ code: 'forbidden', message: 'Your role does not allow this.' });
  const startedAt = new Date(log.startedAt);
  if (startedAt.getTime() > ctx.now().getTime() + 120_000)
    throw invalid('startedAt', 'A call cannot have begun in the future.');
  const channel = await telephone(ctx, viewer);
  const minted = { cid: mintCid(ctx.random), conversationId: ctx.uuid(), lineId: ctx.uuid() };

  return commit(ctx, async (tx) => {
    const known = await knownCall(tx, viewer, log.id);
    if (known) return known;
    const now = ctx.now();
    const { customerId, number } = log;
    const party = await partyOf(tx, {
      ...(customerId !== undefined && { customerId }),
      ...(number !== undefined && { number }),
      cid: minted.cid,
      byUserId: viewer.id,
      now,
    });
    tx.knows(party.customer);
    const place = await placeFor(tx, {
      customer: party.customer,
      identityId: party.identity?._id ?? '',
      channelId: channel?._id ?? '',
      threadKey: '',
      now,
    });
    const { conversation } = place;
    mustBeShown(viewer, { conversation, channel });
    const message: NewMessage = {
      ...blankMessage({
        id: log.id,
        conversationId: conversation?._id ?? minted.conversationId,
        at: startedAt,
      }),
      kind: 'call',
      direction: log.direction,
      visibility: 'private',
      receivedAt: now,
      channelId: channel?._id ?? null,
      identityId: party.identity?._id ?? null,
      authorId: viewer.id,
      text: log.note,
      call: callOf(log, { startedAt, number: party.number, agentId: viewer.id, now }),
    };
    return enterCall(tx, {
      message,
      customer: party.customer,
      conversation,
      routed: place.routed,
      home: party.home,
      lineId: minted.lineId,
      begins: { teamId: null, assigneeId: viewer.id },
      at: now,
    });
  });
}

/** The first telephone channel that this agent may use; calls are seen by whoever sees it. */
async function telephone(ctx: Context, viewer: Viewer): Promise<ChannelDoc | null> {
  const channels = await ctx.models.channels
    .find({ state: { $ne: 'archived' } })
    .sort({ createdAt: 1 })
    .lean<ChannelDoc[]>()
    .exec();
  const calls = channels.filter((channel) => connectorOf(ctx, channel).manifest.capabilities.calls);
  return calls.find((channel) => canUseChannel(viewer, channel._id)) ?? null;
}

function mustBeShown(
  viewer: Viewer,
  { conversation, channel }: { conversation: ConversationDoc | null; channel: ChannelDoc | null },
): void {
  if (conversation && !channel && !canSee(viewer, conversation))
    throw new AppError({ code: 'notFound', message: 'There is no such conversation.' });
  if (conversation || channel) return;
  throw new AppError({
    code: 'conflict',
    reason: 'channelUnavailable',
    message:
      'There is no telephone channel that you may use, so nobody could see this call: an administrator connects one in Settings, Channels.',
  });
}

function callOf(log: CallLog, of: { startedAt: Date; number: string; agentId: string; now: Date }): CallDoc {
  const { startedAt } = of;
  const disposition = log.ended ? (log.disposition ?? 'answered') : null;
  const talked = log.talked ?? null;
  const spoke = !log.ended || disposition === 'answered';
  return {
    direction: log.direction,
    state: log.ended ? 'ended' : 'answered',
    disposition,
    number: of.number,
    startedAt,
    answeredAt: spoke ? startedAt : null,
    endedAt: log.ended ? endOf({ startedAt, talked, now: of.now }) : null,
    talked,
    agentId: of.agentId,
    extension: '',
    recording: null,
    logged: true,
  };
}

/** By how long they talked, where that is said; else now. */
export function endOf(call: { startedAt: Date; talked: number | null; now: Date }): Date {
  if (call.talked !== null) return new Date(call.startedAt.getTime() + call.talked * 1000);
  return new Date(Math.max(call.now.getTime(), call.startedAt.getTime()));
}

async function knownCall(tx: Tx, viewer: Viewer, id: string): Promise<MessageDoc | null> {
  const message = await tx.models.messages.findById(id, null, { session: tx.session }).lean<MessageDoc>();
  if (!message) return null;
  if (message.authorId === viewer.id && message.kind === 'call') return message;
  throw new AppError({
    code: 'forbidden',
    reason: 'notTheAuthor',
    message: 'A message with this id was written by somebody else, or is no call.',
  });
}
