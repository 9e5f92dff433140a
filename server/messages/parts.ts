import { type DeliveryState, higherState } from '../../shared/message.ts';
import { key } from '../db/key.ts';
import type { Tx } from './commit.ts';
import type { PartDoc } from './message.model.ts';

/** Where a provider's message ids are unique: what the connector says, else the channel. */
export function scopeOf(channelId: string, scope?: string): string {
  return scope ?? channelId;
}

/** The `_id` of one provider id of a message. */
export function partId(scope: string, externalId: string): string {
  return key(scope, externalId);
}

/**
 * Says that these provider ids are of this message. What came in before its message, and was parked on one of them, is released in
 * the same commit and woken after it. An id that already belongs to another message stays there, and the log says so.
 *
 * @returns when one of the ids was deleted by its sender before the message was known: it must be written as a tombstone
 */
export async function recordParts(
  tx: Tx,
  options: {
    scope: string;
    externalIds: readonly string[];
    messageId: string;
    /** Which piece of an outbound message, and the attempt that sent it. */
    piece: number | null;
    attempt: number | null;
    state: DeliveryState | null;
    /** What the deed has already read of these ids, all of them. */
    known?: readonly PartDoc[];
  },
): Promise<{ deletedAt: Date | null }> {
  const ids = [...new Set(options.externalIds.map((externalId) => partId(options.scope, externalId)))];
  if (!ids.length) return { deletedAt: null };
  const { parts } = tx.models;
  const read = options.known ?? (await findParts(tx, ids));
  const known = new Map(read.map((part) => [part._id, part]));
  const { messageId, piece, attempt, state } = options;

  const fresh = ids
    .filter((id) => !known.has(id))
    .map(
      (_id): PartDoc => ({ _id, messageId, piece, attempt, state, waiting: [], touched: 0, deletedAt: null }),
    );
  if (fresh.length) await parts.insertMany(fresh, { session: tx.session, lean: true });

  const released: string[] = [];
  let deletedAt: Date | null = null;
  for (const part of known.values()) {
    if (part.messageId && part.messageId !== messageId) {
      tx.ctx.log.warn(
        { part: part._id, messageId, owner: part.messageId },
        'a provider id was given to two messages',
      );
      continue;
    }
    if (part.deletedAt && (!deletedAt || part.deletedAt < deletedAt)) deletedAt = part.deletedAt;
    released.push(...part.waiting);
    await parts.updateOne(
      { _id: part._id },
      { $set: { messageId, piece, attempt, state: stateAfter(part, attempt, state), waiting: [] } },
      { session: tx.session },
    );
  }
  if (released.length) await release(tx, released);
  return { deletedAt };
}

function stateAfter(
  part: PartDoc,
  attempt: number | null,
  state: DeliveryState | null,
): DeliveryState | null {
  if (!state || !part.state || part.attempt !== attempt) return state ?? part.state;
  return higherState(part.state, state);
}

/** What is known of these ids, by `_id`. */
export async function findParts(tx: Tx, ids: readonly string[]): Promise<PartDoc[]> {
  if (!ids.length) return [];
  return tx.models.parts.find({ _id: { $in: [...ids] } }, null, { session: tx.session }).lean<PartDoc[]>();
}

/** An event begins to wait for the message of this id. The part is written in any case, so that recording the id conflicts. */
export async function waitFor(tx: Tx, id: string, eventId: string): Promise<void> {
  const nothing: Omit<PartDoc, '_id' | 'waiting' | 'touched'> = {
    messageId: null,
    piece: null,
    attempt: null,
    state: null,
    deletedAt: null,
  };
  await tx.models.parts.updateOne(
    { _id: id },
    { $addToSet: { waiting: eventId }, $inc: { touched: 1 }, $setOnInsert: nothing },
    { session: tx.session, upsert: true },
  );
}

/**
 * Events that waited go back to `new` with this commit, and are woken after it: parked ones, and those that were done but for the
 * message they answer. One whose bytes are gone after thirty days stays as it is: it could not be read again.
 */
export async function release(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.models.inbound.updateMany(
    {
      _id: { $in: [...ids] },
      state: { $in: ['parked', 'done'] },
      $or: [{ payload: { $ne: null } }, { fileId: { $ne: null } }],
    },
    { $set: { state: 'new', parkedAt: null, doneAt: null, nextAt: null } },
    { session: tx.session },
  );
  tx.emit('inbound.stored', { ids: [...ids] });
}
