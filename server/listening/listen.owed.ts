import type { ChannelDoc } from '../channels/channel.model.ts';
import type { Context } from '../context.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { commit, type Tx } from '../messages/commit.ts';
import type { AuthorDoc } from './author.ts';
import type { CountChange } from './hit.settle.ts';
import { hitsOf, writeHits } from './hit.write.ts';
import { hourShift } from './hour.ts';
import { findingsOf, findsAny, type Listening } from './listen.match.ts';
import {
  authorOf,
  type HeardMessage,
  heardFields,
  isHeard,
  messageSource,
  messageSourceId,
  sourceOfMention,
  sourceOfMessage,
} from './listen.source.ts';
import { bringAlong, comeAlong } from './mention.along.ts';
import { redactedMention } from './mention.change.ts';
import { change } from './mention.intake.ts';
import type { MentionDoc } from './mention.model.ts';
import { owedToListening } from './mention.owed.ts';

/** What is taken at once. */
const mentionsAtOnce = 100;
const messagesAtOnce = 300;

export interface Heard {
  /** How many things were looked at. */
  looked: number;
  changed: boolean;
  /** Hours of searches in which something was counted or uncounted, or that are to be watched from now on. */
  counts: Pick<CountChange, 'searchId' | 'hour'>[];
}

export const nothingHeard = (): Heard => ({ looked: 0, changed: false, counts: [] });

/** Lets the searches look at what is owed to them, the newest first, each thing in a commit of its own. */
export async function listenOwed(ctx: Context, listening: readonly Listening[]): Promise<Heard> {
  const heard = nothingHeard();
  const mentions = await ctx.models.mentions
    .find({ todo: owedToListening }, { _id: 1 })
    .sort({ at: -1 })
    .limit(mentionsAtOnce)
    .lean<Pick<MentionDoc, '_id'>[]>();
  const messages = await ctx.models.messages
    .find({ todo: owedToListening }, heardFields)
    .sort({ at: -1 })
    .limit(messagesAtOnce)
    .lean<HeardMessage[]>();
  for (const { _id } of mentions) await hear(ctx, heard, { id: _id, by: hearMention, listening });
  await bringAlong(ctx, messages);
  const { struck, concerned: some } = await strikeOffPlain(ctx, messages, listening);
  heard.looked += struck;
  for (const id of some) await hear(ctx, heard, { id, by: hearMessage, listening });
  return heard;
}

/** One thing that cannot be looked at keeps no other from it: it stays owed, and is tried again with the next sweep. */
export async function hear(
  ctx: Context,
  heard: Heard,
  options: {
    id: string;
    by: typeof hearMention | typeof hearMessage;
    listening: readonly Listening[];
  },
): Promise<boolean> {
  try {
    const { changed, counts } = await options.by(ctx, options.id, options.listening);
    heard.looked += 1;
    heard.changed ||= changed;
    heard.counts.push(...counts);
    return true;
  } catch (error) {
    ctx.log.warn({ err: error, id: options.id }, 'saved searches could not look at this');
    return false;
  }
}

type Written = Pick<Heard, 'changed' | 'counts'>;

/** One mention, by the searches that are given; the hits of others stay as they are. */
export async function hearMention(
  ctx: Context,
  id: string,
  listening: readonly Listening[],
): Promise<Written> {
  const shift = await hourShift(ctx);
  return commit(ctx, async (tx) => {
    const mention = await tx.models.mentions.findById(id, null, { session: tx.session }).lean<MentionDoc>();
    if (!mention) return { changed: false, counts: [] };
    const written = await settleMention(tx, mention, { listening, shift });
    await comeAlong(tx, id);
    await tx.models.mentions.updateOne(
      { _id: id },
      { $pull: { todo: owedToListening } },
      { session: tx.session },
    );
    return written;
  });
}

async function settleMention(
  tx: Tx,
  before: MentionDoc,
  options: { listening: readonly Listening[]; shift: number },
): Promise<Written> {
  const mention = await follow(tx, before);
  const source = sourceOfMention(mention, await authorOf(tx, mention.authorId));
  const found = findingsOf(options.listening, source);
  const written = await writeHits(tx, source, { found, shift: options.shift });
  if (!mention.messageId) return written;
  // Found as a message before it was known to be a mention too: it is one thing.
  const rows = await hitsOf(tx, messageSourceId(mention.messageId));
  if (!rows.length) return written;
  const none = new Map(rows.map((row) => [row.searchId, { matched: false, away: null }]));
  const verdicts = new Map(rows.map((row) => [row.searchId, 'none' as const]));
  const other = await writeHits(
    tx,
    { ...source, id: messageSourceId(mention.messageId), at: rows[0]?.at ?? source.at },
    { rows, found: none, verdicts, shift: options.shift },
  );
  return { changed: true, counts: [...written.counts, ...other.counts] };
}

/** One message of a customer, or the mention that it was. */
export async function hearMessage(
  ctx: Context,
  id: string,
  listening: readonly Listening[],
): Promise<Written> {
  const shift = await hourShift(ctx);
  return commit(ctx, async (tx) => {
    const { session } = tx;
    const message = await tx.models.messages.findById(id, heardFields, { session }).lean<HeardMessage>();
    if (!message || !isHeard(message)) return { changed: false, counts: [] };
    const mention = await tx.models.mentions.findOne({ messageId: id }, null, { session }).lean<MentionDoc>();
    const written = mention
      ? await settleMention(tx, mention, { listening, shift })
      : await settleMessage(tx, message, { listening, shift });
    await tx.models.messages.updateOne({ _id: id }, { $pull: { todo: owedToListening } }, { session });
    return written;
  });
}

async function settleMessage(
  tx: Tx,
  message: HeardMessage,
  options: { listening: readonly Listening[]; shift: number },
): Promise<Written> {
  const source = await messageSource(tx, message);
  return writeHits(tx, source, { found: findingsOf(options.listening, source), shift: options.shift });
}

/** What becomes of a message becomes of the mention that it was. */
async function follow(tx: Tx, mention: MentionDoc): Promise<MentionDoc> {
  const message =
    mention.messageId &&
    (await tx.models.messages
      .findById(mention.messageId, heardFields, { session: tx.session })
      .lean<HeardMessage>());
  if (!message) return mention;
  const { text, editedAt, editOrder, deletedAt } = message;
  const sentiment = message.sentiment ?? null;
  const words = { text, editedAt, editOrder, deletedAt, sentiment };
  const set: Partial<MentionDoc> = deletedAt ? { ...words, ...redactedMention } : words;
  const same = Object.entries(set).every(
    ([field, value]) => JSON.stringify(mention[field as keyof MentionDoc]) === JSON.stringify(value),
  );
  if (same) return mention;
  await change(tx, mention, set, { heard: false });
  return { ...mention, ...set };
}

/**
 * Most messages are found by no search: they are struck off together.
 * @returns how many were, and those that are found, were found, or were mentions
 */
async function strikeOffPlain(
  ctx: Context,
  messages: readonly HeardMessage[],
  listening: readonly Listening[],
): Promise<{ struck: number; concerned: string[] }> {
  if (!messages.length) return { struck: 0, concerned: [] };
  const some = await concerned(ctx, messages, listening);
  const plain = messages.filter(({ _id }) => !some.has(_id));
  if (plain.length)
    await ctx.models.messages.collection.bulkWrite(
      plain.map(({ _id, version }) => ({
        updateOne: {
          // What changed meanwhile stays owed.
          filter: { _id: _id as never, version },
          update: { $pull: { todo: owedToListening as never } },
        },
      })),
      { ordered: false },
    );
  return { struck: plain.length, concerned: [...some] };
}

/** Of these messages: what a search finds, what has hits already, and what was a mention. */
export async function concerned(
  ctx: Context,
  messages: readonly HeardMessage[],
  listening: readonly Listening[],
): Promise<Set<string>> {
  const heard = messages.filter(isHeard);
  if (!heard.length) return new Set();
  const ids = heard.map(({ _id }) => _id);
  const { hits, mentions, identities, authors, channels } = ctx.models;
  const identityIds = [...new Set(heard.flatMap(({ identityId }) => identityId ?? []))];
  const [rows, were, people, speakers, lines] = await Promise.all([
    hits
      .find({ sourceId: { $in: ids.map(messageSourceId) } }, { sourceId: 1 })
      .lean<{ sourceId: string }[]>(),
    mentions.find({ messageId: { $in: ids } }, { messageId: 1 }).lean<{ messageId: string }[]>(),
    identities
      .find({ _id: { $in: identityIds } }, { display: 1 })
      .lean<Pick<IdentityDoc, '_id' | 'display'>[]>(),
    authors.find({ _id: { $in: identityIds } }).lean<AuthorDoc[]>(),
    channels
      .find(
        { _id: { $in: [...new Set(heard.flatMap(({ channelId }) => channelId ?? []))] } },
        { connector: 1 },
      )
      .lean<Pick<ChannelDoc, '_id' | 'connector'>[]>(),
  ]);
  const has = new Set(rows.map(({ sourceId }) => sourceId));
  const was = new Set(were.map(({ messageId }) => messageId));
  const identityOf = new Map(people.map((one) => [one._id, one]));
  const authorById = new Map(speakers.map((one) => [one._id, one]));
  const connectorOf = new Map(lines.map((one) => [one._id, one.connector]));
  return new Set(
    heard
      .filter((message) => {
        if (has.has(messageSourceId(message._id)) || was.has(message._id)) return true;
        const source = sourceOfMessage(message, {
          connector: connectorOf.get(message.channelId ?? '') ?? '',
          author: authorById.get(message.identityId ?? '') ?? null,
          identity: identityOf.get(message.identityId ?? '') ?? null,
        });
        return findsAny(findingsOf(listening, source));
      })
      .map(({ _id }) => _id),
  );
}
