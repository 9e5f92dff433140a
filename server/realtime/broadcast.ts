import type { DomainEvents } from '../bus.ts';
import type { ChannelDoc, ChannelHealthDoc } from '../channels/channel.model.ts';
import { presentChannel } from '../channels/channel.presenter.ts';
import type { Context } from '../context.ts';
import { mostEntries } from '../conversations/conversation.changes.ts';
import type { ConversationDoc, DraftDoc } from '../conversations/conversation.model.ts';
import { presentConversation } from '../conversations/conversation.presenter.ts';
import { presentDraft } from '../conversations/draft.ts';
import { presentCustomerSummary } from '../customers/customer.presenter.ts';
import { customerSummary } from '../customers/customer.service.ts';
import type { FactsDoc } from '../customers/facts.model.ts';
import { key } from '../db/key.ts';
import type { ImportDoc } from '../imports/import.model.ts';
import { presentImport } from '../imports/import.presenter.ts';
import { presentEntry } from '../messages/message.presenter.ts';
import type { PostDoc } from '../posts/post.model.ts';
import { rooms, roomsOfChannels } from './rooms.ts';
import type { Io } from './server.ts';

/** So many customers' facts at once are somebody's work; more are a rebuild. */
const mostFacts = 5;

/** The one door from what happened to who is told, and in which words. */
export function broadcast({ ctx, io }: { ctx: Context; io: Io }): { close(): Promise<void> } {
  const inOrder = queues((error) => ctx.log.error({ err: error }, 'something was announced to nobody'));

  async function conversationChanged(event: DomainEvents['conversation.changed']): Promise<void> {
    const { conversation, messages, channelIdsBefore } = event;
    const reset = messages.length > mostEntries;
    const customer = event.customer
      ? presentCustomerSummary(event.customer)
      : await customerSummary(ctx, conversation.customerId);
    io.to(roomsOfChannels([...channelIdsBefore, ...conversation.channelIds])).emit('conversation.changed', {
      conversationId: conversation._id,
      version: conversation.version,
      header: presentConversation(conversation),
      customer,
      messages: reset ? [] : messages.map(presentEntry),
      reset,
    });
  }

  async function customerChanged({ customerId }: DomainEvents['customer.changed']): Promise<void> {
    const customer = await customerSummary(ctx, customerId);
    // Also who knew it before it was linked into another: their rows still name it.
    const conversations = await ctx.models.conversations
      .find({ customerId: { $in: [customerId, customer.mergedInto ?? customerId] } }, { channelIds: 1 })
      .lean<Pick<ConversationDoc, 'channelIds'>[]>()
      .exec();
    // One whom nobody has spoken with yet is everybody's.
    const told = conversations.length
      ? io.to(roomsOfChannels(conversations.flatMap((conversation) => conversation.channelIds)))
      : io;
    told.emit('customer.changed', { customer });
  }

  async function historyChanged({ customerId }: DomainEvents['history.changed']): Promise<void> {
    const conversations = await ctx.models.conversations
      .find({ customerId }, { channelIds: 1 })
      .lean<Pick<ConversationDoc, 'channelIds'>[]>()
      .exec();
    io.to(roomsOfChannels(conversations.flatMap((conversation) => conversation.channelIds))).emit(
      'history.changed',
      { customerId },
    );
  }

  async function importChanged({ importId }: DomainEvents['import.changed']): Promise<void> {
    const found = await ctx.models.imports.findById(importId).lean<ImportDoc>().exec();
    const told = io.to(rooms.administrators());
    if (found) told.emit('import.changed', { import: presentImport(found) });
    else told.emit('import.removed', { importId });
  }

  async function factsChanged({ customerIds }: DomainEvents['facts.changed']): Promise<void> {
    // A rebuild of many is nothing that anybody waits for.
    if (customerIds.length > mostFacts) return;
    const changed = await ctx.models.facts
      .find({ _id: { $in: customerIds } }, { activity: 1 })
      .lean<Pick<FactsDoc, '_id' | 'activity'>[]>()
      .exec();
    for (const { _id, activity } of changed)
      (activity.conversations ? io.to(roomsOfChannels(activity.channelIds)) : io).emit('facts.changed', {
        customerId: _id,
      });
  }

  async function draftChanged({
    userId,
    conversationId,
    mode,
  }: DomainEvents['draft.changed']): Promise<void> {
    const draft = await ctx.models.drafts
      .findById(key(userId, conversationId, mode))
      .lean<DraftDoc>()
      .exec();
    io.to(rooms.user(userId)).emit('draft.changed', {
      draft: draft ? presentDraft(draft) : null,
      conversationId,
      mode,
    });
  }

  async function channelChanged({ channelId }: DomainEvents['channel.changed']): Promise<void> {
    const [channel, health] = await Promise.all([
      ctx.models.channels.findById(channelId).lean<ChannelDoc>().exec(),
      ctx.models.channelHealth.findById(channelId).lean<ChannelHealthDoc>().exec(),
    ]);
    if (channel)
      io.to(roomsOfChannels([channelId])).emit('channel.changed', {
        channel: presentChannel(channel, { health, now: ctx.now() }),
      });
  }

  async function postChanged({ postId }: DomainEvents['post.changed']): Promise<void> {
    const post = await ctx.models.posts
      .findById(postId, { channelIds: 1 })
      .lean<Pick<PostDoc, 'channelIds'>>()
      .exec();
    if (post) io.to(roomsOfChannels(post.channelIds)).emit('post.changed', { postId });
  }

  async function testChanged({ testId }: DomainEvents['channelTest.changed']): Promise<void> {
    const health = await ctx.models.channelHealth.findOne({ 'test.id': testId }).lean().exec();
    if (health?.test) io.to(rooms.administrators()).emit('channelTest.changed', health.test);
  }

  const stops = [
    ctx.bus.on('conversation.changed', (event) =>
      inOrder(event.conversation._id, () => conversationChanged(event)),
    ),
    ctx.bus.on('customer.changed', (event) => inOrder(event.customerId, () => customerChanged(event))),
    ctx.bus.on('history.changed', (event) => inOrder(event.customerId, () => historyChanged(event))),
    ctx.bus.on('import.changed', (event) => inOrder(event.importId, () => importChanged(event))),
    ctx.bus.on('facts.changed', (event) => inOrder('facts', () => factsChanged(event))),
    ctx.bus.on('draft.changed', (event) =>
      inOrder(key(event.userId, event.conversationId, event.mode), () => draftChanged(event)),
    ),
    ctx.bus.on('read.changed', ({ userId, conversationId, seq }) => {
      io.to(rooms.user(userId)).emit('read.changed', { conversationId, seq });
    }),
    ctx.bus.on('lists.changed', ({ list, userId }) => {
      (userId === null ? io : io.to(rooms.user(userId))).emit('lists.changed', { list });
    }),
    ctx.bus.on('channel.changed', (event) => inOrder(event.channelId, () => channelChanged(event))),
    ctx.bus.on('post.changed', (event) => inOrder(event.postId, () => postChanged(event))),
    ctx.bus.on('channelTest.changed', (event) => inOrder(event.testId, () => testChanged(event))),
  ];
  return {
    async close() {
      for (const stop of stops) stop();
      await inOrder.empty();
    },
  };
}

/** What concerns one thing leaves in the order in which it came, whatever each of them has to look up. */
function queues(onError: (error: unknown) => void) {
  const tails = new Map<string, Promise<void>>();
  const inOrder = (about: string, deed: () => Promise<void>) => {
    const tail = (tails.get(about) ?? Promise.resolve()).then(deed).catch(onError);
    tails.set(about, tail);
    void tail.then(() => {
      if (tails.get(about) === tail) tails.delete(about);
    });
  };
  return Object.assign(inOrder, { empty: () => Promise.all(tails.values()) });
}
