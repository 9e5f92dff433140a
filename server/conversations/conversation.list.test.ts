import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import { type ConversationStatus, type Draft, inView, type View, views } from '../../shared/conversation.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { conversationChanges } from './conversation.changes.ts';
import { timelineDigest } from './conversation.digest.ts';
import { listConversations, viewDigest } from './conversation.list.ts';
import type { ConversationDoc } from './conversation.model.ts';
import { presentConversation } from './conversation.presenter.ts';
import { getConversation } from './conversation.service.ts';
import { listDrafts, saveDraft } from './draft.ts';
import { markRead } from './read.ts';
import { countViews } from './view.ts';

let ctx: TestContext;
const all: Viewer = { id: 'u1', role: 'agent', channelIds: 'all' };
const one: Viewer = { id: 'u1', role: 'agent', channelIds: ['c1'] };
const docs: ConversationDoc[] = [];

/** Every mixture of status, assignee, waiting and channel, many with the very same time. */
beforeAll(async () => {
  ctx = await createTestContext();
  const statuses: ConversationStatus[] = ['open', 'snoozed', 'resolved', 'continued'];
  for (let n = 0; n < 240; n += 1) {
    const at = new Date(Date.UTC(2026, 0, 1) + Math.floor(n / 7) * 1_000);
    docs.push({
      _id: `conversation-${String((n * 89) % 240).padStart(3, '0')}`,
      customerId: `customer-${n % 50}`,
      homeCustomerId: `customer-${n % 50}`,
      status: statuses[n % 4] ?? 'open',
      successorId: null,
      assigneeId: [null, 'u1', 'u2'][n % 3] ?? null,
      version: n + 1,
      seq: 1,
      messageCount: 1,
      channelIds: n % 5 === 0 ? ['c1', 'c2'] : n % 2 ? ['c1'] : ['c2'],
      waitingSince: n % 8 < 4 ? at : null,
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
const expected = (view: View, viewer: Viewer) =>
  docs
    .filter((doc) => inView(view, presentConversation(doc), viewer.id))
    .filter(
      (doc) => viewer.channelIds === 'all' || doc.channelIds.some((id) => viewer.channelIds.includes(id)),
    )
    .sort((a, b) => b.lastAt.getTime() - a.lastAt.getTime() || (a._id < b._id ? 1 : -1))
    .map((doc) => doc._id);

describe.each(views)('the view "%s"', (view) => {
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
    expect(found).toEqual(expected(view, viewer));
    const digest = await viewDigest(ctx, viewer, { view, channelId: null, limit: 200 });
    expect(digest.versions.map(([id]) => id)).toEqual(found.slice(0, 200));
    expect(digest.count).toBe(found.length);
    expect((await countViews(ctx, viewer))[view]).toBe(found.length);
  });
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
