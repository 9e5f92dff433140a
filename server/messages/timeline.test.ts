import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import type { TimelinePage } from '../../shared/conversation.ts';
import { compareMessages } from '../../shared/message.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { blankConversation } from '../conversations/conversation.header.ts';
import { type TimelineEdge, timeline } from './timeline.ts';

let ctx: TestContext;
const viewer: Viewer = { id: 'u1', role: 'administrator', channelIds: 'all', teamIds: [] };
const total = 143;
let everything: string[] = [];

/** One customer, four conversations, many messages at the same moment and some at the very same place. */
beforeAll(async () => {
  ctx = await createTestContext();
  const now = new Date();
  await ctx.models.customers.insertMany([
    {
      _id: 'customer',
      name: 'One',
      nameSource: 'channel',
      active: { main: null },
      version: 1,
      members: ['customer'],
      tokens: [],
      createdAt: now,
    },
    {
      _id: 'merged',
      name: 'Other',
      nameSource: 'channel',
      active: { main: null },
      version: 2,
      mergedInto: 'customer',
      members: ['merged'],
      tokens: [],
      createdAt: now,
    },
  ]);
  const ids = ['a', 'b', 'c', 'd'];
  await ctx.models.conversations.insertMany(
    ids.map((id) => ({
      ...blankConversation({ id, customerId: 'customer', at: now }),
      channelIds: ['c1'],
      version: 1,
      seq: total,
      messageCount: total,
    })),
  );
  const seqs = new Map<string, number>();
  const messages = Array.from({ length: total }, (_, n) => {
    const conversationId = ids[(n * 7) % 4] ?? 'a';
    const seq = (seqs.get(conversationId) ?? 0) + 1;
    seqs.set(conversationId, seq);
    return {
      _id: `m${String(n).padStart(3, '0')}`,
      conversationId,
      kind: 'message',
      direction: 'in',
      seq,
      version: 1,
      at: new Date(Date.UTC(2026, 0, 1) + Math.floor(n / 9) * 1_000),
      providerOrder: String(Math.floor(n / 4) % 2),
      receivedAt: now,
      visibility: 'private',
      text: '',
    };
  });
  await ctx.models.messages.insertMany(messages);
  everything = (await read({ at: 'newest' }, 100)).messages.map((message) => message.id);
});
afterAll(() => ctx.close());

const read = (edge: TimelineEdge, limit: number, customerId = 'customer') =>
  timeline(ctx, viewer, { customerId, edge, limit });

const ordered = (page: TimelinePage) =>
  page.messages.every((message, n) => {
    const before = page.messages[n - 1];
    return !before || compareMessages(before, message) <= 0;
  });

describe('the timeline of a customer', () => {
  it.each([1, 2, 5, 50])(
    'is read back to its beginning in windows of %i, each message once',
    async (limit) => {
      const seen: string[] = [];
      let edge: TimelineEdge = { at: 'newest' };
      for (;;) {
        const page = await read(edge, limit);
        expect(page.messages.length).toBeLessThanOrEqual(limit);
        expect(ordered(page)).toBe(true);
        seen.unshift(...page.messages.map((message) => message.id));
        if (!page.before) break;
        edge = { at: 'before', cursor: page.before };
      }
      expect(seen).toHaveLength(total);
      expect(new Set(seen).size).toBe(total);
    },
  );

  it.each([1, 3, 40])('is read forward again to its newest message in windows of %i', async (limit) => {
    const start = await read({ at: 'around', id: 'm000' }, 3);
    expect(start.before).toBeNull();
    const seen = start.messages.map((message) => message.id);
    let cursor = start.after;
    while (cursor) {
      const page: TimelinePage = await read({ at: 'after', cursor }, limit);
      expect(ordered(page)).toBe(true);
      seen.push(...page.messages.map((message) => message.id));
      cursor = page.after;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(total);
  });

  it('opens around any message, with what is before and after it', async () => {
    const page = await read({ at: 'around', id: 'm070' }, 21);
    expect(page.messages).toHaveLength(21);
    expect(ordered(page)).toBe(true);
    expect(page.messages.map((message) => message.id)).toContain('m070');
    expect([page.before === null, page.after === null]).toEqual([false, false]);
    await expect(read({ at: 'around', id: 'nowhere' }, 21)).rejects.toMatchObject({
      code: 'notFound',
    });
  });

  it('opens where a conversation begins', async () => {
    const all = await read({ at: 'newest' }, 200);
    for (const { id } of all.headers) {
      const first = all.messages.find((message) => message.conversationId === id);
      const page = await read({ at: 'around', id }, 5);
      expect(page.messages.find((message) => message.conversationId === id)?.id).toBe(first?.id);
    }
  });

  it('names the header of each conversation it meets, and of no other', async () => {
    const page = await read({ at: 'newest' }, 2);
    const met = [...new Set(page.messages.map((message) => message.conversationId))].sort();
    expect(page.headers.map((header) => header.id).sort()).toEqual(met);
    expect(page.after).toBeNull();
  });

  it('is the survivor’s when the customer was linked into another', async () => {
    const page = await read({ at: 'newest' }, 100, 'merged');
    expect(page.customerId).toBe('customer');
    expect(page.messages.map((message) => message.id)).toEqual(everything);
  });

  it('refuses a cursor that is none', async () => {
    for (const cursor of [
      'x',
      Buffer.from('[1,2]').toString('base64url'),
      Buffer.from('{}').toString('base64url'),
    ])
      await expect(read({ at: 'before', cursor }, 5)).rejects.toMatchObject({ code: 'invalid' });
  });
});
