import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ConnectorError } from '../../connectors/connector.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { plain } from '../../test/provider.ts';
import type { ChannelDoc } from './channel.model.ts';
import { checkDue, noteChecked, warnOfExpiry } from './expiry.ts';
import { channelHealth } from './health.ts';

const dayMs = 24 * 3_600_000;
let ctx: TestContext;
let channel: ChannelDoc;
let ahead = 0;
let asked = 0;
let answer: () => Promise<{ accountName: string; expiresAt?: Date | null }>;

beforeAll(async () => {
  const check = () => {
    asked += 1;
    return answer();
  };
  ctx = await createTestContext({
    now: () => new Date(Date.now() + ahead),
    connectors: { plain: { ...plain, check } },
  });
});
afterAll(() => ctx?.close());
beforeEach(async () => {
  ahead = 0;
  asked = 0;
  await ctx.empty();
  channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
});

const expiresAt = async () => (await channelHealth(ctx))(channel._id).expiresAt;

it('a connected channel’s credentials are checked once a day, and their end is on the health page', async () => {
  const end = new Date(Date.now() + 60 * dayMs);
  answer = () => Promise.resolve({ accountName: 'plain', expiresAt: end });
  await checkDue(ctx);
  expect(asked).toBe(0);
  ahead = dayMs + 1000;
  await checkDue(ctx);
  await checkDue(ctx);
  expect(asked).toBe(1);
  expect(await expiresAt()).toBe(end.toISOString());
  ahead = 2 * dayMs + 3000;
  await ctx.models.channels.updateOne({ _id: channel._id }, { $set: { state: 'paused' } });
  await checkDue(ctx);
  expect(asked).toBe(1);
});

it('a channel whose credentials hold no more is paused; one whose provider is away is asked again in an hour', async () => {
  answer = () => Promise.reject(new ConnectorError({ class: 'retryable', code: '503', message: 'Away.' }));
  ahead = dayMs + 1000;
  await checkDue(ctx);
  await checkDue(ctx);
  expect(asked).toBe(1);
  expect((await ctx.models.channels.findById(channel._id).lean())?.state).toBe('connected');
  answer = () => Promise.reject(new ConnectorError({ class: 'auth', code: '190', message: 'Expired.' }));
  ahead += 3_601_000;
  await checkDue(ctx);
  expect(await ctx.models.channels.findById(channel._id).lean()).toMatchObject({
    state: 'paused',
    pausedReason: 'Expired.',
    pausedCode: '190',
  });
});

it('administrators are told a week, three days and a day before, each once, and never after it was renewed', async () => {
  await noteChecked(ctx, channel._id, { expiresAt: new Date(Date.now() + 10 * dayMs) });
  const told: number[] = [];
  const off = ctx.bus.on('channel.changed', ({ channelId }) => {
    if (channelId === channel._id) told.push(Math.floor(ahead / dayMs));
  });
  const alarms: unknown[] = [];
  const offAlarm = ctx.bus.on('channel.ill', ({ ill, days }) => alarms.push([ill, days]));
  for (let day = 0; day <= 11; day += 0.5) {
    ahead = day * dayMs;
    await warnOfExpiry(ctx);
  }
  expect(told).toEqual([3, 7, 9, 10]);
  expect(alarms).toEqual([
    ['expiring', 7],
    ['expiring', 3],
    ['expiring', 1],
    ['expired', 0],
  ]);
  await noteChecked(ctx, channel._id, { expiresAt: new Date(Date.now() + 60 * dayMs) });
  await warnOfExpiry(ctx);
  ahead = 54 * dayMs;
  await warnOfExpiry(ctx);
  off();
  offAlarm();
  expect(told).toEqual([3, 7, 9, 10, 54]);
});
