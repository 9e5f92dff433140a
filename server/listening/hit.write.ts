import type { Tx } from '../messages/commit.ts';
import type { HitDoc, Verdict } from './hit.model.ts';
import { type CountChange, type Finding, increments, type Source, settle } from './hit.settle.ts';
import { messageIdOf } from './listen.source.ts';
import { owedToAdvocates } from './mention.owed.ts';

/** All hits of one source, as this commit sees them. */
export function hitsOf(tx: Tx, sourceId: string): Promise<HitDoc[]> {
  return tx.models.hits.find({ sourceId }, null, { session: tx.session }).lean<HitDoc[]>().exec();
}

/**
 * Writes what the hits of a source are to be, and in the same commit what that changes in the hours' counts: so each hit is counted
 * exactly once, whatever is repeated.
 * @returns what was counted or uncounted; empty also when something else about the hits changed
 */
export async function writeHits(
  tx: Tx,
  source: Source,
  options: {
    found?: ReadonlyMap<string, Finding>;
    verdicts?: ReadonlyMap<string, Verdict>;
    shift: number;
    rows?: readonly HitDoc[];
  },
): Promise<{ changed: boolean; counts: CountChange[] }> {
  const rows = options.rows ?? (await hitsOf(tx, source.id));
  const { put, drop, counts } = settle(source, { ...options, rows });
  const { hits, hitHours } = tx.models;
  const { session } = tx;
  if (drop.length) await hits.deleteMany({ _id: { $in: drop } }, { session });
  const known = new Set(rows.map((row) => row._id));
  const fresh = put.filter((row) => !known.has(row._id));
  const other = put.filter((row) => known.has(row._id));
  if (fresh.length) await hits.insertMany(fresh, { session, lean: true });
  for (const { _id, ...set } of other) await hits.updateOne({ _id }, { $set: set }, { session });
  for (const [_id, { searchId, hour, inc }] of increments(counts))
    await hitHours.updateOne(
      { _id },
      { $inc: inc, $setOnInsert: { searchId, hour } },
      { session, upsert: true },
    );
  const changed = put.length + drop.length > 0;
  if (changed) await oweAdvocates(tx, source.id);
  return { changed, counts };
}

/** Whether it is about us counts for who speaks well of us: of a mention that became a message, as that. */
async function oweAdvocates(tx: Tx, sourceId: string): Promise<void> {
  const update = { $addToSet: { todo: owedToAdvocates } };
  const { models, session } = tx;
  let messageId = messageIdOf(sourceId);
  if (messageId === null) {
    const mention = await models.mentions
      .findOneAndUpdate({ _id: sourceId }, update, { session, returnDocument: 'after', lean: true })
      .exec();
    messageId = mention?.messageId ?? null;
  }
  if (messageId !== null) await models.messages.updateOne({ _id: messageId }, update, { session });
}
