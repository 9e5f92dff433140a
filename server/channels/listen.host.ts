import type { Connector, ListenHost, RawRequest, Settings } from '../../connectors/connector.ts';
import type { DeliveryState } from '../../shared/message.ts';
import type { Context } from '../context.ts';
import { storeEvents } from '../inbound/inbound.store.ts';
import { searchesOn } from '../listening/saved.service.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import type { ChannelDoc, ChannelHealthDoc } from './channel.model.ts';
import { noteError } from './channel.state.ts';
import type { Alarm } from './wake.ts';

/** Nobody asks a provider about what left longer ago. */
const unsettledForMs = 3 * 24 * 3_600_000;

/** What a listener may ask of the core. */
export function listenHost(options: {
  ctx: Context;
  channel: ChannelDoc;
  connector: Connector;
  settings: Settings;
  alarm: Alarm;
  signal: AbortSignal;
}): ListenHost {
  const { ctx, channel, connector, settings, alarm, signal } = options;
  let said: ChannelHealthDoc['listening'] | null = null;
  // One word after the other, so that the last holds.
  let saying: Promise<void> = Promise.resolve();
  const say = (listening: ChannelHealthDoc['listening']) => {
    if (said === listening) return;
    said = listening;
    saying = saying.then(() => sayListening(ctx, channel._id, listening));
  };
  const behind = sayingBehind(ctx, channel._id);
  return {
    signal,
    async loadCursor() {
      const health = await ctx.models.channelHealth.findById(channel._id).lean<ChannelHealthDoc>().exec();
      return health?.cursor ?? null;
    },
    async saveCursor(cursor) {
      await ctx.models.channelHealth
        .updateOne({ _id: channel._id }, { $set: { cursor } }, { upsert: true })
        .exec();
    },
    async ingest({ history = false, ...given }) {
      // Who lost the lease must not go on: another listens already.
      signal.throwIfAborted();
      const raw: RawRequest = {
        method: 'GET',
        path: '/',
        query: {},
        headers: {},
        ...given,
        source: 'listen',
      };
      const { events } = connector.split(raw, settings);
      await storeEvents(ctx, {
        hookId: channel.hookId,
        channel,
        connectorId: channel.connector,
        events,
        history,
      });
    },
    async unsettled(limit) {
      const since = new Date(ctx.now().getTime() - unsettledForMs);
      const states: DeliveryState[] = connector.manifest.capabilities.readReceipts
        ? ['sent', 'delivered']
        : ['sent'];
      const messages = await ctx.models.messages
        .find(
          { 'delivery.state': { $in: states }, channelId: channel._id, at: { $gt: since } },
          { at: 1, 'delivery.pieces': 1 },
        )
        .sort({ at: -1 })
        .limit(limit)
        .lean<Pick<MessageDoc, 'at' | 'delivery'>[]>()
        .exec();
      return messages
        .flatMap((message) =>
          (message.delivery?.pieces ?? [])
            .filter((piece) => states.includes(piece.state))
            .flatMap((piece) => piece.externalIds)
            .map((externalId) => ({ externalId, sentAt: message.at })),
        )
        .slice(0, limit);
    },
    wake: (ms) => alarm.wait(ms, signal),
    failing(error) {
      noteError(ctx, {
        channelId: channel._id,
        class: error.class,
        code: error.code,
        message: error.message,
      });
      say('failing');
    },
    succeeded: () => say('listening'),
    catchingUp: (left) => behind.say(left),
    searches: () => searchesOn(ctx, channel._id),
  };
}

/** For the health page; the listener itself does not wait for it. Never rejects. */
export async function sayListening(
  ctx: Context,
  channelId: string,
  listening: ChannelHealthDoc['listening'],
): Promise<void> {
  try {
    await ctx.models.channelHealth.updateOne({ _id: channelId }, { $set: { listening } }, { upsert: true });
    ctx.bus.emit('channel.changed', { channelId });
  } catch (error) {
    ctx.log.warn({ channelId, err: error }, 'channel health was not written');
  }
}

/**
 * How far behind a listener is: at most once a second, its beginning and its end at once, and one word after the other. What a listener
 * that died had said is forgotten first.
 */
function sayingBehind(ctx: Context, channelId: string) {
  let since: Date | null = null;
  let saidAt = 0;
  let writing: Promise<unknown> = Promise.resolve();
  const write = (filter: Record<string, unknown>, catchingUp: ChannelHealthDoc['catchingUp']) => {
    writing = writing
      .then(async () => {
        const { modifiedCount, upsertedCount } = await ctx.models.channelHealth.updateOne(
          { _id: channelId, ...filter },
          { $set: { catchingUp } },
          { upsert: catchingUp !== null },
        );
        if (modifiedCount || upsertedCount) ctx.bus.emit('channel.changed', { channelId });
      })
      .catch((error) => ctx.log.warn({ channelId, err: error }, 'channel health was not written'));
  };
  write({ catchingUp: { $ne: null } }, null);
  return {
    say(left: number | null): void {
      if (left === 0 && !since) return;
      const now = ctx.now();
      const began = since === null;
      since = left === 0 ? null : (since ?? now);
      if (since && !began && now.getTime() - saidAt < 1_000) return;
      saidAt = now.getTime();
      write({}, since && { since, left });
    },
  };
}
