import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Simulator } from '../../connectors/connector.ts';
import { connectors } from '../../connectors/index.ts';
import { dnsOf } from '../../connectors/simulator.ts';
import { type App, createApp } from '../../server/app.ts';
import { checkInvariants } from '../../server/db/invariants.ts';
import { createLog } from '../../server/log.ts';
import { type AdvocatePage, advocateStages } from '../../shared/advocate.ts';
import type { HitPage, SavedSearch, SpikeAlert } from '../../shared/listening.ts';
import type { AdvocateReport, RewardPage } from '../../shared/reward.ts';
import { Agent } from '../agent.ts';
import { createTestDatabase } from '../database.ts';
import { startSimulators, zoneOf } from '../simulators.ts';
import { until } from '../world.ts';
import { furnishBoard } from './board.ts';
import { furnishCustomers } from './care.ts';
import { seeded } from './compose.ts';
import { type DemoLine, importYear, known, people } from './history.ts';
import { teachMoonlight } from './listening.ts';
import { introduce, voicesOf } from './public.people.ts';
import { furnishPublic } from './public-life.ts';
import { openShop, passwords } from './shop.ts';
import { Square } from './square.ts';

const seed = 7;
const customers = 120;

describe('what is said in public in the demonstration', () => {
  const closing: (() => Promise<unknown>)[] = [];
  let app: App;
  let simulators: Record<string, Simulator>;
  let raha: Agent;
  let square: Square;

  beforeAll(async () => {
    const database = await createTestDatabase({ migrated: true });
    closing.push(() => database.close());
    simulators = await startSimulators();
    closing.push(() => Promise.all(Object.values(simulators).map((simulator) => simulator.close())));
    app = await createApp({
      mongoUri: database.uri,
      database: database.name,
      secretKey: 'a key for tests, of no other use at all',
      host: '127.0.0.1',
      port: 0,
      endpoints: Object.fromEntries(
        Object.entries(simulators).map(([id, simulator]) => [id, simulator.endpoint]),
      ),
      dns: dnsOf(zoneOf(simulators)),
      log: createLog({ level: 'error' }),
    });
    closing.push(() => app.close());
    const logins = await passwords();
    const shop = await openShop(app.context, { simulators, logins });
    const lines = shop.channels.map(({ id, channelId }): DemoLine => {
      const [connector, simulator] = [connectors[id], simulators[id]];
      if (!connector || !simulator) throw new Error(`There is no connector or simulator of ${id}.`);
      return { connector, simulator, channelId };
    });
    const now = new Date();
    await importYear(app.context, {
      now,
      lines,
      agents: shop.agents,
      random: seeded(seed),
      customers,
      messages: 300,
      onProgress: () => undefined,
    });
    const met = known(lines, customers, seeded(seed));
    await furnishCustomers(app.context, {
      viewer: shop.administrator,
      people: met,
      mobile: (n) => simulators['sms']?.peer(customers + n) ?? '',
      now,
      random: seeded(seed),
    });
    const voices = voicesOf(lines, people(lines, customers, seeded(seed)), seeded(seed));
    await introduce(voices);
    const { marketer, administrator } = shop;
    await furnishPublic(app.context, { voices, people: met, marketer, now, seed });
    for (const { id, hookUrl } of shop.channels) simulators[id]?.setHook(hookUrl);
    await teachMoonlight(app.context, marketer);
    await furnishBoard(app.context, { marketer, administrator, now, random: seeded(seed) });
    square = new Square({
      voices,
      random: seeded(seed),
      onError: (error) => {
        throw error;
      },
    });
    raha = new Agent(app.url);
    const login = logins.find(({ email }) => email.startsWith('raha'));
    await raha.signIn(login?.email ?? '', login?.password ?? '');
  }, 180_000);

  afterAll(async () => {
    square?.stop();
    for (const step of closing.reverse()) await step();
  });

  test('is found by what the shop listens for, and the moon is not the shop', async () => {
    const searches = await raha.call<SavedSearch[]>('GET', '/api/listening/searches');
    expect(searches.map(({ kind }) => kind).sort()).toEqual([
      'brand',
      'competitor',
      'hashtag',
      'keyword',
      'product',
    ]);
    const brand = searches.find(({ kind }) => kind === 'brand');
    expect(brand?.week).toBeGreaterThan(15);
    expect(brand?.taught).toBeGreaterThan(0);
    // As history: nobody waits because of it, but whoever with reach spoke against the shop since yesterday.
    const waiting = { waitingSince: { $ne: null }, priority: { $ne: 'urgent' as const } };
    expect(await app.context.models.conversations.countDocuments(waiting)).toBe(0);
  });

  test('makes advocates, influencers and helpers, who stand all over the board', async () => {
    const { advocates, counts } = await raha.call<AdvocatePage>('GET', '/api/advocates?limit=100');
    for (const stage of advocateStages) expect(counts?.[stage]).toBeGreaterThan(0);
    const kinds = new Set(advocates.flatMap((one) => one.kinds));
    for (const kind of ['advocate', 'influencer', 'helper'] as const) expect(kinds).toContain(kind);
    // Their scores have a past.
    expect(new Set(advocates[0]?.trend).size).toBeGreaterThan(3);
  });

  test('is rewarded, with one reward taken back and one that waits, and brings purchases', async () => {
    const { rewards } = await raha.call<RewardPage>('GET', '/api/rewards');
    expect(new Set(rewards.map(({ state }) => state))).toEqual(new Set(['waiting', 'given', 'undone']));
    expect(rewards.some(({ coupon }) => coupon !== null)).toBe(true);
    const report = await raha.call<AdvocateReport>('GET', '/api/reports/advocates');
    expect(report.byProduct.map(({ product }) => product)).toContain('قهوه‌ساز K30');
    expect(Math.max(...report.rewards.map(({ referred }) => referred))).toBeGreaterThan(0);
    const asked = await app.context.models.testimonials.find({}, { state: 1 }).lean();
    expect(asked.map(({ state }) => state)).toEqual(expect.arrayContaining(['given', 'refused']));
  });

  test('goes on through the networks’ sockets: a launch, a burst, and what whoever tries it says', async () => {
    await square.posts({ launches: true });
    await square.burst();
    await until('an alert that says why', async () => {
      const { spikes } = await raha.call<{ spikes: SpikeAlert[] }>('GET', '/api/listening/spikes');
      return spikes.some(
        ({ negative, words }) => negative >= 8 && words.some(({ word }) => word === 'پرداخت'),
      );
    });
    const { conversations } = await raha.conversations();
    expect(conversations.some(({ replyTarget }) => replyTarget?.visibility === 'public')).toBe(true);

    await square.says({ way: 'instagram', name: 'آزماینده', text: 'این را کجا بخرم؟' });
    await until('the guest’s comment', async () => {
      const { conversations: all } = await raha.conversations();
      return all.some(({ preview }) => preview?.text === 'این را کجا بخرم؟');
    });
    await square.says({ way: 'mention', name: 'آزماینده', text: 'از مهتاب خیلی راضی‌ام' });
    await until('the guest’s mention', async () => {
      const { hits } = await raha.call<HitPage>('GET', '/api/listening/hits');
      return hits.some(({ text }) => text === 'از مهتاب خیلی راضی‌ام');
    });
    square.stop();
    const { models } = app.context;
    // What was said about us before comes along in commits of its own, once saved searches have looked at it.
    await until(
      'all of it to be taken in',
      async () =>
        !(await models.inbound.exists({ state: { $in: ['new', 'working'] } }).exec()) &&
        !(await models.mentions
          .exists({ $or: [{ todo: 'listen' }, { 'bringing.conversationId': { $exists: true } }] })
          .exec()) &&
        !(await models.messages.exists({ todo: 'listen' }).exec()),
    );
    // It reads one collection after the other: what comes in meanwhile is looked at again.
    let broken: string[] = [];
    await until('what was taken in to be whole', async () => {
      broken = await checkInvariants(models);
      return broken.length === 0;
    }).catch(() => undefined);
    expect(broken).toEqual([]);
  });
});
