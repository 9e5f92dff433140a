import { type Connector, ConnectorError, type RawEvent } from '../../connectors/connector.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { connectorContext } from '../channels/runtime.ts';
import type { Context } from '../context.ts';
import { EventLost } from '../messages/intake.ts';
import type { InboundDoc } from './inbound.model.ts';
import { Unusable } from './inbound.payload.ts';
import { inlineBytes } from './inbound.store.ts';

/** The event waits no longer for its provider than this, and never as long as its lease. */
const patienceMs = 10_000;

/**
 * The event with what its provider had to be asked for, kept in the payload's place: whoever takes it in again need not ask.
 * @throws Unusable when it means nothing without and nobody will ever know; ConnectorError when it may be known later
 */
export async function completeEvent(
  ctx: Context,
  about: { doc: InboundDoc; fence: number; channel: ChannelDoc; connector: Connector; raw: RawEvent },
): Promise<RawEvent> {
  const { doc, fence, channel, connector, raw } = about;
  if (!connector.complete || doc.completed) return raw;
  const signal = AbortSignal.timeout(Math.min(patienceMs, ctx.leaseMs / 2));
  let payload: Uint8Array | null;
  try {
    payload = await connector.complete(raw, { ...connectorContext(ctx, channel), signal });
  } catch (error) {
    if (error instanceof ConnectorError && error.class === 'permanent')
      throw new Unusable(error.message, { cause: error });
    throw error;
  }
  if (!payload) return raw;
  // What is a file already is read as it was completed, and completed again the next time.
  if (doc.payload && payload.byteLength <= inlineBytes) {
    const written = await ctx.models.inbound.updateOne(
      { _id: doc._id, state: 'working', 'lease.fence': fence },
      { $set: { payload: Buffer.from(payload), bytes: payload.byteLength, completed: true } },
    );
    if (!written.matchedCount) throw new EventLost(doc._id);
  }
  return { ...raw, payload };
}
