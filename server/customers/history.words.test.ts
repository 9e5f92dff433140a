import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { matcherOf } from './history.query.ts';
import { type HistoryOptions, history } from './history.ts';

let ctx: TestContext;
const admin: Viewer = { id: 'u1', role: 'administrator', channelIds: 'all', teamIds: [] };
const base = Date.parse('2024-08-01T00:00:00Z');
const at = (minute: number) => new Date(base + minute * 60_000);

const identity = {
  _id: 'mobile:+989121234567',
  kind: 'mobile',
  value: '+989121234567',
  address: null,
  display: '+989121234567',
  customerId: 'one',
  homeCustomerId: 'one',
  proof: 'agentVerified',
  provenAt: at(1),
  source: { by: 'user', id: 'u1' },
  reason: 'کارت ملی دیده شد',
  touched: 1,
  lastSeenAt: new Date(0),
  unreachable: false,
  reachOrder: '',
  channelIds: [],
  threadKey: '',
} as const;
const nationalCode = {
  ...identity,
  _id: 'nationalCode:0012345679',
  kind: 'nationalCode',
  value: '0012345679',
};
const record = {
  _id: 'own:purchase:1',
  kind: 'purchase',
  customerId: 'one',
  externalId: '1',
  at: at(0),
  title: 'کفش کوهستان',
  amount: 1_250_000,
  currency: 'IRR',
  status: 'done',
  statusText: '',
  items: [],
  note: 'بسته‌بندی هدیه',
  referralCode: '',
  source: { by: 'api', id: 'k' },
  version: 1,
  createdAt: at(0),
  updatedAt: at(0),
};

/** By its id: field, before, after. */
const changes: Record<string, [string, unknown, unknown]> = {
  city: ['city', 'تهران', 'اصفهان'],
  emptied: ['city', 'اصفهان', null],
  named: ['name', null, 'Sara Ahmadi'],
  tagged: ['tagIds', [], ['t1']],
  employed: ['companyIds', ['co1'], []],
  chosen: ['fields.f00000001', null, 'o2'],
  owned: ['advocate.owner', null, 'u7'],
  concern: ['concerns', [], [{ id: 'w', text: 'دیر رسیدن پیک', messageId: null }]],
  consent: ['consents.sms', null, 'granted'],
  removed: [`identities.${identity._id}`, identity, null],
  hidden: [`identities.${nationalCode._id}`, { ...nationalCode, display: '0012345679' }, null],
  record: ['records.own:purchase:1', record, { ...record, amount: 990_000 }],
};

beforeAll(async () => {
  ctx = await createTestContext();
  await ctx.models.customers.insertMany([
    {
      ...{ _id: 'one', name: 'One', nameSource: 'channel', active: { main: null }, version: 1, tokens: [] },
      ...{ members: ['one'], createdAt: at(0) },
    },
  ]);
  await ctx.models.tags.insertMany([
    { _id: 't1', name: 'ویژه', colour: 'red', archived: false, createdAt: at(0) },
  ] as never);
  await ctx.models.companies.insertMany([
    {
      _id: 'co1',
      name: 'فولاد مبارکه',
      nameKey: 'فولاد مبارکه',
      domains: [],
      archived: false,
      createdAt: at(0),
    },
  ] as never);
  await ctx.models.fields.insertMany([
    {
      ...{ _id: 'f00000001', name: 'رنگ', type: 'choice', order: 1, weight: 0, archived: false },
      options: [{ id: 'o2', name: 'فیروزه‌ای', archived: false }],
      createdAt: at(0),
    },
  ] as never);
  await ctx.models.users.collection.insertOne({ _id: 'u7', name: 'Nader Karimi' } as never);
  await ctx.models.edits.insertMany(
    Object.entries(changes).map(([_id, [field, before, after]], n) => ({
      ...{ _id, customerId: 'one', at: at(10 + n), by: 'agent', byUserId: 'u1', field, before, after },
    })),
  );
  await ctx.models.identities.insertMany([identity]);
});
afterAll(() => ctx?.close());

const found = async (q: string, more: Partial<HistoryOptions> = {}) => {
  const page = await history(ctx, admin, {
    ...{ customerId: 'one', edge: { at: 'newest' }, limit: 50, kinds: [], channelId: null },
    has: matcherOf(q),
    ...more,
  });
  return page.entries.map(({ id }) => id);
};

describe('words in a history', () => {
  it.each([
    ['تهران', ['city']],
    ['اصفهان', ['emptied', 'city']],
    ['sara', ['named']],
    ['ويژه', ['tagged']],
    ['فولاد', ['employed']],
    ['فیروزه ای', ['chosen']],
    ['nader', ['owned']],
    ['پیک', ['concern']],
    ['کوهستان', ['record']],
    ['990000', ['record']],
    // What is not shown is not found: codes of choices, what stayed the same, the digits of a masked code.
    ['granted', []],
    ['هدیه', []],
    ['0012345679', []],
  ])('find the changes that show “%s”', async (q, ids) => {
    expect(await found(q, { kinds: ['edit'] })).toEqual(ids);
  });

  it('find proofs by their address and their reason, and the change that took an address away', async () => {
    const proof = `verification:${at(1).getTime()}:${identity._id}`;
    expect(await found('09121234567')).toEqual(['removed', proof]);
    expect(await found('كارت ملی')).toContain(proof);
    expect(await found('گذرنامه')).toEqual([]);
  });

  it('are looked for in everything, however far apart what has them is, and in windows', async () => {
    const more = Array.from({ length: 1_200 }, (_, n) => ({
      ...{ _id: `n${n}`, customerId: 'one', at: at(-1 - n), by: 'agent', byUserId: 'u1', field: 'job' },
      ...{ before: null, after: n % 599 === 0 ? 'نقشه‌بردار' : 'معلم' },
    }));
    await ctx.models.edits.insertMany(more, { lean: true });
    const all = ['n0', 'n599', 'n1198'];
    expect(await found('نقشه بردار')).toEqual(all);
    const inWindows: string[] = [];
    for (let cursor: string | null = null, begun = false; !begun || cursor; begun = true) {
      const page = await history(ctx, admin, {
        ...{ customerId: 'one', limit: 1, kinds: ['edit'], channelId: null, has: matcherOf('نقشه بردار') },
        edge: cursor ? { at: 'before', cursor } : { at: 'newest' },
      });
      inWindows.push(...page.entries.map(({ id }) => id));
      cursor = page.before;
    }
    expect(inWindows).toEqual(all);
    expect(await found('نقشه بردار', { edge: { at: 'around', time: at(-300) }, limit: 4 })).toEqual(all);
  });
});
