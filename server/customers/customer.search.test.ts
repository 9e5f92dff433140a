import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { blankConversation } from '../conversations/conversation.header.ts';
import { mergeByAgent } from './customer.merge.ts';
import { customerTokens } from './customer.name.ts';
import { searchCustomers } from './customer.search.ts';
import { unmergeByAgent } from './customer.unmerge.ts';
import { factsDueNow } from './facts.due.ts';
import { workFacts } from './facts.worker.ts';
import { addIdentityByAgent } from './identity.add.ts';
import { createCustomer, updateCustomer } from './profile.service.ts';

let ctx: TestContext;
const everyone: Viewer = { id: 'u1', role: 'agent', channelIds: 'all', teamIds: [] };
const few: Viewer = { id: 'u2', role: 'agent', channelIds: ['small'], teamIds: [] };
const total = 460;
const id = (n: number) => String(n).padStart(4, '0');

/** Many with one first name on a large channel, and three of them, last by number, on a small one. */
beforeAll(async () => {
  ctx = await createTestContext();
  const numbers = Array.from({ length: total }, (_, n) => n);
  const small = (n: number) => n >= total - 3;
  await ctx.models.customers.insertMany(
    numbers.map((n) => {
      const name = n === 7 ? 'علي كاظمي' : n === 3 ? 'Mina' : `Mina Number${n}`;
      const address = { kind: 'mobile' as const, value: `+98912000${id(n)}`, display: `+98912000${id(n)}` };
      return {
        _id: id(n),
        name,
        nameSource: 'channel' as const,
        active: { main: n % 2 ? `conversation-${n}` : null },
        version: 1,
        mergedInto: null,
        members: [id(n)],
        tokens: customerTokens(name, [address]),
        createdAt: new Date(),
      };
    }),
  );
  await factsDueNow(ctx, [id(3)]);
  await workFacts(ctx, new AbortController().signal);
  await ctx.models.conversations.insertMany(
    numbers.map((n) => {
      const at = new Date(Date.UTC(2026, 0, 1, 0, n));
      const blank = blankConversation({
        id: `conversation-${n}`,
        customerId: id(n),
        homeCustomerId: id(n),
        at,
      });
      return { ...blank, channelIds: [small(n) ? 'small' : 'large'], version: 1, seq: 0, messageCount: 0 };
    }),
  );
});
afterAll(() => ctx.close());

const ids = async (viewer: Viewer, query: string, limit = 20) =>
  (await searchCustomers(ctx, viewer, { query, limit })).map(({ customer }) => customer._id);

it('whoever sees little of a common name finds it all the same, the newest first', async () => {
  expect(await ids(few, 'min')).toEqual([id(total - 1), id(total - 2), id(total - 3)]);
  const [found] = await searchCustomers(ctx, few, { query: 'mina', limit: 1 });
  expect(found?.conversationId).toBe(`conversation-${found && Number(found.customer._id)}`);
  expect(await ids(few, 'number5')).toEqual([]);
});

it('no more are found than were asked for', async () => {
  expect(await ids(everyone, 'mina')).toHaveLength(20);
  expect(await ids(everyone, 'mina', 50)).toHaveLength(50);
});

it('who is called that and nothing else comes first, however long ago they wrote, among all who match', async () => {
  expect((await ids(everyone, 'mina', 5)).slice(0, 2)).toEqual([id(3), id(total - 1)]);
  expect(await ids(few, 'mina', 5)).not.toContain(id(3));
});

it('a name is found by its beginning however it is typed, a number by any of its spellings', async () => {
  for (const query of ['علی', 'عل', 'کاظمی', 'كاظمي علي', 'علی‌'])
    expect(await ids(everyone, query)).toEqual([id(7)]);
  for (const query of ['09120000123', '+989120000123', '۰۹۱۲۰۰۰۰۱۲۳', '9120000123'])
    expect(await ids(everyone, query), query).toEqual([id(123)]);
});

it('what is no word finds nothing, and no pattern is one', async () => {
  for (const query of ['', '  ', '.*', '(', '[', '\\', '$', '\u0000'])
    expect(await ids(everyone, query)).toEqual([]);
});

it('whoever has many numbers is found by each of them, merged, with one more, renamed and apart again', async () => {
  const admin: Viewer = { id: 'admin', role: 'administrator', channelIds: 'all', teamIds: [] };
  const [one, two] = [
    await createCustomer(ctx, admin, { name: 'Parvaneh Moshtarak', change: {}, identities: [] }),
    await createCustomer(ctx, admin, { name: 'Golnar Moshtarak', change: {}, identities: [] }),
  ];
  const number = (n: number) => `0935100${id(n)}`;
  const state = (customerId: string, n: number) =>
    addIdentityByAgent(ctx, admin, { customerId, kind: 'mobile', value: number(n), reason: 'told' });
  for (let n = 1000; n < 1018; n += 1) await state(one.id, n);
  for (let n = 2000; n < 2018; n += 1) await state(two.id, n);
  const mustFind = async (n: number, cid: string) =>
    expect([n, await ids(everyone, number(n))]).toEqual([n, [cid]]);
  for (const n of [1000, 1017]) await mustFind(n, one.id);
  const merged = await mergeByAgent(ctx, admin, { intoId: one.id, otherId: two.id, reason: 'same' });
  await state(one.id, 3000);
  for (const n of [1000, 1017, 2000, 2017, 3000]) await mustFind(n, one.id);
  await updateCustomer(ctx, admin, { id: one.id, change: { name: 'Parvaneh Digar' } });
  for (const n of [1017, 2017, 3000]) await mustFind(n, one.id);
  await unmergeByAgent(ctx, admin, { customerId: one.id, linkId: merged.linkId ?? '' });
  for (const n of [1000, 1017, 3000]) await mustFind(n, one.id);
  for (const n of [2000, 2017]) await mustFind(n, two.id);
});
