import type { InboundEvent, RawEvent } from '../connectors/connector.ts';
import type { ChannelDoc } from '../server/channels/channel.model.ts';
import type { Context } from '../server/context.ts';
import type { InboundDoc } from '../server/inbound/inbound.model.ts';
import { storeEvents } from '../server/inbound/inbound.store.ts';
import { processEvent } from '../server/inbound/inbound.worker.ts';
import { rawEvent } from './provider.ts';

/** Stores raw events as a hook would, and works until nothing is left that can be done now. */
export async function deliver(
  ctx: Context,
  channel: ChannelDoc,
  events: readonly (RawEvent | InboundEvent | InboundEvent[])[],
): Promise<string[]> {
  const raw = events.map((event) => ('payload' in event ? event : rawEvent([event].flat())));
  const { ids } = await storeEvents(ctx, {
    hookId: channel.hookId,
    channel,
    connectorId: channel.connector,
    events: raw,
  });
  await drain(ctx);
  return ids;
}

/** Does what is `new`, oldest first, until there is nothing: what was released meanwhile too. */
export async function drain(ctx: Context): Promise<void> {
  for (;;) {
    const ready = await ctx.models.inbound
      .find({ state: 'new', $or: [{ nextAt: null }, { nextAt: { $lte: ctx.now() } }] }, { _id: 1 })
      .sort({ receivedAt: 1, _id: 1 })
      .lean<Pick<InboundDoc, '_id'>[]>();
    if (!ready.length) return;
    for (const { _id } of ready) await processEvent(ctx, _id);
  }
}
