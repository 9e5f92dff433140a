import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import { type ConversationStatus, type Draft, priorities } from '../../shared/conversation.ts';
import { builtInFilters, builtInViews, matches, type ViewFilter, type ViewKey } from '../../shared/view.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { countViews, countViewsOf } from '../views/view.counts.ts';
import type { SavedViewDoc } from '../views/view.model.ts';
import { conversationChanges } from './conversation.changes.ts';
import { timelineDigest } from './conversation.digest.ts';
import { listConversations, viewDigest } from './conversation.list.ts';
import type { ConversationDoc } from './conversation.model.ts';
import { presentConversation } from './conversation.presenter.ts';
import { getConversation } from './conversation.service.ts';
import { listDrafts, saveDraft } from './draft.ts';
import { markRead } from './read.ts';
import { countView } from './view.ts';

let ctx: TestContext;
const all: Viewer = { id: 'u1', role: 'agent', channelIds: 'all', teamIds: ['t1'] };
const one: Viewer = { id: 'u1', role: 'agent', channelIds: ['c1'], teamIds: ['t1', 't2'] };
const docs: ConversationDoc[] = [];

/** Every mixture of status, assignee, waiting and channel, many with the very same time. */
beforeAll(async () => {
  ctx = await createTestContext();
  const statuses: ConversationStatus[] = ['open', 'snoozed', 'resolved', 'continued', 'spam'];
  for (let n = 0; n < 240; n += 1) {
    const at = new Date(Date.UTC(2026, 0, 1) + Math.floor(n / 7) * 1_000);
    docs.push({
      _id: `conversation-${String((n * 89) % 240).padStart(3, '0')}`,
      customerId: `customer-${n % 50}`,
      homeCustomerId: `customer-${n % 50}`,
      status: statuses[n % 5] ?? 'open',
      successorId: null,
      assigneeId: [null, 'u1', 'u2'][n % 3] ?? null,
      teamId: [null, 't1', 't2', null][(n * 7) % 4] ?? null,
      priority: priorities[(n * 5) % 4] ?? 'normal',
      tagIds: ['g1', 'g2', 'g3'].filter((_, tag) => (n >> tag) % 3 === 1),
      mentionedIds: ['u1', 'u2'].filter((_, user) => (n >> (user + 1)) % 4 === 1),
      splitFromId: null,
      spam: null,
      version: n + 1,
      seq: 1,
      messageCount: 1,
      channelIds: n % 7 === 0 ? ['c1', 'c2'] : n % 2 ? ['c1'] : ['c2'],
      waitingSince: n % 11 < 4 ? at : null,
      snoozedUntil: null,
      resolvedAt: null,
      createdAt: at,
      lastAt: at,
      newestAt: at,
      lastInboundSeq: 1,
      replyTargetAt: null,
      replyTarget: null,
      preview: null,
      undelivered: 0,
    });
  }
  await ctx.models.conversations.insertMany(docs);
  await ctx.models.views.insertMany([
    {
      _id: 'v',
      name: 'v',
      filter: { status: ['open'] },
      ownerId: 'u9',
      sharedWith: 'everyone',
      createdAt: new Date(),
    },
  ]);
  await ctx.models.customers.insertMany(
    Array.from({ length: 50 }, (_, n) => ({
      _id: `customer-${n}`,
      name: `Customer ${n}`,
      nameSource: 'channel',
      active: { main: null },
      version: 1,
      mergedInto: null,
      members: [`customer-${n}`],
      tokens: [],
      createdAt: new Date(),
    })),
  );
});
afterAll(() => ctx.close());

/** What the view must show, by the rule of the contract and nothing else. */
const expected = (filter: ViewFilter, viewer: Viewer) =>
  docs
    .filter((doc) => matches(filter, presentConversation(doc), viewer))
    .filter(
      (doc) => viewer.channelIds === 'all' || doc.channelIds.some((id) => viewer.channelIds.includes(id)),
    )
    .sort((a, b) => b.lastAt.getTime() - a.lastAt.getTime() || (a._id < b._id ? 1 : -1))
    .map((doc) => doc._id);

describe.each(builtInViews)('the view "%s"', (view) => {
  it.each([
    ['everything', all],
    ['one channel', one],
  ])('is listed whole, window by window, without gap or double (%s)', async (_name, viewer) => {
    const found: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listConversations>> = await listConversations(ctx, viewer, {
        view,
        channelId: null,
        after,
        limit: 7,
      });
      found.push(...page.conversations.map((conversation) => conversation.id));
      for (const conversation of page.conversations)
        expect(page.customers.map((customer) => customer.id)).toContain(conversation.customerId);
      after = page.next;
    } while (after);
    expect(found).toEqual(expected(builtInFilters[view], viewer));
    const digest = await viewDigest(ctx, viewer, { view, channelId: null, limit: 200 });
    expect(digest.versions.map(([id]) => id)).toEqual(found.slice(0, 200));
    expect(digest.count).toBe(found.length);
    expect((await countViews(ctx, viewer))[view]).toBe(found.length);
  });
});

const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
const filters: fc.Arbitrary<ViewFilter> = fc.record(
  {
    status: some(['open', 'snoozed', 'resolved', 'spam'] as const),
    assignee: fc.oneof(
      fc.constantFrom('me' as const, 'none' as const),
      fc.subarray(['u1', 'u2', 'nobody']).map((anyOf) => ({ anyOf })),
    ),
    mentioned: fc.constant('me' as const),
    team: fc.oneof(
      fc.constantFrom('mine' as const, 'none' as const),
      fc.subarray(['t1', 't2', 'gone']).map((anyOf) => ({ anyOf })),
    ),
    tags: fc.subarray(['g1', 'g2', 'g3', 'gone']),
    priority: some(priorities),
    channels: fc.subarray(['c1', 'c2', 'gone']),
    waiting: fc.constant(true as const),
  },
  { requiredKeys: ['status'] },
);
const viewers = fc.record({
  id: fc.constantFrom('u1', 'u2'),
  role: fc.constant('agent' as const),
  channelIds: fc.constantFrom<'all' | string[]>('all', ['c1'], ['c2'], []),
  teamIds: fc.subarray(['t1', 't2']),
});

it('whatever a view asks for, the query finds what the rule of the contract says', async () => {
  await fc.assert(
    fc.asyncProperty(filters, viewers, async (filter, viewer) => {
      await ctx.models.views.updateOne({ _id: 'v' }, { $set: { filter } });
      const { conversations } = await listConversations(ctx, viewer, {
        view: 'saved:v',
        channelId: null,
        after: null,
        limit: 240,
      });
      const wanted = expected(filter, viewer);
      expect(conversations.map((one) => one.id)).toEqual(wanted);
      expect(await countView(ctx, viewer, { filter })).toBe(wanted.length);
    }),
    { numRuns: 150 },
  );
});

it('counts of many viewers at once are those of each alone', async () => {
  await ctx.models.teams.insertMany(
    ['t1', 't2', 't3'].map((_id) => ({
      _id,
      name: _id,
      archived: _id === 't2',
      touched: 0,
      createdAt: new Date(),
    })),
  );
  const view = (_id: string, ownerId: string, sharedWith: string, filter: ViewFilter): SavedViewDoc => ({
    _id,
    name: _id,
    filter,
    ownerId,
    sharedWith,
    createdAt: new Date(),
  });
  const saved = [
    view('own', 'u1', 'nobody', { status: ['open'], priority: ['urgent'] }),
    view('team', 'u9', 't2', { status: ['open', 'snoozed'], team: 'mine', tags: ['g1'] }),
    view('shared', 'u9', 'everyone', { status: ['resolved'], assignee: 'me' }),
  ];
  await ctx.models.views.insertMany(saved);
  const members: Viewer[] = ['u1', 'u2', 'u3'].map((id, n) => ({
    id,
    role: 'agent',
    channelIds: ['c1'],
    teamIds: [['t1'], ['t2', 't3'], []][n] ?? [],
  }));
  const all = await ctx.models.views.find({}).lean<SavedViewDoc[]>();
  const together = await countViewsOf(ctx, members, { views: all, teams: new Set(['t1', 't3']) });
  for (const member of members)
    expect([member.id, together.get(member.id)]).toEqual([member.id, await countViews(ctx, member)]);
  expect(together.get('u1')).toHaveProperty('saved:own', expected(saved[0]!.filter, members[0]!).length);
  expect(together.get('u1')).toHaveProperty('team:t1');
  expect(together.get('u1')).not.toHaveProperty('saved:team');
  // An archived team has no view of its own any more.
  expect(together.get('u2')).not.toHaveProperty('team:t2');
  expect(together.get('u2')).toHaveProperty('team:t3', 0);
  expect(together.get('u3')).not.toHaveProperty('saved:own');
});

it('a saved view that is not shared with the viewer is not there', async () => {
  const ask = (view: ViewKey, viewer: Viewer) =>
    listConversations(ctx, viewer, { view, channelId: null, after: null, limit: 1 });
  await expect(ask('saved:own', { ...all, id: 'u2' })).rejects.toMatchObject({ code: 'notFound' });
  await expect(ask('saved:team', { ...all, id: 'u2' })).rejects.toMatchObject({ code: 'notFound' });
  await expect(ask('saved:gone', all)).rejects.toMatchObject({ code: 'notFound' });
  expect((await ask('saved:team', one)).view).toBe('saved:team');
});

it('a list takes for a cursor only what it gave', async () => {
  for (const text of ['', 'x', '1:', ':x', '9999999999999999:x', '-1:x'])
    await expect(
      listConversations(ctx, all, {
        view: 'all',
        channelId: null,
        after: Buffer.from(text).toString('base64url'),
        limit: 5,
      }),
    ).rejects.toMatchObject({ code: 'invalid' });
});

it('a channel narrows a view', async () => {
  const page = await listConversations(ctx, all, { view: 'all', channelId: 'c2', after: null, limit: 50 });
  expect(page.conversations.length).toBeGreaterThan(10);
  for (const conversation of page.conversations) expect(conversation.channelIds).toContain('c2');
  await expect(
    listConversations(ctx, one, { view: 'all', channelId: 'c2', after: null, limit: 50 }),
  ).rejects.toMatchObject({ code: 'notFound' });
});

describe('what one agent keeps', () => {
  const id = 'conversation-000';
  const draft = (text: string, savedAt: number): Draft => ({
    conversationId: id,
    mode: 'reply',
    text,
    target: { channelId: 'c1', identityId: 'mobile:1', threadKey: 't' },
    savedAt,
  });

  it('of a draft, the newest word of two windows wins, and an empty one strikes it off', async () => {
    await saveDraft(ctx, all, { id, draft: draft('second', 20) });
    await saveDraft(ctx, all, { id, draft: draft('first, late', 10) });
    expect(await listDrafts(ctx, all)).toEqual([draft('second', 20)]);
    expect(await listDrafts(ctx, { ...all, id: 'u2' })).toEqual([]);
    const page = await listConversations(ctx, all, { view: 'all', channelId: null, after: null, limit: 50 });
    expect(page.drafts.every((one) => one === id)).toBe(true);
    await saveDraft(ctx, all, { id, draft: draft('', 15) });
    expect(await listDrafts(ctx, all)).toHaveLength(1);
    await saveDraft(ctx, all, { id, draft: draft(' ', 30) });
    expect(await listDrafts(ctx, all)).toEqual([]);
    await expect(
      saveDraft(ctx, all, { id: 'conversation-001', draft: draft('x', 40) }),
    ).rejects.toMatchObject({ code: 'invalid' });
  });

  it('of reading, where they are: never beyond what there is, and back again when marked unread', async () => {
    await markRead(ctx, all, { id, seq: 99 });
    expect((await getConversation(ctx, all, id)).readSeq).toBe(1);
    await markRead(ctx, all, { id, seq: 0 });
    expect((await getConversation(ctx, all, id)).readSeq).toBe(0);
    expect((await getConversation(ctx, { ...all, id: 'u2' }, id)).readSeq).toBe(0);
  });
});

describe('what changed since', () => {
  it('is every message with a higher version, and what left; the digest names all of a range', async () => {
    const id = 'conversation-001';
    const at = new Date();
    await ctx.models.messages.insertMany(
      Array.from({ length: 5 }, (_, n) => ({
        _id: `m${n}`,
        conversationId: id,
        kind: 'message',
        direction: 'in',
        seq: n + 1,
        version: 10 + n,
        at,
        receivedAt: at,
        visibility: 'private',
        text: `text ${n}`,
      })),
    );
    await ctx.models.tombstones.insertMany([
      { _id: `${id}:gone`, messageId: 'gone', conversationId: id, version: 12, movedTo: 'conversation-002' },
    ]);
    const changes = await conversationChanges(ctx, all, { id, sinceVersion: 11 });
    expect(changes.entries.map((entry) => [entry.id, entry.version])).toEqual(
      expect.arrayContaining([
        ['m2', 12],
        ['gone', 12],
        ['m3', 13],
        ['m4', 14],
      ]),
    );
    expect(changes.entries).toHaveLength(4);
    expect(changes).toMatchObject({ reset: false, header: { id }, customer: { version: 1 } });
    expect(await timelineDigest(ctx, all, { id, fromSeq: 3 })).toMatchObject({
      versions: [
        ['m2', 12],
        ['m3', 13],
        ['m4', 14],
      ],
    });
  });
});
