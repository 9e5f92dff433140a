import { ConnectorError } from '../../connectors/connector.ts';
import type { Context } from '../context.ts';
import { withLease } from '../jobs/leases.ts';
import type { Relay } from '../relay.ts';
import type { ChannelDoc } from './channel.model.ts';
import { noteError, pauseChannel } from './channel.state.ts';
import { hookAddress } from './hook.ts';
import { listenHost, sayListening } from './listen.host.ts';
import { channelSettings, connectorContext, connectorOf } from './runtime.ts';
import { type Alarm, createAlarm } from './wake.ts';

export interface Listeners {
  /** Something is to be fetched on this channel: its listener, on whichever process, looks at once. */
  wake(channelId: string): void;
  /** Resolves when no listener of this process runs any more and their leases are free. */
  close(): Promise<void>;
}

/** What was not told (a lost relay message, another process's change) is found at this pace. */
const lookMs = 5_000;
const longestBackOffMs = 5 * 60_000;

interface Running {
  /** What the listener was started with: another one means starting again. */
  fingerprint: string;
  alarm: Alarm;
  stop: AbortController;
  ended: Promise<void>;
}

/**
 * One listener a connected channel in all processes together: registers the hook, then fetches, under the channel's lease. It starts
 * again when the channel changes, with back-off when it failed.
 */
export function startListeners(ctx: Context, relay: Relay, options: { lookMs?: number } = {}): Listeners {
  const running = new Map<string, Running>();
  let closed = false;
  let looking: Promise<void> = Promise.resolve();

  const look = () => {
    looking = looking
      .then(async () => {
        if (closed) return;
        const channels = await ctx.models.channels.find({ state: 'connected' }).lean<ChannelDoc[]>().exec();
        if (!closed) settle(channels);
      })
      .catch((error) => ctx.log.warn({ err: error }, 'channels could not be looked up'));
  };

  /** Starts, stops and restarts until what runs is what should. */
  function settle(channels: ChannelDoc[]): void {
    const wanted = new Map(
      channels.filter((channel) => listens(ctx, channel)).map((channel) => [channel._id, channel]),
    );
    for (const [id, listener] of running) {
      const channel = wanted.get(id);
      if (channel && fingerprint(ctx, channel) === listener.fingerprint) continue;
      // Once it has ended, the look that follows starts what is wanted.
      listener.stop.abort();
    }
    for (const [id, channel] of wanted) if (!running.has(id)) start(channel);
  }

  function start(channel: ChannelDoc): void {
    const stop = new AbortController();
    const alarm = createAlarm();
    const ended = withLease(ctx, `listen:${channel._id}`, {
      signal: stop.signal,
      work: (signal) => run(ctx, { channel, alarm, signal }),
    })
      .catch((error) => ctx.log.error({ channelId: channel._id, err: error }, 'a listener ended'))
      .then(() => {
        running.delete(channel._id);
        if (!closed) look();
      });
    running.set(channel._id, { fingerprint: fingerprint(ctx, channel), alarm, stop, ended });
  }

  const ring = (channelId: string) => running.get(channelId)?.alarm.ring();
  const stops = [
    ctx.bus.on('channel.changed', ({ channelId }) => {
      look();
      relay.publish('channel.changed', { channelId });
    }),
    relay.on('channel.changed', look),
    relay.on('channel.wake', ({ channelId }) => ring(channelId)),
  ];
  const timer = setInterval(look, options.lookMs ?? Math.min(lookMs, ctx.leaseMs / 3));
  timer.unref();
  look();

  return {
    wake(channelId) {
      ring(channelId);
      relay.publish('channel.wake', { channelId });
    },
    async close() {
      closed = true;
      clearInterval(timer);
      for (const stop of stops) stop();
      for (const listener of running.values()) listener.stop.abort();
      await looking;
      await Promise.all([...running.values()].map((listener) => listener.ended));
    },
  };
}

function listens(ctx: Context, channel: ChannelDoc): boolean {
  const connector = Object.hasOwn(ctx.connectors, channel.connector)
    ? ctx.connectors[channel.connector]
    : undefined;
  return Boolean(connector?.listen ?? connector?.connect);
}

function fingerprint(ctx: Context, channel: ChannelDoc): string {
  return JSON.stringify([
    channel.settings,
    channel.secrets,
    channel.accountRef,
    hookAddress(ctx, channel).url,
  ]);
}

/** Until the signal aborts. Whatever ends it early is said on the health page, and it begins again a little later. */
async function run(
  ctx: Context,
  options: { channel: ChannelDoc; alarm: Alarm; signal: AbortSignal },
): Promise<void> {
  const { channel, signal } = options;
  for (let failures = 0; !signal.aborted; ) {
    const startedAt = performance.now();
    let pause = 0;
    try {
      await listenOnce(ctx, options);
      if (signal.aborted) break;
      // A connector whose hook is enough has nothing to fetch: the lease is held and the channel is served.
      await untilAborted(signal);
    } catch (error) {
      if (signal.aborted) break;
      if (performance.now() - startedAt > longestBackOffMs) failures = 0;
      failures += 1;
      pause = Math.min(longestBackOffMs, 1_000 * 2 ** Math.min(failures, 9)) * (0.5 + ctx.random() / 2);
      if (error instanceof ConnectorError) {
        noteError(ctx, {
          channelId: channel._id,
          class: error.class,
          code: error.code,
          message: error.message,
        });
        if (error.class === 'auth') {
          await pauseChannel(ctx, { channelId: channel._id, reason: error.message, code: error.code });
          break;
        }
        if (error.retryAt) pause = Math.max(pause, error.retryAt.getTime() - ctx.now().getTime());
      } else {
        ctx.log.error({ channelId: channel._id, err: error }, 'a listener failed');
        noteError(ctx, { channelId: channel._id, class: 'retryable', message: 'Listening failed here.' });
      }
      void sayListening(ctx, channel._id, 'failing');
    }
    // Nobody rings this one: what a provider asked us to wait is not cut short by its own hook.
    await createAlarm().wait(pause, signal);
  }
  void sayListening(ctx, channel._id, 'stopped');
}

async function listenOnce(
  ctx: Context,
  options: { channel: ChannelDoc; alarm: Alarm; signal: AbortSignal },
): Promise<void> {
  const { channel, alarm, signal } = options;
  const connector = connectorOf(ctx, channel);
  const context = connectorContext(ctx, channel);
  await connector.connect?.(hookAddress(ctx, channel), context);
  if (!connector.listen || signal.aborted) return;
  const settings = channelSettings(ctx, channel);
  const host = listenHost({ ctx, channel, connector, settings, alarm, signal });
  await connector.listen(host, context);
  if (!signal.aborted) ctx.log.info({ channelId: channel._id }, 'the connector has nothing to listen to now');
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
