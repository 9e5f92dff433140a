import type { Context } from '../context.ts';
import { key } from '../db/key.ts';
import { hourOf, hourShift } from './hour.ts';
import { findingsOf, findsAny, type Listening } from './listen.match.ts';
import { concerned, type Heard, hear, hearMention, hearMessage, nothingHeard } from './listen.owed.ts';
import { type HeardMessage, heardFields, sourceOfMention } from './listen.source.ts';
import type { MentionDoc } from './mention.model.ts';
import { owedToListening } from './mention.owed.ts';
import type { LookBack, SavedSearchDoc } from './saved.model.ts';

/** So far a search looks back when it is made or changed. */
export const lookBackMs = 90 * 24 * 3_600_000;
/** Looked at in one step. */
const page = 200;

/** From the newest backwards, from now on. */
export function lookBackFrom(now: Date): LookBack {
  return { since: new Date(now.getTime() - lookBackMs), at: 'mentions', after: null };
}

/** One step of a search that was made or changed: the next of what was said before, newest first. */
export async function lookBack(ctx: Context, one: Listening, run: LookBack): Promise<Heard> {
  const heard = nothingHeard();
  const read = run.at === 'mentions' ? await mentionsBack(ctx, one, run) : await messagesBack(ctx, one, run);
  const by = run.at === 'mentions' ? hearMention : hearMessage;
  for (const id of read.concerned)
    if (!(await hear(ctx, heard, { id, by, listening: [one] }))) await oweAgain(ctx, run.at, id);
  heard.looked = read.count;
  const { last } = read;
  const next: LookBack | null = last
    ? { ...run, after: last }
    : run.at === 'mentions'
      ? { ...run, at: 'messages', after: null }
      : null;
  // Changed meanwhile, it begins anew.
  await ctx.models.savedSearches.updateOne(
    { _id: one.search._id, version: one.search.version },
    { $set: { run: next } },
  );
  if (!next) {
    // While it looked back nobody watched what is said now.
    const hour = hourOf(ctx.now(), await hourShift(ctx));
    heard.counts.push({ searchId: one.search._id, hour });
    ctx.bus.emit('lists.changed', { list: 'searches', userId: null });
  }
  return heard;
}

/** Passed by, it is looked at later. */
async function oweAgain(ctx: Context, what: LookBack['at'], id: string): Promise<void> {
  const update = { $addToSet: { todo: owedToListening } };
  if (what === 'mentions') await ctx.models.mentions.updateOne({ _id: id }, update);
  else await ctx.models.messages.updateOne({ _id: id }, update);
}

interface Page {
  count: number;
  concerned: string[];
  last: LookBack['after'];
}

function before({ since, after }: LookBack): Record<string, unknown> {
  if (!after) return { at: { $gte: since } };
  return {
    at: { $gte: since, $lte: after.at },
    $or: [{ at: { $lt: after.at } }, { at: after.at, _id: { $lt: after.id } }],
  };
}

const lastOf = (some: readonly { _id: string; at: Date }[]): LookBack['after'] => {
  const last = some.at(-1);
  return last ? { at: last.at, id: last._id } : null;
};

async function mentionsBack(ctx: Context, one: Listening, run: LookBack): Promise<Page> {
  const mentions = await ctx.models.mentions
    .find(before(run))
    .sort({ at: -1, _id: -1 })
    .limit(page)
    .lean<MentionDoc[]>();
  const has = await hitsHad(
    ctx,
    one.search,
    mentions.map(({ _id }) => _id),
  );
  return {
    count: mentions.length,
    concerned: mentions
      .filter(
        (mention) => has.has(mention._id) || findsAny(findingsOf([one], sourceOfMention(mention, null))),
      )
      .map(({ _id }) => _id),
    last: lastOf(mentions),
  };
}

async function messagesBack(ctx: Context, one: Listening, run: LookBack): Promise<Page> {
  const messages = await ctx.models.messages
    .find({ direction: 'in', ...before(run) }, heardFields)
    .sort({ at: -1, _id: -1 })
    .limit(page)
    .lean<HeardMessage[]>();
  return {
    count: messages.length,
    concerned: [...(await concerned(ctx, messages, [one]))],
    last: lastOf(messages),
  };
}

async function hitsHad(ctx: Context, search: SavedSearchDoc, ids: readonly string[]): Promise<Set<string>> {
  const rows = await ctx.models.hits
    .find({ _id: { $in: ids.map((id) => key(search._id, id)) } }, { sourceId: 1 })
    .lean<{ sourceId: string }[]>();
  return new Set(rows.map(({ sourceId }) => sourceId));
}
