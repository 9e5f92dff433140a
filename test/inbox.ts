import type { InboundEvent } from '../connectors/connector.ts';
import type { ChannelDoc } from '../server/channels/channel.model.ts';
import type { Context } from '../server/context.ts';
import type { ConversationDoc } from '../server/conversations/conversation.model.ts';
import { storeEvents } from '../server/inbound/inbound.store.ts';
import { rawEvent } from './provider.ts';

/** A channel of the plain provider, which takes in whatever the test writes. */
export async function addPlainChannel(ctx: Context, name: string): Promise<ChannelDoc> {
  const channel: ChannelDoc = {
    _id: ctx.uuid(),
    connector: 'plain',
    name,
    state: 'connected',
    pausedReason: null,
    settings: {},
    secrets: {},
    hookId: ctx.uuid(),
    accountRef: name,
    createdAt: ctx.now(),
  };
  await ctx.models.channels.insertMany([channel]);
  return channel;
}

/** Comes in over the product's own path: stored, then taken in by its workers. Resolves with the conversation as the commit left it. */
export async function arrives(
  ctx: Context,
  channel: ChannelDoc,
  events: InboundEvent[],
): Promise<ConversationDoc> {
  const commits: ConversationDoc[] = [];
  let seen = () => undefined as unknown;
  const first = new Promise<void>((resolve) => {
    seen = resolve;
  });
  const off = ctx.bus.on('conversation.changed', ({ conversation, messages }) => {
    if (!messages.some((message) => 'channelId' in message && message.channelId === channel._id)) return;
    commits.push(conversation);
    seen();
  });
  await storeEvents(ctx, {
    hookId: channel.hookId,
    channel,
    connectorId: channel.connector,
    events: [rawEvent(events, { accountRef: channel.accountRef })],
  });
  await first;
  off();
  const last = commits.at(-1);
  if (!last) throw new Error('Nothing was taken in.');
  return last;
}
