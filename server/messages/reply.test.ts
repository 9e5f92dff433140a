import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import type { AppError } from '../../shared/errors.ts';
import type { MessageCreate } from '../../shared/message.ts';
import {
  agent,
  colleague,
  draftOf,
  header,
  laneOf,
  type Outbound,
  say,
  startOutbound,
  stored,
} from '../../test/outbound.ts';
import type { ConversationDoc } from '../conversations/conversation.model.ts';
import { resolveConversation } from '../conversations/conversation.resolve.ts';
import type { CustomerDoc } from '../customers/customer.model.ts';
import { key } from '../db/key.ts';
import type { MessageDoc } from './message.model.ts';
import { writeNote } from './note.ts';

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
const send = (create: Partial<MessageCreate> = {}, viewer: Viewer = agent) =>
  say(world.ctx, conversation, create, viewer);
const timeline = (): Promise<MessageDoc[]> =>
  world.ctx.models.messages.find({ conversationId: conversation._id }).sort({ seq: 1 }).lean<MessageDoc[]>();
const active = async () =>
  (await world.ctx.models.customers.findById(conversation.customerId).lean<CustomerDoc>())?.active.main;
const note = (text: string, viewer: Viewer = agent, create: Partial<MessageCreate> = {}) => {
  const { target: _, ...draft } = draftOf(world.ctx, conversation, { text, kind: 'note', ...create });
  return writeNote(world.ctx, viewer, { conversationId: conversation._id, create: draft });
};

describe('a reply', () => {
  it('is written queued, touches its lane, strikes off the draft and clears the waiting', async () => {
    const { ctx } = world;
    await ctx.models.conversations.updateOne(
      { _id: conversation._id },
      { $set: { waitingSince: ctx.now() } },
    );
    await ctx.models.drafts.insertMany([
      {
        _id: key(agent.id, conversation._id, 'reply'),
        userId: agent.id,
        conversationId: conversation._id,
        mode: 'reply',
        text: 'half',
        target: null,
        savedAt: 1,
      },
    ]);
    const events: string[] = [];
    const ends = [
      ctx.bus.on('conversation.changed', (event) => events.push(`conversation ${event.messages.length}`)),
      ctx.bus.on('draft.changed', (event) => events.push(`draft ${event.mode}`)),
      ctx.bus.on('lane.touched', () => events.push('lane')),
    ];
    const message = await send({ text: 'answer' });
    for (const end of ends) end();
    expect(events).toEqual(['conversation 1', 'lane', 'draft reply']);
    expect(await ctx.models.drafts.countDocuments({ conversationId: conversation._id })).toBe(0);
    expect(await ctx.models.lanes.findById(laneOf(message)).lean()).toMatchObject({ touched: 1 });
    expect(await header(ctx, conversation)).toMatchObject({
      version: conversation.version + 1,
      waitingSince: null,
      preview: { text: 'answer', direction: 'out', authorId: agent.id },
    });
    expect(await stored(ctx, message)).toMatchObject({
      direction: 'out',
      visibility: 'private',
      delivery: { state: 'queued' },
    });
  });

  it('sent twice is the stored message, once in the timeline', async () => {
    const draft = draftOf(world.ctx, conversation);
    const twice = await Promise.all([send(draft), send(draft)]);
    expect(twice[0]).toEqual(twice[1]);
    expect(await send({ ...draft, text: 'changed since' })).toEqual(twice[0]);
    expect((await timeline()).filter((message) => message.kind === 'message')).toHaveLength(1);
    expect(await world.ctx.models.lanes.findById(laneOf(twice[0] as MessageDoc)).lean()).toMatchObject({
      touched: 1,
    });
  });

  it('under another author’s id is forbidden, and in another conversation invalid', async () => {
    const { _id: id } = await send();
    expect(await refusal(send({ id }, colleague))).toMatchObject({ status: 403, reason: 'notTheAuthor' });
    n += 1;
    const other = await world.begin(n);
    expect(await refusal(say(world.ctx, other, { id }))).toMatchObject({
      status: 422,
      reason: 'otherConversation',
    });
  });

  it('gives the stored message again also when the channel was paused since', async () => {
    const draft = draftOf(world.ctx, conversation);
    const first = await send(draft);
    const { channels } = world.ctx.models;
    await channels.updateOne({ _id: world.channel._id }, { $set: { state: 'paused' } });
    const again = await send(draft);
    const refused = await refusal(send());
    await channels.updateOne({ _id: world.channel._id }, { $set: { state: 'connected' } });
    expect(again).toEqual(first);
    expect(refused).toMatchObject({ status: 409, reason: 'channelUnavailable' });
  });

  it('in a continued conversation names its successor', async () => {
    await world.ctx.models.conversations.updateOne(
      { _id: conversation._id },
      { $set: { status: 'continued', successorId: 'the-next' } },
    );
    expect(await refusal(send())).toEqual({
      status: 409,
      reason: 'continued',
      data: { successorId: 'the-next' },
      fields: undefined,
    });
  });

  it('reopens a resolved conversation', async () => {
    await resolveConversation(world.ctx, agent, { conversationId: conversation._id });
    expect(await active()).toBeNull();
    await send();
    expect(await active()).toBe(conversation._id);
    expect(await header(world.ctx, conversation)).toMatchObject({ status: 'open', resolvedAt: null });
    expect((await timeline()).map((message) => message.event?.type ?? message.kind)).toEqual([
      'begun',
      'resolved',
      'reopened',
      'message',
    ]);
  });

  it('does not reopen past another active conversation', async () => {
    await resolveConversation(world.ctx, agent, { conversationId: conversation._id });
    const next = await world.begin(n);
    for (const thenResolve of [false, true])
      expect(await refusal(send({ thenResolve }))).toMatchObject({
        status: 409,
        reason: 'anotherActive',
        data: { conversationId: next._id },
      });
    expect(await header(world.ctx, conversation)).toMatchObject({ status: 'resolved' });
  });

  it('that a colleague overtook is shown theirs, unless it is sent all the same', async () => {
    const seen = (await header(world.ctx, conversation)).seq;
    const theirs = await send({ text: 'theirs' }, colleague);
    expect(await refusal(send({ lastSeenSeq: seen }))).toMatchObject({
      status: 409,
      reason: 'colleagueReplied',
      data: { message: { id: theirs._id, text: 'theirs' } },
    });
    const mine = await send({ lastSeenSeq: seen, sendAnyway: true });
    expect(mine.sentAnyway).toBe(true);
    expect((await send({ lastSeenSeq: mine.seq, sendAnyway: true })).sentAnyway).toBe(false);
  });

  it('is not stopped by notes, by lines of what happened, by automatic or by own messages', async () => {
    const { ctx } = world;
    const seen = (await header(ctx, conversation)).seq;
    await note('between us', colleague);
    await send({ text: 'mine' });
    const automatic = await send({ text: 'automatic' });
    await ctx.models.messages.updateOne({ _id: automatic._id }, { $set: { authorId: null } });
    expect((await send({ lastSeenSeq: seen })).sentAnyway).toBe(false);
    await ctx.models.messages.updateOne({ _id: automatic._id }, { $set: { sentElsewhere: true } });
    expect(await refusal(send({ lastSeenSeq: seen }))).toMatchObject({ reason: 'colleagueReplied' });
  });

  it('of two agents at once: one is written, the other is shown it', async () => {
    const lastSeenSeq = (await header(world.ctx, conversation)).seq;
    const both = await Promise.allSettled([send({ lastSeenSeq }), send({ lastSeenSeq }, colleague)]);
    const refused = both.filter((one) => one.status === 'rejected');
    expect(refused.map((one) => one.reason as AppError)).toMatchObject([{ reason: 'colleagueReplied' }]);
    expect((await timeline()).filter((message) => message.kind === 'message')).toHaveLength(1);
  });

  it('then resolves in the same commit', async () => {
    await send({ text: 'bye', thenResolve: true });
    expect(await header(world.ctx, conversation)).toMatchObject({
      status: 'resolved',
      version: conversation.version + 1,
      waitingSince: null,
    });
    expect(await active()).toBeNull();
    await send({ text: 'one more', thenResolve: true });
    expect(await active()).toBeNull();
    expect((await timeline()).map((message) => message.event?.type ?? message.text)).toEqual([
      'begun',
      'bye',
      'resolved',
      'reopened',
      'one more',
      'resolved',
    ]);
  });

  it('against resolve at once ends as one of the two orders would', async () => {
    await Promise.all([
      send({ text: 'racing' }),
      resolveConversation(world.ctx, colleague, { conversationId: conversation._id }),
    ]);
    const order = (await timeline()).map((message) => message.event?.type ?? message.text).join(' ');
    const { status } = await header(world.ctx, conversation);
    expect([
      ['begun racing resolved', 'resolved', null],
      ['begun resolved reopened racing', 'open', conversation._id],
    ]).toContainEqual([order, status, await active()]);
  });
});

describe('a reply is refused', () => {
  const none: Viewer = { id: 'agent-3', role: 'agent', channelIds: ['another channel'], teamIds: [] };

  it('to an agent who has none of its channels, as if it did not exist', async () => {
    expect(await refusal(send({}, none))).toMatchObject({ status: 404 });
    expect(await refusal(note('x', none))).toMatchObject({ status: 404 });
  });

  it('on a channel that is not the agent’s, though they see the conversation', async () => {
    const { ctx } = world;
    await ctx.models.conversations.updateOne(
      { _id: conversation._id },
      { $addToSet: { channelIds: 'another channel' } },
    );
    expect(await refusal(send({}, none))).toMatchObject({ status: 403 });
  });

  it('without a target, and to what is not this customer’s', async () => {
    const { ctx } = world;
    expect(await refusal(send({ target: undefined }))).toMatchObject({ status: 422, reason: 'badTarget' });
    const target = draftOf(ctx, conversation).target;
    if (!target) throw new Error('no target');
    n += 1;
    const stranger = draftOf(ctx, await world.begin(n)).target?.identityId ?? '';
    for (const bad of [
      { ...target, identityId: 'mobile:+989000000000' },
      { ...target, identityId: stranger },
      { ...target, threadKey: 'somebody else’s thread' },
      { ...target, inReplyTo: 'no such message' },
    ])
      expect(await refusal(send({ target: bad }))).toMatchObject({ status: 422, reason: 'badTarget' });
    const nowhere = { ...target, channelId: 'nowhere' };
    expect(await refusal(send({ target: nowhere }))).toMatchObject({ status: 422, reason: 'badTarget' });
  });

  it('when it is empty, or carries what the channel cannot', async () => {
    const { ctx } = world;
    expect(await refusal(send({ text: '' }))).toMatchObject({
      status: 422,
      fields: { text: expect.any(String) },
    });
    const files = { fileIds: expect.any(String) };
    expect(await refusal(send({ fileIds: ['none'] }))).toMatchObject({ status: 422, fields: files });
    async function* bytes() {
      yield new TextEncoder().encode('hello');
    }
    const file = await ctx.files.put(bytes(), {
      name: 'hello.txt',
      maxBytes: 100,
      authorId: agent.id,
      conversationId: null,
    });
    expect(await refusal(send({ fileIds: [file._id] }))).toMatchObject({ status: 422, fields: files });
    expect(await refusal(note('look', colleague, { fileIds: [file._id] }))).toMatchObject({
      status: 422,
      fields: files,
    });
    const written = await note('look', agent, { fileIds: [file._id] });
    expect(written.attachments).toMatchObject([{ fileId: file._id, name: 'hello.txt', state: 'ready' }]);
    expect((await ctx.models.files.findById(file._id).lean())?.conversationId).toBe(conversation._id);
    expect((await timeline()).filter((message) => message.kind === 'message')).toHaveLength(0);
  });
});

describe('a note', () => {
  it('is for the team alone: on no lane, opens nothing, twice is once', async () => {
    const { ctx } = world;
    await resolveConversation(ctx, agent, { conversationId: conversation._id });
    const id = ctx.uuid();
    const first = await note('remember', agent, { id });
    expect(await note('remember', agent, { id })).toEqual(first);
    expect(first).toMatchObject({ kind: 'note', visibility: 'internal', delivery: null, channelId: null });
    expect(await ctx.models.lanes.countDocuments({ conversationId: conversation._id })).toBe(0);
    expect(await header(ctx, conversation)).toMatchObject({ status: 'resolved' });
    expect(await refusal(note('  '))).toMatchObject({ status: 422 });
    expect(await refusal(note('theirs', colleague, { id }))).toMatchObject({ status: 403 });
  });

  it('can end the conversation', async () => {
    await note('done by phone', agent, { thenResolve: true });
    expect(await header(world.ctx, conversation)).toMatchObject({ status: 'resolved' });
    expect(await active()).toBeNull();
  });
});
