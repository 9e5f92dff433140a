import type { InboundEvent } from '../../connectors/connector.ts';
import { channelById } from '../channels/channel.find.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { channelSettings, connectorOf } from '../channels/runtime.ts';
import type { Context } from '../context.ts';
import { scrub } from '../log.ts';
import { Contended } from '../messages/commit.ts';
import { EventLost, intake } from '../messages/intake.ts';
import { inTurn } from '../messages/intake.turn.ts';
import { completeEvent } from './inbound.complete.ts';
import type { InboundDoc } from './inbound.model.ts';
import { rawEventOf, Unusable } from './inbound.payload.ts';

/** After so many attempts that ended in something other than a conflict, an event is `failed`. */
const maxAttempts = 8;

/** The first wait after a fault of ours; it doubles. */
const backOffMs = 500;
const longestBackOffMs = 60_000;

/** Takes events as they are stored. The sweep finds what is not woken. @returns ends the waking */
export function startInbound(ctx: Context, options: { concurrency?: number } = {}): () => void {
  const work = (id: string) => ctx.background.awaited(() => processEvent(ctx, id));
  ctx.queue.work('inbound', options.concurrency ?? 16, work, { leaseMs: ctx.leaseMs });
  return ctx.bus.on('inbound.stored', ({ ids }) => {
    for (const id of ids) ctx.queue.wake('inbound', id);
  });
}

/**
 * One event, from raw bytes into its conversation. Whatever happens is recorded with the event; nothing is thrown but what keeps it
 * from being recorded.
 */
export async function processEvent(ctx: Context, id: string): Promise<void> {
  const event = await take(ctx, id);
  if (!event) return;
  try {
    if (event.doc.attempts > maxAttempts)
      throw new Unusable(
        'It was begun again and again and never came to an end; the last attempts left no reason.',
      );
    const { channel, connector, events } = await understand(ctx, event);
    const arrival = { inbound: event.doc, fence: event.fence, channel, connector };
    const state = await inTurn(ctx, events, () => intake(ctx, arrival, events));
    ctx.log.debug({ event: id, state }, 'inbound event');
  } catch (error) {
    await putBack(ctx, event, error);
  }
}

interface Taken {
  doc: InboundDoc;
  fence: number;
}

/** Under a lease by the database's clock: an event that is `new`, or whose holder is gone. */
async function take(ctx: Context, id: string): Promise<Taken | null> {
  const doc = await ctx.models.inbound
    .findOneAndUpdate(
      {
        _id: id,
        $or: [
          { state: 'new', $or: [{ nextAt: null }, { nextAt: { $lte: ctx.now() } }] },
          { state: 'working', $expr: { $lt: ['$lease.until', '$$NOW'] } },
        ],
      },
      [
        {
          $set: {
            state: 'working',
            attempts: { $add: ['$attempts', 1] },
            lease: {
              owner: ctx.nodeId,
              until: { $add: ['$$NOW', ctx.leaseMs] },
              fence: { $add: [{ $ifNull: ['$lease.fence', 0] }, 1] },
            },
          },
        },
      ],
      { returnDocument: 'after', updatePipeline: true },
    )
    .lean<InboundDoc>();
  return doc?.lease ? { doc, fence: doc.lease.fence } : null;
}

async function understand(ctx: Context, { doc, fence }: Taken) {
  const channel = await channelOf(ctx, doc);
  if (!channel)
    throw new Unusable(
      `No channel has the account "${doc.accountRef}". Set one up for it and replay this event, or leave it.`,
    );
  const connector = connectorOf(ctx, channel);
  const settings = channelSettings(ctx, channel);
  const stored = await rawEventOf(ctx, doc);
  const raw = await completeEvent(ctx, { doc, fence, channel, connector, raw: stored });
  let events: InboundEvent[];
  try {
    events = await connector.inbound(raw, settings);
  } catch (error) {
    throw new Unusable((error as Error).message, { cause: error });
  }
  return { channel, connector, events };
}

async function channelOf(ctx: Context, doc: InboundDoc): Promise<ChannelDoc | null> {
  if (doc.channelId) return channelById(ctx, doc.channelId);
  return ctx.models.channels.findOne({ hookId: doc.hookId, accountRef: doc.accountRef }).lean<ChannelDoc>();
}

/**
 * Conflicts are no attempts. What cannot be understood is `failed` at once; any other fault is tried again later, and is `failed` with
 * its reason in the end: it blocks nothing meanwhile.
 */
async function putBack(ctx: Context, { doc, fence }: Taken, error: unknown): Promise<void> {
  if (error instanceof EventLost) return;
  const reason = scrub((error as Error)?.message || String(error)).slice(0, 500);
  const contended = error instanceof Contended;
  const failed = error instanceof Unusable || (!contended && doc.attempts >= maxAttempts);
  const delayMs = contended
    ? backOffMs * ctx.random()
    : Math.min(longestBackOffMs, backOffMs * 2 ** (doc.attempts - 1)) * (0.5 + ctx.random() / 2);
  const set: Partial<InboundDoc> = failed
    ? { state: 'failed', reason, nextAt: null }
    : {
        state: 'new',
        reason: contended ? doc.reason : reason,
        nextAt: new Date(ctx.now().getTime() + delayMs),
        ...(contended ? { attempts: doc.attempts - 1 } : {}),
      };
  if (!contended)
    ctx.log.warn(
      { err: error, event: doc._id, attempts: doc.attempts, failed },
      'inbound event not taken in',
    );
  const written = await ctx.models.inbound.updateOne(
    { _id: doc._id, state: 'working', 'lease.fence': fence },
    { $set: set },
  );
  if (written.matchedCount && !failed) ctx.queue.wake('inbound', doc._id, { delayMs: delayMs + 5 });
}
