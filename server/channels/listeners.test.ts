import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorError } from '../../connectors/connector.ts';
import { createTestContext, type TestContext } from '../../test/context.ts';
import { createPost, type Post } from '../../test/post.ts';
import { person, written } from '../../test/provider.ts';
import { createRelay, type Relay } from '../relay.ts';
import type { ChannelDoc, ChannelHealthDoc } from './channel.model.ts';
import { type Listeners, startListeners } from './listeners.ts';
import { secretPlace } from './runtime.ts';

let post: Post;
let ctx: TestContext;
let relay: Relay;
const running: Listeners[] = [];
beforeAll(async () => {
  post = createPost();
  ctx = await createTestContext({ connectors: { post: post.connector }, leaseMs: 900, random: () => 0 });
  relay = await createRelay({ redisUrl: null, nodeId: ctx.nodeId, log: ctx.log, prefix: 'test' });
});
afterAll(() => ctx.close());
beforeEach(() => {
  post.listening.length = 0;
  post.hooks.length = 0;
});
afterEach(async () => {
  for (const listeners of running.splice(0)) await listeners.close();
  await ctx.empty();
});

async function addChannel(account: string, token = 't'): Promise<ChannelDoc> {
  const channel = await ctx.addChannel({ connector: 'post', accountRef: account, settings: { account } });
  await ctx.models.channels.updateOne(
    { _id: channel._id },
    { $set: { secrets: { token: ctx.secrets.seal(token, secretPlace(channel._id, 'token')) } } },
  );
  return channel;
}

function start(on: TestContext = ctx): Listeners {
  const listeners = startListeners(on, relay, { lookMs: 100 });
  running.push(listeners);
  return listeners;
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });

describe('listening to a channel', () => {
  it('says how far behind it is while it reads what came meanwhile, and forgets what one that died had said', async () => {
    const channel = await addChannel('behind');
    await ctx.models.channelHealth.insertMany([
      { _id: channel._id, catchingUp: { since: new Date(), left: 99 } },
    ]);
    const said = async (wanted: number | null | undefined) => {
      for (;;) {
        const changed = new Promise<void>((resolve) => {
          const off = ctx.bus.on('channel.changed', () => {
            off();
            resolve();
          });
        });
        const health = await ctx.models.channelHealth.findById(channel._id).lean<ChannelHealthDoc>();
        if (health?.catchingUp?.left === wanted) return health?.catchingUp;
        await changed;
      }
    };
    const begins = post.nextListener();
    start();
    const { host } = await begins;
    await said(undefined);
    host.catchingUp(12);
    const first = await said(12);
    expect(first?.since).toBeInstanceOf(Date);
    host.catchingUp(7);
    host.catchingUp(0);
    await said(undefined);
    // The provider need not say how many.
    host.catchingUp(null);
    await said(null);
    host.catchingUp(0);
    await said(undefined);
  });

  it('starts with the hook and the opened settings, ends when the server closes, and leaves its lease free', async () => {
    const channel = await addChannel('one', 'sesame');
    const begins = post.nextListener();
    const listeners = start();
    const listener = await begins;
    expect(listener).toMatchObject({ account: 'one', token: 'sesame' });
    // Without https nobody can be told an address: the connector is told so.
    expect(post.hooks).toEqual([null]);
    await listeners.close();
    expect(listener.host.signal.aborted).toBe(true);
    const lease = await ctx.models.leases.findById(`listen:${channel._id}`).lean();
    expect(lease?.owner).toBe('');
  });

  it('tells the connector its address where providers can reach one, and the new one when the hook moves', async () => {
    const channel = await addChannel('one');
    ctx.publicUrl = 'https://inbox.example';
    const begins = post.nextListener();
    start();
    await begins;
    const again = post.nextListener();
    await ctx.models.channels.updateOne({ _id: channel._id }, { $set: { hookId: 'moved' } });
    ctx.bus.emit('channel.changed', { channelId: channel._id });
    await again;
    ctx.publicUrl = null;
    expect(post.hooks).toEqual([
      `https://inbox.example/hooks/${channel.hookId}`,
      'https://inbox.example/hooks/moved',
    ]);
  });

  it('begins again when the channel changes, and ends when it is paused', async () => {
    const channel = await addChannel('one');
    const begins = post.nextListener();
    start();
    const first = await begins;
    const again = post.nextListener();
    await ctx.models.channels.updateOne({ _id: channel._id }, { $set: { 'settings.pace': 5 } });
    ctx.bus.emit('channel.changed', { channelId: channel._id });
    const second = await again;
    expect(first.host.signal.aborted).toBe(true);
    expect(second.host.signal.aborted).toBe(false);
    // Nobody says so on the bus: the next look finds it.
    await ctx.models.channels.updateOne({ _id: channel._id }, { $set: { state: 'paused' } });
    await aborted(second.host.signal);
    expect(post.listening).toHaveLength(2);
  });

  it('is done by one of two servers, and by the other when that one goes', async () => {
    await addChannel('one');
    const begins = post.nextListener();
    const first = start();
    const listener = await begins;
    const other = await ctx.sibling();
    const takesOver = post.nextListener();
    start(other);
    await first.close();
    expect(listener.host.signal.aborted).toBe(true);
    const second = await takesOver;
    expect(second.host.signal.aborted).toBe(false);
    expect(post.listening).toHaveLength(2);
    for (const listeners of running.splice(0)) await listeners.close();
    await other.close();
  });

  it('stops when its lease is lost, and stores nothing after that', async () => {
    const channel = await addChannel('one');
    const begins = post.nextListener();
    start();
    const listener = await begins;
    await ctx.models.leases.collection.updateOne(
      { _id: `listen:${channel._id}` as never },
      {
        $set: { owner: 'somebody else', until: new Date(Date.now() + 60_000) },
        $inc: { fence: 1 },
      },
    );
    await aborted(listener.host.signal);
    await expect(listener.host.ingest({ body: new TextEncoder().encode('{"cuts":[]}') })).rejects.toThrow();
  });

  it('stores what it is given and remembers where it stood', async () => {
    const channel = await addChannel('one');
    const begins = post.nextListener();
    const listeners = start();
    const { host } = await begins;
    expect(await host.loadCursor()).toBeNull();
    const cut = { account: 'one', key: 'k1', events: [written(person('p'), 'hello')] };
    await host.ingest({ body: new TextEncoder().encode(JSON.stringify({ cuts: [cut] })) });
    const event = await ctx.models.inbound.findOne({ eventKey: 'k1' }).lean();
    expect(event).toMatchObject({ channelId: channel._id, hookId: channel.hookId, state: 'new' });
    await host.saveCursor({ offset: 17 });
    await listeners.close();
    const again = post.nextListener();
    start();
    expect(await (await again).host.loadCursor()).toEqual({ offset: 17 });
  });

  it('does not lose a wake-up that comes while it is busy', async () => {
    const channel = await addChannel('one');
    const begins = post.nextListener();
    const listeners = start();
    const { host } = await begins;
    listeners.wake(channel._id);
    await host.wake(600_000);
    const waiting = host.wake(600_000);
    listeners.wake(channel._id);
    await waiting;
  });

  it('pauses the channel when its credentials are no longer good', async () => {
    const channel = await addChannel('one');
    post.failures.push(
      new ConnectorError({ class: 'auth', code: '401', message: 'The token was taken back.' }),
    );
    const paused = new Promise<void>((resolve) => {
      ctx.bus.on('channel.changed', async () => {
        const now = await ctx.models.channels.findById(channel._id).lean<ChannelDoc>();
        if (now?.state === 'paused') resolve();
      });
    });
    start();
    await paused;
    expect((await ctx.models.channels.findById(channel._id).lean<ChannelDoc>())?.pausedReason).toBe(
      'The token was taken back.',
    );
  });

  it('goes on after a failure, and says so meanwhile', async () => {
    const channel = await addChannel('one');
    post.failures.push(new Error('a bug'));
    const first = post.nextListener();
    start();
    await first;
    const second = post.nextListener();
    await second;
    expect(post.listening).toHaveLength(2);
    const said = await new Promise<ChannelHealthDoc | null>((resolve) => {
      const off = ctx.bus.on('channel.changed', async () => {
        const health = await ctx.models.channelHealth.findById(channel._id).lean<ChannelHealthDoc>();
        if (health?.listening !== 'listening' || !health.lastError) return;
        off();
        resolve(health);
      });
      ctx.bus.emit('channel.changed', { channelId: channel._id });
    });
    expect(said?.lastError?.message).toBe('Listening failed here.');
  });
});
