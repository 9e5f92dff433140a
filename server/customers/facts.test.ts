import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver } from '../../test/intake.ts';
import { person, plain, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import { checkInvariants } from '../db/invariants.ts';
import { commit } from '../messages/commit.ts';
import { putRecord } from '../records/record.service.ts';
import { mergeByAgent } from './customer.merge.ts';
import { learntChannels } from './facts.activity.ts';
import { derive } from './facts.derive.ts';
import { everybodyDue, factsDue, factsDueNow } from './facts.due.ts';
import type { FactsDoc, FactsDueDoc } from './facts.model.ts';
import { startFacts, sweepFacts, workFacts } from './facts.worker.ts';

const admin: Viewer = { id: 'admin', role: 'administrator', channelIds: 'all', teamIds: [] };
let ctx: TestContext;
let channel: ChannelDoc;
const running = new AbortController();

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain } });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  await ctx.empty();
  channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});

const facts = (id: string) => ctx.models.facts.findById(id).lean<FactsDoc>().exec();
const due = () => ctx.models.factsDue.find({}).lean<FactsDueDoc[]>().exec();
const work = () => workFacts(ctx, running.signal);

async function met(value: string, name: string): Promise<string> {
  await deliver(ctx, channel, [written(person(value, { name }), 'hello')]);
  const identity = await ctx.models.identities.findOne({ value }).lean();
  if (!identity) throw new Error(`${value} is nobody.`);
  return identity.customerId;
}

describe('facts of a customer', () => {
  it('are derived from what came in: who they are, when, and over which channel', async () => {
    const id = await met('1001', 'Sara Example');
    expect((await due()).map((one) => one._id)).toEqual([id]);
    await work();
    expect(await due()).toEqual([]);
    expect(await facts(id)).toMatchObject({
      name: 'Sara Example',
      nameText: 'sara example',
      identityKinds: ['telegramUser'],
      provenKinds: ['telegramUser'],
      activity: { conversations: 1, channelIds: [channel._id], lastOutboundAt: null },
      values: { spent: 0, purchases: 0 },
      profile: { channel: 'telegramUser' },
      learnt: [{ kind: 'telegramUser', messages: 1, replies: 0 }],
      rev: 1,
    });
    expect((await facts(id))?.activity.lastInboundAt).toBeInstanceOf(Date);
  });

  it('know when each side wrote last, however much else there is after it', async () => {
    const id = await met('1001', 'Sara');
    const first = await ctx.models.messages.findOne({ kind: 'message' }).lean();
    if (!first) throw new Error('Nothing was taken in.');
    const at = (minute: number) => new Date(first.at.getTime() + minute * 60_000);
    const { _id, ...like } = first;
    const more = (minute: number, what: object) => ({
      ...like,
      _id: `${_id}-${minute}`,
      seq: first.seq + minute,
      at: at(minute),
      ...what,
    });
    const noted = { kind: 'note', direction: 'none', identityId: null };
    await ctx.models.messages.collection.insertMany([
      more(1, { direction: 'out' }),
      ...Array.from({ length: 60 }, (_, n) => more(n + 2, noted)),
    ] as never[]);
    await factsDueNow(ctx, [id]);
    await work();
    expect((await facts(id))?.activity).toMatchObject({ lastInboundAt: at(0), lastOutboundAt: at(1) });
  });

  it('that come out the same are not written again, and nobody hears of them', async () => {
    const id = await met('1001', 'Sara Example');
    await work();
    const heard: string[][] = [];
    const stop = ctx.bus.on('facts.changed', ({ customerIds }) => heard.push(customerIds));
    await factsDueNow(ctx, [id]);
    await work();
    expect(heard).toEqual([]);
    await ctx.models.customers.updateOne({ _id: id }, { $set: { name: 'Sara Other' } });
    await factsDueNow(ctx, [id]);
    await work();
    stop();
    expect(heard).toEqual([[id]]);
    expect(await facts(id)).toMatchObject({ name: 'Sara Other', rev: 2 });
  });

  it('of somebody merged into another are gone', async () => {
    const [id, other] = [await met('1001', 'Sara'), await met('1002', 'Sara')];
    await work();
    await ctx.models.customers.updateOne({ _id: other }, { $set: { mergedInto: id } });
    await factsDueNow(ctx, [id, other]);
    await work();
    expect(await facts(other)).toBeNull();
    expect(await facts(id)).not.toBeNull();
    expect(await due()).toEqual([]);
  });

  it('follow what hangs on somebody who was merged', async () => {
    const [id, other] = [await met('1001', 'Sara'), await met('1002', 'Sara')];
    const put = {
      at: '2024-08-02T10:00:00Z',
      title: 'Shoes',
      amount: 500,
      currency: 'IRR',
      items: [],
      status: 'done' as const,
      statusText: '',
      note: '',
      referralCode: '',
    };
    const say = (customerId: string, amount: number) =>
      putRecord(ctx, {
        customerId,
        kind: 'purchase',
        externalId: 'A-1',
        put: { ...put, amount },
        source: { by: 'api', id: 'key' },
      });
    await say(other, 500);
    await mergeByAgent(ctx, admin, { intoId: id, otherId: other, reason: 'same' });
    await work();
    expect((await facts(id))?.values).toMatchObject({ spent: 500, purchases: 1 });
    await say(id, 700);
    await work();
    expect((await facts(id))?.values).toMatchObject({ spent: 700, purchases: 1 });
    await say(await met('1003', 'Reza'), 700);
    await work();
    expect((await facts(id))?.values).toMatchObject({ spent: 0, purchases: 0 });
    expect(await due()).toEqual([]);
  });

  it('said to be due while they are derived stay due', async () => {
    const id = await met('1001', 'Sara');
    const read = await due();
    await commit(ctx, (tx) => factsDue(tx, id));
    await derive(ctx, read);
    expect(await due()).toMatchObject([{ _id: id, due: (read[0]?.due ?? 0) + 1 }]);
  });

  it('of a derivation that stalled are not written over those of a later one', async () => {
    const id = await met('1001', 'Old name');
    await work();
    await factsDueNow(ctx, [id]);
    // Another server, after this one has read: newer facts under the next revision.
    const fields = new Proxy(ctx.models.fields, {
      get(model, name) {
        if (name !== 'find') return Reflect.get(model, name);
        const meanwhile = () =>
          ctx.models.facts
            .updateOne({ _id: id }, { $set: { name: 'Newer' }, $inc: { rev: 1 } })
            .exec()
            .then(() => []);
        return () => ({ lean: () => ({ exec: meanwhile }) });
      },
    });
    await ctx.models.customers.updateOne({ _id: id }, { $set: { name: 'Old again' } });
    await derive({ ...ctx, models: { ...ctx.models, fields } }, await due());
    expect(await facts(id)).toMatchObject({ name: 'Newer' });
    expect(await due()).toMatchObject([{ _id: id }]);
  });

  it('are said to be due once a commit, however often it says so', async () => {
    await commit(ctx, async (tx) => {
      await factsDue(tx, '1');
      await factsDue(tx, '1');
    });
    expect(await due()).toMatchObject([{ _id: '1', due: 1 }]);
    await work();
    expect(await due()).toEqual([]);
  });
});

it('facts that nobody is to derive anew though they are of another day are a fault of the data', async () => {
  const id = await met('1001', 'Sara');
  await work();
  expect(await checkInvariants(ctx.models)).toEqual([]);
  await ctx.models.customers.updateOne({ _id: id }, { $set: { name: 'Other' } });
  expect(await checkInvariants(ctx.models)).toEqual([expect.stringContaining(`facts of ${id}`)]);
  await factsDueNow(ctx, [id]);
  expect(await checkInvariants(ctx.models)).toEqual([]);
  await work();
  expect(await checkInvariants(ctx.models)).toEqual([]);
});

describe('the worker', () => {
  it('makes everybody due, in batches, and goes on where it was', async () => {
    const total = 230;
    const blank = { nameSource: 'agent' as const, active: { main: null }, version: 1, mergedInto: null };
    await ctx.models.customers.insertMany(
      Array.from({ length: total }, (_, n) => {
        const _id = String(1_000_000_000 + n);
        return { ...blank, _id, name: `N${n}`, members: [_id], tokens: [], createdAt: new Date() };
      }),
    );
    await everybodyDue(ctx);
    const stopped = new AbortController();
    let batches = 0;
    const stop = ctx.bus.on('facts.changed', () => {
      batches += 1;
      if (batches === 2) stopped.abort();
    });
    await workFacts(ctx, stopped.signal);
    stop();
    const half = await ctx.models.facts.countDocuments({});
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan(total);
    await work();
    expect(await ctx.models.facts.countDocuments({})).toBe(total);
    expect(await due()).toEqual([]);
  });

  it('is woken by what is said, and by the sweep for what nobody heard', async () => {
    const derived = (customerId: string) =>
      new Promise<void>((resolve) => {
        const stop = ctx.bus.on('facts.changed', ({ customerIds }) => {
          if (!customerIds.includes(customerId)) return;
          stop();
          resolve();
        });
      });
    const end = startFacts(ctx, running.signal);
    const id = await met('1001', 'Sara');
    await derived(id);
    await ctx.models.customers.updateOne({ _id: id }, { $set: { name: 'Other' } });
    await ctx.models.factsDue.insertMany([{ _id: id, due: 1, at: new Date() }]);
    const again = derived(id);
    await sweepFacts(ctx);
    await again;
    expect(await facts(id)).toMatchObject({ name: 'Other' });
    end();
  });
});

it('what they do tells for a channel: most written, and how often they answered us there', () => {
  const identities = [
    { _id: 't', kind: 'telegramUser' as const },
    { _id: 'm', kind: 'leftMobile' as const },
  ];
  const message = (minute: number, direction: 'in' | 'out', identityId: string) => ({
    _id: String(minute),
    conversationId: 'c',
    kind: 'message' as const,
    direction,
    identityId,
    at: new Date(minute * 60_000),
    automatic: false,
  });
  expect(
    learntChannels(
      [
        message(5, 'in', 't'),
        message(1, 'in', 'm'),
        message(2, 'out', 'm'),
        message(3, 'in', 'm'),
        message(4, 'in', 'm'),
      ],
      identities,
    ),
  ).toEqual([
    { kind: 'mobile', messages: 3, replies: 1, lastAt: new Date(240_000) },
    { kind: 'telegramUser', messages: 1, replies: 0, lastAt: new Date(300_000) },
  ]);
});
