import { sweepAdvocates } from '../advocates/advocate.worker.ts';
import { sweepApiAnswers } from '../api/api.sweep.ts';
import type { ChannelDoc, ChannelHealthDoc } from '../channels/channel.model.ts';
import { sweepSilence } from '../channels/silence.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { wakeConversation } from '../conversations/conversation.snooze.ts';
import { sweepFacts } from '../customers/facts.worker.ts';
import { key } from '../db/key.ts';
import { sweepCompare } from '../duplicates/compare.worker.ts';
import { sweepImports } from '../imports/import.worker.ts';
import { sweepInbound } from '../inbound/inbound.sweep.ts';
import { sweepListening } from '../listening/listen.worker.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { sweepStale } from '../quality/quality.service.ts';
import { sweepRewards } from '../rewards/reward.send.ts';
import { sweepSearch } from '../search/search.worker.ts';

const batch = 500;

/**
 * Finds what is due and nobody was woken for: a wake-up that was lost, a server that died. On any server and any number of times;
 * what it finds it only wakes, and workers keep each other out by their leases. One part that fails does not keep the others from
 * being done.
 */
export async function sweep(ctx: Context, signal: AbortSignal): Promise<void> {
  const parts = {
    inbound: sweepInbound,
    lanes: sweepLanes,
    snoozed: sweepSnoozed,
    silence: () => sweepSilence(ctx, new Date(ctx.now().getTime() - process.uptime() * 1000)),
    facts: sweepFacts,
    advocates: sweepAdvocates,
    rewards: sweepRewards,
    search: sweepSearch,
    listening: sweepListening,
    compare: sweepCompare,
    apiAnswers: sweepApiAnswers,
    imports: sweepImports,
    stale: sweepStale,
  };
  for (const [part, run] of Object.entries(parts)) {
    if (signal.aborted) return;
    try {
      await run(ctx);
    } catch (error) {
      ctx.log.warn({ err: error, part }, 'a sweep failed; the next one tries again');
    }
  }
}

/**
 * Lanes are found by their messages, not by their leases: queued ones whose time has come, those the provider is to be asked about, and
 * those whose holder may have died. The first two of channels that may send now, and of archived ones, whose messages fail with that
 * reason.
 */
export async function sweepLanes(ctx: Context): Promise<void> {
  const now = ctx.now();
  const channelId = { $in: await channelsThatMove(ctx) };
  const states: Record<string, unknown>[] = [
    { 'delivery.state': 'sending' },
    {
      'delivery.state': 'queued',
      channelId,
      'delivery.needsConfirm': false,
      $or: [{ 'delivery.nextAt': null }, { 'delivery.nextAt': { $lte: now } }],
    },
    { 'delivery.state': 'unknown', channelId, 'delivery.nextAt': { $gt: new Date(0), $lte: now } },
  ];
  const lanes = new Set<string>();
  for (const state of states) {
    const found = await ctx.models.messages
      .find(state, { conversationId: 1, channelId: 1 })
      .limit(batch)
      .lean<Pick<MessageDoc, 'conversationId' | 'channelId'>[]>();
    for (const message of found) lanes.add(key(message.conversationId, message.channelId ?? ''));
  }
  for (const lane of lanes) ctx.queue.wake('lane', lane);
}

async function channelsThatMove(ctx: Context): Promise<string[]> {
  const channels = await ctx.models.channels
    .find({ state: { $in: ['connected', 'archived'] } }, { state: 1 })
    .lean<Pick<ChannelDoc, '_id' | 'state'>[]>();
  const held = await ctx.models.channelHealth
    .find({ heldUntil: { $gt: ctx.now() } }, { _id: 1 })
    .lean<Pick<ChannelHealthDoc, '_id'>[]>();
  const waits = new Set(held.map((health) => health._id));
  return channels.filter(({ _id, state }) => state === 'archived' || !waits.has(_id)).map(({ _id }) => _id);
}

async function sweepSnoozed(ctx: Context): Promise<void> {
  const due = await ctx.models.conversations
    .find({ snoozedUntil: { $gt: new Date(0), $lte: ctx.now() }, status: 'snoozed' }, { _id: 1 })
    .sort({ snoozedUntil: 1 })
    .limit(batch)
    .lean<Pick<ConversationDoc, '_id'>[]>();
  for (const { _id } of due) await wakeConversation(ctx, _id);
}
