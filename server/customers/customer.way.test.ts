import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import type { ChannelKind } from '../../shared/profile.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { person, plain, windowed, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { beginConversation } from '../conversations/conversation.begin.ts';
import { resolveConversation } from '../conversations/conversation.resolve.ts';
import { putConsent } from './consent.ts';
import { contactPoints } from './contact.points.ts';
import { mergeByAgent } from './customer.merge.ts';
import { preferredWay, waysTo } from './customer.way.ts';
import { workFacts } from './facts.worker.ts';
import { updateCustomer } from './profile.service.ts';

let ctx: TestContext;
let telegram: ChannelDoc;
let sms: ChannelDoc;
let id: string;
const agent: Viewer = { id: 'agent', role: 'agent', channelIds: 'all', teamIds: [] };
const mobile = 'mobile:+989121234567';

/** Nothing can be said here in private. */
const listening: typeof plain = {
  ...plain,
  manifest: { ...plain.manifest, capabilities: { ...plain.manifest.capabilities, visibility: ['public'] } },
};

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain, windowed, listening } });
});
afterAll(() => ctx?.close());

/** Sara wrote twice by SMS, then once on Telegram; nothing of hers is open. */
beforeEach(async () => {
  await ctx.empty();
  telegram = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
  sms = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
  const minutesAgo = (n: number) => ({ at: new Date(Date.now() - n * 60_000) });
  const phone = person('+989121234567', { kind: 'mobile', display: '+989121234567' });
  await deliver(ctx, sms, [written(phone, 'one', minutesAgo(60)), written(phone, 'two', minutesAgo(50))]);
  await deliver(ctx, telegram, [written(person('1001', { name: 'Sara' }), 'three', minutesAgo(5))]);
  const owner = async (identity: string) =>
    (await ctx.models.identities.findById(identity).lean())?.customerId ?? '';
  id = await owner('telegramUser:1001');
  await mergeByAgent(ctx, agent, {
    intoId: id,
    otherId: await owner(mobile),
    reason: 'the same',
    winners: {},
  });
  await workFacts(ctx, new AbortController().signal);
  for (const { _id } of await ctx.models.conversations.find({ status: 'open' }).lean())
    await resolveConversation(ctx, agent, { conversationId: _id });
});

async function begun(viewer: Viewer = agent) {
  const { conversation } = await beginConversation(ctx, viewer, { customerId: id });
  return conversation.replyTarget;
}
const wish = (...preferredChannels: ChannelKind[]) =>
  updateCustomer(ctx, agent, { id, change: { preferredChannels } });

it('a conversation with a customer begins where they write most', async () => {
  expect(await begun()).toMatchObject({ channelId: sms._id, identityId: mobile });
});

it('…or where they wish to be written to, which comes before what they do', async () => {
  await wish('emailAddress', 'telegramUser');
  expect(await begun()).toMatchObject({ channelId: telegram._id, identityId: 'telegramUser:1001' });
});

it('what cannot be reached falls back to the next, and nothing to nothing', async () => {
  await wish('mobile', 'telegramUser');
  await ctx.models.identities.updateOne({ _id: mobile }, { $set: { unreachable: true } });
  expect(await begun()).toMatchObject({ identityId: 'telegramUser:1001' });
  const { conversation } = {
    conversation: await ctx.models.conversations.findOne({ status: 'open' }).lean(),
  };
  await resolveConversation(ctx, agent, { conversationId: conversation?._id ?? '' });
  await ctx.models.channels.updateOne({ _id: telegram._id }, { $set: { state: 'paused' } });
  await expect(begun()).rejects.toMatchObject({ body: { reason: 'badTarget' } });
});

it('a channel that is not the agent’s is not chosen for them', async () => {
  expect(await begun({ ...agent, channelIds: [telegram._id] })).toMatchObject({ channelId: telegram._id });
  await expect(beginConversation(ctx, agent, { identityId: mobile })).rejects.toMatchObject({
    body: { fields: { channelId: expect.any(String) } },
  });
});

it('where free text may not be sent now is passed over, and taken for its templates if there is nothing else', async () => {
  await wish('telegramUser', 'mobile');
  const becomes = (connector: string) =>
    ctx.models.channels.updateOne({ _id: telegram._id }, { $set: { connector } });
  const hear = (at: Date) =>
    ctx.models.identities.updateMany({}, { $set: { [`heard.${telegram._id}`]: at } });
  await becomes('windowed');
  await hear(new Date(0));
  const places = (await waysTo(ctx, agent, id)).map((way) => [way.identity._id, way.freely, way.templates]);
  expect(places[0]).toEqual(['telegramUser:1001', false, true]);
  expect(await preferredWay(ctx, agent, id)).toMatchObject({ channelId: sms._id });
  const narrow = { ...agent, channelIds: [telegram._id] };
  expect(await preferredWay(ctx, narrow, id)).toMatchObject({ channelId: telegram._id });
  await hear(new Date());
  expect(await preferredWay(ctx, agent, id)).toMatchObject({ channelId: telegram._id });
  await becomes('listening');
  await expect(preferredWay(ctx, narrow, id)).rejects.toMatchObject({ body: { reason: 'badTarget' } });
});

describe('whoever begins', () => {
  const withdraw = (kind: ChannelKind) =>
    putConsent(ctx, agent, {
      id,
      kind,
      put: { state: 'withdrawn', source: 'told', evidence: '', messageId: null },
    });
  const shown = async () =>
    (await contactPoints(ctx, agent, id)).points.map(({ identityId, channelId, wish }) => [
      identityId,
      channelId,
      wish,
    ]);

  it('sees the contact points in the order in which they would be taken, and why', async () => {
    expect(await shown()).toEqual([
      [mobile, sms._id, 'learnt'],
      ['telegramUser:1001', telegram._id, 'learnt'],
    ]);
    await wish('telegramUser');
    expect(await shown()).toEqual([
      ['telegramUser:1001', telegram._id, 'chosen'],
      [mobile, sms._id, 'learnt'],
    ]);
    const { points, preferred } = await contactPoints(ctx, agent, id);
    expect(preferred).toEqual({ identityId: 'telegramUser:1001', channelId: telegram._id });
    expect(points[1]).toMatchObject({ kind: 'mobile', display: '+989121234567', says: 'words' });
  });

  it('is not led to where they opted out, and may choose it all the same', async () => {
    await withdraw('mobile');
    const { points, preferred } = await contactPoints(ctx, agent, id);
    expect(points.map(({ optedOut }) => optedOut)).toEqual([true, false]);
    expect(preferred?.channelId).toBe(telegram._id);
    await withdraw('telegramUser');
    expect((await contactPoints(ctx, agent, id)).preferred).toBeNull();
    await expect(begun()).rejects.toMatchObject({ body: { reason: 'optedOut' } });
    const chosen = { customerId: id, identityId: mobile, channelId: sms._id };
    const { conversation } = await beginConversation(ctx, agent, chosen);
    expect(conversation.replyTarget).toMatchObject({ identityId: mobile });
  });

  it('is shown what can carry only templates or nothing, and nothing where nobody is reached', async () => {
    await ctx.models.channels.updateOne({ _id: telegram._id }, { $set: { connector: 'windowed' } });
    await ctx.models.identities.updateMany({}, { $set: { [`heard.${telegram._id}`]: new Date(0) } });
    await wish('telegramUser');
    const { points, preferred } = await contactPoints(ctx, agent, id);
    expect(points.map(({ says }) => says)).toEqual(['templates', 'words']);
    expect(preferred?.channelId).toBe(sms._id);
    await ctx.models.identities.updateMany({}, { $set: { unreachable: true } });
    expect(await contactPoints(ctx, agent, id)).toEqual({ points: [], preferred: null, outside: null });
  });
});
