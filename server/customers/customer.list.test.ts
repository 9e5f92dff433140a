import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import { type CustomerSort, customerSorts } from '../../shared/customer-list.ts';
import type { SegmentRule } from '../../shared/segment.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { blankConversation } from '../conversations/conversation.header.ts';
import { countFacts } from '../segments/segment.count.ts';
import {
  countRule,
  createSegment,
  deleteSegment,
  listSegments,
  mostSegments,
  restoreSegment,
  updateSegment,
} from '../segments/segment.service.ts';
import { listCustomers } from './customer.list.ts';
import { factsDueNow } from './facts.due.ts';
import { workFacts } from './facts.worker.ts';

let ctx: TestContext;
const admin: Viewer = { id: 'admin', role: 'administrator', channelIds: 'all', teamIds: [] };
const agent: Viewer = { id: 'agent', role: 'agent', channelIds: 'all', teamIds: [] };
const few: Viewer = { id: 'few', role: 'agent', channelIds: ['small'], teamIds: [] };
const total = 30;
const id = (n: number) => String(1_000_000_000 + n);
const cities = ['تهران', 'قم', ''];
const names = ['یاسمن', 'پریسا', 'بهار', 'گلی', 'کیان', 'چنگیز', 'تارا', 'ژاله', 'زری', 'Anna'];
const rule = (...conditions: SegmentRule['conditions']): SegmentRule => ({ match: 'all', conditions });
const inTehran = rule({ attribute: 'city', operator: 'is', value: 'تهران' });

beforeAll(async () => {
  ctx = await createTestContext();
});
afterAll(() => ctx?.close());

/** Thirty customers, some alike in what they are sorted by; every third on a small channel, and three whom nobody has spoken with. */
beforeEach(async () => {
  await ctx.empty();
  const numbers = Array.from({ length: total }, (_, n) => n);
  const at = (n: number) => new Date(Date.UTC(2026, 0, 1 + (n % 7)));
  await ctx.models.customers.insertMany(
    numbers.map((n) => ({
      _id: id(n),
      name: names[n % names.length] ?? '',
      nameSource: 'agent' as const,
      active: { main: null },
      version: 1,
      mergedInto: null,
      members: [id(n)],
      tokens: [],
      profile: {
        birthday: null,
        language: 'fa',
        city: cities[n % 3] ?? '',
        address: '',
        job: '',
        fields: {},
        preferredChannels: [],
        hours: null,
        concerns: [],
        likes: [],
        companyIds: [],
        tagIds: [],
      },
      createdAt: at(n),
    })),
  );
  await ctx.models.conversations.insertMany(
    numbers.slice(3).map((n) => ({
      ...blankConversation({ id: `c${n}`, customerId: id(n), homeCustomerId: id(n), at: at(n) }),
      channelIds: [n % 3 ? 'large' : 'small'],
      version: 1,
      seq: 0,
      messageCount: 0,
    })),
  );
  await ctx.models.records.insertMany(
    numbers.slice(0, 12).map((n) => ({
      _id: `r${n}`,
      kind: 'purchase' as const,
      customerId: id(n),
      externalId: null,
      at: at(n),
      title: 'order',
      amount: 1_000 * (n % 4),
      currency: 'IRR',
      items: [],
      status: 'done' as const,
      statusText: '',
      note: '',
      source: { by: 'api' as const, id: 'k' },
      version: 1,
      createdAt: at(n),
      updatedAt: at(n),
    })),
  );
  await factsDueNow(ctx, numbers.map(id));
  await workFacts(ctx, new AbortController().signal);
});

async function whole(
  viewer: Viewer,
  options: { sort?: CustomerSort; filter?: SegmentRule; segmentId?: string; limit?: number } = {},
) {
  const rows = [];
  for (let after: string | null = null; ; ) {
    const page = await listCustomers(ctx, viewer, {
      segmentId: options.segmentId ?? null,
      filter: options.filter ?? null,
      sort: options.sort ?? 'lastAt',
      after,
      limit: options.limit ?? 7,
    });
    rows.push(...page.customers);
    after = page.next;
    if (after === null) return rows;
  }
}

describe('the list of customers', () => {
  it('has each once in every order, a window at a time, the same as in one', async () => {
    for (const sort of customerSorts) {
      const rows = await whole(admin, { sort });
      expect(new Set(rows.map((row) => row.id)).size, sort).toBe(total);
      expect(rows, sort).toEqual(await whole(admin, { sort, limit: 100 }));
    }
    const spent = (await whole(admin, { sort: 'spent' })).map((row) => row.spent);
    expect(spent).toEqual([...spent].sort((a, b) => b - a));
    expect(spent[0]).toBe(3_000);
    const newest = (await whole(admin, { sort: 'createdAt' })).map((row) => row.createdAt);
    expect(newest).toEqual([...newest].sort().reverse());
  });

  it('goes by the Persian alphabet, in which پ, چ, ژ, ک and گ have their places', async () => {
    const inOrder = [...new Set((await whole(admin, { sort: 'name' })).map((row) => row.name))];
    expect(inOrder).toEqual([
      'Anna',
      'بهار',
      'پریسا',
      'تارا',
      'چنگیز',
      'زری',
      'ژاله',
      'کیان',
      'گلی',
      'یاسمن',
    ]);
  });

  it('shows an agent whom they may see, and whom nobody has spoken with', async () => {
    const seen = (await whole(few)).map((row) => Number(row.id) - 1_000_000_000).sort((a, b) => a - b);
    expect(seen).toEqual([0, 1, 2, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
    expect(await countRule(ctx, few, rule())).toEqual({ count: 12, about: false });
    expect(await countRule(ctx, admin, rule())).toEqual({ count: total, about: false });
  });

  it('is narrowed by a rule that nobody has saved, and says what is wrong with one', async () => {
    const rows = await whole(admin, { filter: inTehran });
    expect(rows).toHaveLength(10);
    expect(new Set(rows.map((row) => row.city))).toEqual(new Set(['تهران']));
    const wrong = rule({ attribute: 'city', operator: 'moreThan', value: 1 });
    await expect(whole(admin, { filter: wrong })).rejects.toMatchObject({
      body: { code: 'invalid', fields: { 'filter.conditions.0': expect.stringMatching(/contains/) } },
    });
    for (const after of ['x', Buffer.from('["a","b"]').toString('base64url')])
      await expect(
        listCustomers(ctx, admin, { segmentId: null, filter: null, sort: 'spent', after, limit: 5 }),
      ).rejects.toMatchObject({ body: { fields: { after: expect.any(String) } } });
  });
});

describe('segments', () => {
  const form = { name: 'Tehran', rule: inTehran, sharedWith: 'nobody' as const };

  it('are their owner’s, or everybody’s by an administrator, each with its size for who looks', async () => {
    const own = await createSegment(ctx, agent, form);
    expect(own).toMatchObject({ name: 'Tehran', size: { count: 10, about: false } });
    expect(await listSegments(ctx, few)).toEqual([]);
    await expect(createSegment(ctx, agent, { ...form, sharedWith: 'everyone' })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(whole(few, { segmentId: own.id })).rejects.toMatchObject({ code: 'notFound' });
    const shared = await createSegment(ctx, admin, { ...form, sharedWith: 'everyone' });
    expect(await listSegments(ctx, few)).toMatchObject([{ id: shared.id, size: { count: 10 } }]);
    expect(await whole(few, { segmentId: shared.id })).toHaveLength(10);
    await expect(updateSegment(ctx, few, { id: shared.id, change: { name: 'x' } })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(updateSegment(ctx, few, { id: own.id, change: { name: 'x' } })).rejects.toMatchObject({
      code: 'notFound',
    });
    const changed = await updateSegment(ctx, agent, {
      id: own.id,
      change: { rule: rule({ attribute: 'spent', operator: 'atLeast', value: 2_000 }) },
    });
    expect(changed.size).toEqual({ count: 6, about: false });
    await deleteSegment(ctx, agent, own.id);
    await deleteSegment(ctx, agent, own.id);
    expect(await listSegments(ctx, agent)).toMatchObject([{ id: shared.id }]);
    await expect(whole(agent, { segmentId: own.id })).rejects.toMatchObject({ code: 'notFound' });
    await expect(restoreSegment(ctx, few, own.id)).rejects.toMatchObject({ code: 'notFound' });
    // Brought back it is itself, the owner's, whoever brings it back.
    expect(await restoreSegment(ctx, agent, own.id)).toMatchObject({ ...changed, size: expect.anything() });
    await deleteSegment(ctx, admin, shared.id);
    expect(await restoreSegment(ctx, admin, shared.id)).toMatchObject({ id: shared.id });
    expect((await listSegments(ctx, agent)).map(({ id }) => id)).toEqual([own.id, shared.id]);
  });

  it('are not made without end: each is counted whenever they are shown', async () => {
    const at = new Date();
    await ctx.models.segments.insertMany(
      Array.from({ length: mostSegments - 1 }, (_, n) => ({
        _id: `s${n}`,
        name: `s${n}`,
        rule: inTehran,
        ownerId: agent.id,
        sharedWith: 'nobody' as const,
        createdAt: at,
        updatedAt: at,
      })),
    );
    const form = { name: 'one more', rule: inTehran, sharedWith: 'nobody' as const };
    await createSegment(ctx, agent, form);
    await expect(createSegment(ctx, agent, form)).rejects.toMatchObject({ code: 'conflict' });
    await createSegment(ctx, admin, form);
  });

  it('with a rule that cannot be asked are not saved', async () => {
    const wrong = rule(
      { attribute: 'city', operator: 'isSet' },
      { match: 'any', conditions: [{ attribute: 'field:f00000000', operator: 'isSet' }] },
    );
    await expect(createSegment(ctx, agent, { ...form, rule: wrong })).rejects.toMatchObject({
      body: { fields: { 'rule.conditions.1.conditions.0': expect.any(String) } },
    });
  });

  it('whose count takes long are estimated from a sample, and say so; of few in it they are counted with patience', async () => {
    const tooLong = new Set([100]);
    const model = new Proxy(ctx.models.facts, {
      get(facts, name) {
        if (name !== 'countDocuments') return Reflect.get(facts, name);
        return (query: never, options?: { maxTimeMS?: number }) =>
          tooLong.has(options?.maxTimeMS ?? 0)
            ? { exec: () => Promise.reject(Object.assign(new Error('too long'), { code: 50 })) }
            : facts.countDocuments(query, options);
      },
    });
    const sampled = await ctx.models.facts.countDocuments({ sample: { $lt: 300 } });
    const count = () => countFacts({ models: { ...ctx.models, facts: model } }, admin, {});
    expect(sampled).toBeLessThan(5);
    expect(await count()).toEqual({ count: total, about: false });
    tooLong.add(2_000);
    const counted = await count();
    expect(counted.about).toBe(true);
    expect(counted.count).toBe(Number(((sampled * 10_000) / 300).toPrecision(2)));
  });
});
