import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  Advocate,
  AdvocateDetail,
  AdvocatePage,
  AdvocatePreview,
  AdvocateSettings,
  AdvocateSummary,
  AdvocateWay,
  EvidencePage,
} from '../../shared/advocate.ts';
import type { ProfileEdits } from '../../shared/profile.ts';
import type { AdvocateReport, Referral, Reward, RewardPage } from '../../shared/reward.ts';
import { settled } from '../../test/advocates.ts';
import type { Agent } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { addPlainChannel, arrives } from '../../test/inbox.ts';
import { deliver } from '../../test/intake.ts';
import { commented, person, plain, rawEvent, written } from '../../test/provider.ts';
import type { ChannelDoc } from '../channels/channel.model.ts';
import type { MessageDoc } from '../messages/message.model.ts';
import { putRecord } from '../records/record.service.ts';
import { correctSentiment } from '../sentiment/correct.ts';
import { forgetProducts } from '../sentiment/products.ts';

/** A small world that is counted by hand below: three people on two channels. */
let app: TestApp;
let mine: ChannelDoc;
let theirs: ChannelDoc;
let marketer: Agent;
let narrow: Agent;
let agent: Agent;
let sara: string;
let omid: string;
let nima: string;
let code: string;
const boss = { id: 'corrector', role: 'administrator' as const, channelIds: 'all' as const, teamIds: [] };
const post = { externalId: 'p', text: 'Our kettle', author: { handle: 'shop', ours: true } };
const quote = 'I recommend this kettle to everyone, it is quiet and quick.';

async function says(
  channel: ChannelDoc,
  event: Parameters<typeof arrives>[2][number],
  label?: 'positive' | 'negative' | 'neutral',
) {
  const conversation = await arrives(app.context, channel, [event]);
  if (label && event.type === 'message') {
    const message = await app.context.models.messages.findOne({ text: event.text }).lean<MessageDoc>();
    await correctSentiment(app.context, boss, {
      conversationId: conversation._id,
      messageId: message?._id ?? '',
      label,
    });
  }
  return conversation.customerId;
}
/** Workers run by themselves; this waits for them, and does what is left. */
async function still(): Promise<void> {
  for (let n = 0; n < 200; n += 1) {
    await settled(app.context);
    const { models } = app.context;
    const owed =
      (await models.messages.exists({ todo: { $in: ['advocate', 'listen', 'search'] } })) ??
      (await models.mentions.exists({ todo: { $in: ['advocate', 'listen'] } })) ??
      (await models.savedSearches.exists({ run: { $ne: null }, archived: false })) ??
      (await models.advocatesDue.exists({})) ??
      // To be derived anew, by other weights.
      (await models.advocates.exists({ day: '' })) ??
      (await models.factsDue.exists({}));
    if (!owed) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

beforeAll(async () => {
  app = await startTestApp({ connectors: { plain }, publicUrl: 'https://desk.example' });
  mine = await addPlainChannel(app.context, '=mine+1');
  theirs = await addPlainChannel(app.context, 'theirs');
  ({ agent: marketer } = await app.join({ role: 'marketer', channelIds: 'all' }));
  ({ agent: narrow } = await app.join({ role: 'marketer', channelIds: [mine._id] }));
  ({ agent } = await app.join({ channelIds: 'all' }));
  const loud = person('sara', { name: 'Sara Example', reach: 20_000 });
  sara = await says(mine, commented(loud, quote, post, { externalIds: ['q'] }), 'positive');
  await says(mine, commented(loud, 'A wonderful thing, thank you for it', post), 'positive');
  omid = await says(
    theirs,
    written(person('omid', { name: 'Omid Hidden' }), 'You should buy it, really'),
    'neutral',
  );
  nima = await says(
    mine,
    commented(person('nima', { name: 'Nima Angry', reach: 100 }), 'It broke after a week', post),
    'negative',
  );
  await says(mine, written(person('nima'), 'And nobody answers me'), 'negative');
  code = (await marketer.call<Referral>('POST', `/api/advocates/${sara}/referral-code`)).code;
  await bought('1', { code, amount: 5_000_000 });
  await still();
}, 60_000);

/** Nima bought with somebody's code. */
const bought = (externalId: string, of: { code: string; amount: number; items?: string[] }) =>
  putRecord(app.context, {
    customerId: nima,
    kind: 'purchase',
    externalId,
    source: { by: 'api', id: 'k' },
    put: {
      at: new Date().toISOString(),
      title: 'Kettle',
      amount: of.amount,
      currency: 'IRR',
      items: (of.items ?? []).map((name) => ({ name, code: '', quantity: 1, amount: null })),
      status: 'done',
      statusText: '',
      note: '',
      referralCode: of.code,
    },
  });
afterAll(() => app?.end());

const list = (who: Agent, query = '') => who.call<AdvocatePage>('GET', `/api/advocates?${query}`);
const names = async (who: Agent, query = '') => (await list(who, query)).advocates.map(({ name }) => name);

describe('by role', () => {
  it('marketers may; agents may not', async () => {
    const roads: [string, string, unknown?][] = [
      ['GET', '/api/advocates'],
      ['GET', '/api/advocates/summary'],
      ['GET', '/api/advocates/settings'],
      ['GET', '/api/advocates/testimonials'],
      ['GET', `/api/advocates/${sara}`],
      ['GET', `/api/advocates/${sara}/evidence`],
      ['PATCH', `/api/advocates/${sara}`, { version: 1 }],
      ['POST', `/api/advocates/${sara}/referral-code`],
      ['GET', `/api/advocates/${sara}/way`],
      ['POST', `/api/advocates/${sara}/start`],
      ['GET', '/api/rewards'],
      ['GET', '/api/coupon-lists'],
      [
        'POST',
        '/api/rewards',
        { id: randomUUID(), customerId: sara, kind: 'points', points: 1, cost: null, text: '', reason: 'x' },
      ],
      ['GET', '/api/reports/advocates'],
      ['GET', '/api/reports/advocates?format=csv&table=byChannel'],
    ];
    for (const [method, path, body] of roads)
      await expect(agent.call(method, path, body), path).rejects.toMatchObject({ code: 'forbidden' });
    await expect(
      marketer.call('POST', `/api/rewards/${randomUUID()}/decide`, { approve: true }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    await expect(marketer.call('GET', '/api/users')).resolves.toBeDefined();
    await expect(marketer.call('POST', '/api/tags', { name: 'loud', colour: 'blue' })).resolves.toBeDefined();
    await expect(marketer.call('GET', '/api/channels')).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('who lacks a channel sees nobody of it, by every road', async () => {
    expect((await names(narrow)).sort()).toEqual(['Sara Example']);
    expect((await names(marketer)).sort()).toEqual(['Sara Example']);
    for (const [method, path, body] of [
      ['GET', `/api/advocates/${omid}`],
      ['GET', `/api/advocates/${omid}/evidence`],
      ['POST', `/api/advocates/${omid}/referral-code`],
      ['GET', `/api/advocates/${omid}/way`],
      ['POST', `/api/advocates/${omid}/start`],
      ['GET', `/api/rewards?customerId=${omid}`],
      [
        'POST',
        '/api/rewards',
        { id: randomUUID(), customerId: omid, kind: 'points', points: 1, cost: null, text: '', reason: 'x' },
      ],
    ] as [string, string, unknown?][])
      await expect(narrow.call(method, path, body), path).rejects.toMatchObject({ code: 'notFound' });
  });
});

describe('the board', () => {
  it('shows kinds, filters and searches', async () => {
    const { advocates, counts } = await list(marketer);
    expect(advocates.map(({ name, kinds }) => [name, kinds])).toEqual([
      ['Sara Example', ['influencer', 'advocate']],
    ]);
    expect(counts).toEqual({ discovered: 1, contacted: 0, engaged: 0, ambassador: 0, dormant: 0 });
    // Who speaks against us is on the board for whoever asks, or where somebody put them.
    const [critic] = (await list(marketer, 'kind=detractor')).advocates;
    expect(critic).toMatchObject({ name: 'Nima Angry', kinds: ['detractor'] });
    const stage = async (to: string) => {
      const { advocate } = await marketer.call<AdvocateDetail>('GET', `/api/advocates/${nima}`);
      await marketer.call('PATCH', `/api/advocates/${nima}`, { version: advocate.version, stage: to });
    };
    await stage('contacted');
    expect(await names(marketer)).toEqual(['Sara Example', 'Nima Angry']);
    expect(await names(marketer, 'q=sAra')).toEqual(['Sara Example']);
    expect(await names(marketer, `channelId=${theirs._id}`)).toEqual([]);
    expect(await names(marketer, 'sort=reach')).toEqual(['Sara Example', 'Nima Angry']);
    for (const sort of ['order', 'score', 'rising', 'falling', 'reach', 'lastAt']) {
      const first = await list(marketer, `sort=${sort}&limit=1`);
      const next = await list(marketer, `sort=${sort}&limit=1&after=${first.next}`);
      expect([...first.advocates, ...next.advocates].map(({ name }) => name).sort(), sort).toEqual([
        'Nima Angry',
        'Sara Example',
      ]);
      expect(next.next).toBeNull();
    }
    await stage('discovered');
    expect(await names(marketer)).toEqual(['Sara Example']);
    await expect(list(marketer, 'sort=score&after=abc')).rejects.toMatchObject({ code: 'invalid' });
  });

  it('counts whom the filters leave at each stage, whichever stage is shown', async () => {
    const none = { discovered: 0, contacted: 0, engaged: 0, ambassador: 0, dormant: 0 };
    const counts = async (query: string) => (await list(marketer, query)).counts;
    expect(await counts('q=sAra')).toEqual({ ...none, discovered: 1 });
    expect(await counts('q=sAra&stage=contacted')).toEqual({ ...none, discovered: 1 });
    expect(await counts('q=nobody')).toEqual(none);
    expect(await counts(`channelId=${theirs._id}`)).toEqual(none);
    expect(await counts('kind=influencer')).toEqual({ ...none, discovered: 1 });
    // Critics stand on it for whoever asks for them, and are counted for them.
    expect(await counts('kind=detractor')).toEqual({ ...none, discovered: 1 });
    expect(await counts('kind=detractor&q=sara')).toEqual(none);
    // Nobody fell: those who do not are not shown in that order.
    expect(await counts('sort=falling')).toEqual(none);
    const { id } = await marketer.call<{ id: string }>('POST', '/api/segments', {
      name: 'Everybody',
      rule: { match: 'all', conditions: [] },
      sharedWith: 'nobody',
    });
    const { advocates, counts: unknown } = await list(marketer, `segmentId=${id}`);
    expect(advocates.map(({ name }) => name)).toEqual(['Sara Example']);
    expect(unknown).toBeNull();
  });

  it('moves a card, keeps it in the history, and tells who moved it first', async () => {
    const move = (id: string, body: object) => marketer.call<Advocate>('PATCH', `/api/advocates/${id}`, body);
    const { advocate } = await marketer.call<AdvocateDetail>('GET', `/api/advocates/${sara}`);
    const moved = await move(sara, {
      version: advocate.version,
      stage: 'engaged',
      nextTask: { text: 'Send a kettle', due: null },
    });
    expect(moved).toMatchObject({ stage: 'engaged', nextTask: { text: 'Send a kettle', due: null } });
    await expect(move(sara, { version: advocate.version, stage: 'dormant' })).rejects.toMatchObject({
      body: { reason: 'stateChanged', data: { advocate: { stage: 'engaged' } } },
    });
    const other = await marketer.call<AdvocateDetail>('GET', `/api/advocates/${nima}`);
    await expect(move(nima, { version: other.advocate.version, before: sara })).rejects.toMatchObject({
      code: 'invalid',
    });
    await move(nima, { version: other.advocate.version, stage: 'engaged', before: sara });
    expect(await names(marketer, 'stage=engaged&sort=order')).toEqual(['Nima Angry', 'Sara Example']);
    await expect(move(sara, { version: moved.version, ownerId: 'nobody' })).rejects.toMatchObject({
      code: 'invalid',
    });
    const { edits } = await marketer.call<ProfileEdits>('GET', `/api/customers/${sara}/edits`);
    expect(edits.map(({ field, before, after }) => [field, before, after]).sort()).toEqual([
      ['advocate.nextTask', null, 'Send a kettle'],
      ['advocate.stage', 'discovered', 'engaged'],
    ]);
    await expect(
      marketer.call('POST', `/api/customers/${sara}/edits/${edits[0]?.id}/undo`),
    ).rejects.toMatchObject({ code: 'invalid' });
  });

  it('evidence says what is seen, and no more', async () => {
    const { evidence } = await narrow.call<EvidencePage>(
      'GET',
      `/api/advocates/${sara}/evidence?part=recommendation`,
    );
    expect(evidence).toMatchObject([{ excerpt: quote, source: 'message', postId: expect.any(String) }]);
    const referrals = await narrow.call<EvidencePage>(
      'GET',
      `/api/advocates/${sara}/evidence?part=referrals`,
    );
    expect(referrals.evidence).toMatchObject([{ source: 'referral', excerpt: code }]);
    expect((await marketer.call<AdvocateDetail>('GET', `/api/advocates/${nima}`)).criticism).toHaveLength(2);
  });

  it('weights are tried before they are kept, and the limit is not for who must ask', async () => {
    const settings = await marketer.call<AdvocateSettings>('GET', '/api/advocates/settings');
    const weights = Object.fromEntries(
      Object.keys(settings.weights).map((part) => [part, part === 'purchases' ? 100 : 0]),
    );
    const { rows } = await marketer.call<AdvocatePreview>('POST', '/api/advocates/settings/preview', {
      weights,
    });
    expect(rows.map(({ name, place, newPlace }) => [name, place, newPlace])).toEqual([
      ['Nima Angry', 2, 1],
      ['Sara Example', 1, 2],
    ]);
    await expect(
      marketer.call('PUT', '/api/advocates/settings', { ...settings, approveAbove: 9e8 }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    await expect(
      marketer.call('PUT', '/api/advocates/settings', {
        ...settings,
        approveCostAbove: { amount: 9e12, currency: 'IRR' },
      }),
    ).rejects.toMatchObject({ body: { fields: { approveCostAbove: expect.any(String) } } });
    await expect(
      marketer.call('PUT', '/api/advocates/settings', { ...settings, supportTeamId: 'none' }),
    ).rejects.toMatchObject({ code: 'invalid' });
    await marketer.call('PUT', '/api/advocates/settings', { ...settings, weights });
    await still();
    expect((await list(marketer)).advocates[0]).toMatchObject({ name: 'Nima Angry' });
    await marketer.call('PUT', '/api/advocates/settings', settings);
    await still();
  });

  it('begins a conversation where they like to be written to, and goes on with the one there is', async () => {
    const { conversationId } = await marketer.call<{ conversationId: string }>(
      'POST',
      `/api/advocates/${sara}/start`,
    );
    expect((await app.context.models.conversations.findById(conversationId).lean())?.customerId).toBe(sara);
    await marketer.call('PATCH', `/api/conversations/${conversationId}`, { deed: 'resolve' });
    const begun = await marketer.call<{ conversationId: string }>('POST', `/api/advocates/${sara}/start`);
    expect(begun.conversationId).not.toBe(conversationId);
    // The way is shown before, by the very identity and channel that it goes.
    const way = await marketer.call<AdvocateWay>('GET', `/api/advocates/${sara}/way`);
    const identity = await app.context.models.identities.findById(way.text?.identityId).lean();
    expect(identity).toMatchObject({ customerId: sara, display: way.text?.display });
    expect(identity?.channelIds).toContain(way.text?.channelId);
    expect(way.passed).toEqual([]);
  });
});

describe('reports', () => {
  it('are what is counted by hand', async () => {
    const reward = await marketer.call<Reward>('POST', '/api/rewards', {
      id: randomUUID(),
      customerId: sara,
      kind: 'points',
      points: 70,
      cost: { amount: 900, currency: 'IRR' },
      text: '',
      reason: 'She is kind',
    });
    const at = new Date(Date.now() + 1_000);
    await says(
      mine,
      commented(person('sara'), 'Still a wonderful kettle, we love it', post, { at }),
      'positive',
    );
    await still();
    const report = await marketer.call<AdvocateReport>(
      'GET',
      `/api/reports/advocates?to=${new Date(Date.now() + 60_000).toISOString()}`,
    );
    expect(report.byChannel).toEqual([
      // Two words of praise before, one after; the recommendation is of the same words as one of them.
      {
        channelId: mine._id,
        name: '=mine+1',
        advocates: 1,
        influencers: 1,
        helpers: 0,
        reach: 20_000,
        positive: 3,
      },
      {
        channelId: theirs._id,
        name: 'theirs',
        advocates: 0,
        influencers: 0,
        helpers: 0,
        reach: 0,
        positive: 1,
      },
    ]);
    expect(report.reach).toHaveLength(31);
    expect(report.reach.at(-1)).toMatchObject({ reach: 20_000, voices: 1 });
    expect(report.rewards).toMatchObject([
      {
        kind: 'points',
        given: 1,
        points: 70,
        cost: [{ amount: 900, currency: 'IRR' }],
        praise: 1,
        help: 0,
        referred: 0,
        revenue: [],
      },
      { kind: 'coupon', given: 0, points: 0 },
      { kind: 'message', given: 0, points: 0 },
    ]);
    const less = await narrow.call<AdvocateReport>('GET', '/api/reports/advocates');
    expect(less.byChannel.map(({ name }) => name)).toEqual(['=mine+1']);
    const { rewards } = await narrow.call<RewardPage>('GET', '/api/rewards');
    expect(rewards.map(({ id }) => id)).toEqual([reward.id]);
    const summary = await marketer.call<AdvocateSummary>('GET', '/api/advocates/summary');
    expect(summary).toMatchObject({
      reach: 20_000,
      referred: { purchases: 1, revenue: [{ amount: 5_000_000, currency: 'IRR' }] },
      before: { active: 0, purchases: 0 },
    });
    await expect(
      marketer.call('GET', '/api/reports/advocates?from=2020-01-01T00:00:00Z'),
    ).rejects.toMatchObject({ code: 'invalid' });
  });

  it('count what was said and brought only where the viewer may see it', async () => {
    const { code: hidden } = await marketer.call<Referral>('POST', `/api/advocates/${omid}/referral-code`);
    await bought('2', { code: hidden, amount: 700 });
    await says(
      theirs,
      commented(person('sara'), 'What a wonderful kettle, thank you', post, {
        at: new Date(Date.now() + 2_000),
      }),
      'positive',
    );
    await still();
    const to = new Date(Date.now() + 60_000).toISOString();
    const asked = async (who: Agent) => ({
      summary: await who.call<AdvocateSummary>('GET', `/api/advocates/summary?to=${to}`),
      report: await who.call<AdvocateReport>('GET', `/api/reports/advocates?to=${to}`),
    });
    const [all, less] = [await asked(marketer), await asked(narrow)];
    expect([all.summary.referred.purchases, less.summary.referred.purchases]).toEqual([2, 1]);
    expect(less.summary.referred.revenue).toEqual([{ amount: 5_000_000, currency: 'IRR' }]);
    expect([all.report.rewards[0]?.praise, less.report.rewards[0]?.praise]).toEqual([2, 1]);
  });

  it('leave as tables in which no cell is a formula', async () => {
    const response = await marketer.answer('GET', '/api/reports/advocates?format=csv&table=byChannel');
    const csv = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer());
    expect(response.headers.get('content-type')).toContain('text/csv');
    expect(csv.startsWith('\uFEFF"channel","advocates"')).toBe(true);
    expect(csv).toContain('\r\n"\'=mine+1",');
    const rewards = await (
      await marketer.answer('GET', '/api/reports/advocates?format=csv&table=rewards')
    ).text();
    expect(rewards).toContain('"points","1","70","900 IRR"');
    const inPersian = await marketer.answer(
      'GET',
      '/api/reports/advocates?format=csv&table=rewards&language=fa',
    );
    expect(await inPersian.text()).toMatch(/^\uFEFF?"پاداش","داده شد".*\r\n"امتیاز","1","70","900 IRR"/);
    expect((await marketer.answer('GET', '/api/reports/advocates?format=csv')).status).toBe(422);
  });

  it('sum what is praised and complained of, of each product, on channels that the viewer may use', async () => {
    await bought('kettle', { code: '', amount: 1, items: ['Kettle One'] });
    forgetProducts(app.context);
    const lina = person('lina', { name: 'Lina Example' });
    for (const text of [
      'The Kettle One has wonderful quality but the delivery was terrible',
      'The quality is wonderful, I love it',
    ])
      await says(mine, written(lina, text));
    await says(theirs, written(person('mani'), 'Terrible packaging, awful'));
    await still();
    const to = new Date(Date.now() + 60_000).toISOString();
    const rows = async (who: Agent) =>
      (await who.call<AdvocateReport>('GET', `/api/reports/advocates?to=${to}`)).byAspect;
    const seen = [
      { product: null, aspect: 'delivery', positive: 0, negative: 1 },
      { product: null, aspect: 'quality', positive: 1, negative: 0 },
      { product: 'Kettle One', aspect: 'quality', positive: 1, negative: 0 },
    ];
    const hidden = { product: null, aspect: 'packaging', positive: 0, negative: 1 };
    expect(await rows(narrow)).toEqual(seen);
    expect(await rows(marketer)).toEqual([seen[0], hidden, ...seen.slice(1)]);
    const file = `/api/reports/advocates?format=csv&table=byAspect&to=${to}`;
    expect(await (await marketer.answer('GET', file)).text()).toContain(
      '"product","aspect","positive","negative"\r\n"","delivery","0","1"\r\n',
    );
    expect(await (await marketer.answer('GET', `${file}&language=fa`)).text()).toContain(
      '"Kettle One","کیفیت","1","0"',
    );

    // Whoever listens for it names it, also where it was heard before.
    const search = {
      name: 'کتری یک',
      kind: 'product',
      terms: ['kettle one'],
      exclude: [],
      excludeAuthors: [],
    };
    const { id } = await marketer.call<{ id: string }>('POST', '/api/listening/searches', {
      ...search,
      channelIds: 'all',
      alert: false,
    });
    const named = { ...seen[2], product: 'کتری یک' };
    expect((await rows(marketer)).at(-1)).toEqual(named);
    // Also where the whole was a complaint of something else.
    const asked = `/api/reports/advocates?to=${to}&product=${encodeURIComponent('کتری یک')}`;
    expect((await marketer.call<AdvocateReport>('GET', asked)).byAspect).toEqual([named]);
    await marketer.call('PATCH', `/api/listening/searches/${id}`, { name: 'کتری دو' });
    expect((await rows(marketer)).at(-1)).toEqual({ ...seen[2], product: 'کتری دو' });
    // What was said before anybody listened for it is found by the search, as far back as that looks.
    await says(mine, written(lina, 'A wonderful gooseneck, I love it'));
    await still();
    const products = async () =>
      (await marketer.call<AdvocateReport>('GET', `/api/reports/advocates?to=${to}`)).byProduct.map((row) => [
        row.product,
        row.positive,
      ]);
    expect(await products()).toEqual([]);
    await marketer.call('PATCH', `/api/listening/searches/${id}`, { terms: ['kettle one', 'gooseneck'] });
    await still();
    expect(await products()).toEqual([['کتری دو', 1]]);
    await marketer.call('PATCH', `/api/listening/searches/${id}`, { archived: true });
    expect((await rows(marketer)).at(-1)).toEqual(seen[2]);
  });

  it('tell what strangers say too, day by day, of one channel or product alone, and nothing of spam', async () => {
    const to = new Date(Date.now() + 60_000).toISOString();
    const report = (query = '') =>
      marketer.call<AdvocateReport>('GET', `/api/reports/advocates?to=${to}${query}`);
    const kettle = async () => {
      const { said, byProduct, byChannel, products } = await report('&product=Kettle%20One');
      return {
        products,
        praised: byProduct.find(({ product }) => product === 'Kettle One')?.positive ?? 0,
        today: said.at(-1)?.positive ?? 0,
        days: said.length,
        advocates: byChannel.reduce((sum, { advocates }) => sum + advocates, 0),
      };
    };
    const before = await kettle();
    const text = 'The Kettle One has wonderful quality, I love it';
    const strange = {
      type: 'mention' as const,
      kind: 'post' as const,
      externalId: 'far',
      author: person('far', { name: 'Far Away', reach: 3_000 }),
      text,
      at: new Date(),
      attachments: [],
      threadKey: 'post:far',
    };
    await deliver(app.context, theirs, [rawEvent([strange], { accountRef: theirs.accountRef })]);
    const spammer = await says(mine, written(person('spam'), text));
    await still();
    const { today, praised, days, advocates, products } = await kettle();
    expect(products).toContain('Kettle One');
    expect([today, praised]).toEqual([before.today + 2, before.praised + 2]);
    expect([days, advocates]).toEqual([31, before.advocates]);
    expect((await report()).reach.at(-1)).toMatchObject({ reach: 23_000 });
    expect((await report(`&channelId=${mine._id}`)).byChannel.map(({ name }) => name)).toEqual(['=mine+1']);
    expect((await report(`&channelId=${mine._id}&product=Kettle%20One`)).said.at(-1)?.positive).toBe(
      before.today + 1,
    );
    const { _id } = (await app.context.models.conversations.findOne({ customerId: spammer }).lean()) ?? {};
    await agent.call('PATCH', `/api/conversations/${_id}`, { deed: 'spam', block: [] });
    expect((await kettle()).today).toBe(before.today + 1);
    const file = await marketer.answer(
      'GET',
      `/api/reports/advocates?format=csv&table=said&product=Kettle%20One&to=${to}&language=fa`,
    );
    expect(await file.text()).toMatch(/^\uFEFF?"روز","خوب گفته‌اند","گله کرده‌اند"\r\n"\d{4}-\d\d-\d\d",/);
  });
});

it('what was said in a closed group is read only by who may use its channel', async () => {
  const kian = person('kian', { name: 'Kian Example' });
  const customerId = await says(mine, commented(kian, 'I recommend this lamp to you', post), 'neutral');
  const group = { externalId: 'group', text: 'Buyers', closed: true as const };
  const open = { externalId: 'open', text: 'All', url: 'https://social.example/all' };
  await says(theirs, commented(kian, 'You should buy it from them, friends', group), 'neutral');
  await says(theirs, commented(kian, 'I recommend them to everyone here', open), 'neutral');
  await still();
  const read = async (who: Agent) => {
    const path = `/api/advocates/${customerId}/evidence?part=recommendation`;
    const { evidence } = await who.call<EvidencePage>('GET', path);
    return evidence.map(({ excerpt }) => excerpt).sort();
  };
  const heard = ['I recommend them to everyone here', 'I recommend this lamp to you'];
  expect(await read(marketer)).toEqual([...heard, 'You should buy it from them, friends']);
  expect(await read(narrow)).toEqual(['', ...heard]);
});
