import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../shared/access.ts';
import { defaultRouting, type Routing } from '../../shared/channel.ts';
import type { BusinessHours } from '../../shared/hours.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { plain } from '../../test/provider.ts';
import { newDelivery, withPieces } from '../messages/delivery.ts';
import type { ChannelDoc } from './channel.model.ts';
import { listChannels, updateChannel, usableChannels } from './channel.service.ts';
import { flushHealth, noteIn } from './channel.state.ts';
import { listFailures, replayFailures } from './failures.ts';
import { channelHealth } from './health.ts';
import { sweepSilence } from './silence.ts';

let ctx: TestContext;
let channel: ChannelDoc;
let now = new Date();
const admin: Viewer = { id: 'admin', role: 'administrator', channelIds: 'all', teamIds: [] };
const agent: Viewer = { id: 'agent', role: 'agent', channelIds: 'all', teamIds: [] };
const day = [{ from: '09:00', to: '17:00' }];
const hours: BusinessHours = {
  timeZone: 'UTC',
  week: { sat: day, sun: day, mon: day, tue: day, wed: day, thu: [], fri: [] },
  iranianHolidays: false,
  closed: [],
  except: [],
};

beforeAll(async () => {
  ctx = await createTestContext({ connectors: { plain }, now: () => now, leaseMs: 1 });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  // A Wednesday.
  now = new Date('2025-11-05T10:00:00Z');
  await ctx.empty();
  channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});

const route = (change: Partial<Routing>) =>
  updateChannel(ctx, admin, { id: channel._id, change: { routing: { ...defaultRouting, ...change } } });
const health = async () => (await channelHealth(ctx))(channel._id);

describe('routing', () => {
  it('is what nobody changed, and then what was chosen', async () => {
    expect((await listChannels(ctx, admin))[0]?.routing).toEqual(defaultRouting);
    await ctx.models.teams.insertMany([
      { _id: 't', name: 'Sales', archived: false, touched: 0, createdAt: now },
    ]);
    const changed = await route({ teamId: 't', hours, silentAfter: 4 });
    expect(changed.routing).toEqual({ ...defaultRouting, teamId: 't', hours, silentAfter: 4 });
    expect((await listChannels(ctx, admin))[0]?.routing).toEqual(changed.routing);
  });

  it('names only what there is', async () => {
    await expect(route({ teamId: 'none' })).rejects.toMatchObject({
      body: { fields: { 'routing.teamId': expect.any(String) } },
    });
    await expect(route({ hours: { ...hours, timeZone: 'Nowhere' } })).rejects.toMatchObject({
      body: { fields: { 'routing.hours.timeZone': expect.any(String) } },
    });
  });
});

describe('a silent channel', () => {
  it('is one that heard nothing for so many hours of business, and no more once it hears', async () => {
    await route({ hours, silentAfter: 8 });
    noteIn(ctx, channel._id);
    await flushHealth(ctx);
    const since = now.toISOString();
    const told: string[] = [];
    const off = ctx.bus.on('channel.changed', ({ channelId }) => told.push(channelId));
    const alarms: unknown[] = [];
    const offAlarm = ctx.bus.on('channel.ill', (event) => alarms.push(event));
    // Seven hours on Wednesday, none on Thursday and Friday, an hour on Saturday.
    now = new Date('2025-11-08T09:59:00Z');
    await sweepSilence(ctx);
    expect((await health()).silentSince).toBeNull();
    expect(told).toEqual([]);
    now = new Date('2025-11-08T10:00:00Z');
    await sweepSilence(ctx);
    expect((await health()).silentSince).toBe(since);
    expect(told).toEqual([channel._id]);
    await sweepSilence(ctx);
    expect(told).toHaveLength(1);
    expect(alarms).toEqual([{ channelId: channel._id, ill: 'silent', since: new Date(since) }]);
    expect((await usableChannels(ctx, admin))[0]).toMatchObject({ ill: 'silent' });
    noteIn(ctx, channel._id);
    await flushHealth(ctx);
    expect((await health()).silentSince).toBeNull();
    expect((await usableChannels(ctx, admin))[0]).not.toHaveProperty('ill');
    off();
    offAlarm();
  });

  it.each([
    ['has heard something', true],
    ['never heard anything, since it was connected', false],
  ])('is one of which nobody chose anything, after 24 hours, where it %s', async (_, heard) => {
    expect(defaultRouting.silentAfter).toBe(24);
    if (heard) {
      now = new Date(now.getTime() + 900 * 3_600_000);
      noteIn(ctx, channel._id);
      await flushHealth(ctx);
    }
    const since = now.toISOString();
    now = new Date(now.getTime() + 24 * 3_600_000 - 1);
    await sweepSilence(ctx);
    expect((await health()).silentSince).toBeNull();
    now = new Date(now.getTime() + 1);
    await sweepSilence(ctx);
    expect((await health()).silentSince).toBe(since);
    noteIn(ctx, channel._id);
    await flushHealth(ctx);
    expect((await health()).silentSince).toBeNull();
  });

  it('is none while a server has only begun to run: what came meanwhile is fetched first', async () => {
    noteIn(ctx, channel._id);
    await flushHealth(ctx);
    now = new Date(now.getTime() + 48 * 3_600_000);
    const begun = now;
    await sweepSilence(ctx, begun);
    expect((await health()).silentSince).toBeNull();
    now = new Date(now.getTime() + 15 * 60_000);
    await sweepSilence(ctx, begun);
    expect((await health()).silentSince).not.toBeNull();
  });

  it('counts from when it was resumed, and never where nobody asked for it', async () => {
    await route({ silentAfter: 2 });
    noteIn(ctx, channel._id);
    await flushHealth(ctx);
    now = new Date(now.getTime() + 2 * 3_600_000);
    await sweepSilence(ctx);
    expect((await health()).silentSince).toBe('2025-11-05T10:00:00.000Z');
    await updateChannel(ctx, admin, { id: channel._id, change: { state: 'paused' } });
    await updateChannel(ctx, admin, { id: channel._id, change: { state: 'connected' } });
    await sweepSilence(ctx);
    expect((await health()).silentSince).toBeNull();
    await route({ silentAfter: null });
    now = new Date(now.getTime() + 900 * 3_600_000);
    await sweepSilence(ctx);
    expect((await health()).silentSince).toBeNull();
  });
});

describe('failures', () => {
  /** A conversation with messages that failed, or of which nobody knows. */
  async function failed(states: ('failed' | 'unknown')[]) {
    const at = (n: number) => new Date(now.getTime() - 60_000 * (states.length - n));
    await ctx.models.customers.insertMany([
      {
        _id: 'c',
        name: 'Anna Example',
        nameSource: 'agent',
        active: { main: 'conversation' },
        version: 1,
        mergedInto: null,
        members: ['c'],
        tokens: [],
        createdAt: now,
      },
    ]);
    await ctx.models.conversations.insertMany([
      {
        _id: 'conversation',
        customerId: 'c',
        homeCustomerId: 'c',
        status: 'open',
        version: 1,
        seq: states.length,
        messageCount: states.length,
        channelIds: [channel._id],
        createdAt: now,
        lastAt: now,
        newestAt: now,
        lastInboundSeq: 0,
        undelivered: states.length,
      },
    ]);
    await ctx.models.messages.insertMany(
      states.map((state, n) => {
        const queued = newDelivery([{ kind: 'text', text: `text ${n}` }], at(n));
        const error = { class: 'permanent' as const, code: 'refused', message: 'It was refused.' };
        return {
          _id: `m${n}`,
          conversationId: 'conversation',
          kind: 'message',
          direction: 'out',
          seq: n + 1,
          version: 1,
          at: at(n),
          receivedAt: at(n),
          visibility: 'private',
          channelId: channel._id,
          text: `text ${n}`,
          delivery: withPieces(
            queued,
            queued.pieces.map((piece) => ({ ...piece, state, attempt: 1, error })),
          ),
        };
      }),
    );
  }
  const list = (direction: 'in' | 'out', after?: string) =>
    listFailures(ctx, admin, { channelId: channel._id, direction, after });

  it('of what did not leave are listed with their reasons, and sent again on somebody’s word', async () => {
    await failed(['failed', 'unknown', 'failed']);
    const { failures, next } = await list('out');
    expect(next).toBeNull();
    expect(failures.map((one) => [one.id, one.unknown])).toEqual([
      ['m2', false],
      ['m1', true],
      ['m0', false],
    ]);
    expect(failures[0]).toMatchObject({
      class: 'permanent',
      code: 'refused',
      message: 'It was refused.',
      excerpt: 'text 2',
      conversationId: 'conversation',
      customerName: 'Anna Example',
    });
    const replay = (ids?: string[]) =>
      replayFailures(ctx, admin, { channelId: channel._id, direction: 'out', ids });
    expect(await replay()).toEqual({ replayed: 2, refused: [] });
    expect((await list('out')).failures.map((one) => one.id)).toEqual(['m1']);
    expect(await replay(['m1', 'm0', 'nobody'])).toMatchObject({
      replayed: 1,
      refused: [{ id: 'm0' }, { id: 'nobody' }],
    });
    expect((await health()).outboundFailed).toBe(0);
    expect((await health()).queued).toBe(3);
  });

  it('of what came in are paged, each once, and taken up again', async () => {
    await ctx.models.inbound.insertMany(
      Array.from({ length: 120 }, (_, n) => ({
        _id: `e${String(n).padStart(3, '0')}`,
        hookId: channel.hookId,
        accountRef: 'plain',
        eventKey: String(n),
        channelId: channel._id,
        state: 'failed',
        reason: n % 2 ? 'unmatched: the message it speaks about never came.' : 'It is no JSON.',
        payload: Buffer.from(`payload ${n}`),
        bytes: 9,
        receivedAt: new Date(now.getTime() - Math.floor(n / 7) * 1_000),
        attempts: 8,
      })),
    );
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await list('in', after);
      seen.push(...page.failures.map((one) => one.id));
      if (!page.next) break;
      after = page.next;
    }
    expect(seen).toHaveLength(120);
    expect(new Set(seen).size).toBe(120);
    const [one] = (await list('in')).failures;
    expect(one).toMatchObject({ direction: 'in', class: null, conversationId: null, attempts: 8 });
    expect((await list('in')).failures.map((failure) => failure.code)).toEqual(
      expect.arrayContaining(['unmatched', null]),
    );
    expect(one?.excerpt).toMatch(/^payload \d+$/);
    const replay = (ids?: string[]) =>
      replayFailures(ctx, admin, { channelId: channel._id, direction: 'in', ids });
    expect(await replay(['e000', 'nobody'])).toMatchObject({ replayed: 1, refused: [{ id: 'nobody' }] });
    expect(await replay()).toEqual({ replayed: 119, refused: [] });
    expect((await health()).inboundFailed).toBe(0);
    await expect(list('in', 'x')).rejects.toMatchObject({ code: 'invalid' });
  });

  it('are an administrator’s to see, of channels that are there', async () => {
    await expect(listFailures(ctx, agent, { channelId: channel._id, direction: 'in' })).rejects.toMatchObject(
      { code: 'forbidden' },
    );
    await expect(
      replayFailures(ctx, agent, { channelId: channel._id, direction: 'in' }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    await expect(listFailures(ctx, admin, { channelId: 'none', direction: 'in' })).rejects.toMatchObject({
      code: 'notFound',
    });
  });
});
