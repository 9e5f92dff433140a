import * as z from 'zod/mini';
import { may, type Viewer } from '../../shared/access.ts';
import type { ChannelFailure, ChannelFailurePage, ReplayResult } from '../../shared/channel.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { invalid } from '../http/validate.ts';
import type { InboundDoc } from '../inbound/inbound.model.ts';
import { presentInbound, replayInbound } from '../inbound/inbound.service.ts';
import { decideDelivery } from '../messages/decision.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { mayNot } from '../users/user.create.ts';
import { findChannel } from './channel.service.ts';

export const directions = ['in', 'out'] as const;
type Direction = (typeof directions)[number];

export const Replay = z.object({
  direction: z.enum(directions),
  ids: z.optional(z.array(z.string().check(z.maxLength(700))).check(z.minLength(1), z.maxLength(200))),
});

const pageSize = 50;
const excerptLength = 200;
/** One request replays no more than this; the next one goes on. */
const mostAtOnce = 2_000;
const atOnce = 4;

/** What failed on a channel, the newest first: raw events that became nothing, or messages that did not leave. */
export async function listFailures(
  ctx: Context,
  viewer: Viewer,
  options: { channelId: string; direction: Direction; after?: string | undefined },
): Promise<ChannelFailurePage> {
  if (!may(viewer, 'channel.manage')) throw mayNot('manage channels');
  await findChannel(ctx, options.channelId);
  const list = options.direction === 'in' ? failedIn : failedOut;
  const rows = await list(ctx, {
    channelId: options.channelId,
    older: options.after === undefined ? null : readCursor(options.after),
    limit: pageSize + 1,
  });
  const page = rows.slice(0, pageSize);
  const last = page.at(-1);
  return {
    failures: page.map((row) => row.failure),
    next: rows.length > pageSize && last ? cursorOf(last) : null,
  };
}

/**
 * Tries again what failed: the events or messages that are named, or all of them. A message whose outcome nobody knows is sent again only
 * when it is named. Each by itself: one that cannot does not keep the others from it.
 */
export async function replayFailures(
  ctx: Context,
  viewer: Viewer,
  options: { channelId: string } & z.output<typeof Replay>,
): Promise<ReplayResult> {
  if (!may(viewer, 'channel.manage')) throw mayNot('manage channels');
  const { channelId, direction } = options;
  await findChannel(ctx, channelId);
  const ids = [...new Set(options.ids ?? (await allFailed(ctx, { channelId, direction })))];
  const result: ReplayResult = { replayed: 0, refused: [] };
  const again = direction === 'in' ? replayEvent : resendMessage;
  const waiting = [...ids];
  const work = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        await again(ctx, viewer, { id, channelId });
        result.replayed += 1;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        result.refused.push({ id, message: error.message });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, ids.length) }, work));
  result.refused.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
  return result;
}

interface Row {
  at: Date;
  id: string;
  failure: ChannelFailure;
}

interface Ask {
  channelId: string;
  older: { at: Date; id: string } | null;
  limit: number;
}

async function failedIn(ctx: Context, ask: Ask): Promise<Row[]> {
  const events = await ctx.models.inbound
    .find({ channelId: ask.channelId, state: 'failed', ...beyond('receivedAt', ask.older) })
    .sort({ receivedAt: -1, _id: -1 })
    .limit(ask.limit)
    .lean<InboundDoc[]>();
  return Promise.all(
    events.map(async (event) => ({
      at: event.receivedAt,
      id: event._id,
      failure: {
        id: event._id,
        direction: 'in' as const,
        at: event.receivedAt.toISOString(),
        class: null,
        // A reason that has a stable word begins with it.
        code: /^([a-z][A-Za-z]*):/.exec(event.reason ?? '')?.[1] ?? null,
        message: event.reason ?? '',
        excerpt: (await presentInbound(ctx, event)).excerpt.slice(0, excerptLength),
        attempts: event.attempts,
        conversationId: null,
        customerName: null,
        unknown: false,
      },
    })),
  );
}

async function failedOut(ctx: Context, ask: Ask): Promise<Row[]> {
  const messages = await ctx.models.messages
    .find({
      'delivery.state': { $in: ['failed', 'unknown'] },
      channelId: ask.channelId,
      ...beyond('at', ask.older),
    })
    .sort({ at: -1, _id: -1 })
    .limit(ask.limit)
    .lean<MessageDoc[]>();
  const names = await customerNames(
    ctx,
    messages.map((message) => message.conversationId),
  );
  return messages.map((message) => {
    const { delivery } = message;
    return {
      at: message.at,
      id: message._id,
      failure: {
        id: message._id,
        direction: 'out' as const,
        at: message.at.toISOString(),
        class: delivery?.error?.class ?? null,
        code: delivery?.error?.code ?? null,
        message: delivery?.error?.message ?? '',
        excerpt: message.text.replace(/\s+/g, ' ').trim().slice(0, excerptLength),
        attempts: delivery?.attempt ?? 0,
        conversationId: message.conversationId,
        customerName: names.get(message.conversationId) ?? null,
        unknown: delivery?.state === 'unknown',
      },
    };
  });
}

/** By conversation. */
async function customerNames(ctx: Context, conversationIds: string[]): Promise<Map<string, string>> {
  const conversations = await ctx.models.conversations
    .find({ _id: { $in: [...new Set(conversationIds)] } }, { customerId: 1 })
    .lean<Pick<ConversationDoc, '_id' | 'customerId'>[]>();
  const customers = await ctx.models.customers
    .find({ _id: { $in: conversations.map((one) => one.customerId) } }, { name: 1 })
    .lean<Pick<CustomerDoc, '_id' | 'name'>[]>();
  const names = new Map(customers.map((one) => [one._id, one.name]));
  return new Map(conversations.map((one) => [one._id, names.get(one.customerId) ?? '']));
}

/** The oldest first: in the order in which they were said. */
async function allFailed(ctx: Context, of: { channelId: string; direction: Direction }): Promise<string[]> {
  const { channelId } = of;
  const found =
    of.direction === 'in'
      ? await ctx.models.inbound
          .find({ channelId, state: 'failed' }, { _id: 1 })
          .sort({ receivedAt: 1, _id: 1 })
          .limit(mostAtOnce)
          .lean<{ _id: string }[]>()
      : await ctx.models.messages
          .find({ 'delivery.state': 'failed', channelId }, { _id: 1 })
          .sort({ at: 1, _id: 1 })
          .limit(mostAtOnce)
          .lean<{ _id: string }[]>();
  return found.map(({ _id }) => _id);
}

async function replayEvent(
  ctx: Context,
  viewer: Viewer,
  one: { id: string; channelId: string },
): Promise<void> {
  const known = await ctx.models.inbound.exists({ _id: one.id, channelId: one.channelId, state: 'failed' });
  if (!known) throw gone('There is no such failed event on this channel.');
  await replayInbound(ctx, viewer, one.id);
}

async function resendMessage(
  ctx: Context,
  viewer: Viewer,
  one: { id: string; channelId: string },
): Promise<void> {
  const message = await ctx.models.messages
    .findOne({ _id: one.id, channelId: one.channelId })
    .lean<MessageDoc>();
  if (!message?.delivery) throw gone('There is no such outgoing message on this channel.');
  await decideDelivery(ctx, viewer, {
    conversationId: message.conversationId,
    messageId: message._id,
    decision: 'resend',
    attempt: message.delivery.attempt,
  });
}

function gone(message: string): AppError {
  return new AppError({ code: 'notFound', message });
}

const cursorOf = (row: Row) => Buffer.from(JSON.stringify([row.at.getTime(), row.id])).toString('base64url');

function readCursor(text: string): { at: Date; id: string } {
  try {
    const [time, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    const at = new Date(time as number);
    if (typeof time === 'number' && typeof id === 'string' && !Number.isNaN(at.getTime())) return { at, id };
  } catch {
    // Said below.
  }
  throw invalid({ after: 'This is no cursor of this list.' });
}

function beyond(field: 'at' | 'receivedAt', older: Ask['older']): Record<string, unknown> {
  if (!older) return {};
  const { at, id } = older;
  return { $or: [{ [field]: { $lt: at } }, { [field]: at, _id: { $lt: id } }] };
}
