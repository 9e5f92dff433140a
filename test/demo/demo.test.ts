import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Simulator } from '../../connectors/connector.ts';
import { connectors } from '../../connectors/index.ts';
import { checkInvariants } from '../../server/db/invariants.ts';
import { createTestContext, type TestContext } from '../context.ts';
import { plain } from '../provider.ts';
import { startSimulators } from '../simulators.ts';
import { seeded } from './compose.ts';
import { furnishDesk } from './desk.ts';
import { type DemoLine, importYear, people } from './history.ts';

describe('the history of the demonstration', () => {
  let ctx: TestContext;
  let simulators: Record<string, Simulator> = {};
  const lines: DemoLine[] = [];
  const now = new Date('2026-11-22T08:00:00Z');

  beforeAll(async () => {
    ctx = await createTestContext();
    simulators = await startSimulators();
    for (const [id, simulator] of Object.entries(simulators)) {
      const connector = connectors[id];
      if (!connector) throw new Error(`no connector ${id}`);
      const channel = await ctx.addChannel({
        connector: id,
        accountRef: connector.accountRef(simulator.settings),
      });
      lines.push({ connector, simulator, channelId: channel._id });
    }
    await importYear(ctx, {
      now,
      lines,
      agents: [{ userId: 'agent', given: { fa: 'نگار', en: 'Negar' } }],
      random: seeded(1),
      customers: 320,
      messages: 12_000,
      onProgress: () => undefined,
    });
  }, 120_000);

  afterAll(async () => {
    await ctx.close();
    for (const simulator of Object.values(simulators)) await simulator.close();
  });

  test('is a year of at least 300 customers and 12,000 messages in both languages', async () => {
    expect(await ctx.models.customers.countDocuments({})).toBeGreaterThanOrEqual(300);
    expect(await ctx.models.messages.countDocuments({ kind: 'message' })).toBeGreaterThanOrEqual(12_000);
    const texts = (await ctx.models.messages.find({}, { text: 1 }).lean().exec()).map(
      (message) => message.text,
    );
    expect(texts.filter((text) => /[\u0600-\u06FF]/.test(text)).length).toBeGreaterThan(texts.length / 2);
    expect(texts.filter((text) => /^[\x20-\x7E]+$/.test(text)).length).toBeGreaterThan(1_000);
    const [first] = await ctx.models.messages.find({}).sort({ at: 1 }).limit(1).lean().exec();
    expect(now.getTime() - (first?.at.getTime() ?? 0)).toBeGreaterThan(300 * 24 * 3_600_000);
  });

  test('says no text more than twenty times', async () => {
    const times = new Map<string, number>();
    for (const { text } of await ctx.models.messages.find({}, { text: 1 }).lean().exec())
      times.set(text, (times.get(text) ?? 0) + 1);
    expect(Math.max(...times.values())).toBeLessThanOrEqual(20);
  });

  test('is as whole as what came in by itself', async () => {
    expect(await checkInvariants(ctx.models)).toEqual([]);
  });

  test('leaves nobody waiting', async () => {
    expect(await ctx.models.conversations.countDocuments({ status: { $ne: 'resolved' } })).toBe(0);
    expect(await ctx.models.conversations.countDocuments({ waitingSince: { $ne: null } })).toBe(0);
  });

  test('is of the people who go on writing', async () => {
    const settled = people(lines, 320, seeded(1));
    expect(settled).toHaveLength(320);
    const [someone] = settled;
    const line = lines.find((each) => each.connector.manifest.id === someone?.connectors[0]);
    const peer = line?.simulator.peer(someone?.who.n ?? 0) ?? '';
    const value = line?.connector.address?.(peer)?.value ?? peer;
    const identity = await ctx.models.identities.findOne({ value }).lean().exec();
    const customer = await ctx.models.customers.findById(identity?.customerId).lean().exec();
    expect(customer?.name).toBe(someone?.who.name);
  });
});

describe('the desk of the demonstration', () => {
  let ctx: TestContext;
  beforeAll(async () => {
    ctx = await createTestContext({ connectors: { plain } });
  });
  afterAll(() => ctx.close());

  test('has teams, tags, canned replies, a view for everyone, and hours on each channel', async () => {
    const channel = await ctx.addChannel({ connector: 'plain', accountRef: 'plain' });
    await furnishDesk(
      ctx,
      { id: 'admin', role: 'administrator', channelIds: 'all', teamIds: [] },
      { agentIds: [], channelIds: [channel._id] },
    );
    const { teams, tags, canned, views, channels } = ctx.models;
    expect(await teams.countDocuments({})).toBe(2);
    expect(await tags.countDocuments({})).toBe(6);
    expect(await canned.countDocuments({ sharedWith: 'everyone' })).toBe(6);
    expect(await views.countDocuments({ sharedWith: 'everyone' })).toBe(1);
    const routed = await channels.findById(channel._id).lean().exec();
    expect(routed?.routing).toMatchObject({ teamId: expect.any(String), hours: { iranianHolidays: true } });
  });
});
