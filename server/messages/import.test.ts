import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver, drain } from '../../test/intake.ts';
import { person, plain, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { checkInvariants } from '../db/invariants.ts';
import { type ImportedCustomer, importConversations } from './import.ts';

let ctx: TestContext;
let channel: ChannelDoc;

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain } });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});

const day = 24 * 3_600_000;

function history(n: number, options: { conversations: number; messages: number }): ImportedCustomer {
  const start = Date.now() - 300 * day;
  return {
    name: `Customer ${n}`,
    identities: [
      {
        kind: 'telegramUser',
        value: String(n),
        display: `@c${n}`,
        channelId: channel._id,
        threadKey: String(n),
      },
    ],
    conversations: Array.from({ length: options.conversations }, (_, c) => ({
      assigneeId: 'agent-1',
      messages: Array.from({ length: options.messages }, (_, m) => ({
        direction: m % 2 ? ('out' as const) : ('in' as const),
        identity: 0,
        text: `case ${c}, message ${m} of customer ${n}`,
        at: new Date(start + c * 10 * day + m * 60_000),
        externalId: `${n}-${c}-${m}`,
        ...(m % 2 ? { authorId: 'agent-1', state: 'delivered' as const } : {}),
      })),
    })),
  };
}

describe('imported history', () => {
  it('is resolved and silent: nobody waits, nothing is unread, no conversation is active', async () => {
    const done = await importConversations(ctx, {
      customers: [1, 2, 3].map((n) => history(n, { conversations: 2, messages: 5 })),
    });
    expect(done).toEqual({ customers: 3, conversations: 6, messages: 30, known: 0 });
    expect(
      await ctx.models.conversations.countDocuments({
        status: 'resolved',
        waitingSince: null,
        lastInboundSeq: 0,
      }),
    ).toBe(6);
    expect(await ctx.models.messages.countDocuments({ imported: true })).toBe(30);
    expect(await ctx.models.customers.countDocuments({ 'active.main': null })).toBe(3);
    expect(await ctx.models.messages.countDocuments({ 'delivery.state': 'delivered' })).toBe(12);
    expect(await checkInvariants(ctx.models)).toEqual([]);
  });

  it('imported again adds only what is new', async () => {
    await importConversations(ctx, { customers: [history(1, { conversations: 1, messages: 4 })] });
    const again = await importConversations(ctx, {
      customers: [history(1, { conversations: 2, messages: 4 })],
    });
    expect(again).toEqual({ customers: 1, conversations: 1, messages: 4, known: 4 });
    expect(await ctx.models.customers.countDocuments({})).toBe(1);
    expect(await checkInvariants(ctx.models)).toEqual([]);
  });

  it('is of the customer who has the identity; what waited for one of its messages is taken up', async () => {
    await deliver(ctx, channel, [written(person('1'), 'I am here already')]);
    await deliver(ctx, channel, [
      { type: 'edit', externalId: '1-0-0', text: 'as it was edited', at: null, order: '1' },
    ]);
    await importConversations(ctx, { customers: [history(1, { conversations: 1, messages: 2 })] });
    await drain(ctx);
    expect(await ctx.models.customers.countDocuments({})).toBe(1);
    expect(await ctx.models.messages.countDocuments({ text: 'as it was edited' })).toBe(1);
    expect(await ctx.models.inbound.countDocuments({ state: 'parked' })).toBe(0);
    expect(await checkInvariants(ctx.models)).toEqual([]);
  });

  it('is refused when its identities belong to different customers', async () => {
    await deliver(ctx, channel, [written(person('1'), 'one'), written(person('2'), 'two')]);
    const both = history(1, { conversations: 1, messages: 1 });
    both.identities.push({ ...both.identities[0]!, value: '2' });
    await expect(importConversations(ctx, { customers: [both] })).rejects.toThrow(/different customers/);
    expect(await ctx.models.messages.countDocuments({ imported: true })).toBe(0);
  });

  it('of thousands of messages passes the invariants', async () => {
    const customers = Array.from({ length: 60 }, (_, n) => history(n, { conversations: 5, messages: 10 }));
    const progress: number[] = [];
    const done = await importConversations(ctx, {
      customers,
      onProgress: (messages) => progress.push(messages),
    });
    expect(done.messages).toBe(3000);
    expect(progress).toHaveLength(60);
    expect(await checkInvariants(ctx.models)).toEqual([]);
  });
});
