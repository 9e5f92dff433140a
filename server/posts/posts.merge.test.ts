import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { say } from '../../test/outbound.ts';
import { commented, person, plain, windowed, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { conversationWindows } from '../channels/window.ts';
import { bringBack } from '../conversations/conversation.bring.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { splitConversation } from '../conversations/conversation.split.ts';
import { mergeByAgent } from '../customers/customer.merge.ts';
import { unmergeByAgent } from '../customers/customer.unmerge.ts';
import { checkInvariants } from '../db/invariants.ts';
import { key } from '../db/key.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { postThread } from './post.thread.ts';

let ctx: TestContext;
let channel: ChannelDoc;
const admin: Viewer = { id: 'admin-1', role: 'administrator', channelIds: 'all', teamIds: [] };
const launch = { externalId: 'p1', text: 'Our new lamp is here.' };
const sara = person('1001');
const also = person('1002');

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain: { ...windowed, send: plain.send } } });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});

const at = (minute: number) => new Date(Date.now() - 3_600_000 + minute * 60_000);
const thread = () => postThread(ctx, admin, { id: key(channel._id, 'p1'), before: null, limit: 50 });
const conversationOf = async (value: string) => {
  const identity = await ctx.models.identities.findById(`telegramUser:${value}`).lean();
  const found = await ctx.models.conversations
    .findOne({ customerId: identity?.customerId ?? '', status: 'open' })
    .lean<ConversationDoc>();
  if (!found) throw new Error(`${value} has no open conversation.`);
  return found;
};
const posts = async () =>
  (await ctx.models.messages.find({ kind: 'message' }).sort({ text: 1 }).lean<MessageDoc[]>()).map(
    ({ text, postId, visibility, answers }) => [text, postId ?? null, visibility, answers ?? null],
  );

it('what was said under a post stays there through merges, their undo, splits and theirs', async () => {
  await deliver(ctx, channel, [
    commented(sara, 'a question', launch, { externalIds: ['c1'], at: at(1) }),
    commented(also, 'an answer', launch, { externalIds: ['c2'], inReplyTo: 'c1', at: at(2) }),
    written(sara, 'in private', { at: at(3) }),
    written(also, 'in private too', { at: at(4) }),
  ]);
  const before = await posts();
  const entries = async () => (await thread()).entries.map(({ text, inReplyTo }) => [text, inReplyTo]);
  const said = await entries();
  const [one, other] = [await conversationOf('1001'), await conversationOf('1002')];
  const { linkId } = await mergeByAgent(ctx, admin, {
    intoId: one.customerId,
    otherId: other.customerId,
    reason: 'One person with two accounts.',
  });
  expect(await posts()).toEqual(before);
  expect(await entries()).toEqual(said);
  expect(await checkInvariants(ctx.models)).toEqual([]);

  // Both of their accounts have a window, and either comment can be answered before all.
  const merged = await conversationOf('1001');
  const windows = await conversationWindows(ctx, admin, merged._id);
  expect(windows.map(({ identityId }) => identityId).sort()).toEqual([
    'telegramUser:1001',
    'telegramUser:1002',
  ]);
  const answered = await ctx.models.messages.findOne({ text: 'an answer' }).lean<MessageDoc>();
  const reply = await say(
    ctx,
    merged,
    {
      text: 'our answer',
      target: {
        channelId: channel._id,
        identityId: 'telegramUser:1002',
        threadKey: 'post:p1',
        visibility: 'public',
        inReplyTo: answered?._id ?? '',
      },
    },
    admin,
  );
  expect(reply).toMatchObject({ postId: key(channel._id, 'p1'), visibility: 'public' });

  await unmergeByAgent(ctx, admin, { customerId: one.customerId, linkId: linkId ?? '' });
  expect(await checkInvariants(ctx.models)).toEqual([]);
  const replied = await ctx.models.messages.findById(reply._id).lean<MessageDoc>();
  expect(replied).toMatchObject({ postId: reply.postId, conversationId: (await conversationOf('1002'))._id });
  expect((await posts()).filter(([text]) => text !== 'our answer')).toEqual(before);

  const split = { channelId: channel._id, identityId: 'telegramUser:1001', threadKey: 'post:p1' };
  const { to } = await splitConversation(ctx, admin, {
    conversationId: (await conversationOf('1001'))._id,
    split,
  });
  await deliver(ctx, channel, [
    commented(sara, 'one more question', launch, { externalIds: ['c3'], at: at(5) }),
  ]);
  const moved = await ctx.models.messages
    .find({ conversationId: to.id, kind: 'message' })
    .lean<MessageDoc[]>();
  expect(moved.map(({ text, postId }) => [text, postId]).sort()).toEqual([
    ['a question', key(channel._id, 'p1')],
    ['one more question', key(channel._id, 'p1')],
  ]);
  expect(to.replyTarget).toMatchObject({ visibility: 'public', threadKey: 'post:p1' });
  await bringBack(ctx, admin, { conversationId: to.id });
  expect((await thread()).entries).toHaveLength(3);
  expect((await posts()).filter(([text]) => text === 'a question')).toEqual(
    before.filter(([text]) => text === 'a question'),
  );
  expect(await checkInvariants(ctx.models)).toEqual([]);
});
