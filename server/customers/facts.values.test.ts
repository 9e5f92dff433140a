import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import type { RecordKind } from '../../shared/record.ts';
import type { SegmentCondition } from '../../shared/segment.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { sweepStale } from '../quality/quality.service.ts';
import { putRecord } from '../records/record.service.ts';
import { countRule } from '../segments/segment.service.ts';
import { listCustomers } from './customer.list.ts';
import type { FactsDoc } from './facts.model.ts';
import { recordFacts, type ValuesFrom } from './facts.values.ts';
import { workFacts } from './facts.worker.ts';

const now = new Date('2026-03-01T12:00:00Z');
const dayMs = 86_400_000;
const ago = (days: number) => new Date(now.getTime() - days * dayMs);
const one: ValuesFrom = {
  kind: 'purchase',
  status: 'done',
  at: ago(1),
  externalId: null,
  title: 'Order',
  amount: 100,
  currency: 'IRR',
  items: [],
};
const item = (name: string, code = '') => ({ name, code });

describe('what a customer is worth', () => {
  it('is of purchases in rials that were kept', () => {
    const { values } = recordFacts(
      [
        { ...one, at: ago(5) },
        { ...one, at: ago(400), status: 'open' },
        { ...one, at: ago(401), status: 'cancelled' },
        { ...one, at: ago(1), status: 'returned' },
        { ...one, at: ago(2), currency: 'EUR' },
        { ...one, at: ago(100), amount: 50 },
        { ...one, at: ago(3), amount: null },
        { ...one, at: ago(1), kind: 'service' },
      ],
      now,
    );
    expect(values).toEqual({
      spent: 250,
      spent90: 100,
      spent365: 150,
      purchases: 5,
      firstPurchaseAt: ago(400),
      lastPurchaseAt: ago(2),
    });
    expect(recordFacts([], now)).toEqual({
      values: {
        spent: 0,
        spent90: 0,
        spent365: 0,
        purchases: 0,
        firstPurchaseAt: null,
        lastPurchaseAt: null,
      },
      bought: { names: [], written: [], lately: [], codes: [] },
      services: { count: 0, firstAt: null, lastAt: null, names: [], written: [], lately: [] },
      staleAt: null,
    });
  });

  it('is stale when the next record enters or leaves a time', () => {
    const staleAt = (...records: Partial<ValuesFrom>[]) =>
      recordFacts(
        records.map((some) => ({ ...one, ...some })),
        now,
      ).staleAt;
    expect(staleAt({ at: ago(10) }, { at: ago(80) }, { at: ago(500) })).toEqual(ago(-10));
    expect(staleAt({ at: ago(90) })).toEqual(ago(-275));
    expect(staleAt({ at: ago(365) })).toBeNull();
    expect(staleAt({ at: ago(10), kind: 'service' })).toEqual(ago(-355));
    expect(staleAt({ at: ago(10), status: 'cancelled' })).toBeNull();
    // Dated ahead: it is within no time yet.
    expect(staleAt({ at: ago(-3) })).toEqual(ago(-3));
    expect(recordFacts([{ ...one, at: ago(-3) }], now).values).toMatchObject({
      spent: 100,
      spent90: 0,
      firstPurchaseAt: null,
      lastPurchaseAt: null,
    });
    const { values, services } = recordFacts(
      (['purchase', 'service'] as const).flatMap((kind) =>
        [ago(9), ago(2), ago(-3)].map((at) => ({ ...one, kind, at })),
      ),
      now,
    );
    expect(values).toMatchObject({ firstPurchaseAt: ago(9), lastPurchaseAt: ago(2) });
    expect(services).toMatchObject({ count: 3, firstAt: ago(9), lastAt: ago(2) });
  });
});

describe('what they bought and what was done for them', () => {
  it('is known by names however they are written, the newest first, and by codes', () => {
    const { bought, services } = recordFacts(
      [
        { ...one, at: ago(400), items: [item('كفش  ورزشي', 'K-۱'), item('Socks')] },
        { ...one, at: ago(2), items: [item('کفش ورزشی', 'k-1'), item(' ', 'K-2')] },
        { ...one, at: ago(3), title: 'کیف چرمی' },
        { ...one, at: ago(4), title: '۱۰۰۱', externalId: '1001' },
        { ...one, at: ago(1), status: 'returned', items: [item('Hat')] },
        { ...one, at: ago(20), kind: 'service', title: 'Repair', items: [item('Screen')] },
        { ...one, at: ago(500), kind: 'service', title: 'Cleaning' },
        { ...one, at: ago(5), kind: 'service', title: 'Polish', status: 'cancelled' },
      ],
      now,
    );
    expect(bought).toEqual({
      names: ['کفش ورزشی', 'کیف چرمی', 'socks'],
      written: ['کفش ورزشی', 'کیف چرمی', 'Socks'],
      lately: ['کفش ورزشی', 'کیف چرمی'],
      codes: ['k-1', 'k-2'],
    });
    expect(services).toEqual({
      count: 2,
      firstAt: ago(500),
      lastAt: ago(20),
      names: ['repair', 'screen', 'cleaning'],
      written: ['Repair', 'Screen', 'Cleaning'],
      lately: ['repair', 'screen'],
    });
  });

  it('is at most two hundred names, the newest, and the same in whatever order records are read', () => {
    const records = Array.from({ length: 300 }, (_, n) => ({
      ...one,
      at: ago(Math.floor(n / 3)),
      items: [item(`Item ${n}`, `C${n}`), item('Bag')],
    }));
    const facts = recordFacts(records, now);
    expect(facts.bought.names).toHaveLength(200);
    expect(facts.bought.names).toContain('item 0');
    expect(facts.bought.names).not.toContain('item 299');
    expect(facts.bought.codes).toHaveLength(200);
    expect(recordFacts([...records].reverse(), now)).toEqual(facts);
  });
});

describe('segments of what was bought', () => {
  const admin: Viewer = { id: 'admin', role: 'administrator', channelIds: 'all', teamIds: [] };
  const running = new AbortController();
  let clock = now;
  let ctx: TestContext;
  beforeAll(async () => {
    ctx = await createTestContext({ now: () => clock });
  });
  afterAll(() => ctx?.close());
  beforeEach(async () => {
    clock = now;
    await ctx.empty();
    const blank = { nameSource: 'agent', active: { main: null }, version: 1, tokens: [], createdAt: now };
    await ctx.models.customers.insertMany(
      ['buyer', 'other'].map((_id) => ({ ...blank, _id, name: _id, members: [_id] })),
    );
  });

  const put = (
    kind: RecordKind,
    title: string,
    said: { at: Date; amount: number | null; items?: string[] },
  ) =>
    putRecord(ctx, {
      customerId: 'buyer',
      kind,
      externalId: `${kind} ${title}`,
      put: {
        at: said.at.toISOString(),
        title,
        amount: said.amount,
        currency: 'IRR',
        items: (said.items ?? []).map((name) => ({ name, code: '', quantity: 1, amount: null })),
        status: 'done',
        statusText: '',
        note: '',
        referralCode: '',
      },
      source: { by: 'api', id: 'key' },
    });
  /** Who is in it: counted and listed alike. */
  async function held(...conditions: SegmentCondition[]): Promise<string[]> {
    const filter = { match: 'all' as const, conditions };
    const { customers } = await listCustomers(ctx, admin, {
      segmentId: null,
      filter,
      sort: 'name',
      after: null,
      limit: 10,
    });
    expect(await countRule(ctx, admin, filter)).toEqual({ count: customers.length, about: false });
    return customers.map(({ id }) => id);
  }
  const derive = () => workFacts(ctx, running.signal);
  const facts = () => ctx.models.facts.findById('buyer').lean<FactsDoc>().exec();

  it('hold whoever bought it, in whatever spelling it is asked', async () => {
    await put('purchase', 'Order', { at: ago(3), amount: 900, items: ['كفش ورزشي', 'Socks'] });
    await ctx.models.factsDue.insertMany([{ _id: 'other', due: 1, at: now }]);
    await derive();
    const attribute = 'boughtItems';
    expect(await held({ attribute, operator: 'anyOf', value: ['Bag', 'کفش ورزشی'] })).toEqual(['buyer']);
    expect(await held({ attribute, operator: 'allOf', value: ['کفش ورزشی', 'SOCKS'] })).toEqual(['buyer']);
    expect(await held({ attribute, operator: 'noneOf', value: ['socks'] })).toEqual(['other']);
    expect(await held({ attribute, operator: 'contains', value: 'ورزشي' })).toEqual(['buyer']);
    expect(await held({ attribute, operator: 'notSet' })).toEqual(['other']);
    expect(await held({ attribute: 'services', operator: 'atLeast', value: 1 })).toEqual([]);
  });

  it('let go of a purchase and a service as their time passes, without anybody touching them', async () => {
    await put('purchase', 'Order', { at: ago(80), amount: 50_000_001, items: ['Phone'] });
    await put('service', 'Repair of a phone', { at: ago(300), amount: null });
    await derive();
    const much: SegmentCondition = { attribute: 'spent90', operator: 'moreThan', value: 50_000_000 };
    const repaired: SegmentCondition = {
      attribute: 'serviceNames365',
      operator: 'contains',
      value: 'repair',
    };
    expect(await held(much, repaired)).toEqual(['buyer']);
    expect((await facts())?.staleAt).toEqual(ago(-10));

    const later = async (days: number) => {
      clock = ago(-days);
      await sweepStale(ctx);
      await derive();
    };
    await later(9);
    expect(await held(much, repaired)).toEqual(['buyer']);
    await later(10);
    expect(await held(much)).toEqual([]);
    expect(await held(repaired)).toEqual(['buyer']);
    expect((await facts())?.staleAt).toEqual(ago(-65));
    await later(65);
    expect(await held(repaired)).toEqual([]);
    expect(await held({ ...repaired, attribute: 'serviceNames' })).toEqual(['buyer']);
    await later(285);
    expect((await facts())?.values).toMatchObject({ spent: 50_000_001, spent90: 0, spent365: 0 });
    expect((await facts())?.staleAt).toEqual(new Date(0));
  });
});
