import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InboundEvent } from '../../connectors/connector.ts';
import type { Notice } from '../../shared/events.ts';
import type {
  Converted,
  Hit,
  HitPage,
  SavedSearch,
  SearchPreview,
  SpikeAlert,
  TopAuthors,
  Volume,
} from '../../shared/listening.ts';
import type { Agent } from '../../test/agent.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { mentioned, person, plain, rawEvent, written } from '../../test/provider.ts';
import { until } from '../../test/world.ts';
import { storeEvents } from '../inbound/inbound.store.ts';

let app: TestApp;
let wide: Agent;
let narrow: Agent;
let marketer: Agent;
let search: SavedSearch;
const channels: { id: string; accountRef: string }[] = [];
const sara = person('sara', { name: 'Sara', reach: 900 });
const omid = person('omid');
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);

beforeAll(async () => {
  // Two accounts of one platform.
  const account = {
    ...plain,
    manifest: {
      ...plain.manifest,
      settings: [
        { key: 'account', label: { fa: 'حساب', en: 'Account' }, type: 'text' as const, required: true },
      ],
    },
    accountRef: (settings: Readonly<Record<string, unknown>>) => String(settings['account']),
  };
  app = await startTestApp({ connectors: { plain: account } });
  for (const name of ['first', 'second']) {
    const made = await app.admin.createChannel({ connector: 'plain', name, settings: { account: name } });
    channels.push({ id: made.id, accountRef: name });
  }
  ({ agent: wide } = await app.join({ channelIds: 'all' }));
  ({ agent: narrow } = await app.join({ channelIds: [channels[0]?.id ?? ''] }));
  ({ agent: marketer } = await app.join({ role: 'marketer', channelIds: 'all' }));
  search = await marketer.call<SavedSearch>('POST', '/api/listening/searches', {
    name: 'Elm',
    kind: 'brand',
    terms: ['elm'],
    exclude: ['tree'],
    excludeAuthors: [],
    channelIds: 'all',
    alert: true,
  });
}, 60_000);
afterAll(() => app?.end());

async function comes(on: number, ...events: InboundEvent[]): Promise<void> {
  const channel = await app.context.models.channels.findById(channels[on]?.id).lean();
  if (!channel) throw new Error('There is no such channel.');
  await storeEvents(app.context, {
    hookId: channel.hookId,
    channel,
    connectorId: 'plain',
    events: events.map((event) => rawEvent([event], { accountRef: channel.accountRef })),
  });
}
const stream = async (agent: Agent, query = ''): Promise<Hit[]> =>
  (await agent.call<HitPage>('GET', `/api/listening/hits?${query}`)).hits;

describe('listening over the API', () => {
  it('shows each viewer what is said on their channels, as it comes', async () => {
    const socket = await narrow.socket();
    const told = new Promise<void>((resolve) => {
      socket.on('lists.changed', ({ list }) => list === 'hits' && resolve());
    });
    await comes(0, mentioned(sara, 'elm is good #elm', { externalId: 'a', at: ago(30) }));
    await comes(1, mentioned(omid, 'elm is bad', { externalId: 'b', at: ago(20) }));
    await comes(1, mentioned(omid, 'elm tree', { externalId: 'tree', at: ago(20) }));
    await comes(0, written(omid, 'where is my elm', { at: ago(10) }));
    await told;
    await until('three hits', async () => (await stream(wide)).length === 3);
    expect((await stream(wide)).map(({ text }) => text)).toEqual([
      'where is my elm',
      'elm is bad',
      'elm is good #elm',
    ]);
    expect((await stream(narrow)).map(({ text }) => text)).toEqual(['where is my elm', 'elm is good #elm']);
    const [message] = await stream(narrow, 'source=message');
    expect(message?.conversationId).not.toBeNull();
    expect((await stream(narrow, `searchId=${search.id}&hashtag=elm`)).length).toBe(1);
    const first = await wide.call<HitPage>('GET', '/api/listening/hits?limit=2');
    const rest = await wide.call<HitPage>(
      'GET',
      `/api/listening/hits?limit=2&after=${encodeURIComponent(first.next ?? '')}`,
    );
    expect([...first.hits, ...rest.hits].map(({ id }) => id)).toEqual(
      (await stream(wide)).map(({ id }) => id),
    );
    expect(rest.next).toBeNull();
    const foreign = await until('the author known as the customer they are', async () => {
      const [hit] = await stream(wide, `channelId=${channels[1]?.id}`);
      return hit?.author.customerId ? hit : null;
    });
    const path = `/api/listening/hits/${encodeURIComponent(foreign.id)}`;
    expect(await wide.call<Hit>('GET', path)).toEqual(foreign);
    for (const [method, end, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { state: 'done' }],
      ['POST', '/not-us', {}],
      ['DELETE', '/not-us', undefined],
      ['POST', '/convert', undefined],
    ] as const)
      await expect(narrow.call(method, path + end, body)).rejects.toMatchObject({ code: 'notFound' });
    await expect(stream(narrow, `channelId=${channels[1]?.id}`)).rejects.toMatchObject({ code: 'notFound' });
    await expect(stream(wide, 'after=nonsense')).rejects.toMatchObject({ code: 'invalid' });
    await expect(stream(wide, 'state=gone')).rejects.toMatchObject({ code: 'invalid' });
  });

  it('counts, and names authors, for each viewer by their channels', async () => {
    const volume = (agent: Agent) => agent.call<Volume>('GET', '/api/listening/volume');
    const sum = ({ total }: Volume) => total.positive + total.neutral + total.negative;
    expect(sum(await volume(wide))).toBe(3);
    expect(sum(await volume(narrow))).toBe(2);
    const authors = await narrow.call<TopAuthors>('GET', '/api/listening/authors');
    expect(authors.authors.map(({ author, count }) => [author.handle, count]).sort()).toEqual([
      ['@omid', 1],
      ['@sara', 1],
    ]);
    const counted = async (agent: Agent) =>
      (await agent.call<SavedSearch[]>('GET', '/api/listening/searches')).map(({ week }) => week);
    expect(await counted(wide)).toEqual([3]);
    expect(await counted(narrow)).toEqual([2]);
  });

  it('lets marketers save searches, and agents only use them', async () => {
    const form = { ...search, name: 'Other' };
    await expect(wide.call('POST', '/api/listening/searches', form)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(
      narrow.call('PATCH', `/api/listening/searches/${search.id}`, { archived: true }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    await expect(
      marketer.call('POST', '/api/listening/searches', { ...form, terms: ['#'] }),
    ).rejects.toMatchObject({ code: 'invalid', body: { fields: { 'terms.0': expect.any(String) } } });
    const renamed = await marketer.call<SavedSearch>('PATCH', `/api/listening/searches/${search.id}`, {
      name: 'Our elm',
    });
    expect(renamed).toMatchObject({ name: 'Our elm', terms: ['elm'] });
  });

  it('takes a hit through being seen to, taught away, brought back, corrected and converted', async () => {
    const [hit] = await stream(wide, 'source=mention&hashtag=elm');
    const path = `/api/listening/hits/${encodeURIComponent(hit?.id ?? '')}`;
    expect(await narrow.call<Hit>('PATCH', path, { state: 'done' })).toMatchObject({ state: 'done' });
    expect(await narrow.call<Hit>('POST', `${path}/not-us`, {})).toMatchObject({ state: 'notUs' });
    expect((await stream(wide)).some(({ id }) => id === hit?.id)).toBe(false);
    expect((await stream(wide, 'state=notUs')).map(({ id }) => id)).toEqual([hit?.id]);
    expect(await narrow.call<Hit>('DELETE', `${path}/not-us`)).toMatchObject({ state: 'done' });
    const corrected = await narrow.call<Hit>('PATCH', path, { sentiment: 'negative' });
    expect(corrected.sentiment).toMatchObject({ label: 'negative', by: 'agent' });
    expect((await stream(wide, 'label=negative')).map(({ id }) => id)).toContain(hit?.id);
    const back = await narrow.call<Hit>('PATCH', path, { sentiment: null });
    expect(back.sentiment?.by).not.toBe('agent');
    const made = await narrow.call<Converted>('POST', `${path}/convert`);
    expect(made.brought).toBe(1);
    expect(await wide.call<Converted>('POST', `${path}/convert`)).toEqual(made);
    expect(await wide.call<Hit>('GET', path)).toMatchObject({
      state: 'converted',
      conversationId: made.conversationId,
    });
    await until(
      'the author is known as a customer',
      async () => (await wide.call<Hit>('GET', path)).author.customerId === made.customerId,
    );
    await expect(wide.call('PATCH', path, { state: 'new' })).rejects.toMatchObject({ code: 'conflict' });
    // A message's own word of how it is meant is the conversation's.
    const [message] = await stream(wide, 'source=message');
    const other = await wide.call<Hit>(
      'PATCH',
      `/api/listening/hits/${encodeURIComponent(message?.id ?? '')}`,
      {
        sentiment: 'positive',
      },
    );
    expect(other.sentiment).toMatchObject({ label: 'positive', by: 'agent' });
  });

  it('shows what a search would find before it is saved, on channels of the viewer alone', async () => {
    await comes(0, mentioned(sara, 'Plums from the shop', { at: ago(3), externalId: 'plum1' }));
    await comes(1, mentioned(omid, 'no plum here', { at: ago(2), externalId: 'plum2' }));
    await comes(1, mentioned(omid, 'plum of last month', { at: ago(12 * 24 * 60), externalId: 'plum3' }));
    await comes(1, written(person('nima'), 'My plum is late', { at: ago(1) }));
    const form = {
      name: '-',
      kind: 'keyword',
      terms: ['plum', 'plums', '…'],
      exclude: [],
      excludeAuthors: [],
      channelIds: 'all',
      alert: false,
    };
    const preview = (agent: Agent, more = {}) =>
      agent.call<SearchPreview>('POST', '/api/listening/searches/preview', { ...form, ...more });
    const all = await until('all of it', async () => {
      const found = await preview(marketer);
      return found.count === 3 && found;
    });
    expect(all.more).toBe(false);
    expect(all.found.map(({ text }) => text)).toEqual([
      'My plum is late',
      'no plum here',
      'Plums from the shop',
    ]);
    expect(await preview(marketer, { exclude: ['late'], excludeAuthors: ['omid'] })).toMatchObject({
      count: 1,
    });
    expect(await preview(marketer, { channelIds: [channels[0]?.id ?? ''] })).toMatchObject({ count: 1 });
    const { agent: near } = await app.join({ role: 'marketer', channelIds: [channels[0]?.id ?? ''] });
    expect(await preview(near)).toMatchObject({ count: 1, found: [{ text: 'Plums from the shop' }] });
    await expect(preview(narrow)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('rings whoever may listen when a search is far above its usual', async () => {
    const socket = await wide.socket();
    const others = await narrow.socket();
    const heard: Notice[] = [];
    others.on('notify', (notice) => heard.push(notice));
    const rung = new Promise<Notice>((resolve) => {
      socket.on('notify', (notice) => notice.event === 'spike' && resolve(notice));
    });
    const now = new Date();
    await comes(
      1,
      ...Array.from({ length: 14 }, (_, n) =>
        mentioned(person(`p${n}`, { reach: n }), 'elm burns', { at: now }),
      ),
    );
    expect(await rung).toMatchObject({
      event: 'spike',
      conversationId: '',
      customerName: 'Our elm',
      rise: expect.stringMatching(/^(all|both)$/),
    });
    const spikes = (agent: Agent) => agent.call<{ spikes: SpikeAlert[] }>('GET', '/api/listening/spikes');
    const seen = await until('the whole of it', async () => {
      const [spike] = (await spikes(wide)).spikes;
      return spike && spike.count >= 14 ? spike : null;
    });
    expect(seen).toMatchObject({ searchId: search.id, searchName: 'Our elm', seenBy: [] });
    // Nearly all of it is on a channel that is not theirs.
    expect((await spikes(narrow)).spikes).toEqual([]);
    const path = `/api/listening/spikes/${encodeURIComponent(seen.id)}/seen`;
    await expect(narrow.call('POST', path)).rejects.toMatchObject({ code: 'notFound' });
    expect((await wide.call<SpikeAlert>('POST', path)).seenBy).toHaveLength(1);
    expect(heard.filter(({ event }) => event === 'spike')).toEqual([]);
  });
});
