import { afterEach, beforeEach, expect, it } from 'vitest';
import { telegram } from '../../connectors/telegram/index.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { agent, received } from '../../test/outbound.ts';
import { simulators } from '../../test/simulators.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { type Listeners, startListeners } from '../channels/listeners.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { type Jobs, startJobs } from '../jobs/start.ts';
import { createRelay } from '../relay.ts';
import type { MessageDoc } from './message.model.ts';
import { quotedExternalId } from './quoted.ts';
import { reply } from './reply.ts';

/** Both journeys over the bot's own protocol, polled, with nothing in between left out but HTTP to the agent. */
let ctx: TestContext;
let simulator: Awaited<ReturnType<typeof simulators.telegram>>;
let channel: ChannelDoc;
let jobs: Jobs;
let listeners: Listeners;
let relay: Awaited<ReturnType<typeof createRelay>>;
beforeEach(async () => {
  simulator = await simulators.telegram();
  ctx = await createTestContext({ endpoints: { telegram: simulator.endpoint }, leaseMs: 3_000 });
  channel = await ctx.addChannel({
    connector: 'telegram',
    accountRef: telegram.accountRef(simulator.settings),
    settings: simulator.settings,
  });
  relay = await createRelay({ redisUrl: null, nodeId: ctx.nodeId, log: ctx.log, prefix: 'test' });
  jobs = startJobs(ctx);
  listeners = startListeners(ctx, relay);
});
afterEach(async () => {
  await listeners.close();
  await jobs.stop();
  await relay.close();
  await ctx.close();
  await simulator.close();
});

/** The first message, now or once a commit brings it, that is as `look` wants it. */
function message(look: (message: MessageDoc) => boolean): Promise<MessageDoc> {
  return new Promise((resolve, reject) => {
    const check = async () => {
      const found = (await ctx.models.messages.find({}).lean<MessageDoc[]>()).find(look);
      if (!found) return;
      off();
      resolve(found);
    };
    const off = ctx.bus.on('conversation.changed', () => void check().catch(reject));
    check().catch(reject);
  });
}

async function answer(
  inbound: MessageDoc,
  create: { text: string; fileIds?: string[] },
): Promise<MessageDoc> {
  return reply(ctx, agent, {
    conversationId: inbound.conversationId,
    create: {
      id: ctx.uuid(),
      kind: 'message',
      fileIds: [],
      lastSeenSeq: inbound.seq,
      ...create,
      target: {
        channelId: channel._id,
        identityId: inbound.identityId ?? '',
        threadKey: inbound.threadKey ?? '',
        inReplyTo: inbound._id,
      },
    },
  });
}

it('quotes what the customer wrote, and carries a file with its caption', async () => {
  await simulator.customerWrites({ peer: simulator.peer(1), name: 'Ada', text: 'Where is it?' });
  const inbound = await message((one) => one.text === 'Where is it?');
  const [written] = simulator.messages();
  expect(await quotedExternalId(ctx, inbound._id)).toBe(written?.externalId);
  async function* picture() {
    yield Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');
  }
  const file = await ctx.files.put(picture(), {
    name: 'label.pdf',
    maxBytes: 1_000,
    authorId: agent.id,
    conversationId: null,
  });
  const sent = await answer(inbound, { text: 'Here.', fileIds: [file._id] });
  const after = await message((one) => one._id === sent._id && one.delivery?.state === 'sent');
  expect(after.delivery?.pieces).toMatchObject([{ kind: 'file', text: 'Here.', state: 'sent' }]);
  expect(received(simulator)).toMatchObject([
    { peer: simulator.peer(1), text: 'Here.', files: [{ name: 'label.pdf' }] },
  ]);
  expect(await quotedExternalId(ctx, sent._id)).toBe(received(simulator)[0]?.externalId);
  expect(await quotedExternalId(ctx, 'no such message')).toBeNull();
  const conversation = await ctx.models.conversations.findById(sent.conversationId).lean<ConversationDoc>();
  expect(conversation).toMatchObject({ status: 'open', waitingSince: null, undelivered: 0 });
});

it('learns from a refusal that the customer blocked us', async () => {
  const peer = simulator.peer(2);
  await simulator.customerWrites({ peer, name: 'Bob', text: 'Leave me alone.' });
  const inbound = await message((one) => one.text === 'Leave me alone.');
  simulator.fail('blocked');
  const sent = await answer(inbound, { text: 'As you wish.' });
  const after = await message((one) => one._id === sent._id && one.delivery?.state === 'failed');
  expect(after.delivery?.error).toMatchObject({ class: 'permanent' });
  expect(received(simulator)).toHaveLength(0);
  const identity = await ctx.models.identities.findById(inbound.identityId).lean<IdentityDoc>();
  expect(identity?.unreachable).toBe(true);
});
