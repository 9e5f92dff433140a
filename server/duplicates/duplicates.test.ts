import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import { CustomerChange } from '../../shared/profile.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { person, plain, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { mergeByAgent } from '../customers/customer.merge.ts';
import { unmergeByAgent } from '../customers/customer.unmerge.ts';
import { factsDueNow } from '../customers/facts.due.ts';
import { workFacts } from '../customers/facts.worker.ts';
import { addIdentityByAgent } from '../customers/identity.add.ts';
import { createCustomer, updateCustomer } from '../customers/profile.service.ts';
import { parse } from '../http/validate.ts';
import { startJobs } from '../jobs/start.ts';
import { workCompare } from './compare.worker.ts';
import type { DuplicateDoc } from './duplicate.model.ts';
import {
  countDuplicates,
  dismissDuplicate,
  duplicatesOf,
  listDuplicates,
  restoreDuplicate,
} from './duplicate.service.ts';

let ctx: TestContext;
let shop: ChannelDoc;
let office: ChannelDoc;
const admin: Viewer = { id: 'user-1', role: 'administrator', channelIds: 'all', teamIds: [] };
const running = new AbortController();

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain } });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  shop = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
  office = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});

/** Somebody writes, and is somebody. */
async function met(value: string, name: string, channel = shop): Promise<string> {
  await deliver(ctx, channel, [written(person(value, { name }), 'hello')]);
  const identity = await ctx.models.identities.findOne({ value }).lean();
  if (!identity) throw new Error(`${value} is nobody.`);
  return identity.customerId;
}
const known = (name: string, change: object = {}) =>
  createCustomer(ctx, admin, { name, change: parse(CustomerChange, change), identities: [] }).then(
    (one) => one.id,
  );
const change = (id: string, what: object) =>
  updateCustomer(ctx, admin, { id, change: parse(CustomerChange, what) });
const number = (customerId: string, value: string) =>
  addIdentityByAgent(ctx, admin, { customerId, kind: 'mobile', value, reason: 'said so' });
async function say(customerId: string, value: string): Promise<void> {
  const said = { customerId, kind: 'mobile' as const, value, source: 'test', at: ctx.now() };
  await ctx.models.claims.insertMany([{ _id: `${customerId}:mobile:${value}`, ...said }]);
  await factsDueNow(ctx, [customerId]);
}
async function settle(): Promise<void> {
  await workFacts(ctx, running.signal);
  await workCompare(ctx, running.signal);
}
const queue = async (viewer = admin, state: 'open' | 'dismissed' = 'open') =>
  (await listDuplicates(ctx, viewer, { state, after: null, limit: 50 })).duplicates;
const pairs = () => ctx.models.duplicates.find({}).sort({ _id: 1 }).lean<DuplicateDoc[]>().exec();

describe('duplicates', () => {
  it('are found by a name in another script and a birthday, with the reasons', async () => {
    const a = await known('محمد رضا کریمیان', { birthday: '1990-05-01', city: 'شیراز' });
    const b = await known('Mohammadreza Karimian', { birthday: '1990-05-01', city: 'شیراز' });
    await known('زهره نیک‌بین', { birthday: '1990-05-01', city: 'شیراز' });
    await settle();
    const [pair, ...others] = await queue();
    expect(others).toEqual([]);
    expect(pair?.customers.map((side) => side.id).sort()).toEqual([a, b].sort());
    expect(pair?.reasons).toEqual([
      { kind: 'similarName', what: 'transliterated', weight: 42, evidence: ['name', 'name'] },
      {
        kind: 'sameBirthday',
        what: '1990-05-01',
        weight: 40,
        evidence: ['profile:birthday', 'profile:birthday'],
      },
      { kind: 'sameCity', what: 'شیراز', weight: 8, evidence: ['profile:city', 'profile:city'] },
    ]);
    expect(pair?.score).toBe(90);
    expect(pair?.state).toBe('open');
    expect((await duplicatesOf(ctx, admin, a)).map((one) => one.id)).toEqual([pair?.id]);
  });

  it('are found by a number that one has and the other says is theirs; the evidence names both', async () => {
    const owner = await known('Sara Example');
    await number(owner, '+989121234567');
    const sayer = await met('1001', 'S. Example');
    await say(sayer, '+989121234567');
    await settle();
    const [pair] = await queue();
    const reason = pair?.reasons.find((one) => one.kind === 'claimedIdentity');
    expect(reason).toMatchObject({ what: '+989121234567', weight: 66 });
    const order = pair?.customers.map((side) => side.id) ?? [];
    expect(reason?.evidence[order.indexOf(owner)]).toBe('mobile:+989121234567');
    expect(reason?.evidence[order.indexOf(sayer)]).toBe(`${sayer}:mobile:+989121234567`);
  });

  it('count less when the names are two people’s: a number in the family', async () => {
    const father = await known('حسن پارسا');
    await number(father, '+989121234567');
    const daughter = await met('1001', 'نگین رهنما');
    await say(daughter, '+989121234567');
    await settle();
    const [pair] = await queue();
    expect(pair?.reasons.map((one) => [one.kind, one.weight])).toEqual([
      ['claimedIdentity', 66],
      ['differentName', -25],
    ]);
    expect(pair?.score).toBe(41);
  });

  it('go when their reasons go', async () => {
    const a = await known('مهرانگیز پارسا', { birthday: '1980-01-01' });
    await known('Mehrangiz Parsa', { birthday: '1980-01-01' });
    await settle();
    expect(await queue()).toHaveLength(1);
    await change(a, { name: 'کتایون رهنما' });
    await settle();
    expect(await queue()).toEqual([]);
    expect(await pairs()).toEqual([]);
  });

  it('are not made of what too many have in common', async () => {
    for (let n = 0; n < 52; n += 1)
      await known(`مشتری شماره ${n}`, { address: 'تهران، خیابان آزادی، پلاک ۱' });
    await settle();
    expect(await pairs()).toEqual([]);
  });

  it('that are not the same stay away, and come back with a sign that was not known then', async () => {
    const a = await known('شهاب تهرانچی', { birthday: '1985-02-02' });
    const b = await known('Shahab Tehranchi', { birthday: '1985-02-02' });
    await settle();
    const [pair] = await queue();
    expect((await dismissDuplicate(ctx, admin, pair?.id ?? '')).state).toBe('dismissed');
    expect(await queue()).toEqual([]);
    expect((await queue(admin, 'dismissed')).map((one) => one.id)).toEqual([pair?.id]);

    // Another circumstance is nothing new.
    await change(a, { city: 'یزد' });
    await change(b, { city: 'یزد' });
    await settle();
    expect(await queue()).toEqual([]);

    await number(a, '+989121234567');
    await say(b, '+989121234567');
    await settle();
    expect((await queue()).map((one) => one.id)).toEqual([pair?.id]);
    expect(await queue(admin, 'dismissed')).toEqual([]);
  });

  it('that are not the same after all can be brought back', async () => {
    await known('شهاب تهرانچی', { birthday: '1985-02-02' });
    await known('Shahab Tehranchi', { birthday: '1985-02-02' });
    await settle();
    const [pair] = await queue();
    const id = pair?.id ?? '';
    await dismissDuplicate(ctx, admin, id);
    await expect(dismissDuplicate(ctx, admin, id)).rejects.toMatchObject({ code: 'conflict' });
    expect((await restoreDuplicate(ctx, admin, id)).state).toBe('open');
    await settle();
    expect(await queue()).toHaveLength(1);
  });

  it('that are not the same are not either for whoever one of them is merged into', async () => {
    const a = await known('لادن نیک‌بین', { birthday: '1985-02-02' });
    const b = await known('Ladan Nikbin', { birthday: '1985-02-02' });
    await settle();
    const [pair] = await queue();
    await dismissDuplicate(ctx, admin, pair?.id ?? '');
    const other = await known('لادن نیکبین', { birthday: '1985-02-02' });
    await settle();
    const { linkId } = await mergeByAgent(ctx, admin, { intoId: other, otherId: a, reason: 'one person' });
    await settle();
    expect((await queue()).filter((one) => one.customers.some((side) => side.id === b))).toEqual([]);

    await unmergeByAgent(ctx, admin, { customerId: other, linkId: linkId ?? '' });
    await settle();
    const open = (await queue()).map((one) => one.customers.map((side) => side.id).sort());
    // They may be each other again; what was dismissed stays so.
    expect(open).toContainEqual([a, other].sort());
    expect(open).toContainEqual([b, other].sort());
    expect(open).not.toContainEqual([a, b].sort());
  });

  it('that were merged leave the queue, and are in it again when the merge is taken back', async () => {
    const a = await known('مهرانگیز پارسا', { birthday: '1980-01-01' });
    const b = await known('Mehrangiz Parsa', { birthday: '1980-01-01' });
    const c = await known('Mehrangiz Parsaa', { birthday: '1980-01-01' });
    await settle();
    expect(await queue()).toHaveLength(3);
    const { linkId } = await mergeByAgent(ctx, admin, { intoId: a, otherId: b, reason: 'one person' });
    // At once, before anybody compared anything.
    expect((await queue()).map((one) => one.customers.map((side) => side.id).sort())).toEqual([
      [a, c].sort(),
    ]);
    await settle();
    expect((await pairs()).map((one) => [one.customerIds.join(), one.state]).sort()).toEqual(
      [
        [[a, b].sort().join(), 'merged'],
        [[a, c].sort().join(), 'open'],
      ].sort(),
    );
    await unmergeByAgent(ctx, admin, { customerId: a, linkId: linkId ?? '' });
    await settle();
    expect(await queue()).toHaveLength(3);
  });

  it('are shown and counted to whoever sees both', async () => {
    const birthday = '1985-02-02';
    await change(await met('1001', 'Shahab Tehranchi', shop), { birthday });
    await change(await met('1002', 'شهاب تهرانچی', office), { birthday });
    await known('شهاب تهرانچی', { birthday });
    await settle();
    const all = await queue();
    expect(all).toHaveLength(3);
    const atShop: Viewer = { id: 'user-2', role: 'agent', channelIds: [shop._id], teamIds: [] };
    // Their own customer and the one whom nobody has spoken with.
    const seen = await queue(atShop);
    expect(seen).toHaveLength(1);
    expect(await countDuplicates(ctx, atShop)).toBe(1);
    expect(await countDuplicates(ctx, admin)).toBe(3);
    const hidden = all.find((one) => one.id !== seen[0]?.id);
    await expect(dismissDuplicate(ctx, atShop, hidden?.id ?? '')).rejects.toMatchObject({ code: 'notFound' });
    const nowhere: Viewer = { ...atShop, channelIds: [] };
    expect(await queue(nowhere)).toEqual([]);
  });

  it('come in windows, the surest first, each once', async () => {
    const names = ['بهزاد گلزاری', 'نگار خوشبخت', 'پیمان درخشنده', 'شیوا طهماسبی', 'کاوه رستگار'];
    for (const [n, name] of names.entries()) {
      const birthday = n % 2 ? { birthday: `198${n}-01-01` } : {};
      await known(name, birthday);
      await known(`دکتر ${name}`, birthday);
    }
    await settle();
    const seen: { id: string; score: number }[] = [];
    for (let after: string | null = null; ; ) {
      const page = await listDuplicates(ctx, admin, { state: 'open', after, limit: 2 });
      expect(page.count).toBe(5);
      seen.push(...page.duplicates);
      after = page.next;
      if (after === null) break;
    }
    expect(new Set(seen.map((one) => one.id)).size).toBe(5);
    expect(seen.map((one) => one.score)).toEqual(seen.map((one) => one.score).sort((a, b) => b - a));
    await expect(listDuplicates(ctx, admin, { state: 'open', after: 'x', limit: 2 })).rejects.toMatchObject({
      code: 'invalid',
    });
  });

  it('are found by the workers alone, and whoever looks at the queue hears of it', async () => {
    const jobs = startJobs(ctx);
    try {
      const heard = new Promise<void>((resolve) => {
        const stop = ctx.bus.on('lists.changed', ({ list }) => {
          if (list !== 'duplicates') return;
          stop();
          resolve();
        });
      });
      await known('مهرانگیز پارسا', { birthday: '1980-01-01' });
      await known('Mehrangiz Parsa', { birthday: '1980-01-01' });
      await heard;
      expect(await queue()).toHaveLength(1);
    } finally {
      await jobs.stop();
    }
  });
});
