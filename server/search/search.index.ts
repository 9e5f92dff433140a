import { termsOf } from '../../shared/text/terms.ts';
import type { Context } from '../context.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { factsDueNow } from '../customers/facts.due.ts';
import { Breath } from '../jobs/breath.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import type { RecordDoc } from '../records/record.model.ts';
import { channelMark, kindMark } from './search.keys.ts';
import { type NewEntry, writeTail } from './search.number.ts';

/** What is taken at once. */
const batch = 500;
/** Messages of a conversation that others may see from now on, at once. */
const marksBatch = 5_000;

/**
 * Indexes what is owed, each under a new number: what it said before stays under the old one, which leads nowhere any more. A batch of each kind, the newest first: what has just come does not wait for what was read in.
 * @returns how many things were struck off
 */
export async function indexOwed(ctx: Context): Promise<number> {
  return (await indexMessages(ctx)) + (await indexRecords(ctx)) + (await indexConversations(ctx));
}

type Found = Pick<
  MessageDoc,
  '_id' | 'conversationId' | 'kind' | 'version' | 'at' | 'text' | 'letter' | 'deletedAt' | 'searchNo'
> & { attachments: { name: string }[] };

async function indexMessages(ctx: Context): Promise<number> {
  const messages = await ctx.models.messages
    .find(
      { todo: 'search' },
      {
        conversationId: 1,
        kind: 1,
        version: 1,
        at: 1,
        text: 1,
        letter: 1,
        deletedAt: 1,
        searchNo: 1,
        'attachments.name': 1,
      },
    )
    .sort({ at: -1 })
    .limit(batch)
    .lean<Found[]>();
  if (!messages.length) return 0;
  const conversations = await conversationsOf(ctx, messages);
  const said = messages.filter((message) => message.kind !== 'event' && !message.deletedAt);
  const entries: NewEntry[] = [];
  const breath = new Breath();
  for (const message of said) {
    const channelIds = conversations.get(message.conversationId)?.channelIds ?? [];
    const terms = termsOf(textsOf(message).join('\n'));
    entries.push({
      no: null,
      at: message.at,
      terms: [kindMark('message'), ...channelIds.map(channelMark), ...terms],
    });
    await breath.draw();
  }
  const numbers = await writeTail(ctx, entries);
  const numberOf = new Map(said.map((message, index) => [message._id, numbers[index]]));
  await ctx.models.messages.collection.bulkWrite(
    messages.map(({ _id, version, searchNo }) => {
      // What was taken back has no number any more.
      const no = numberOf.get(_id) ?? (searchNo === undefined ? undefined : 0);
      return {
        updateOne: {
          // What changed meanwhile stays owed.
          filter: { _id: _id as never, version },
          update: { $pull: { todo: 'search' as never }, ...(no !== undefined && { $set: { searchNo: no } }) },
        },
      };
    }),
    { ordered: false },
  );
  await factsDueNow(
    ctx,
    [...conversations.values()].map(({ customerId }) => customerId),
  );
  return messages.length;
}

/** What a message is found by: its words, its subject, the names of its files. */
export function textsOf(
  message: Pick<MessageDoc, 'text' | 'letter'> & { attachments: { name: string }[] },
): string[] {
  return [message.text, message.letter?.subject ?? '', ...message.attachments.map(({ name }) => name)];
}

type Owner = Pick<ConversationDoc, '_id' | 'customerId' | 'channelIds'>;

async function conversationsOf(
  ctx: Context,
  messages: readonly Pick<MessageDoc, 'conversationId'>[],
): Promise<Map<string, Owner>> {
  const ids = [...new Set(messages.map(({ conversationId }) => conversationId))];
  const found = await ctx.models.conversations
    .find({ _id: { $in: ids } }, { customerId: 1, channelIds: 1 })
    .lean<Owner[]>();
  return new Map(found.map((conversation) => [conversation._id, conversation]));
}

async function indexRecords(ctx: Context): Promise<number> {
  const records = await ctx.models.records
    .find({ todo: 'search' })
    .sort({ at: -1 })
    .limit(batch)
    .lean<RecordDoc[]>();
  if (!records.length) return 0;
  const numbers = await writeTail(
    ctx,
    records.map(
      (record): NewEntry => ({
        no: null,
        at: record.at,
        terms: [kindMark('record'), ...termsOf(recordTexts(record).join('\n'))],
      }),
    ),
  );
  await ctx.models.records.collection.bulkWrite(
    records.map(({ _id, version }, index) => ({
      updateOne: {
        filter: { _id: _id as never, version },
        update: { $pull: { todo: 'search' as never }, $set: { searchNo: numbers[index] } },
      },
    })),
    { ordered: false },
  );
  return records.length;
}

export function recordTexts(record: Pick<RecordDoc, 'externalId' | 'title' | 'note' | 'items'>): string[] {
  const items = record.items.flatMap(({ name, code }) => [name, code]);
  return [record.externalId ?? '', record.title, record.note, ...items];
}

/** Others may see all that was said in a conversation: its messages get that channel's mark. */
async function indexConversations(ctx: Context): Promise<number> {
  const conversations = await ctx.models.conversations
    .find({ todo: 'search' }, { channelIds: 1 })
    .sort({ lastAt: -1 })
    .limit(10)
    .lean<Pick<ConversationDoc, '_id' | 'channelIds'>[]>();
  for (const { _id, channelIds } of conversations) {
    await markMessages(ctx, _id, channelIds.map(channelMark));
    await ctx.models.conversations.collection.updateOne(
      { _id: _id as never, channelIds },
      { $pull: { todo: 'search' as never } },
    );
  }
  return conversations.length;
}

async function markMessages(ctx: Context, conversationId: string, marks: string[]): Promise<void> {
  for (let after = 0; ; ) {
    const messages = await ctx.models.messages
      .find({ conversationId, seq: { $gt: after } }, { seq: 1, at: 1, searchNo: 1 })
      .sort({ seq: 1 })
      .limit(marksBatch)
      .lean<Pick<MessageDoc, '_id' | 'seq' | 'at' | 'searchNo'>[]>();
    const last = messages.at(-1);
    if (!last) return;
    const indexed = messages.filter(({ searchNo = 0 }) => searchNo > 0);
    if (indexed.length)
      await writeTail(
        ctx,
        indexed.map(({ searchNo = null, at }): NewEntry => ({ no: searchNo, at, terms: marks })),
      );
    after = last.seq;
  }
}
