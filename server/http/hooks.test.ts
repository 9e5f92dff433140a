import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChannelDetails } from '../../shared/channel.ts';
import type { InboundPage, InboundSummary } from '../../shared/inbound.ts';
import { startTestApp, type TestApp } from '../../test/app.ts';
import { createPost, type Post, type PostCut } from '../../test/post.ts';
import { person, written } from '../../test/provider.ts';
import type { InboundDoc } from '../inbound/inbound.model.ts';

let app: TestApp;
let post: Post;
let channel: ChannelDetails;
const token = 'a-token-that-must-stay-here';
beforeAll(async () => {
  post = createPost();
  app = await startTestApp({ connectors: { post: post.connector } });
  channel = await app.admin.createChannel({
    connector: 'post',
    name: 'Post',
    settings: { account: 'one', token },
  });
});
afterAll(() => app.end());

const send = (body: unknown, headers: Record<string, string> = { 'x-token': token }, url = channel.hookUrl) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const letter = (key: string, text: string, account = 'one'): PostCut => ({
  account,
  key,
  events: [written(person('p1'), text)],
});
const stored = () => app.context.models.inbound.find({}).lean<InboundDoc[]>();

describe('a hook', () => {
  it('has what it was sent on disk before it says so, and the same again is one event', async () => {
    const seen: unknown[] = [];
    // The bus speaks after the insert holds and before the answer leaves.
    const off = app.context.bus.on('inbound.stored', ({ ids }) => seen.push(ids));
    expect((await send({ cuts: [letter('k1', 'hello'), letter('k2', 'again')] })).status).toBe(200);
    off();
    expect(seen).toHaveLength(1);
    expect((await stored()).map((event) => event.eventKey).sort()).toEqual(['k1', 'k2']);
    expect((await send({ cuts: [letter('k1', 'hello'), letter('k3', 'third')] })).status).toBe(200);
    expect((await stored()).map((event) => event.eventKey).sort()).toEqual(['k1', 'k2', 'k3']);
  });

  it('is not answered 2xx when nothing could be stored', async () => {
    const { inbound } = app.context.models;
    const insertMany = inbound.collection.insertMany;
    inbound.collection.insertMany = () => Promise.reject(new Error('the disk is full'));
    try {
      const response = await send({ cuts: [letter('lost', 'lost?')] });
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain('disk');
    } finally {
      inbound.collection.insertMany = insertMany;
    }
    expect(await inbound.countDocuments({ eventKey: 'lost' })).toBe(0);
  });

  it('refuses what its provider did not sign, and keeps nothing of it', async () => {
    const before = (await stored()).length;
    expect((await send({ cuts: [letter('forged', 'x')] }, { 'x-token': 'wrong' })).status).toBe(403);
    expect((await send({ cuts: [letter('forged', 'x')] }, {})).status).toBe(403);
    expect((await stored()).length).toBe(before);
  });

  it('answers what is not its provider’s with 400, and what is nobody’s with 404', async () => {
    expect((await send({ something: 'else' })).status).toBe(400);
    expect((await send({}, {}, `${app.url}/hooks/AAAAAAAAAAAAAAAAAAAAAAAA`)).status).toBe(404);
    expect((await send('x'.repeat(1_100_000))).status).toBe(413);
  });

  it('answers its provider’s challenge', async () => {
    const asked = await fetch(`${channel.hookUrl}/verify?challenge=4711&token=${token}`);
    expect([asked.status, await asked.text()]).toEqual([200, '4711']);
    expect((await fetch(`${channel.hookUrl}?challenge=4711&token=no`)).status).toBe(403);
  });

  it('needs no Origin and no session, and lends none', async () => {
    const response = await send({ cuts: [] });
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it('keeps what is for an account that no channel has', async () => {
    await send({ cuts: [letter('stray', 'for whom?', 'unknown-account')] });
    const event = await app.context.models.inbound.findOne({ eventKey: 'stray' }).lean<InboundDoc>();
    expect(event).toMatchObject({ channelId: null, accountRef: 'unknown-account' });
  });

  it('wakes the listener when there is something to fetch', async () => {
    const listener = post.listening.find((one) => one.account === 'one') ?? (await post.nextListener());
    const woken = listener.host.wake(600_000);
    expect((await send({ wake: true })).status).toBe(200);
    await woken;
  });

  it('shows administrators what could not be understood, and takes it in again when they say so', async () => {
    // Telegram's keys hold slashes, ours colons: the path of a replay carries both.
    const cut = { account: 'one', key: 'a/b:c%d', events: 'no events at all' as unknown as [] };
    const failed = new Promise<void>((resolve, reject) => {
      const look = () =>
        app.context.models.inbound.findOne({ eventKey: cut.key }).then((event) => {
          if (event?.state === 'failed') resolve();
          else setImmediate(look);
        }, reject);
      void look();
    });
    expect((await send({ cuts: [cut] })).status).toBe(200);
    await failed;
    const page = await app.admin.call<InboundPage>('GET', '/api/inbound?state=failed');
    const shown = page.events.find((event) => event.excerpt.includes('no events at all'));
    expect(shown).toMatchObject({
      channelId: channel.id,
      state: 'failed',
      reason: 'This letter cannot be read.',
    });
    const again = await app.admin.call<InboundSummary>(
      'POST',
      `/api/inbound/${encodeURIComponent(shown?.id ?? '')}/replay`,
    );
    expect(again.id).toBe(shown?.id);
    expect(again.state).not.toBe('failed');
  });

  it('is found under its new address once it was moved', async () => {
    const before = channel.hookUrl;
    channel = await app.admin.call('PATCH', `/api/channels/${channel.id}`, { rotateHook: true });
    expect(channel.hookUrl).not.toBe(before);
    expect((await send({ cuts: [] }, { 'x-token': token }, before)).status).toBe(404);
    expect((await send({ cuts: [] })).status).toBe(200);
  });

  it('keeps what still arrives when its channel is archived', async () => {
    await app.admin.call('PATCH', `/api/channels/${channel.id}`, { state: 'archived' });
    expect((await send({ cuts: [letter('late', 'still here')] })).status).toBe(200);
    expect(await app.context.models.inbound.countDocuments({ eventKey: 'late' })).toBe(1);
  });

  it('leaves neither its address nor its token in the log', () => {
    const hookId = channel.hookUrl.split('/').at(-1) ?? '?';
    expect(app.logged()).not.toContain(hookId);
    expect(app.logged()).not.toContain(token);
    expect(app.logged()).toContain('not signed by its provider');
  });
});
