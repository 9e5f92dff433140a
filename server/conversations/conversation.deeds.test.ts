import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import type { AppError } from '../../shared/errors.ts';
import { defaultPreferences } from '../../shared/user.ts';
import { agent, colleague, header, laneOf, type Outbound, say, startOutbound } from '../../test/outbound.ts';
import type { CustomerDoc, IdentityDoc } from '../customers/customer.model.ts';
import { workLane } from '../lanes/lane.worker.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { assignConversation } from './conversation.assign.ts';
import { beginConversation } from './conversation.begin.ts';
import type { ConversationDoc } from './conversation.model.ts';
import { reopenConversation } from './conversation.reopen.ts';
import { resolveConversation } from './conversation.resolve.ts';
import { snoozeConversation, wakeConversation } from './conversation.snooze.ts';

let world: Outbound;
let conversation: ConversationDoc;
let n = 0;
beforeAll(async () => {
  world = await startOutbound();
});
afterAll(() => world.close());
beforeEach(async () => {
  n += 1;
  conversation = await world.begin(n);
});

const refusal = async (deed: Promise<unknown>) => {
  const error = await deed.then(
    () => null,
    (thrown: AppError) => thrown,
  );
  if (!error) throw new Error('It was not refused.');
  return { status: error.status, reason: error.reason, data: error.body.data, fields: error.body.fields };
};
const on = () => ({ conversationId: conversation._id });
const lines = async () =>
  (
    await world.ctx.models.messages
      .find({ conversationId: conversation._id, kind: 'event' })
      .sort({ seq: 1 })
      .lean<MessageDoc[]>()
  ).map((message) => ({ ...message.event, by: message.authorId }));
const customer = async () => {
  const found = await world.ctx.models.customers.findById(conversation.customerId).lean<CustomerDoc>();
  if (!found) throw new Error('no customer');
  return found;
};
const none: Viewer = { id: 'agent-3', role: 'agent', channelIds: [], teamIds: [] };
const hour = 3_600_000;
const inAnHour = () => new Date(world.ctx.now().getTime() + hour);

describe('every deed', () => {
  const everyDeed = (viewer: Viewer) =>
    Promise.all(
      [
        assignConversation(world.ctx, viewer, { ...on(), assigneeId: null }),
        snoozeConversation(world.ctx, viewer, { ...on(), until: inAnHour() }),
        resolveConversation(world.ctx, viewer, on()),
        reopenConversation(world.ctx, viewer, on()),
      ].map(refusal),
    );

  it('is refused to an agent without one of its channels, as if it did not exist', async () => {
    const { ctx } = world;
    for (const refused of await everyDeed(none)) expect(refused).toMatchObject({ status: 404 });
    expect(await header(ctx, conversation)).toEqual(conversation);
  });

  it('on a continued conversation names its successor', async () => {
    const { ctx } = world;
    await ctx.models.conversations.updateOne(
      { _id: conversation._id },
      { $set: { status: 'continued', successorId: 'next' } },
    );
    for (const refused of await everyDeed(agent))
      expect(refused).toMatchObject({ reason: 'continued', data: { successorId: 'next' } });
  });
});

describe('assigning', () => {
  const hire = (id: string, change: Record<string, unknown> = {}) =>
    world.ctx.models.users.insertMany([
      {
        _id: id,
        name: id,
        email: `${id}@example.com`,
        role: 'agent',
        channelIds: 'all',
        active: true,
        preferences: defaultPreferences,
        createdAt: new Date(),
        ...change,
      },
    ]);

  it('gives to a colleague and back to everyone, one line each, and nothing when nothing changes', async () => {
    const { ctx } = world;
    await hire('sara');
    await assignConversation(ctx, agent, { ...on(), assigneeId: 'sara' });
    await assignConversation(ctx, agent, { ...on(), assigneeId: 'sara' });
    const after = await assignConversation(ctx, colleague, { ...on(), assigneeId: null });
    expect(after).toMatchObject({ assigneeId: null, version: conversation.version + 2 });
    expect((await lines()).slice(1)).toEqual([
      { type: 'assigned', data: { from: agent.id, to: 'sara' }, by: agent.id },
      { type: 'assigned', data: { from: 'sara', to: null }, by: colleague.id },
    ]);
  });

  it('is refused to one who could not see it', async () => {
    const { ctx } = world;
    await hire('gone', { active: false });
    await hire('elsewhere', { channelIds: ['another channel'] });
    for (const assigneeId of ['gone', 'elsewhere', 'nobody'])
      expect(await refusal(assignConversation(ctx, agent, { ...on(), assigneeId }))).toMatchObject({
        status: 422,
        fields: { assigneeId: expect.any(String) },
      });
  });
});

describe('snoozing', () => {
  it('puts away until its time, and time alone wakes it once', async () => {
    const { ctx } = world;
    const until = inAnHour();
    expect(await snoozeConversation(ctx, agent, { ...on(), until })).toMatchObject({
      status: 'snoozed',
      snoozedUntil: until,
    });
    expect((await customer()).active.main).toBe(conversation._id);
    await wakeConversation(ctx, conversation._id);
    expect(await header(ctx, conversation)).toMatchObject({ status: 'snoozed' });
    world.pass(hour + 1);
    await Promise.all([wakeConversation(ctx, conversation._id), wakeConversation(ctx, conversation._id)]);
    expect(await header(ctx, conversation)).toMatchObject({ status: 'open', snoozedUntil: null });
    expect((await lines()).slice(1)).toEqual([
      { type: 'snoozed', data: { until: until.toISOString() }, by: agent.id },
      { type: 'woken', data: { by: 'time' }, by: null },
    ]);
  });

  it('is refused for the past, for long after, and on what is resolved', async () => {
    const { ctx } = world;
    for (const until of [new Date(0), new Date(ctx.now().getTime() + 400 * 24 * hour), new Date(Number.NaN)])
      expect(await refusal(snoozeConversation(ctx, agent, { ...on(), until }))).toMatchObject({
        status: 422,
        fields: { until: expect.any(String) },
      });
    await resolveConversation(ctx, agent, on());
    expect(await refusal(snoozeConversation(ctx, agent, { ...on(), until: inAnHour() }))).toMatchObject({
      status: 409,
      reason: 'stateChanged',
      data: { header: { id: conversation._id, status: 'resolved' } },
    });
  });

  it('ends early by an agent', async () => {
    const { ctx } = world;
    await snoozeConversation(ctx, agent, { ...on(), until: inAnHour() });
    expect(await reopenConversation(ctx, agent, on())).toMatchObject({ status: 'open', snoozedUntil: null });
    expect((await lines()).at(-1)).toEqual({ type: 'woken', data: { by: 'agent' }, by: agent.id });
  });
});

describe('resolving and reopening', () => {
  it('ends the waiting and the snooze, and the customer has no active conversation', async () => {
    const { ctx } = world;
    await ctx.models.conversations.updateOne(
      { _id: conversation._id },
      { $set: { waitingSince: new Date() } },
    );
    await snoozeConversation(ctx, agent, { ...on(), until: inAnHour() });
    expect(await resolveConversation(ctx, agent, on())).toMatchObject({
      status: 'resolved',
      waitingSince: null,
      snoozedUntil: null,
      resolvedAt: expect.any(Date),
    });
    expect((await customer()).active.main).toBeNull();
    const { version } = await header(ctx, conversation);
    expect((await resolveConversation(ctx, agent, on())).version).toBe(version);
    expect(await reopenConversation(ctx, agent, on())).toMatchObject({ status: 'open', resolvedAt: null });
    expect((await reopenConversation(ctx, agent, on())).version).toBe(version + 1);
    expect((await customer()).active.main).toBe(conversation._id);
    expect((await lines()).map((line) => line.type)).toEqual(['begun', 'snoozed', 'resolved', 'reopened']);
  });

  it('reopens nothing past another active conversation', async () => {
    const { ctx } = world;
    await resolveConversation(ctx, agent, on());
    const next = await world.begin(n);
    expect(await refusal(reopenConversation(ctx, agent, on()))).toMatchObject({
      status: 409,
      reason: 'anotherActive',
      data: { conversationId: next._id },
    });
  });

  it('at once from two sides leaves the customer and the conversation agreeing', async () => {
    const { ctx } = world;
    await resolveConversation(ctx, agent, on());
    await Promise.allSettled([
      reopenConversation(ctx, agent, on()),
      resolveConversation(ctx, colleague, on()),
      reopenConversation(ctx, colleague, on()),
      world.begin(n),
    ]);
    const all = await ctx.models.conversations
      .find({ customerId: conversation.customerId, status: { $in: ['open', 'snoozed'] } })
      .lean<ConversationDoc[]>();
    expect(all.length).toBeLessThanOrEqual(1);
    expect((await customer()).active.main).toBe(all[0]?._id ?? null);
  });
});

describe('beginning', () => {
  const begin = (options: Partial<Parameters<typeof beginConversation>[2]>, viewer: Viewer = agent) =>
    beginConversation(world.ctx, viewer, { channelId: world.channel._id, ...options });

  it('makes a customer of a new address, on the agent’s word', async () => {
    const { ctx, simulator } = world;
    const peer = simulator.peer(900);
    const begun = await begin({ address: ` ${peer.replace('+98', '0')} ` });
    expect(begun.conversation).toMatchObject({
      status: 'open',
      assigneeId: agent.id,
      channelIds: [world.channel._id],
      replyTarget: { channelId: world.channel._id, identityId: `mobile:${peer}` },
    });
    expect(begun.customer).toMatchObject({ name: peer, active: { main: begun.conversation._id } });
    const identity = await ctx.models.identities.findById(`mobile:${peer}`).lean<IdentityDoc>();
    expect(identity).toMatchObject({ proof: 'agent', customerId: begun.customer._id });
    const message = await say(ctx, begun.conversation, { text: 'hello' });
    await workLane(ctx, laneOf(message));
    expect(simulator.messages().find((one) => one.peer === peer)).toMatchObject({ text: 'hello' });
  });

  it('goes on with who has that address already, once there is no active conversation', async () => {
    const { ctx, simulator } = world;
    const active = { status: 409, reason: 'anotherActive', data: { conversationId: conversation._id } };
    expect(await refusal(begin({ address: simulator.peer(n) }))).toMatchObject(active);
    const known = { customerId: conversation.customerId, identityId: `mobile:${simulator.peer(n)}` };
    expect(await refusal(begin(known))).toMatchObject(active);
    await resolveConversation(ctx, agent, on());
    const next = await begin(known);
    expect(next.customer._id).toBe(conversation.customerId);
    expect(next.conversation._id).not.toBe(conversation._id);
  });

  it('by two agents at once makes one customer with one conversation', async () => {
    const { simulator, ctx } = world;
    const address = simulator.peer(901);
    const both = await Promise.allSettled([begin({ address }), begin({ address }, colleague)]);
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    const identity = await ctx.models.identities.findById(`mobile:${address}`).lean<IdentityDoc>();
    expect(await ctx.models.conversations.countDocuments({ customerId: identity?.customerId })).toBe(1);
  });

  it('is refused for what is no address, no identity of theirs, no channel of the agent’s', async () => {
    const { simulator } = world;
    expect(await refusal(begin({ address: 'not a number' }))).toMatchObject({
      status: 422,
      fields: { address: expect.any(String) },
    });
    expect(await refusal(begin({}))).toMatchObject({ reason: 'badTarget' });
    expect(
      await refusal(begin({ customerId: '1234567890', identityId: `mobile:${simulator.peer(n)}` })),
    ).toMatchObject({ reason: 'badTarget' });
    expect(await refusal(begin({ address: simulator.peer(902) }, none))).toMatchObject({ status: 403 });
    expect(await refusal(begin({ address: simulator.peer(902), channelId: 'none' }))).toMatchObject({
      reason: 'badTarget',
    });
  });
});
