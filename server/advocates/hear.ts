import type { Context } from '../context.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { aboutOthers } from '../listening/about-others.ts';
import type { MentionDoc } from '../listening/mention.model.ts';
import { advocatesDueNow } from './advocate.due.ts';
import type { EvidenceDoc } from './advocate.model.ts';
import { alertDetractors } from './detractor.ts';
import {
  answersTo,
  type Entry,
  entriesOfMessages,
  entriesOfParts,
  entryOfMention,
  type MessageFrom,
  messageFields,
  withParts,
} from './entry.ts';
import { evidenceOf } from './heard.ts';
import { isQuestion, isThanks } from './words.ts';

/** Heard at once: few, so that whoever waits for an answer does not wait for these. */
const batch = 40;

/** Hears messages that were not heard yet. @returns how many */
export async function hearMessages(ctx: Context): Promise<number> {
  const messages = await ctx.models.messages
    .find({ todo: 'advocate' }, messageFields)
    .sort({ receivedAt: 1 })
    .limit(batch)
    .lean<MessageFrom[]>()
    .exec();
  if (!messages.length) return 0;
  const others = await wereAboutOthers(ctx, messages);
  const entries = await withParts(ctx, messages);
  await hear(
    ctx,
    entries.map((entry) => ({ ...entry, deleted: entry.deleted || others.has(entry.id) })),
  );
  await ctx.models.messages.collection.bulkWrite(
    messages.map(({ _id, version }) => ({
      // What changed meanwhile stays owed.
      updateOne: {
        filter: { _id: _id as never, version },
        update: { $pull: { todo: 'advocate' as never } },
      },
    })),
    { ordered: false },
  );
  return messages.length;
}

/** The same of mentions, once saved searches have said whether they are about us. */
export async function hearMentions(ctx: Context): Promise<number> {
  const mentions = await ctx.models.mentions
    .find({ todo: { $in: ['advocate'], $nin: ['listen'] } })
    .sort({ receivedAt: 1 })
    .limit(batch)
    .lean<MentionDoc[]>()
    .exec();
  if (!mentions.length) return 0;
  const others = await aboutOthers(
    ctx,
    mentions.map(({ _id }) => _id),
  );
  const entries = mentions.map((mention) => {
    const entry = entryOfMention(mention);
    return { ...entry, deleted: entry.deleted || others.has(mention._id) };
  });
  await hear(ctx, entries);
  await ctx.models.mentions.collection.bulkWrite(
    mentions.map(({ _id, version }) => ({
      updateOne: {
        filter: { _id: _id as never, version },
        update: { $pull: { todo: 'advocate' as never } },
      },
    })),
    { ordered: false },
  );
  return mentions.length;
}

/** Messages that came of mentions which are not about us. */
async function wereAboutOthers(ctx: Context, messages: readonly MessageFrom[]): Promise<Set<string>> {
  const inPublic = messages.filter(({ visibility }) => visibility === 'public').map(({ _id }) => _id);
  if (!inPublic.length) return new Set();
  const were = await ctx.models.mentions
    .find({ messageId: { $in: inPublic } }, { messageId: 1 })
    .lean<Pick<MentionDoc, '_id' | 'messageId'>[]>()
    .exec();
  const others = await aboutOthers(
    ctx,
    were.map(({ _id }) => _id),
  );
  return new Set(were.flatMap(({ _id, messageId }) => (messageId && others.has(_id) ? [messageId] : [])));
}

/** Brings the evidence in line with what these say now, and makes those due who said it. */
async function hear(ctx: Context, owed: readonly Entry[]): Promise<void> {
  const targets = await entriesOfParts(
    ctx,
    owed.flatMap((entry) => (entry.answers ? [entry.answers] : [])),
  );
  // Thanks for something change what that counts for.
  const entries = new Map(owed.map((entry) => [entry.id, entry]));
  const helped = [...(await helpedBy(ctx, owed, targets)), ...(await answersOf(ctx, owed))];
  for (const entry of helped) if (!entries.has(entry.id)) entries.set(entry.id, entry);
  for (const [part, entry] of await entriesOfParts(
    ctx,
    helped.flatMap((entry) => (entry.answers ? [entry.answers] : [])),
  ))
    targets.set(part, entry);

  const homes = await homesOf(ctx, [...entries.values()]);
  const evidence: EvidenceDoc[] = [];
  for (const entry of entries.values()) {
    if (!entry.authorId || entry.deleted || entry.ours || !entry.channelId) continue;
    evidence.push(
      ...evidenceOf({
        customerId: homes.get(entry.authorId)?.homeCustomerId ?? null,
        source: entry.source,
        sourceId: entry.id,
        authorId: entry.authorId,
        channelId: entry.channelId,
        conversationId: entry.conversationId,
        postId: entry.postId,
        url: entry.url,
        public: entry.aloud,
        at: entry.at,
        text: entry.text,
        sentiment: entry.sentiment,
        answers: await answerOf(ctx, entry, targets.get(entry.answers ?? '') ?? null),
      }),
    );
  }
  await alertDetractors(ctx, owed);
  const before = await write(ctx, { sourceIds: [...entries.keys()], evidence });
  const owners = [...homes.values()].map(({ customerId }) => customerId);
  await advocatesDueNow(ctx, [...owners, ...before]);
}

/** Answers of others that what was said now gives thanks for. */
async function helpedBy(
  ctx: Context,
  owed: readonly Entry[],
  targets: ReadonlyMap<string, Entry>,
): Promise<Entry[]> {
  const found = owed.flatMap((entry) => {
    const target = entry.answers ? targets.get(entry.answers) : undefined;
    return target &&
      !target.ours &&
      target.authorId !== entry.authorId &&
      (entry.deleted || isThanks(entry.text))
      ? [target]
      : [];
  });
  const messages = found.filter(({ source }) => source === 'message').map(({ id }) => id);
  return [...found.filter(({ source }) => source === 'mention'), ...(await entriesOfMessages(ctx, messages))];
}

/** What was said in answer to these, and may have come in before them. */
async function answersOf(ctx: Context, owed: readonly Entry[]): Promise<Entry[]> {
  const found: Entry[] = [];
  for (const entry of owed) if (entry.public && !entry.ours) found.push(...(await answersTo(ctx, entry)));
  const messages = found.filter(({ source }) => source === 'message').map(({ id }) => id);
  return [...found.filter(({ source }) => source === 'mention'), ...(await entriesOfMessages(ctx, messages))];
}

/**
 * Whether it answers what somebody else asked in public, and whether anybody thanked for it. Whoever thanks for an answer had asked for one,
 * however they put it.
 */
async function answerOf(
  ctx: Context,
  entry: Entry,
  target: Entry | null,
): Promise<{ thanked: boolean } | null> {
  if (!entry.public || !target?.public || target.ours || target.deleted) return null;
  if (!target.authorId || target.authorId === entry.authorId) return null;
  const thanks = (await answersTo(ctx, entry)).filter(
    (one) => one.authorId !== entry.authorId && isThanks(one.text),
  );
  const asked = isQuestion(target.text) || thanks.some(({ authorId }) => authorId === target.authorId);
  return asked ? { thanked: thanks.length > 0 } : null;
}

type Home = Pick<IdentityDoc, '_id' | 'customerId' | 'homeCustomerId'>;

async function homesOf(ctx: Context, entries: readonly Entry[]): Promise<Map<string, Home>> {
  const ids = [...new Set(entries.flatMap(({ authorId }) => (authorId ? [authorId] : [])))];
  const found = await ctx.models.identities
    .find({ _id: { $in: ids } }, { customerId: 1, homeCustomerId: 1 })
    .lean<Home[]>()
    .exec();
  return new Map(found.map((identity) => [identity._id, identity]));
}

/** All evidence of these sources is what is given. @returns whose evidence was there before */
async function write(
  ctx: Context,
  options: { sourceIds: readonly string[]; evidence: readonly EvidenceDoc[] },
): Promise<string[]> {
  const { evidence } = ctx.models;
  const before = await evidence
    .find({ sourceId: { $in: [...options.sourceIds] } }, { customerId: 1 })
    .lean<Pick<EvidenceDoc, '_id' | 'customerId'>[]>()
    .exec();
  const kept = new Set(options.evidence.map(({ _id }) => _id));
  const gone = before.filter(({ _id }) => !kept.has(_id)).map(({ _id }) => _id);
  const writes = [
    ...gone.map((_id) => ({ deleteOne: { filter: { _id } } })),
    ...options.evidence.map(({ _id, ...rest }) => ({
      updateOne: { filter: { _id }, update: { $set: rest }, upsert: true },
    })),
  ];
  if (writes.length) await evidence.bulkWrite(writes, { ordered: false });
  return before.flatMap(({ customerId }) => customerId ?? []);
}
