import { type Connector, ConnectorError, type Simulator } from '../connectors/connector.ts';
import { sms } from '../connectors/sms/index.ts';
import type { ChannelDoc } from '../server/channels/channel.model.ts';
import type { Context } from '../server/context.ts';
import { beginConversation } from '../server/conversations/conversation.begin.ts';
import type { ConversationDoc } from '../server/conversations/conversation.model.ts';
import { key } from '../server/db/key.ts';
import type { MessageDoc } from '../server/messages/message.model.ts';
import { reply } from '../server/messages/reply.ts';
import type { Viewer } from '../shared/access.ts';
import type { MessageCreate, Target } from '../shared/message.ts';
import { createTestContext, type TestContext, type TestContextOptions } from './context.ts';
import { simulators } from './simulators.ts';

export const agent: Viewer = { id: 'agent-1', role: 'agent', channelIds: 'all', teamIds: [] };
export const colleague: Viewer = { id: 'agent-2', role: 'agent', channelIds: 'all', teamIds: [] };

/** The SMS connector as a provider would be that cannot be asked what became of a message. */
export const mute: Connector = {
  ...sms,
  manifest: { ...sms.manifest, capabilities: { ...sms.manifest.capabilities, lookup: false } },
  lookup: undefined,
};

/** The SMS connector whose next calls fail with errors that this provider never gives. */
export function refusing(errors: ConstructorParameters<typeof ConnectorError>[0][]): Connector {
  return {
    ...sms,
    async send(request, context) {
      const error = errors.shift();
      if (error) throw new ConnectorError(error);
      return sms.send(request, context);
    },
  };
}

/** Everything between a reply and its provider, and nothing of HTTP: a real engine, a real socket to the SMS simulator. */
export interface Outbound {
  ctx: TestContext;
  simulator: Simulator & { credit: number };
  channel: ChannelDoc;
  /** Moves the clock of the context ahead; leases keep the database's own. */
  pass(ms: number): void;
  /** A conversation with the n-th customer, begun by an agent. */
  begin(n: number): Promise<ConversationDoc>;
  close(): Promise<void>;
}

export async function startOutbound(
  options: { connector?: Connector; context?: TestContextOptions; step?: number } = {},
): Promise<Outbound> {
  const simulator = await simulators.sms({ deliveryStep: options.step ?? 60_000 });
  let ahead = 0;
  const ctx = await createTestContext({
    now: () => new Date(Date.now() + ahead),
    leaseMs: 3_000,
    connectors: { sms: options.connector ?? sms },
    endpoints: { sms: simulator.endpoint },
    ...options.context,
  });
  const channel = await ctx.addChannel({
    connector: 'sms',
    accountRef: sms.accountRef(simulator.settings),
    settings: simulator.settings,
  });
  return {
    ctx,
    simulator,
    channel,
    pass(ms) {
      ahead += ms;
    },
    begin: async (n) =>
      (await beginConversation(ctx, agent, { channelId: channel._id, address: simulator.peer(n) }))
        .conversation,
    async close() {
      await ctx.close();
      await simulator.close();
    },
  };
}

export function targetOf(conversation: ConversationDoc): Target {
  if (!conversation.replyTarget) throw new Error('The conversation has no target.');
  const { channelId, identityId, threadKey } = conversation.replyTarget;
  return { channelId, identityId, threadKey };
}

/** A reply as the agent's client writes it; what is given overwrites. */
export function draftOf(
  ctx: Context,
  conversation: ConversationDoc,
  create: Partial<MessageCreate> = {},
): MessageCreate {
  return {
    id: ctx.uuid(),
    kind: 'message',
    text: 'Your parcel is on its way.',
    fileIds: [],
    target: targetOf(conversation),
    lastSeenSeq: 1_000_000,
    ...create,
  };
}

export async function say(
  ctx: Context,
  conversation: ConversationDoc,
  create: Partial<MessageCreate> = {},
  viewer: Viewer = agent,
): Promise<MessageDoc> {
  return reply(ctx, viewer, {
    conversationId: conversation._id,
    create: draftOf(ctx, conversation, create),
  });
}

export const laneOf = (message: Pick<MessageDoc, 'conversationId' | 'channelId'>) =>
  key(message.conversationId, message.channelId ?? '');

export async function stored(ctx: Context, message: Pick<MessageDoc, '_id'>): Promise<MessageDoc> {
  const found = await ctx.models.messages.findById(message._id).lean<MessageDoc>();
  if (!found) throw new Error(`Message ${message._id} is not there.`);
  return found;
}

export async function header(
  ctx: Context,
  conversation: Pick<ConversationDoc, '_id'>,
): Promise<ConversationDoc> {
  const found = await ctx.models.conversations.findById(conversation._id).lean<ConversationDoc>();
  if (!found) throw new Error(`Conversation ${conversation._id} is not there.`);
  return found;
}

/** What customers received, in the provider's order. */
export const received = (simulator: Simulator) =>
  simulator.messages().filter((message) => message.direction === 'toCustomer');
