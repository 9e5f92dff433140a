import type { Connector } from '../../connectors/connector.ts';
import { canUseChannel, may, type Viewer } from '../../shared/access.ts';
import type { ChannelTest } from '../../shared/channel.ts';
import { AppError } from '../../shared/errors.ts';
import type { Context } from '../context.ts';
import { beginConversation } from '../conversations/conversation.begin.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { key } from '../db/key.ts';
import { invalid } from '../http/validate.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { reply } from '../messages/reply.ts';
import { mayNot } from '../users/user.create.ts';
import type { ChannelDoc, ChannelHealthDoc } from './channel.model.ts';
import { findChannel } from './channel.service.ts';
import { connectorContext, connectorOf } from './runtime.ts';

type Step = ChannelTest['steps'][number]['step'];

/** How long an administrator has to pick up a telephone. */
const patienceMs = 5 * 60_000;
/** What no event of this process tells (another one took the message in) is found at this pace. */
const lookMs = 2_000;
const greeting = 'Test message / پیام آزمایشی';

/**
 * The test that goes both ways, over the product's own paths: credentials; a message to `peer` that really leaves; the next message
 * in. Where a channel can write only to those who wrote first, the message in comes first and the one out answers it. Progress is
 * kept with the channel's health and announced; one test a channel, a new one takes the older one's place.
 */
export async function startChannelTest(
  ctx: Context,
  viewer: Viewer,
  options: { channelId: string; peer: string | null; signal: AbortSignal },
): Promise<ChannelTest> {
  if (!may(viewer, 'channel.manage')) throw mayNot('test channels');
  const channel = await findChannel(ctx, options.channelId);
  if (!canUseChannel(viewer, channel._id)) throw mayNot('use this channel');
  if (channel.state !== 'connected')
    throw new AppError({
      code: 'conflict',
      reason: 'channelUnavailable',
      message: 'A paused or archived channel cannot be tested. Connect it first.',
    });
  const connector = connectorOf(ctx, channel);
  const address = options.peer ? (connector.address?.(options.peer) ?? null) : null;
  if (options.peer && !address && connector.manifest.capabilities.canStart === 'anyone')
    throw invalid({ peer: 'This is no address that the channel can write to.' });
  const test: ChannelTest = {
    id: ctx.uuid(),
    channelId: channel._id,
    steps: stepsOf(connector).map((step) => ({
      step,
      state: 'waiting',
      at: null,
      detail: null,
    })),
  };
  const run = new TestRun(ctx, viewer, channel, test, options.signal);
  await run.save();
  void run
    .go(address ? { text: options.peer ?? '', identityId: key(address.kind, address.value) } : null)
    .catch((error) => ctx.log.warn({ channelId: channel._id, err: error }, 'a channel test was given up'));
  return test;
}

/** @throws AppError notFound when it was never tested */
export async function latestChannelTest(
  ctx: Context,
  viewer: Viewer,
  channelId: string,
): Promise<ChannelTest> {
  if (!may(viewer, 'channel.manage')) throw mayNot('test channels');
  const health = await ctx.models.channelHealth.findById(channelId).lean<ChannelHealthDoc>().exec();
  if (!health?.test) throw new AppError({ code: 'notFound', message: 'This channel was not tested yet.' });
  return health.test;
}

/** What only tells is told nothing: a telephone system. */
const stepsOf = ({ manifest }: Connector): Step[] =>
  manifest.capabilities.visibility.length > 0
    ? ['credentials', 'sent', 'received']
    : ['credentials', 'received'];

class TestRun {
  private readonly startedAt: Date;

  constructor(
    private readonly ctx: Context,
    private readonly viewer: Viewer,
    private readonly channel: ChannelDoc,
    private readonly test: ChannelTest,
    private readonly signal: AbortSignal,
  ) {
    this.startedAt = ctx.now();
  }

  async go(peer: { text: string; identityId: string } | null): Promise<void> {
    const { accountName } = await this.step('credentials', () =>
      connectorOf(this.ctx, this.channel).check(connectorContext(this.ctx, this.channel)),
    );
    await this.done('credentials', accountName);
    if (peer) {
      const sent = await this.step('sent', () => this.writeTo(peer.text));
      await this.step('sent', () => this.left(sent));
      const received = await this.step('received', () => this.next(peer.identityId));
      await this.done('received', received.text.slice(0, 100));
      return;
    }
    const received = await this.step('received', () => this.next(null));
    await this.done('received', (received.text || (received.call?.number ?? '')).slice(0, 100));
    if (!this.test.steps.some(({ step }) => step === 'sent')) return;
    const answer = await this.step('sent', () => this.answer(received));
    await this.step('sent', () => this.left(answer));
  }

  /** A deed of one step: what it throws is the step's failure, for the page to show. */
  private async step<T>(step: Step, deed: () => Promise<T>): Promise<T> {
    try {
      return await deed();
    } catch (error) {
      await this.set(step, 'failed', error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  private async writeTo(address: string): Promise<MessageDoc> {
    const { conversation } = await beginConversation(this.ctx, this.viewer, {
      channelId: this.channel._id,
      address,
    });
    if (!conversation.replyTarget)
      throw new Error('The conversation that was begun has no target to write to.');
    return this.say(conversation, { ...conversation.replyTarget, channelId: this.channel._id });
  }

  private async answer(received: MessageDoc): Promise<MessageDoc> {
    const conversation = await this.ctx.models.conversations
      .findById(received.conversationId)
      .lean<ConversationDoc>()
      .exec();
    if (!conversation || !received.identityId)
      throw new Error('The message that came in left its conversation.');
    return this.say(conversation, {
      channelId: this.channel._id,
      identityId: received.identityId,
      threadKey: received.threadKey ?? '',
    });
  }

  private say(
    conversation: ConversationDoc,
    target: { channelId: string; identityId: string; threadKey: string },
  ): Promise<MessageDoc> {
    return reply(this.ctx, this.viewer, {
      conversationId: conversation._id,
      create: {
        id: this.ctx.uuid(),
        kind: 'message',
        text: greeting,
        fileIds: [],
        target,
        lastSeenSeq: conversation.seq,
        sendAnyway: true,
      },
    });
  }

  private async left(message: MessageDoc): Promise<void> {
    const sent = await this.until('the message left', async () => {
      const now = await this.ctx.models.messages.findById(message._id).lean<MessageDoc>().exec();
      const state = now?.delivery?.state;
      return state && state !== 'queued' && state !== 'sending' ? now : null;
    });
    const { state, error } = sent.delivery ?? { state: 'unknown', error: null };
    if (state === 'failed' || state === 'unknown')
      throw new Error(error?.message ?? `The message is ${state}.`);
    await this.done('sent', null);
  }

  private next(identityId: string | null): Promise<MessageDoc> {
    return this.until('a message came in', async () => {
      const recent = await this.ctx.models.conversations
        .find({
          channelIds: this.channel._id,
          lastAt: { $gt: new Date(this.startedAt.getTime() - 3_600_000) },
        })
        .sort({ lastAt: -1 })
        .limit(50)
        .lean<ConversationDoc[]>()
        .exec();
      const found = await this.ctx.models.messages
        .find({
          conversationId: { $in: recent.map((conversation) => conversation._id) },
          at: { $gt: new Date(this.startedAt.getTime() - 3_600_000) },
          channelId: this.channel._id,
          direction: 'in',
          kind: { $in: ['message', 'call'] },
          // A test is no word before all.
          visibility: 'private',
          receivedAt: { $gte: this.startedAt },
          ...(identityId ? { identityId } : {}),
        })
        .sort({ at: -1 })
        .limit(1)
        .lean<MessageDoc[]>()
        .exec();
      return found[0] ?? null;
    });
  }

  /** Looks at each change of a conversation here, and at a pace for what happened elsewhere. */
  private until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
    const deadline = performance.now() + patienceMs;
    return new Promise((resolve, reject) => {
      let looking: Promise<void> = Promise.resolve();
      const stop = (end: () => void) => {
        clearInterval(timer);
        off();
        this.signal.removeEventListener('abort', aborted);
        end();
      };
      const again = () => {
        looking = looking
          .then(async () => {
            const found = await look();
            if (found !== null) stop(() => resolve(found));
            else if (performance.now() > deadline)
              stop(() => reject(new Error(`Within five minutes it did not happen that ${what}.`)));
            else if (await this.replaced()) stop(() => reject(new Error('Another test was started.')));
          })
          .catch((error) => stop(() => reject(error)));
      };
      const aborted = () => stop(() => reject(new Error('The server was stopped.')));
      const off = this.ctx.bus.on('conversation.changed', again);
      const timer = setInterval(again, lookMs);
      this.signal.addEventListener('abort', aborted);
      again();
    });
  }

  private async replaced(): Promise<boolean> {
    const health = await this.ctx.models.channelHealth
      .findById(this.channel._id)
      .lean<ChannelHealthDoc>()
      .exec();
    return health?.test?.id !== this.test.id;
  }

  private done(step: Step, detail: string | null): Promise<void> {
    return this.set(step, 'ok', detail);
  }

  private async set(step: Step, state: 'ok' | 'failed', detail: string | null): Promise<void> {
    const found = this.test.steps.find((one) => one.step === step);
    if (found) Object.assign(found, { state, at: this.ctx.now().toISOString(), detail });
    if (await this.replaced()) return;
    await this.save();
  }

  async save(): Promise<void> {
    await this.ctx.models.channelHealth
      .updateOne({ _id: this.channel._id }, { $set: { test: this.test } }, { upsert: true })
      .exec();
    this.ctx.bus.emit('channelTest.changed', { testId: this.test.id });
  }
}
