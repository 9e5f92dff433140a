import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestContext, type TestContext } from '../../test/context.ts';
import type { ChannelDoc } from './channel.model.ts';
import {
  flushHealth,
  heldUntil,
  holdChannel,
  noteError,
  noteIn,
  noteOut,
  pauseChannel,
} from './channel.state.ts';
import { storedIllness } from './illness.ts';

let ctx: TestContext;
let channel: ChannelDoc;
const changed: string[] = [];
beforeAll(async () => {
  ctx = await createTestContext();
  channel = await ctx.addChannel({ connector: 'sms', accountRef: '3000' });
  ctx.bus.on('channel.changed', ({ channelId }) => changed.push(channelId));
});
afterAll(() => ctx.close());
const health = () => ctx.models.channelHealth.findById(channel._id).lean();

describe('a channel’s state', () => {
  it('is noted in one write, whatever came in, went out and failed meanwhile', async () => {
    changed.length = 0;
    noteIn(ctx, channel._id);
    noteOut(ctx, channel._id);
    noteError(ctx, { channelId: channel._id, class: 'retryable', message: 'first' });
    noteError(ctx, { channelId: channel._id, class: 'permanent', message: 'second' });
    expect(await health()).toBeNull();
    await flushHealth(ctx);
    expect(await health()).toMatchObject({
      lastInAt: expect.any(Date),
      lastOutAt: expect.any(Date),
      lastError: { class: 'permanent', message: 'second' },
    });
    expect(changed).toEqual([channel._id]);
    await flushHealth(ctx);
    expect(changed).toHaveLength(1);
  });

  it('is held until the latest of what the provider said', async () => {
    const late = new Date(ctx.now().getTime() + 60_000);
    const early = new Date(ctx.now().getTime() + 30_000);
    await holdChannel(ctx, { channelId: channel._id, until: late });
    await holdChannel(ctx, { channelId: channel._id, until: early });
    expect(await heldUntil(ctx, channel._id)).toEqual(late);
    expect(await heldUntil({ ...ctx, now: () => new Date(late.getTime() + 1) }, channel._id)).toBeNull();
    expect(await heldUntil(ctx, 'another')).toBeNull();
  });

  it('is paused once, with the first reason, and an archived one is not', async () => {
    changed.length = 0;
    const alarms: unknown[] = [];
    const off = ctx.bus.on('channel.ill', ({ ill }) => alarms.push(ill));
    await pauseChannel(ctx, { channelId: channel._id, reason: 'The key was refused.' });
    await pauseChannel(ctx, { channelId: channel._id, reason: 'Again.' });
    expect(await ctx.models.channels.findById(channel._id).lean()).toMatchObject({
      state: 'paused',
      pausedReason: 'The key was refused.',
    });
    expect(changed).toEqual([channel._id]);
    expect(alarms).toEqual(['paused']);
    off();
    await ctx.models.channels.updateOne({ _id: channel._id }, { $set: { state: 'archived' } });
    await pauseChannel(ctx, { channelId: channel._id, reason: 'Again.' });
    expect(await ctx.models.channels.findById(channel._id).lean()).toMatchObject({ state: 'archived' });
  });
});

it('ails from what somebody has to see to, and from nothing that somebody chose', () => {
  const now = new Date('2026-11-22T10:00:00Z');
  const at = (days: number) => new Date(now.getTime() + days * 86_400_000);
  const well = { listening: 'listening', silentSince: null, expiresAt: null } as const;
  const connected = { state: 'connected', pausedReason: null } as const;
  expect(storedIllness(connected, null, now)).toBeNull();
  expect(storedIllness(connected, well, now)).toBeNull();
  expect(storedIllness(connected, { ...well, silentSince: at(-1) }, now)).toBe('silent');
  expect(storedIllness(connected, { ...well, listening: 'failing' }, now)).toBe('failing');
  expect(storedIllness(connected, { ...well, listening: 'stopped' }, now)).toBeNull();
  expect(storedIllness(connected, { ...well, expiresAt: at(7.1) }, now)).toBeNull();
  expect(storedIllness(connected, { ...well, expiresAt: at(7), silentSince: at(-1) }, now)).toBe('expiring');
  expect(storedIllness(connected, { ...well, expiresAt: at(0) }, now)).toBe('expired');
  const chosen = { state: 'paused', pausedReason: null } as const;
  expect(storedIllness(chosen, { ...well, silentSince: at(-1) }, now)).toBeNull();
  expect(storedIllness({ ...chosen, pausedReason: 'The key was refused.' }, well, now)).toBe('paused');
  expect(
    storedIllness({ state: 'archived', pausedReason: 'x' }, { ...well, silentSince: at(-1) }, now),
  ).toBeNull();
});
