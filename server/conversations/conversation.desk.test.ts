import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import type { ConversationUpdate } from '../../shared/conversation.ts';
import { AppError } from '../../shared/errors.ts';
import { defaultPreferences } from '../../shared/preferences.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { person, plain, rawEvent, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import type { IdentityDoc } from '../customers/customer.model.ts';
import { blockIdentity } from '../customers/identity.block.ts';
import { checkInvariants } from '../db/invariants.ts';
import { replayInbound } from '../inbound/inbound.service.ts';
import { processEvent } from '../inbound/inbound.worker.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { writeNote } from '../messages/note.ts';
import { reply } from '../messages/reply.ts';
import { createTag } from '../tags/tag.service.ts';
import { createTeam } from '../teams/team.service.ts';
import type { ConversationDoc } from './conversation.model.ts';
import { splitConversation } from './conversation.split.ts';
import { updateConversation, updateConversations } from './conversation.update.ts';

let ctx: TestContext;
let channel: ChannelDoc;
let other: ChannelDoc;
let ahead = 0;
const agent: Viewer = { id: 'agent', role: 'agent', channelIds: 'all', teamIds: [] };
const admin: Viewer = { id: 'admin', role: 'administrator', channelIds: 'all', teamIds: [] };

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain }, now: () => new Date(Date.now() + ahead) });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  ahead = 0;
  await ctx.empty();
  channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
  other = await ctx.addChannel({ connector: 'plain', accountRef: 'other' });
  await ctx.models.users.insertMany(
    ['agent', 'sara', 'far', 'gone'].map((_id) => ({
      _id,
      name: _id,
      email: `${_id}@example.com`,
      role: 'agent',
      channelIds: _id === 'far' ? [other._id] : 'all',
      teamIds: [],
      active: _id !== 'gone',
      preferences: defaultPreferences,
      touched: 0,
      createdAt: new Date(),
    })),
  );
});
afterEach(async () => {
  expect(await checkInvariants(ctx.models)).toEqual([]);
});

const says = async (who: string, text: string, on: ChannelDoc = channel) => {
  const [id] = await deliver(ctx, on, [
    rawEvent([written(person(who), text)], { accountRef: on.accountRef }),
  ]);
  return (await ctx.models.inbound.findById(id).lean())!;
};
const of = async (who: string) =>
  ctx.models.conversations
    .find({ customerId: (await identity(who)).customerId })
    .sort({ createdAt: 1 })
    .lean<ConversationDoc[]>();
const identity = async (who: string) =>
  (await ctx.models.identities.findById(`telegramUser:${who}`).lean<IdentityDoc>())!;
const last = async (who: string) => (await of(who)).at(-1)!;
const change = (conversationId: string, update: ConversationUpdate, viewer = agent) =>
  updateConversation(ctx, viewer, { conversationId, update });
const lines = async (conversationId: string) =>
  (
    await ctx.models.messages.find({ conversationId, kind: 'event' }).sort({ seq: 1 }).lean<MessageDoc[]>()
  ).map((line) => [line.event?.type, line.event?.data]);
const refusal = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.body : error),
  );

describe('team, priority and tags', () => {
  it('are set with a line that says from what to what, and the same again is no news', async () => {
    await says('anna', 'hello');
    const { _id } = await last('anna');
    const team = await createTeam(ctx, admin, { name: 'Sales', memberIds: ['sara'] });
    const [a, b] = [
      await createTag(ctx, agent, { name: 'late' }),
      await createTag(ctx, agent, { name: 'refund', colour: 'red' }),
    ];
    await change(_id, { deed: 'team', teamId: team.id });
    await change(_id, { deed: 'priority', priority: 'urgent' });
    await change(_id, { deed: 'tag', add: [a.id, b.id, a.id], remove: [] });
    const { after } = await change(_id, { deed: 'tag', add: [], remove: [b.id, 'gone'] });
    expect(after).toMatchObject({ teamId: team.id, priority: 'urgent', tagIds: [a.id] });
    for (const update of [
      { deed: 'team', teamId: team.id },
      { deed: 'priority', priority: 'urgent' },
      { deed: 'tag', add: [a.id], remove: [b.id] },
    ] as const)
      expect((await change(_id, update as ConversationUpdate)).after.version).toBe(after.version);
    expect(await lines(_id)).toEqual([
      ['teamed', { from: null, to: team.id }],
      ['prioritised', { from: 'normal', to: 'urgent' }],
      ['tagged', { added: [a.id, b.id], removed: [] }],
      ['tagged', { added: [], removed: [b.id] }],
    ]);
    expect((await ctx.models.users.findById('sara').lean())?.teamIds).toEqual([team.id]);
  });

  it('are refused where there is no such thing', async () => {
    await says('anna', 'hello');
    const { _id } = await last('anna');
    expect(await refusal(change(_id, { deed: 'team', teamId: 'none' }))).toMatchObject({ code: 'invalid' });
    expect(await refusal(change(_id, { deed: 'tag', add: ['none'], remove: [] }))).toMatchObject({
      code: 'invalid',
    });
    const far: Viewer = { ...agent, channelIds: [other._id] };
    expect(await refusal(change(_id, { deed: 'priority', priority: 'low' }, far))).toMatchObject({
      code: 'notFound',
    });
  });
});

describe('mentions', () => {
  const note = (conversationId: string, mentions: string[], by = agent) =>
    writeNote(ctx, by, {
      conversationId,
      create: { id: randomUUID(), kind: 'note', text: 'see this', fileIds: [], lastSeenSeq: 9, mentions },
    });

  it('put a conversation on a colleague’s list until they strike it off, and back by its undo', async () => {
    await says('anna', 'hello');
    const { _id } = await last('anna');
    const written = await note(_id, ['sara', 'agent', 'sara']);
    expect(written.mentions).toEqual(['sara', 'agent']);
    expect((await last('anna')).mentionedIds).toEqual(['sara']);
    const sara = { ...agent, id: 'sara' };
    expect((await change(_id, { deed: 'strikeMention' }, sara)).after.mentionedIds).toEqual([]);
    expect((await change(_id, { deed: 'restoreMention' }, sara)).after.mentionedIds).toEqual(['sara']);
    expect(await refusal(change(_id, { deed: 'restoreMention' }, { ...agent, id: 'far' }))).toMatchObject({
      reason: 'stateChanged',
    });
  });

  it('name only colleagues who may see it', async () => {
    await says('anna', 'hello');
    const { _id } = await last('anna');
    for (const mentions of [['far'], ['gone'], ['nobody'], ['sara', 'far']])
      expect(await refusal(note(_id, mentions))).toMatchObject({
        code: 'invalid',
        reason: 'colleagueCannotSee',
      });
    expect(await ctx.models.messages.countDocuments({ kind: 'note' })).toBe(0);
  });
});

describe('spam', () => {
  it('is put away with whom it is from, whose words are ignored, and all of it comes back', async () => {
    await says('eve', 'buy this');
    const before = await last('eve');
    await change(before._id, { deed: 'spam', block: ['telegramUser:eve'] });
    const put = await last('eve');
    expect(put).toMatchObject({ status: 'spam', waitingSince: null });
    const customer = await ctx.models.customers.findById(put.customerId).lean();
    expect(customer?.active.main).toBeNull();
    expect((await identity('eve')).blocked).toBe(true);
    const ignored = await says('eve', 'buy more');
    expect(ignored).toMatchObject({ state: 'ignored', reason: /^blocked:/, restorable: true });
    expect(await of('eve')).toHaveLength(1);
    const agentReply = reply(ctx, agent, {
      conversationId: put._id,
      create: {
        id: randomUUID(),
        kind: 'message',
        text: 'no',
        fileIds: [],
        lastSeenSeq: 9,
        target: { channelId: channel._id, identityId: 'telegramUser:eve', threadKey: 'eve' },
      },
    });
    expect(await refusal(agentReply)).toMatchObject({ reason: 'stateChanged' });
    for (const deed of ['resolve', 'reopen'] as const)
      expect(await refusal(change(put._id, { deed }))).toMatchObject({ reason: 'stateChanged' });

    const { after } = await change(put._id, { deed: 'notSpam' });
    expect(after).toMatchObject({ status: 'open', spam: null, waitingSince: before.waitingSince });
    expect((await identity('eve')).blocked).toBe(false);
    expect((await lines(put._id)).map(([type]) => type)).toEqual(['spam', 'blocked', 'notSpam', 'unblocked']);
    await says('eve', 'sorry');
    expect((await last('eve')).seq).toBe(6);
    // What was ignored meanwhile can still be taken in.
    await replayInbound(ctx, admin, ignored._id);
    await processEvent(ctx, ignored._id);
    expect((await last('eve')).seq).toBe(7);
  });

  it('without a block lets the sender begin anew, and comes back resolved then', async () => {
    await says('eve', 'buy this');
    const first = await last('eve');
    await change(first._id, { deed: 'spam', block: [] });
    await says('eve', 'a real question');
    const second = await last('eve');
    expect(second._id).not.toBe(first._id);
    const { after } = await change(first._id, { deed: 'notSpam' });
    expect(after).toMatchObject({ status: 'resolved', waitingSince: null });
    expect((await last('eve')).status).toBe('open');
  });

  it('keeps a snooze, a resolution and a split as they were', async () => {
    await says('eve', 'one');
    await says('eve', 'two', other);
    const { _id } = await last('eve');
    const until = new Date(Date.now() + 3_600_000).toISOString();
    await change(_id, { deed: 'snooze', until });
    const { to } = await splitConversation(ctx, agent, {
      conversationId: _id,
      split: { channelId: other._id, identityId: 'telegramUser:eve', threadKey: 'eve' },
    });
    for (const id of [_id, to.id]) await change(id, { deed: 'spam', block: [] });
    expect((await change(_id, { deed: 'notSpam' })).after).toMatchObject({ status: 'snoozed' });
    expect((await change(to.id, { deed: 'notSpam' })).after).toMatchObject({ status: 'open' });
    await change(_id, { deed: 'resolve' });
    await change(_id, { deed: 'spam', block: [] });
    expect((await change(_id, { deed: 'notSpam' })).after).toMatchObject({ status: 'resolved' });
  });

  it('unblocks only whom it blocked, and takes nobody else’s address', async () => {
    await says('eve', 'one');
    await says('anna', 'hello');
    const { _id } = await last('eve');
    expect(await refusal(change(_id, { deed: 'spam', block: ['telegramUser:anna'] }))).toMatchObject({
      code: 'invalid',
    });
    await blockIdentity(ctx, agent, { identityId: 'telegramUser:eve', blocked: true });
    await change(_id, { deed: 'spam', block: ['telegramUser:eve'] });
    await change(_id, { deed: 'notSpam' });
    expect((await identity('eve')).blocked).toBe(true);
    const freed = await blockIdentity(ctx, agent, { identityId: 'telegramUser:eve', blocked: false });
    expect(freed).toMatchObject({ id: 'telegramUser:eve', blocked: false });
  });

  it('statuses and edits of what was said before are still taken', async () => {
    await deliver(ctx, channel, [written(person('eve'), 'first', { externalIds: ['m1'] })]);
    await blockIdentity(ctx, agent, { identityId: 'telegramUser:eve', blocked: true });
    await deliver(ctx, channel, [
      {
        type: 'edit',
        externalId: 'm1',
        text: 'first, changed',
        at: new Date(),
        order: '1',
      },
    ]);
    const [message] = await ctx.models.messages.find({ kind: 'message' }).lean<MessageDoc[]>();
    expect(message?.text).toBe('first, changed');
  });
});

describe('the same deed on many', () => {
  it('is a commit each, names what failed, and tells how to take each back', async () => {
    const tag = await createTag(ctx, agent, { name: 'seen' });
    for (const who of ['a', 'b', 'c', 'd', 'e', 'f']) await says(who, 'hello');
    await says('h', 'elsewhere', other);
    const ids = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f', 'h'].map(async (who) => (await last(who))._id),
    );
    const [first = '', second = '', third = ''] = ids;
    await change(first, { deed: 'tag', add: [tag.id], remove: [] });
    await change(second, { deed: 'resolve' });
    const here: Viewer = { ...agent, channelIds: [channel._id] };
    const bulk = (update: ConversationUpdate, of = ids) =>
      updateConversations(ctx, here, { ids: of, update });

    const tagged = await bulk({ deed: 'tag', add: [tag.id], remove: [] }, [...ids, 'nobody', first]);
    expect(tagged.failed.map((one) => one.id)).toEqual([ids[6], 'nobody']);
    expect(tagged.done.map((one) => one.id)).toEqual(ids.slice(0, 6));
    expect(tagged.done[0]?.before).toBeNull();
    expect(tagged.done[1]?.before).toEqual({ deed: 'tag', add: [], remove: [tag.id] });

    const later = new Date(Date.now() + 3_600_000).toISOString();
    await change(third, { deed: 'snooze', until: later });
    const [waits, sleeps] = [await last('a'), await last('c')];
    expect(waits.waitingSince).not.toBeNull();
    const resolved = await bulk({ deed: 'resolve' }, ids.slice(0, 6));
    expect(resolved.done.map((one) => one.before)).toEqual([
      { deed: 'reopen', asBefore: true },
      null,
      { deed: 'reopen', asBefore: true },
      { deed: 'reopen', asBefore: true },
      { deed: 'reopen', asBefore: true },
      { deed: 'reopen', asBefore: true },
    ]);
    for (const { id, before } of resolved.done) if (before) await change(id, before);
    expect(await last('a')).toMatchObject({ status: 'open', waitingSince: waits.waitingSince });
    const { snoozedUntil, waitingSince } = sleeps;
    expect(await last('c')).toMatchObject({ status: 'snoozed', snoozedUntil, waitingSince });
    await change(third, { deed: 'reopen' });
    expect((await last('b')).status).toBe('resolved');

    const until = new Date(Date.now() + 3_600_000).toISOString();
    const back = async (update: ConversationUpdate, id = third) => {
      const { done } = await bulk(update, [id]);
      const undo = done[0]?.before;
      if (!undo) throw new Error('There was nothing to take back.');
      await change(id, undo);
    };
    const before = await last('c');
    for (const update of [
      { deed: 'assign', assigneeId: 'sara' },
      { deed: 'priority', priority: 'low' },
      { deed: 'snooze', until },
      { deed: 'spam', block: [] },
    ] as const) {
      await back(update as ConversationUpdate);
      const after = await last('c');
      expect({ ...after, version: 0, seq: 0, messageCount: 0 }).toEqual({
        ...before,
        version: 0,
        seq: 0,
        messageCount: 0,
      });
    }
  });
});
