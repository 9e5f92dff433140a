import { mongo } from 'mongoose';
import type { RawEvent } from '../../connectors/connector.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { noteIn } from '../channels/channel.state.ts';
import type { Context } from '../context.ts';
import { gather } from '../db/gather.ts';
import { key } from '../db/key.ts';
import type { InboundDoc } from './inbound.model.ts';

/** A raw event over this is a file. */
export const inlineBytes = 256 * 1024;

/** A raw event over this is refused: no provider sends one. */
const maxBytes = 25 * 1024 * 1024;

export interface Stored {
  /** What is new. */
  ids: string[];
  /** How many were here already. */
  duplicates: number;
}

/**
 * Keeps raw events, durably when it resolves: only then is the provider answered. What is here already is fine. Events of an account
 * that no channel has are kept too, and shown.
 *
 * @param options.channel whose hook or listener it was; events of another account of the same hook find their own
 */
export async function storeEvents(
  ctx: Context,
  options: {
    hookId: string;
    channel: Pick<ChannelDoc, '_id' | 'accountRef'> | null;
    connectorId: string;
    events: readonly RawEvent[];
    /** They are older than the channel. */
    history?: boolean;
  },
): Promise<Stored> {
  const { hookId, events, history = false } = options;
  if (!events.length) return { ids: [], duplicates: 0 };
  const channels = await channelsOf(ctx, options);
  const receivedAt = ctx.now();
  const docs = new Map<string, InboundDoc>();
  for (const event of events) {
    const _id = key(hookId, event.accountRef, event.eventKey);
    if (docs.has(_id)) continue;
    const large = event.payload.byteLength > inlineBytes;
    docs.set(_id, {
      _id,
      hookId,
      accountRef: event.accountRef,
      eventKey: event.eventKey,
      channelId: channels.get(event.accountRef) ?? null,
      state: 'new',
      reason: null,
      payload: large ? null : Buffer.from(event.payload),
      fileId: large ? await storeLarge(ctx, event) : null,
      bytes: event.payload.byteLength,
      at: event.at && !Number.isNaN(event.at.getTime()) ? event.at : null,
      receivedAt,
      attempts: 0,
      nextAt: null,
      lease: null,
      parkedAt: null,
      doneAt: null,
      history,
      restored: false,
      restorable: false,
      completed: false,
      about: null,
    });
  }
  const known = await insertNew(ctx, [...docs.values()]);
  for (const id of known) {
    const fileId = docs.get(id)?.fileId;
    if (fileId) await ctx.files.remove(fileId);
  }
  const ids = [...docs.keys()].filter((id) => !known.has(id));
  if (ids.length) ctx.bus.emit('inbound.stored', { ids });
  for (const channelId of new Set(channels.values())) noteIn(ctx, channelId);
  return { ids, duplicates: events.length - ids.length };
}

async function channelsOf(
  ctx: Context,
  options: Parameters<typeof storeEvents>[1],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  if (options.channel) found.set(options.channel.accountRef, options.channel._id);
  const others = [...new Set(options.events.map((event) => event.accountRef))].filter(
    (ref) => !found.has(ref),
  );
  if (!others.length) return found;
  const channels = await ctx.models.channels
    .find(
      { connector: options.connectorId, accountRef: { $in: others } },
      { accountRef: 1, hookId: 1, createdAt: 1 },
    )
    .sort({ createdAt: 1 })
    .lean<Pick<ChannelDoc, '_id' | 'accountRef' | 'hookId'>[]>();
  // Of this hook rather than of another one of the same connector.
  for (const channel of channels.filter((one) => one.hookId === options.hookId))
    if (!found.has(channel.accountRef)) found.set(channel.accountRef, channel._id);
  return found;
}

/** What waits at the same moment goes in together. The answer: the ids that were here already. */
const insertNew = gather<Context, InboundDoc[], Set<string>>(async (ctx, groups) => {
  const known = groups.map(() => new Set<string>());
  const all = groups.flatMap((docs, group) => docs.map((doc) => ({ doc, group })));
  try {
    await ctx.models.inbound.collection.insertMany(all.map(({ doc }) => doc) as never, { ordered: false });
  } catch (error) {
    if (!(error instanceof mongo.MongoBulkWriteError)) throw error;
    const failures = [error.writeErrors].flat();
    const other = failures.find((failure) => failure.code !== 11000);
    if (other || !failures.length || writeConcernFailed(error)) throw error;
    for (const { index } of failures) {
      const failed = all[index];
      if (failed) known[failed.group]?.add(failed.doc._id);
    }
  }
  return known;
});

function writeConcernFailed(error: mongo.MongoBulkWriteError): boolean {
  return Boolean(error.result?.getWriteConcernError?.());
}

async function storeLarge(ctx: Context, event: RawEvent): Promise<string> {
  async function* bytes() {
    yield event.payload;
  }
  const file = await ctx.files.put(bytes(), {
    name: 'raw-event',
    maxBytes,
    authorId: null,
    conversationId: null,
  });
  return file._id;
}
