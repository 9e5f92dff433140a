import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../../connectors/connector.ts';
import type { Viewer } from '../../shared/access.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { deliver, drain } from '../../test/intake.ts';
import { person, plain, rawEvent, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import type { Context } from '../context.ts';
import { checkInvariants } from '../db/invariants.ts';
import type { Models } from '../db/models.ts';
import type { InboundDoc } from './inbound.model.ts';
import { listInbound, replayInbound } from './inbound.service.ts';
import { inlineBytes, storeEvents } from './inbound.store.ts';
import { sweepInbound } from './inbound.sweep.ts';
import { processEvent, startInbound } from './inbound.worker.ts';

let ctx: TestContext;
let channel: ChannelDoc;
/** Added to the clock. */
let ahead = 0;
const leaseMs = 150;
const admin: Viewer = { id: 'user-1', role: 'administrator', channelIds: 'all', teamIds: [] };
const agent: Viewer = { id: 'user-2', role: 'agent', channelIds: 'all', teamIds: [] };
const sara = person('1001');

/** What it throws is the provider's nonsense: a person must look. */
let understands = true;
const picky: Connector = {
  ...plain,
  inbound: (event, settings) => {
    if (new TextDecoder().decode(event.payload).includes('poison') && !understands)
      throw new Error('The update has no sender, with token bot123456:abcdefghijklmnopqrstuvwxyz0123456789.');
    return plain.inbound(event, settings);
  },
};

beforeAll(async () => {
  ctx = await createTestContext({
    connectors: { plain: picky },
    leaseMs,
    now: () => new Date(Date.now() + ahead),
  });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  ahead = 0;
  understands = true;
  await ctx.empty();
  channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});
afterEach(async () => {
  expect(await checkInvariants(ctx.models)).toEqual([]);
});

const event = async (id: string | undefined) => {
  const doc = await ctx.models.inbound.findById(id).lean<InboundDoc>();
  if (!doc) throw new Error(`No event ${id}`);
  return doc;
};
const texts = async () =>
  (await ctx.models.messages.find({ kind: 'message' }).sort({ seq: 1 }).lean()).map(
    (message) => message.text,
  );
const store = (events: Parameters<typeof storeEvents>[1]['events'], on: ChannelDoc | null = channel) =>
  storeEvents(ctx, { hookId: channel.hookId, channel: on, connectorId: 'plain', events });

describe('storing', () => {
  it('says what is new and what was here, and tells of the new alone', async () => {
    const told: string[][] = [];
    const off = ctx.bus.on('inbound.stored', ({ ids }) => told.push(ids));
    const a = rawEvent([], { key: 'a' });
    const b = rawEvent([], { key: 'b' });
    const first = await store([a, a]);
    expect(first).toMatchObject({ ids: [expect.stringContaining(':a')], duplicates: 1 });
    expect(await store([a, b])).toMatchObject({ ids: [expect.stringContaining(':b')], duplicates: 1 });
    expect(await store([a, b])).toEqual({ ids: [], duplicates: 2 });
    off();
    expect(told).toHaveLength(2);
  });

  it('is kept for an account no channel has, shown, and taken up once a channel is there', async () => {
    const { ids } = await store([rawEvent([written(sara, 'for whom?')], { accountRef: 'another' })], null);
    await drain(ctx);
    expect(await event(ids[0])).toMatchObject({
      state: 'failed',
      channelId: null,
      reason: expect.stringContaining('"another"'),
    });
    const other = await ctx.addChannel({ connector: 'plain', accountRef: 'another', hookId: channel.hookId });
    await replayInbound(ctx, admin, ids[0] ?? '');
    await drain(ctx);
    expect(await event(ids[0])).toMatchObject({ state: 'done', channelId: other._id });
    expect(await texts()).toEqual(['for whom?']);
  });

  it('of a large event keeps its bytes in a file, and reads them back', async () => {
    const text = 'ط'.repeat(20_000);
    const events = Array.from({ length: 8 }, (_, n) => written(sara, `${n} ${text}`));
    const [id] = await deliver(ctx, channel, [rawEvent(events, { key: 'large' })]);
    const doc = await event(id);
    expect(doc).toMatchObject({ state: 'done', payload: null, fileId: expect.any(String) });
    expect(doc.bytes).toBeGreaterThan(inlineBytes);
    expect(await texts()).toHaveLength(8);
    await store([rawEvent(events, { key: 'large' })]);
    expect(await ctx.models.files.countDocuments({})).toBe(1);
    ahead = 31 * 24 * 3_600_000;
    await sweepInbound(ctx);
    expect(await ctx.models.files.countDocuments({})).toBe(0);
    expect(await event(id)).toMatchObject({ state: 'done', payload: null, fileId: null });
  });
});

describe('what cannot be understood', () => {
  it('fails at once with its reason, without secrets, and blocks nothing', async () => {
    understands = false;
    const [bad, good] = await deliver(ctx, channel, [written(sara, 'poison'), written(sara, 'food')]);
    expect(await event(bad)).toMatchObject({
      state: 'failed',
      attempts: 1,
      reason: expect.stringMatching(/no sender/),
    });
    expect((await event(bad)).reason).not.toContain('abcdefghij');
    expect((await event(good)).state).toBe('done');
    expect(await texts()).toEqual(['food']);
  });

  it('is listed for administrators, and replayed once it is understood', async () => {
    understands = false;
    const [bad] = await deliver(ctx, channel, [written(sara, 'poison')]);
    const page = await listInbound(ctx, admin, { state: 'failed' });
    expect(page).toMatchObject({
      events: [{ id: bad, excerpt: expect.stringContaining('poison') }],
      next: null,
    });
    await expect(listInbound(ctx, agent, { state: 'failed' })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(replayInbound(ctx, agent, bad ?? '')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(replayInbound(ctx, admin, 'nothing')).rejects.toMatchObject({ code: 'notFound' });
    understands = true;
    expect(await replayInbound(ctx, admin, bad ?? '')).toMatchObject({ state: 'new', reason: null });
    await drain(ctx);
    expect(await texts()).toEqual(['poison']);
    await expect(replayInbound(ctx, admin, bad ?? '')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is paged, newest first', async () => {
    understands = false;
    await deliver(
      ctx,
      channel,
      Array.from({ length: 60 }, (_, n) => written(sara, `poison ${n}`)),
    );
    const first = await listInbound(ctx, admin, { state: 'failed' });
    const second = await listInbound(ctx, admin, { state: 'failed', after: first.next ?? '' });
    expect([first.events.length, second.events.length, second.next]).toEqual([50, 10, null]);
    expect(new Set([...first.events, ...second.events].map((one) => one.id)).size).toBe(60);
    await expect(listInbound(ctx, admin, { state: 'failed', after: 'rubbish' })).rejects.toMatchObject({
      code: 'invalid',
    });
  });
});

/** Lets `count` commands through and fails everything after, as a server whose connection is gone. */
function dyingAfter(count: number): { ctx: Context; died: () => boolean } {
  let left = count;
  let dead = false;
  const wrap = (model: object) =>
    new Proxy(model, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          left -= 1;
          if (left < 0) {
            dead = true;
            throw new Error('The connection is gone.');
          }
          return Reflect.apply(value, target, args);
        };
      },
    });
  const models = Object.fromEntries(
    Object.entries(ctx.models).map(([name, model]) => [name, wrap(model)]),
  ) as Models;
  return { ctx: { ...ctx, nodeId: 'a dying server', models }, died: () => dead };
}

describe('a server that dies', () => {
  it('at any command of an intake leaves nothing half done; another takes the event over when its lease is out', async () => {
    let points = 0;
    for (let n = 0; ; n += 1) {
      await ctx.empty();
      channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
      await deliver(ctx, channel, [written(sara, 'before')]);
      const proves = [
        { kind: 'mobile' as const, value: '+989121234567', display: '', proof: 'sharedContact' as const },
      ];
      const { ids } = await store([rawEvent([written(sara, 'after', { proves, inReplyTo: 'm0' })])]);
      const dying = dyingAfter(n);
      await processEvent(dying.ctx, ids[0] ?? '').catch(() => undefined);
      if (!dying.died()) break;
      points += 1;
      expect(await checkInvariants(ctx.models), `after ${n} commands`).toEqual([]);
      await expect
        .poll(async () => {
          const woken: string[] = [];
          await sweepInbound({ ...ctx, queue: { ...ctx.queue, wake: (_topic, key) => woken.push(key) } });
          for (const id of woken) await processEvent(ctx, id);
          return (await event(ids[0])).state;
        })
        .toBe('done');
      expect(await texts(), `after ${n} commands`).toEqual(['before', 'after']);
      expect(await ctx.models.identities.countDocuments({})).toBe(2);
    }
    expect(points).toBeGreaterThan(10);
  });

  it('again and again at the same event does not go on for ever', async () => {
    const { ids } = await store([rawEvent([written(sara, 'deadly')])]);
    const state = async () => (await event(ids[0])).state;
    for (let n = 0; n < 20 && (await state()) !== 'failed'; n += 1) {
      await ctx.models.inbound.updateOne(
        { _id: ids[0], state: 'working' },
        { $set: { 'lease.until': new Date(0) } },
      );
      // Once begun too often, it is not begun again: that needs one command more.
      await processEvent(dyingAfter(n < 8 ? 1 : 2).ctx, ids[0] ?? '').catch(() => undefined);
    }
    expect(await event(ids[0])).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/again and again/),
    });
  });

  it('and comes back to life finds that its event is another’s', async () => {
    const { ids } = await store([rawEvent([written(sara, 'once')])]);
    const id = ids[0] ?? '';
    let stalled = true;
    const { parts } = ctx.models;
    const stalling = new Proxy(parts, {
      get(target, name) {
        if (name !== 'find' || !stalled) return Reflect.get(target, name) as unknown;
        stalled = false;
        // As long as it takes another server to take the event over and be done with it.
        return (...args: Parameters<typeof parts.find>) => ({
          lean: async () => {
            await ctx.models.inbound.updateOne({ _id: id }, { $set: { 'lease.until': new Date(0) } });
            await processEvent({ ...ctx, nodeId: 'a quick server' }, id);
            return parts.find(...args).lean();
          },
        });
      },
    });
    const slow: Context = { ...ctx, nodeId: 'a slow server', models: { ...ctx.models, parts: stalling } };
    await processEvent(slow, id);
    expect(stalled).toBe(false);
    expect(await texts()).toEqual(['once']);
    expect(await event(id)).toMatchObject({ state: 'done', lease: { owner: 'a quick server', fence: 2 } });
  });
});

describe('the workers', () => {
  it('take what is stored without being asked, several at a time, and the sweep wakes what was not', async () => {
    const server = await ctx.sibling();
    const stop = startInbound(server);
    try {
      const unwoken = await store([rawEvent([written(person('7'), 'stored by a server that died')])]);
      expect(unwoken.ids).toHaveLength(1);
      const people = Array.from({ length: 12 }, (_, n) => person(`p${n}`));
      const all = new Promise<void>((resolve) => {
        let heard = 0;
        server.bus.on('conversation.changed', ({ messages }) => {
          heard += messages.length;
          if (heard === 37) resolve();
        });
      });
      await storeEvents(server, {
        hookId: channel.hookId,
        channel,
        connectorId: 'plain',
        events: people.flatMap((by) => [1, 2, 3].map((n) => rawEvent([written(by, `${n}`)]))),
      });
      await sweepInbound(server);
      await all;
    } finally {
      stop();
      await server.close();
    }
    expect(await ctx.models.customers.countDocuments({})).toBe(13);
    expect(await texts()).toHaveLength(37);
  });

  it('try again later after a fault of ours, and say in the end what it was', async () => {
    const { ids } = await store([rawEvent([written(sara, 'hello')])]);
    const broken: Context = {
      ...ctx,
      files: ctx.files,
      connectors: { plain: { ...plain, inbound: () => [written(sara, 'hello')] } },
    };
    const faulty = { ...broken, models: { ...ctx.models, conversations: failing(ctx.models.conversations) } };
    await processEvent(faulty, ids[0] ?? '');
    const first = await event(ids[0]);
    expect(first).toMatchObject({ state: 'new', attempts: 1, reason: 'The disk is full.' });
    expect(first.nextAt?.getTime()).toBeGreaterThan(ctx.now().getTime());
    await processEvent(faulty, ids[0] ?? '');
    expect((await event(ids[0])).attempts).toBe(1);
    for (let n = 2; n <= 8; n += 1) {
      ahead += 3_600_000;
      await processEvent(faulty, ids[0] ?? '');
    }
    expect(await event(ids[0])).toMatchObject({ state: 'failed', attempts: 8, reason: 'The disk is full.' });
    expect(await texts()).toEqual([]);
  });
});

describe('conflicts', () => {
  it('that go on are no attempts: the event is new again, for a little later', async () => {
    const { ids } = await store([rawEvent([written(sara, 'hello')])]);
    const { customers } = ctx.models;
    // Somebody else is always quicker.
    const contended = new Proxy(customers, {
      get: (target, name) =>
        name === 'updateOne' ? async () => ({ matchedCount: 0 }) : (Reflect.get(target, name) as unknown),
    });
    await processEvent({ ...ctx, models: { ...ctx.models, customers: contended } }, ids[0] ?? '');
    expect(await event(ids[0])).toMatchObject({
      state: 'new',
      attempts: 0,
      reason: null,
      nextAt: expect.any(Date),
    });
    ahead = 1_000;
    await drain(ctx);
    expect(await texts()).toEqual(['hello']);
  });
});

function failing<T extends object>(model: T): T {
  return new Proxy(model, {
    get: (target, name) =>
      name === 'insertMany'
        ? () => Promise.reject(new Error('The disk is full.'))
        : (Reflect.get(target, name) as unknown),
  });
}
